//! The shop's own order numbers: a template with `#NUMBER#`, `#YEAR#`, `#MONTH#`, `#DAY#`.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

/// The template on install.
pub const DEFAULT: &str = "#NUMBER#";

/// The longest template, in characters.
pub const LONGEST: usize = 60;

/// The words that are filled in.
pub const WORDS: [&str; 4] = ["#NUMBER#", "#YEAR#", "#MONTH#", "#DAY#"];

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Without `#NUMBER#` all orders of a day would get one number.
    #[error("the template must have #NUMBER# in it")]
    NoNumber,
    /// A word between two `#` that nothing stands for.
    #[error("nothing stands for {0}")]
    UnknownWord(String),
    /// More than [`LONGEST`] characters.
    #[error("a template has at most {LONGEST} characters")]
    TooLong,
    /// A line break or another character that cannot be seen.
    #[error("a template is one line")]
    NotOneLine,
}

/// Whether a template can be used; of several faults the first.
///
/// # Errors
/// What is wrong with it.
pub fn check(template: &str) -> Result<(), Fault> {
    if template.chars().count() > LONGEST {
        return Err(Fault::TooLong);
    }
    if template.chars().any(char::is_control) {
        return Err(Fault::NotOneLine);
    }
    if let Some(word) = unknown_word(template) {
        return Err(Fault::UnknownWord(word.to_owned()));
    }
    if template.contains("#NUMBER#") { Ok(()) } else { Err(Fault::NoNumber) }
}

/// The first `#WORD#` that nothing stands for. A `#` that encloses no word is a plain character.
fn unknown_word(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some(open) = rest.find('#') {
        rest = &rest[open..];
        if let Some(known) = WORDS.iter().find(|word| rest.starts_with(**word)) {
            rest = &rest[known.len()..];
            continue;
        }
        let inside = rest[1..].split_once('#').map(|(inside, _)| inside);
        let is_word = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == '_');
        if let Some(word) = inside.filter(is_word) {
            return Some(&rest[..word.len() + 2]);
        }
        rest = &rest[1..];
    }
    None
}

/// Fills a template in. The date is taken in the shop's zone; a template that forgot `#NUMBER#` gets it at its end, so
/// that numbers differ.
pub fn fill(template: &str, number: i64, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let filled = template
        .replace("#NUMBER#", &number.to_string())
        .replace("#YEAR#", &local.year().to_string())
        .replace("#MONTH#", &format!("{:02}", local.month()))
        .replace("#DAY#", &format!("{:02}", local.day()));
    if template.contains("#NUMBER#") { filled } else { format!("{filled}{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_the_shops_and_not_utc() {
        let late: DateTime<Utc> = "2026-12-31T22:30:00Z".parse().expect("a literal time");
        let filled = fill("OZ-#YEAR#-#MONTH#-#DAY#/#NUMBER#", 7, late, chrono_tz::Europe::Moscow);
        assert_eq!(filled, "OZ-2027-01-01/7");
        assert_eq!(fill("OZ", 7, late, chrono_tz::UTC), "OZ7");
    }

    #[test]
    fn a_word_that_nothing_stands_for_is_named() {
        for (template, word) in [
            ("#NUMBER#-#WEEK#", "#WEEK#"),
            ("#number#", "#number#"),
            ("#NUMBER##НОМЕР#", "#НОМЕР#"),
            ("#A#NUMBER#", "#A#"),
            ("#YEAR##NUMBER_2#-#TIME_ZONE#", "#TIME_ZONE#"),
        ] {
            assert_eq!(check(template), Err(Fault::UnknownWord(word.to_owned())), "{template}");
        }
    }

    #[test]
    fn a_lone_sign_is_a_plain_character() {
        for template in
            ["##NUMBER#", "№ #NUMBER# #1", "#-#NUMBER#", "#NUMBER##", "#YEAR##MONTH##DAY##NUMBER#"]
        {
            assert_eq!(check(template), Ok(()), "{template}");
        }
    }

    #[test]
    fn a_template_without_the_number_or_longer_than_a_line_is_refused() {
        assert_eq!(check("OZ-#YEAR#"), Err(Fault::NoNumber));
        assert_eq!(check(""), Err(Fault::NoNumber));
        assert_eq!(check(&format!("#NUMBER#{}", "я".repeat(53))), Err(Fault::TooLong));
        assert_eq!(check(&format!("#NUMBER#{}", "я".repeat(52))), Ok(()));
        assert_eq!(check("#NUMBER#\n"), Err(Fault::NotOneLine));
    }
}
