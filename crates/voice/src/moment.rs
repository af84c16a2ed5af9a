//! Times as people say them: "сегодня 14:05", "вчера", "12 нояб.", and what is left until a deadline.

use std::fmt;

use askama::filters::HtmlSafe;
use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveTime, Offset, SecondsFormat, TimeZone, Utc};

use super::{Lang, Voice};

/// A time as words, with its full form for the title and its exact form for programs. Writes itself as `<time>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Words.
    pub text: String,
    /// Full date, time and zone.
    pub title: String,
    /// RFC 3339 in UTC.
    pub iso: String,
    /// The words say how long ago it was, and go stale.
    pub relative: bool,
}

/// What is left until a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Words.
    pub text: String,
    /// The deadline that the words count to.
    pub title: String,
    /// How it stands.
    pub state: Haste,
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// There is time.
    Calm,
    /// Less than three hours, or past the date but not yet overdue.
    Soon,
    /// Overdue.
    Overdue,
}

impl Left {
    /// Overdue.
    pub fn is_overdue(&self) -> bool {
        self.state == Haste::Overdue
    }

    /// Near.
    pub fn is_soon(&self) -> bool {
        self.state == Haste::Soon
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every part is our own words and digits; none can hold a character that HTML minds.
        let ago = if self.relative { " data-ago" } else { "" };
        write!(f, "<time datetime=\"{}\" title=\"{}\"{ago}>{}</time>", self.iso, self.title, self.text)
    }
}

impl HtmlSafe for Moment {}

const SOON: Duration = Duration::hours(3);

impl Voice {
    /// As in lists: with the time only for today and tomorrow.
    pub fn when(&self, at: &DateTime<Utc>) -> Moment {
        let local = at.with_timezone(&self.zone);
        let time = local.format("%H:%M").to_string();
        let text = match self.days_from_today(&local) {
            0 => self.with("time-today", "time", time),
            -1 => self.t("time-yesterday"),
            1 => self.with("time-tomorrow", "time", time),
            _ => self.day(at),
        };
        self.moment(at, text, false)
    }

    /// As in histories and journals: always with the time.
    pub fn when_exactly(&self, at: &DateTime<Utc>) -> Moment {
        let text = self.exactly(&at.with_timezone(&self.zone));
        self.moment(at, text, false)
    }

    /// The same by the clock of a warehouse, where its zone is known; where that is not the shop's, the words say which
    /// clock it is.
    pub fn when_exactly_at(&self, at: &DateTime<Utc>, warehouse: Option<FixedOffset>) -> Moment {
        let Some(zone) = warehouse else { return self.when_exactly(at) };
        let there = at.with_timezone(&zone);
        let mut text = self.exactly(&there);
        if at.with_timezone(&self.zone).offset().fix() != zone {
            text = format!("{text} (UTC{})", there.format("%:z"));
        }
        Moment { title: self.title_at(&there), ..self.moment(at, text, false) }
    }

    fn exactly<Z: TimeZone<Offset: fmt::Display>>(&self, local: &DateTime<Z>) -> String {
        let time = local.format("%H:%M").to_string();
        match self.days_from_today(local) {
            0 => self.with("time-today", "time", time),
            -1 => self.with("time-yesterday-at", "time", time),
            1 => self.with("time-tomorrow", "time", time),
            _ => format!("{}, {time}", self.day_of(local)),
        }
    }

    /// As in letters, which are read later: the whole date, by the clock of a warehouse where its zone is known.
    pub fn dated(&self, at: &DateTime<Utc>, warehouse: Option<FixedOffset>) -> String {
        let here = at.with_timezone(&self.zone).fixed_offset();
        let local = warehouse.map_or(here, |zone| at.with_timezone(&zone));
        let text = format!("{}, {}", self.whole_day(&local), local.format("%H:%M"));
        if local.offset() == here.offset() { text } else { format!("{text} (UTC{})", local.format("%:z")) }
    }

    /// As beside another date, which may be of another year: the whole date, and the time unless it is midnight.
    pub fn dated_shortly(&self, at: &DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let day = self.whole_day(&local);
        if local.time() == NaiveTime::MIN { day } else { format!("{day}, {}", local.format("%H:%M")) }
    }

    /// How long ago; a day and more as a date.
    pub fn ago(&self, at: &DateTime<Utc>) -> Moment {
        let passed = self.now - *at;
        if passed >= Duration::days(1) {
            return self.when_exactly(at);
        }
        let text = match passed {
            p if p < Duration::minutes(1) => self.t("time-just-now"),
            p if p < Duration::hours(1) => self.n("time-minutes-ago", whole(p.num_minutes())),
            p => self.n("time-hours-ago", whole(p.num_hours())),
        };
        self.moment(at, text, true)
    }

