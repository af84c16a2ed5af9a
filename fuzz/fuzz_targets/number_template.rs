//! A template of order numbers, a term that is searched for, and other short texts that people type.
#![no_main]

use chrono::DateTime;
use domain::{number_template, search};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: (&str, i64, i64)| {
    let (text, number, seconds) = typed;
    let Some(now) = DateTime::from_timestamp(seconds.rem_euclid(250_000_000_000), 0) else { return };
    if number_template::check(text).is_ok() {
        let filled = number_template::fill(text, number, now, chrono_tz::Europe::Moscow);
        assert!(filled.contains(&number.to_string()), "{filled}");
    }
    let _ = search::term(text);
    web::fuzzing::small_texts(text, now);
});
