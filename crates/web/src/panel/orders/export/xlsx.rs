//! Rows as XLSX, written to a temporary file row by row. Every text is written as text, so that nothing becomes a formula
//! and no barcode loses a digit.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc::Receiver;

use super::columns::{Cell, Sheet};

/// Rows below the headings. The format holds a million, but nothing of a file can be sent before all of it is made: this
/// many keep the wait to seconds, and CSV, which is sent as it is read, takes the rest.
pub(super) const MOST_ROWS: u32 = 100_000;
/// Characters that a cell can surely hold: Excel allows 32,767 units of UTF-16, and a character takes two at most.
const LONGEST: usize = 16_000;

/// The sheet's name and headings.
pub(super) struct Head {
    name: String,
    columns: Vec<(String, u8)>,
}

impl Head {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let v = sheet.voice();
        Self {
            name: v.t("orders-title"),
            columns: sheet.columns().map(|column| (column.heading(v), column.width)).collect(),
        }
    }
}

/// Writes the rows that arrive: the file at its beginning and its length, or `None` when there are more than `most`.
/// Blocks, so it needs a thread of its own.
pub(super) fn write(
    head: &Head,
    mut taken: Receiver<Vec<Vec<Cell>>>,
    most: u32,
) -> io::Result<Option<(File, u64)>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(plain)?;
    headings(sheet, head).map_err(plain)?;
    let amounts = Format::new().set_num_format("#,##0.00");
    let mut at = 0;
    while let Some(rows) = taken.blocking_recv() {
        for row in rows {
            if at == most {
                return Ok(None);
            }
            at += 1;
            write_row(sheet, at, &row, &amounts).map_err(plain)?;
        }
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(&mut file).map_err(plain)?;
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    Ok(Some((file, length)))
}

fn headings(sheet: &mut Worksheet, head: &Head) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(&head.name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, (heading, width)) in (0..).zip(&head.columns) {
        sheet.set_column_width(at, *width)?;
        sheet.write_string_with_format(0, at, heading, &bold)?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, at: u32, row: &[Cell], amounts: &Format) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(row) {
        match cell {
            Cell::Text(text) => {
                sheet.write_string(at, column, text.chars().take(LONGEST).collect::<String>())?;
            }
            Cell::Count(count) => {
                sheet.write_number(at, column, *count)?;
            }
            Cell::Amount(money) => {
                // The nearest number that a spreadsheet can hold.
                let amount: f64 = money.decimal().to_string().parse().unwrap_or(f64::NAN);
                if amount.is_finite() {
                    sheet.write_number_with_format(at, column, amount, amounts)?;
                }
            }
            Cell::Nothing => {}
        }
    }
    Ok(())
}

/// What went wrong, as far as it matters to whoever asked: a full disk, or something else.
fn plain(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Currency, Money};
    use std::io::Read;

    fn head() -> Head {
        Head {
            name: "Заказы".into(), columns: vec![("Артикул".into(), 20), ("Цена".into(), 10)]
        }
    }

    fn written(rows: Vec<Vec<Cell>>, most: u32) -> io::Result<Option<(File, u64)>> {
        let (sender, taken) = tokio::sync::mpsc::channel(1);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| write(&head(), taken, most));
            // A writer that has had enough takes no more.
            let _ = sender.blocking_send(rows);
            drop(sender);
            writer.join().expect("the writer ends")
        })
    }

    #[test]
    fn a_file_is_a_zip_of_the_length_that_is_told() {
        let price = Cell::Amount(Money { minor: 153_050, currency: Currency::RUB });
        let row = vec![Cell::Text("=HYPERLINK(\"http://evil.example\")".into()), price];
        let (mut file, length) = written(vec![row], MOST_ROWS).expect("it is written").expect("it fits");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("it can be read");
        assert_eq!(u64::try_from(bytes.len()).expect("small"), length);
        assert!(bytes.starts_with(b"PK\x03\x04"));
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_no_file() {
        let row = || vec![Cell::Text("MUG-330".into())];
        assert!(written(vec![row(), row()], 2).expect("it is written").is_some());
        assert!(written(vec![row(), row(), row()], 2).expect("it is answered").is_none());
    }

    #[test]
    fn a_text_longer_than_a_cell_and_odd_characters_do_not_break_the_file() {
        let row = vec![Cell::Text("😀".repeat(40_000)), Cell::Text("\u{1}\u{fffe}<&>_x0041_".into())];
        assert!(written(vec![row], MOST_ROWS).expect("it is written").is_some());
    }
}
