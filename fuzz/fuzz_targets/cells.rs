//! Cells of an export: whatever stands in them, the row reads back as so many cells, and none of them is a formula of others.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|cells: Vec<String>| {
    if cells.is_empty() {
        return;
    }
    let written = web::fuzzing::csv_row(&cells);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(b';').from_reader(&written[..]);
    let row = reader.records().next().expect("a row").expect("that reads");
    assert_eq!(row.len(), cells.len());
    for (read, cell) in row.iter().zip(&cells) {
        let of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = read.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
        assert!(number.map_or(!read.starts_with(['=', '+', '-', '@', '\t', '\r']), of_digits), "{read}");
        assert!(read.contains(cell.as_str()));
    }
});
