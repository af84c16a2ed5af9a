//! The time of day, passed in by whoever makes the client. Pacing has its own clock.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. Any `Fn() -> DateTime<Utc>` is one.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Now, cut to the microseconds that databases keep.
pub(crate) fn to_the_microsecond(clock: &dyn Clock) -> DateTime<Utc> {
    clock.now().trunc_subsecs(6)
}
