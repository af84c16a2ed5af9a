//! What a trial is to be.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The shop's zone: one whose clocks change.
pub(crate) const ZONE: Tz = chrono_tz::Europe::Berlin;
/// Real time of a round.
pub(crate) const ROUND: Duration = Duration::from_millis(800);
/// Minutes of the simulated clock that a round takes in the mean.
pub(crate) const STEP: u32 = 30;

/// A trial.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Simulated days; a daylight change lies in their middle.
    pub days: u32,
    /// How many times a server is killed.
    pub kills: u32,
    /// Where the trial's own chance begins; odd ones go through the change in spring, even ones in autumn.
    pub seed: u64,
    /// Servers at a time.
    pub servers: u32,
    /// The server's program; it is built when there is none.
    pub program: Option<PathBuf>,
    /// Where the servers' logs, the tables and what Ozon has stay.
    pub logs: Option<PathBuf>,
    /// Tell on standard error how it goes.
    pub tells: bool,
}

impl Plan {
    /// The form that goes with the other tests: about two minutes.
    pub fn short(seed: u64) -> Self {
        Self { days: 2, kills: 25, seed, servers: 3, program: None, logs: None, tells: true }
    }

    /// When the simulated clock begins.
    pub(crate) fn begin(&self) -> DateTime<Utc> {
        let (year, month, day) = if self.seed % 2 == 1 { (2027, 3, 28) } else { (2026, 10, 25) };
        let change = Utc.with_ymd_and_hms(year, month, day, 1, 0, 0).single().unwrap_or_default();
        change - TimeDelta::minutes(i64::from(self.days) * 24 * 60 / 2)
    }

    pub(crate) fn rounds(&self) -> u32 {
        self.days * 24 * 60 / STEP
    }
}

/// The first instant of each local day's time of day in a period, as the schedule takes it.
pub(crate) fn nights(from: DateTime<Utc>, to: DateTime<Utc>, minutes: u32) -> Vec<DateTime<Utc>> {
    let mut nights = Vec::new();
    let mut day = from.with_timezone(&ZONE).date_naive();
    while day <= to.with_timezone(&ZONE).date_naive() {
        let local = day.and_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or_default();
        // What spring skips is taken an hour later, what autumn repeats at its first time.
        let at = ZONE.from_local_datetime(&local).earliest();
        let at = at.or_else(|| ZONE.from_local_datetime(&(local + TimeDelta::hours(1))).earliest());
        nights.extend(at.map(|at| at.with_timezone(&Utc)).filter(|at| (from..to).contains(at)));
        day = day.succ_opt().unwrap_or(day);
    }
    nights
}
