//! A compressed answer of Ozon's as it is stored: a row that somebody damaged, or made to unpack to very much.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = storage::fuzzing::unpack(bytes) {
        assert!(text.len() <= 64 << 20);
    }
    let mut packed = vec![1];
    packed.extend_from_slice(bytes);
    let _ = storage::fuzzing::unpack(&packed);
    let kept = storage::fuzzing::pack(bytes).expect("anything can be packed");
    assert_eq!(storage::fuzzing::unpack(&kept).expect("and unpacked"), bytes);
});
