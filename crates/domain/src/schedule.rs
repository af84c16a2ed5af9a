//! When a cabinet is loaded next (settings rows 1 and 2).

use chrono::{DateTime, Days, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The interval between loads, as the settings write it: `{"minutes"|"hours"|"days": n}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// So many minutes after the last good load.
    Minutes(u32),
    /// So many hours after it.
    Hours(u32),
    /// At the settings' time of day, once so many days have passed.
    Days(u32),
}

/// What the scheduler knows of a cabinet's loads.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// Start of the last load that was completed, or else when the cabinet was added.
    pub last_good_start: DateTime<Utc>,
    /// End of the last load, when it failed.
    pub last_failure: Option<DateTime<Utc>>,
    /// Failures in a row.
    pub failures: u32,
}

/// When the next load is due. A failed load never counts as the last one: it is tried again after a growing pause that
/// never exceeds the interval. A due time in the past means now, once, however many loads were missed.
pub fn next_due(every: Every, at: NaiveTime, past: &Past, zone: Tz) -> DateTime<Utc> {
    let regular = match every {
        Every::Minutes(n) => past.last_good_start + Duration::minutes(i64::from(n)),
        Every::Hours(n) => past.last_good_start + Duration::hours(i64::from(n)),
        Every::Days(n) => daily(past.last_good_start, u64::from(n), at, zone),
    };
    match past.last_failure {
        Some(failed) if past.failures > 0 => regular.max(failed + pause(every, past.failures)),
        _ => regular,
    }
}

/// The pause after failures in a row: 1, 2, 5, then 15 minutes.
fn pause(every: Every, failures: u32) -> Duration {
    let minutes = match failures {
        0 | 1 => 1,
        2 => 2,
        3 => 5,
        _ => 15,
    };
    let interval = match every {
        Every::Minutes(n) => i64::from(n),
        Every::Hours(_) | Every::Days(_) => minutes,
    };
    Duration::minutes(minutes.min(interval))
}

/// The first moment at that local time that is at least `days` days after the last load's day.
fn daily(last: DateTime<Utc>, days: u64, at: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let day = last.with_timezone(&zone).date_naive();
    // A load made up late in the day counts for the day's own time; one before that time belongs to the day before. Held
    // against the instant: in the hour that a daylight change repeats, the clock alone would tell the wrong side of it.
    let counted = if last >= local_instant(day, at, zone) { day } else { day.pred_opt().unwrap_or(day) };
    let date = counted.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    local_instant(date, at, zone)
}

/// A local date and time as an instant. A time that a daylight change skips is taken at the next hour that exists, one
/// that occurs twice at its first occurrence.
pub(crate) fn local_instant(date: NaiveDate, at: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let mut wanted = date.and_time(at);
    for _ in 0..4 {
        match zone.from_local_datetime(&wanted) {
            LocalResult::Single(found) | LocalResult::Ambiguous(found, _) => {
                return found.with_timezone(&Utc);
            }
            LocalResult::None => wanted += Duration::hours(1),
        }
    }
    Utc.from_utc_datetime(&wanted)
}

/// The first instant of a day; where the clocks skip midnight, the first that there is.
pub fn begin_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    local_instant(day, NaiveTime::MIN, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::{Berlin, Moscow};

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("a literal time")
    }

    fn after(last: &str) -> Past {
        Past { last_good_start: utc(last), last_failure: None, failures: 0 }
    }

    fn three() -> NaiveTime {
        NaiveTime::from_hms_opt(3, 0, 0).expect("a literal time")
    }

    #[test]
    fn minutes_and_hours_count_from_the_start_of_the_last_good_load() {
        let past = after("2026-11-23T10:00:00Z");
        assert_eq!(next_due(Every::Minutes(5), three(), &past, Moscow), utc("2026-11-23T10:05:00Z"));
        assert_eq!(next_due(Every::Hours(2), three(), &past, Moscow), utc("2026-11-23T12:00:00Z"));
    }

    #[test]
    fn days_count_at_the_local_time_of_the_shop() {
        let past = after("2026-11-23T00:00:05Z"); // 03:00:05 in Moscow
        assert_eq!(next_due(Every::Days(1), three(), &past, Moscow), utc("2026-11-24T00:00:00Z"));
        assert_eq!(next_due(Every::Days(3), three(), &past, Moscow), utc("2026-11-26T00:00:00Z"));
    }

    #[test]
    fn a_load_made_up_in_the_afternoon_does_not_shift_the_next_one() {
        let past = after("2026-11-23T12:00:00Z");
        assert_eq!(next_due(Every::Days(1), three(), &past, Moscow), utc("2026-11-24T00:00:00Z"));
    }

    #[test]
    fn a_time_that_the_daylight_change_skips_is_taken_at_the_next_hour() {
        let at = NaiveTime::from_hms_opt(2, 30, 0).expect("a literal time");
        let past = after("2027-03-27T01:31:00Z"); // 02:31 in Berlin; 02:30 does not exist on the 28th
        assert_eq!(next_due(Every::Days(1), at, &past, Berlin), utc("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn a_load_in_the_hour_that_the_daylight_change_repeats_is_not_due_again_at_once() {
        let at = NaiveTime::from_hms_opt(2, 30, 0).expect("a literal time");
        // In Berlin 02:30 was at 00:30 UTC for the first time; this is 02:10 for the second time.
        let past = after("2026-10-25T01:10:00Z");
        assert_eq!(next_due(Every::Days(1), at, &past, Berlin), utc("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn a_failed_load_is_tried_again_soon_and_then_less_often() {
        let failed = |failures| Past {
            last_failure: Some(utc("2026-11-23T10:10:00Z")),
            failures,
            ..after("2026-11-23T08:00:00Z")
        };
        let due = |failures| next_due(Every::Hours(1), three(), &failed(failures), Moscow);
        assert_eq!(due(1), utc("2026-11-23T10:11:00Z"));
        assert_eq!(due(3), utc("2026-11-23T10:15:00Z"));
        assert_eq!(due(9), utc("2026-11-23T10:25:00Z"));
    }
}
