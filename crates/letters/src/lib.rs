//! What our letters say, in both languages, and how they are handed to a mail server. Knows neither the store nor Ozon:
//! whoever has news makes a [`Letter`] of it, which is kept as JSON until it is sent.
//!
//! To add a letter: a variant of [`Letter`] with its samples, its sheet in `sheet`, and its words in both `letters.ftl`.
//! Letters go to the shop's administrator only, never to a buyer.

mod letter;
pub mod post;
mod sheet;
#[cfg(test)]
mod tests;

pub use letter::{
    Cancelled, CancelledInWork, Discrepancy, Letter, NewOrders, OrderInShort, Reconciled, StatusChange,
    StatusChanges, Summary,
};
pub use sheet::difference;

use askama::Template;
use url::Url;
use voice::Voice;

use sheet::Sheet;

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For those who read plain text.
    pub text: String,
    /// For those who read HTML.
    pub html: String,
}

/// The longest subject, characters: names in it may be of any length.
const LONGEST_SUBJECT: usize = 150;

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct Text<'a> {
    v: Voice,
    sheet: &'a Sheet,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    v: Voice,
    sheet: &'a Sheet,
}

/// Puts a letter into words. `public_url` is the address at which people reach the panel; without it nothing is linked.
///
/// # Errors
/// When a template cannot be filled in.
pub fn render(letter: &Letter, v: Voice, public_url: Option<&Url>) -> Result<Rendered, askama::Error> {
    let sheet = sheet::of(letter, v, public_url);
    Ok(Rendered {
        subject: one_line(&sheet.subject),
        text: Text { v, sheet: &sheet }.render()?,
        html: Html { v, sheet: &sheet }.render()?,
    })
}

/// Without what would end the line of a header.
fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(LONGEST_SUBJECT) {
        Some((at, _)) => format!("{}…", &flat[..at]),
        None => flat,
    }
}
