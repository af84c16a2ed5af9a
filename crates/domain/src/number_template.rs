//! The shop's own order numbers: a template with `#NUMBER#`, `#YEAR#`, `#MONTH#`, `#DAY#`.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

/// The template on install.
pub const DEFAULT: &str = "#NUMBER#";

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
}
