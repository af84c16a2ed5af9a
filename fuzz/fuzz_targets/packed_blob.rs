//! A compressed answer of Ozon's as it is stored: a row that somebody damaged, or made to unpack to very much.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = storage::fuzzing::unpack(bytes) {
        assert!(text.len() <= 64 << 20);
    }
    // Each way of packing that there is.
    for way in [1, 2] {
        let packed = [&[way], bytes].concat();
        let _ = storage::fuzzing::unpack(&packed);
    }
    let kept = storage::fuzzing::pack(bytes).expect("anything can be packed");
    assert_eq!(storage::fuzzing::unpack(&kept).expect("and unpacked"), bytes);
});
