//! Rows as CSV that a Russian Excel opens by itself: UTF-8 with its mark, semicolons, and no text that could be taken for
//! a formula.

use std::io;

use csv::WriterBuilder;
use domain::Money;

use super::columns::{Cell, Sheet};
use voice::Lang;

/// Tells a spreadsheet that the text is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// What a formula can begin with, in any spreadsheet that we know of.
const OF_FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The file's mark and its headings.
pub(super) fn head(sheet: &Sheet) -> io::Result<Vec<u8>> {
    let v = sheet.voice();
    let headings = written(std::iter::once(sheet.columns().map(|column| harmless(column.heading(v)))))?;
    Ok([MARK, &headings].concat())
}

/// Some rows.
pub(super) fn lines(rows: &[Vec<Cell>], lang: Lang) -> io::Result<Vec<u8>> {
    written(rows.iter().map(|row| row.iter().map(|cell| text(cell, lang))))
}

fn written<R: IntoIterator<Item = String>>(rows: impl Iterator<Item = R>) -> io::Result<Vec<u8>> {
    let mut writer =
        WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
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

/// Text that no spreadsheet takes for a formula.
fn harmless(text: String) -> String {
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
        assert_eq!(line(texts(&["+79031234567", "A=1"]), Lang::Ru), "'+79031234567;A=1\r\n");
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
        assert_eq!(line(row.clone(), Lang::Ru), "-1530,50;RUB;2;\r\n");
        assert_eq!(line(row, Lang::En), "-1530.50;RUB;2;\r\n");
    }
}
