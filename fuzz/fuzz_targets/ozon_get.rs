//! The answer of `/v3/posting/fbs/get`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozon_api::methods::{GetPosting, Method};

fuzz_target!(|body: &str| {
    if let Ok(listed) = GetPosting::decode(body) {
        let _ = listed.posting_number();
    }
});
