//! Rows as CSV that Excel opens by itself in the language of the file: UTF-8 with its mark, the separator of that language,
//! every cell quoted, numbers that are no amounts kept as text, and nothing that could be taken for a formula of others.

use std::io;

use csv::{QuoteStyle, WriterBuilder};
use domain::Money;

use super::columns::{Cell, Sheet};
use voice::Lang;

/// Tells a spreadsheet that the text is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// What a formula can begin with, in any spreadsheet that we know of.
const OF_FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Digits that every spreadsheet shows as they are.
const EXACT: usize = 11;

/// The file's mark and its headings.
pub(super) fn head(sheet: &Sheet) -> io::Result<Vec<u8>> {
    let v = sheet.voice();
    let headings = std::iter::once(sheet.columns().map(|column| harmless(column.heading(v))));
    let headings = written(headings, v.lang)?;
    Ok([MARK, &headings].concat())
}

/// Some rows.
pub(super) fn lines(rows: &[Vec<Cell>], lang: Lang) -> io::Result<Vec<u8>> {
    written(rows.iter().map(|row| row.iter().map(|cell| text(cell, lang))), lang)
}

fn written<R: IntoIterator<Item = String>>(rows: impl Iterator<Item = R>, lang: Lang) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(if lang == Lang::Ru { b';' } else { b',' })
        // Where a spreadsheet splits at the other separator, no cell falls apart.
        .quote_style(QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A row of texts, for the fuzz target.
#[cfg(fuzzing)]
pub(crate) fn row_of_texts(texts: &[String]) -> Vec<u8> {
    let cells = texts.iter().map(|text| Cell::Text(text.clone())).collect();
    lines(&[cells], Lang::Ru).unwrap_or_default()
}

fn text(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Text(text) => harmless(text.clone()),
        Cell::Count(count) => count.to_string(),
        Cell::Amount(money) => amount(*money, lang),
        Cell::Nothing => String::new(),
    }
}

/// An amount as a spreadsheet of that language reads it: with a point, a Russian one makes dates of prices.
fn amount(money: Money, lang: Lang) -> String {
    let plain = money.decimal().to_string();
    match lang {
        Lang::Ru => plain.replace('.', ","),
        Lang::En => plain,
    }
}

/// Text that no spreadsheet takes for a formula, nor for a number whose digits it may drop: barcodes, track numbers.
fn harmless(text: String) -> String {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_number && (text.len() > EXACT || (text.len() > 1 && text.starts_with('0'))) {
        return format!("=\"{text}\"");
    }
    if text.starts_with(OF_FORMULAS) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;

    fn line(cells: Vec<Cell>, lang: Lang) -> String {
        String::from_utf8(lines(&[cells], lang).expect("it is written")).expect("it is text")
    }

    fn texts(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|t| Cell::Text((*t).to_owned())).collect()
    }

    #[test]
    fn no_text_can_become_a_formula() {
        let dangerous = ["=1+1", "+79031234567", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"];
        for text in dangerous {
            let written = harmless(text.to_owned());
            assert_eq!(written, format!("'{text}"));
        }
        assert_eq!(harmless("MUG-330".to_owned()), "MUG-330");
        assert_eq!(line(texts(&["+79031234567", "A=1"]), Lang::Ru), "\"'+79031234567\";\"A=1\"\r\n");
        // At the other separator nothing falls apart either.
        assert_eq!(line(texts(&["x,=1+1", "y"]), Lang::En), "\"x,=1+1\",\"y\"\r\n");
    }

    #[test]
    fn numbers_that_are_no_amounts_keep_their_digits() {
        assert_eq!(harmless("0012".to_owned()), "=\"0012\"");
        assert_eq!(harmless("148313766123456".to_owned()), "=\"148313766123456\"");
        assert_eq!(harmless("1042".to_owned()), "1042");
        assert_eq!(harmless("0".to_owned()), "0");
    }

    #[test]
    fn a_text_with_separators_quotes_or_lines_stays_one_cell() {
        let written = line(texts(&["a;b", "с «ёлкой» и \"кавычкой\"", "две\nстроки"]), Lang::Ru);
        assert_eq!(written, "\"a;b\";\"с «ёлкой» и \"\"кавычкой\"\"\";\"две\nстроки\"\r\n");
    }

    #[test]
    fn amounts_are_numbers_in_the_language_of_the_file_and_never_get_an_apostrophe() {
        let price = Cell::Amount(Money { minor: -153_050, currency: Currency::RUB });
        let row = vec![price, Cell::Text("RUB".into()), Cell::Count(2), Cell::Nothing];
        assert_eq!(line(row.clone(), Lang::Ru), "\"-1530,50\";\"RUB\";\"2\";\"\"\r\n");
        assert_eq!(line(row, Lang::En), "\"-1530.50\",\"RUB\",\"2\",\"\"\r\n");
    }
}
