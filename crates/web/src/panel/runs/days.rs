//! The days that the journal is asked for, by the shop's calendar. They are typed by hand where a browser has no calendar, so
//! that what makes no sense gets an answer.

use chrono::{Datelike, Days, NaiveDate};
use domain::schedule::begin_of_day;
use storage::TimeSpan;

use voice::Voice;

/// From the beginning of the first day to the end of the last; what is wrong with them otherwise.
pub(super) fn read(v: Voice, from: &str, to: &str) -> Result<TimeSpan, String> {
    let wrong = || v.t("filter-bad-date");
    let day = |text: &str| {
        if text.is_empty() {
            return Ok(None);
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        day.filter(|day| (1970..=9999).contains(&day.year())).map(Some).ok_or_else(wrong)
    };
    let (from, to) = (day(from)?, day(to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(wrong());
    }
    let after = to.and_then(|day| day.checked_add_days(Days::new(1)));
    Ok(TimeSpan {
        from: from.map(|day| begin_of_day(day, v.zone)),
        to: after.map(|day| begin_of_day(day, v.zone)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    #[test]
    fn days_are_those_of_the_shops_zone_with_the_last_one_included() {
        let v = Voice { lang: Lang::Ru, zone: chrono_tz::Europe::Moscow, now: chrono::DateTime::UNIX_EPOCH };
        let span = read(v, "2026-11-01", "2026-11-02").expect("two days");
        assert_eq!(span.from, "2026-10-31T21:00:00Z".parse().ok());
        assert_eq!(span.to, "2026-11-02T21:00:00Z".parse().ok());
        assert_eq!(read(v, "", ""), Ok(TimeSpan::default()));
        for (from, to) in
            [("вчера", ""), ("", "2026-13-01"), ("2026-11-02", "2026-11-01"), ("262142-12-31", "")]
        {
            assert!(read(v, from, to).is_err(), "{from} {to}");
        }
    }
}
