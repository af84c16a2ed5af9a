//! Query parameters: read by name, every wrong or unknown one refused by name.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::schedule::begin_of_day;
use domain::{CabinetId, CustomerId, OrderId, SkipReason, SourceId, StatusId};
use storage::orders::{ManagerFilter, OrderSort};
use storage::outbox::OutboxState;
use strum::IntoEnumIterator;

use super::problem::{self, Answer, Problem, WrongValue};

/// A value that a parameter can have.
pub trait Param: Sized {
    /// Whether the parameter may be given several times.
    const REPEATS: bool = false;

    /// What is allowed, in words.
    fn allowed() -> String;

    /// Reads the values that were given; the zone is the shop's.
    fn read(given: &[String], zone: Tz) -> Option<Self>;
}

/// The parameters of one request.
pub struct Params {
    given: Vec<(String, String)>,
    zone: Tz,
}

impl Params {
    /// Reads a query, and refuses what is not among the allowed names.
    pub fn read(query: Option<&str>, allowed: &[&str], zone: Tz) -> Answer<Self> {
        let query = query.unwrap_or_default().as_bytes();
        let given: Vec<(String, String)> = url::form_urlencoded::parse(query).into_owned().collect();
        let strangers = given.iter().map(|(name, _)| name).filter(|name| !allowed.contains(&name.as_str()));
        let wrong: Vec<WrongValue> = strangers
            .map(|name| {
                let key: String = name.chars().take(60).collect();
                let allowed = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
                let detail = format!("there is no query parameter `{key}` here; allowed: {allowed}");
                WrongValue { key, allowed, detail }
            })
            .collect();
        if !wrong.is_empty() {
            let all: Vec<&str> = wrong.iter().map(|wrong| wrong.detail.as_str()).collect();
            let problem = Problem::new(problem::Kind::BadRequest, all.join("; "));
            return Err(wrong.into_iter().fold(problem, Problem::naming));
        }
        Ok(Self { given, zone })
    }

    /// The parameter of that name, where it was given.
    pub fn take<T: Param>(&mut self, name: &str) -> Answer<Option<T>> {
        let given: Vec<String> =
            self.given.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect();
        let Some(last) = given.last() else { return Ok(None) };
        let wrong = || Problem::parameter(name, &T::allowed(), last);
        if given.len() > 1 && !T::REPEATS {
            return Err(Problem::new(
                problem::Kind::BadRequest,
                format!("the query parameter `{name}` is given twice"),
            ));
        }
        if given.iter().any(|value| value.contains('\0')) {
            return Err(wrong());
        }
        T::read(&given, self.zone).map(Some).ok_or_else(wrong)
    }
}

/// Makes a struct of query parameters that reads itself from a request and describes itself in the specification.
macro_rules! query {
    ($(#[$outer:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<$kind>,)*
        }

        impl axum::extract::FromRequestParts<$crate::AppState> for $name {
            type Rejection = $crate::rest::problem::Problem;

            async fn from_request_parts(
                parts: &mut axum::http::request::Parts,
                state: &$crate::AppState,
            ) -> $crate::rest::problem::Answer<Self> {
                let allowed = &[$(stringify!($field)),*];
                let zone = state.store.zone();
                let mut params = $crate::rest::query::Params::read(parts.uri.query(), allowed, zone)?;
                Ok(Self { $($field: params.take(stringify!($field))?,)* })
            }
        }
    };
}
pub(crate) use query;

/// Rows a page.
#[derive(Clone, Copy, Debug)]
pub struct Limit(pub u64);

impl Param for Limit {
    fn allowed() -> String {
        "a whole number from 1 to 200".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last()?.parse().ok().filter(|n| (1..=200).contains(n)).map(Self)
    }
}

impl Param for String {
    fn allowed() -> String {
        "text".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last().cloned()
    }
}

impl Param for bool {
    fn allowed() -> String {
        "true or false".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last()?.parse().ok()
    }
}

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl Param for $id {
            fn allowed() -> String {
                "an id, which is a whole number".to_owned()
            }

            fn read(given: &[String], _: Tz) -> Option<Self> {
                given.last()?.parse().ok()
            }
        }
    )*};
}
ids!(CabinetId, SourceId, CustomerId, StatusId, OrderId);

/// A parameter that may be given several times; any of its values fits.
#[derive(Clone, Debug)]
pub struct AnyOf<T>(pub Vec<T>);

impl<T: Param> Param for AnyOf<T> {
    const REPEATS: bool = true;

    fn allowed() -> String {
        T::allowed()
    }

    fn read(given: &[String], zone: Tz) -> Option<Self> {
        given.iter().map(|one| T::read(std::slice::from_ref(one), zone)).collect::<Option<_>>().map(Self)
    }
}

impl Param for OrderSort {
    fn allowed() -> String {
        "one of -order_date, order_date, ship_by, -ship_by, -total, total".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last()?.parse().ok()
    }
}

