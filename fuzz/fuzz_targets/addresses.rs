//! What follows the `?` of an address: the filter of the list, an export, the parameters of REST.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a literal time");
    web::fuzzing::list_address(query, now);
});