    /// What is left until the deadline `at`; overdue after `overdue_after`, where that is later.
    pub fn left(&self, at: &DateTime<Utc>, overdue_after: Option<&DateTime<Utc>>) -> Left {
        let deadline = self.deadline(at, overdue_after);
        let title = self.title(&deadline);
        let left = deadline - self.now;
        if left < Duration::zero() {
            let text = self.with("time-overdue", "span", self.span(left));
            return Left { text, title, state: Haste::Overdue };
        }
        let state = if left < SOON || self.now > *at { Haste::Soon } else { Haste::Calm };
        Left { text: self.with("time-left", "span", self.span(left)), title, state }
    }

    /// The time that is counted to: the date itself, and once that is past, when the order becomes overdue.
    fn deadline(&self, at: &DateTime<Utc>, overdue_after: Option<&DateTime<Utc>>) -> DateTime<Utc> {
        overdue_after.copied().filter(|late_after| self.now > *at && late_after > at).unwrap_or(*at)
    }

    /// The same with the deadline told by the clock of a warehouse, where its zone is known.
    pub fn left_at(
        &self,
        at: &DateTime<Utc>,
        overdue_after: Option<&DateTime<Utc>>,
        warehouse: Option<FixedOffset>,
    ) -> Left {
        let left = self.left(at, overdue_after);
        match warehouse {
            Some(zone) => {
                let there = self.deadline(at, overdue_after).with_timezone(&zone);
                Left { title: self.title_at(&there), ..left }
            }
            None => left,
        }
    }

    /// A duration in its largest unit.
    pub fn span(&self, span: Duration) -> String {
        match span.abs() {
            s if s < Duration::minutes(1) => self.n("time-seconds", whole(s.num_seconds())),
            s if s < Duration::hours(1) => self.n("time-minutes", whole(s.num_minutes())),
            s if s < Duration::hours(48) => self.n("time-hours", whole(s.num_hours())),
            s => self.n("time-days", whole(s.num_days())),
        }
    }

    /// How long something took: as a duration, but what was over at once took some time too.
    pub fn took(&self, span: Duration) -> String {
        if span.abs() < Duration::seconds(1) { self.t("time-under-a-second") } else { self.span(span) }
    }

    /// The date with its month in words; the year only where it is another.
    pub fn day(&self, at: &DateTime<Utc>) -> String {
        self.day_of(&at.with_timezone(&self.zone))
    }

    fn day_of<Z: TimeZone>(&self, local: &DateTime<Z>) -> String {
        let month = self.t(&format!("month-short-{}", local.month()));
        let day = match self.lang {
            Lang::Ru => format!("{} {month}", local.day()),
            Lang::En => format!("{month} {}", local.day()),
        };
        if local.year() == self.now.with_timezone(&local.timezone()).year() {
            return day;
        }
        let comma = if self.lang == Lang::En { "," } else { "" };
        format!("{day}{comma} {}", local.year())
    }

    fn days_from_today<Z: TimeZone>(&self, local: &DateTime<Z>) -> i64 {
        let today = self.now.with_timezone(&local.timezone()).date_naive();
        (local.date_naive() - today).num_days()
    }

    fn moment(&self, at: &DateTime<Utc>, text: String, relative: bool) -> Moment {
        let iso = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Moment { text, title: self.title(at), iso, relative }
    }

    /// Full date, time and zone.
    fn title(&self, at: &DateTime<Utc>) -> String {
        self.titled(&at.with_timezone(&self.zone), self.zone.name())
    }

    /// The same by a warehouse's clock.
    fn title_at(&self, there: &DateTime<FixedOffset>) -> String {
        self.titled(there, &self.t("time-of-warehouse"))
    }

    fn titled<Z: TimeZone<Offset: fmt::Display>>(&self, local: &DateTime<Z>, zone: &str) -> String {
        let (date, time) = (self.whole_day(local), local.format("%H:%M:%S"));
        format!("{date}, {time} ({zone}, UTC{})", local.format("%:z"))
    }

    fn whole_day<Z: TimeZone>(&self, local: &DateTime<Z>) -> String {
        let month = self.t(&format!("month-full-{}", local.month()));
        match self.lang {
            Lang::Ru => format!("{} {month} {}", local.day(), local.year()),
            Lang::En => format!("{month} {}, {}", local.day(), local.year()),
        }
    }
}

/// A count of units that is never below nought.
fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