impl Param for ManagerFilter {
    fn allowed() -> String {
        "the id of a user, or `none`".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        match given.last()?.as_str() {
            "none" => Some(Self::Nobody),
            id => id.parse().ok().map(Self::Is),
        }
    }
}

impl Param for SkipReason {
    fn allowed() -> String {
        let words: Vec<String> = Self::iter().map(|reason| reason.to_string()).collect();
        format!("one of {}", words.join(", "))
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last()?.parse().ok()
    }
}

impl Param for OutboxState {
    fn allowed() -> String {
        let words: Vec<String> = Self::iter().map(|state| state.to_string()).collect();
        format!("one of {}", words.join(", "))
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        given.last()?.parse().ok()
    }
}

/// What goes out: pushes to Ozon, or letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To Ozon.
    Push,
    /// By mail.
    Letter,
}

impl Param for Kind {
    fn allowed() -> String {
        "push or letter".to_owned()
    }

    fn read(given: &[String], _: Tz) -> Option<Self> {
        match given.last()?.as_str() {
            "push" => Some(Self::Push),
            "letter" => Some(Self::Letter),
            _ => None,
        }
    }
}

/// From then on; a date alone means from its beginning in the shop's zone.
#[derive(Clone, Copy, Debug)]
pub struct From(pub DateTime<Utc>);

/// Before then; a date alone means to its end in the shop's zone.
#[derive(Clone, Copy, Debug)]
pub struct Before(pub DateTime<Utc>);

/// Until then, inclusive; a date alone means to its end in the shop's zone.
#[derive(Clone, Copy, Debug)]
pub struct Until(pub DateTime<Utc>);

const A_TIME: &str = "a date `2026-11-23` or a time `2026-11-23T10:00:00Z`";

impl Param for From {
    fn allowed() -> String {
        A_TIME.to_owned()
    }

    fn read(given: &[String], zone: Tz) -> Option<Self> {
        let text = given.last()?;
        instant(text).or_else(|| Some(begin_of_day(date(text)?, zone))).map(Self)
    }
}

impl Param for Before {
    fn allowed() -> String {
        A_TIME.to_owned()
    }

    fn read(given: &[String], zone: Tz) -> Option<Self> {
        let text = given.last()?;
        instant(text)
            .or_else(|| Some(begin_of_day(date(text)?.checked_add_days(Days::new(1))?, zone)))
            .map(Self)
    }
}

impl Param for Until {
    fn allowed() -> String {
        A_TIME.to_owned()
    }

    fn read(given: &[String], zone: Tz) -> Option<Self> {
        let text = given.last()?;
        let end_of_day = || {
            let next = begin_of_day(date(text)?.checked_add_days(Days::new(1))?, zone);
            next.checked_sub_signed(Duration::microseconds(1))
        };
        instant(text).or_else(end_of_day).map(Self)
    }
}

/// Years beyond these are a mistake, and a database keeps no such instant.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9999;

fn instant(text: &str) -> Option<DateTime<Utc>> {
    use chrono::Datelike;
    // A plus that was not encoded arrives as a space.
    let text = text.replace(' ', "+");
    let at = DateTime::parse_from_rfc3339(&text).ok()?.with_timezone(&Utc);
    YEARS.contains(&at.year()).then_some(at)
}

fn date(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Param>(text: &str) -> Option<T> {
        T::read(&[text.to_owned()], chrono_tz::Europe::Moscow)
    }

    #[test]
    fn a_date_alone_is_a_day_of_the_shops_zone() {
        let told = |at: DateTime<Utc>| at.to_rfc3339();
        assert_eq!(
            read::<From>("2026-11-23").map(|t| told(t.0)).as_deref(),
            Some("2026-11-22T21:00:00+00:00")
        );
        assert_eq!(
            read::<Before>("2026-11-23").map(|t| told(t.0)).as_deref(),
            Some("2026-11-23T21:00:00+00:00")
        );
        let until = read::<Until>("2026-11-23").map(|t| told(t.0));
        assert_eq!(until.as_deref(), Some("2026-11-23T20:59:59.999999+00:00"));
    }

    #[test]
    fn a_plus_that_arrived_as_a_space_is_still_an_offset() {
        let at = read::<From>("2026-11-23T10:00:00 03:00").map(|t| t.0.to_rfc3339());
        assert_eq!(at.as_deref(), Some("2026-11-23T07:00:00+00:00"));
        assert!(read::<From>("yesterday").is_none() && read::<From>("+262000-01-01").is_none());
    }

    #[test]
    fn a_limit_is_from_1_to_200() {
        assert!(read::<Limit>("1").is_some() && read::<Limit>("200").is_some());
        assert!(["0", "201", "-1", "ten", ""].iter().all(|text| read::<Limit>(text).is_none()));
    }
}
