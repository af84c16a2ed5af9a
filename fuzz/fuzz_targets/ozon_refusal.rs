//! An answer that is not a success: any status, any `Retry-After`, any body.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|asked: (u16, &str, &str)| {
    let (status, retry_after, body) = asked;
    let (_, words) = ozon_api::fuzzing::refusal(status, retry_after, body, chrono::DateTime::UNIX_EPOCH);
    assert!(!words.contains("secret"), "the key is shown: {words}");
    assert!(words.len() < 5_000, "Ozon's words are not cut");
});
