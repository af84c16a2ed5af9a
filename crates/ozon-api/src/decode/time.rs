//! Ozon's times: RFC 3339 in UTC with any fraction, empty, without a zone, or a sentinel that means absence (API section 2).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SubsecRound, Utc};

use super::FromScalar;

impl FromScalar for DateTime<Utc> {
    fn from_text(text: &str) -> Option<Self> {
        parse(text)
    }
}

/// Reads a time, truncated to microseconds. `None` for an empty text, for what is no time, and for the sentinels: the first day of
/// 1970, the year 1 and the year 9999.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let time = DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .or_else(|_| without_zone(text).ok_or(()))
        .ok()?
        .trunc_subsecs(6);
    (!is_sentinel(time)).then_some(time)
}

/// A time without a zone is UTC, as all of Ozon's are.
fn without_zone(text: &str) -> Option<DateTime<Utc>> {
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            day.and_hms_opt(0, 0, 0)
        })
        .map(|time| time.and_utc())
}

fn is_sentinel(time: DateTime<Utc>) -> bool {
    let year = time.year();
    year <= 1 || year >= 9999 || (year == 1970 && time.ordinal() == 1)
}
