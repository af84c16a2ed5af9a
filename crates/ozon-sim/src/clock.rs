//! Owns the simulator's virtual time. Does not own the limiter's time, which is always real.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Where the virtual clock starts and whether it runs.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockSettings {
    /// The instant (UTC) shown at the start; the real time when absent.
    pub at: Option<DateTime<Utc>>,
    /// A frozen clock moves only when it is advanced or set.
    pub frozen: bool,
}

/// Real time plus an offset, or a standing instant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum VirtualClock {
    Running { offset: TimeDelta },
    Frozen { at: DateTime<Utc> },
}

impl VirtualClock {
    pub(crate) fn new(settings: ClockSettings) -> Self {
        let at = settings.at.map_or_else(real_now, whole_micros);
        let mut clock = Self::Frozen { at };
        if !settings.frozen {
            clock.run();
        }
        clock
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Running { offset } => {
                real_now().checked_add_signed(*offset).unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
            Self::Frozen { at } => *at,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self, Self::Frozen { .. })
    }

    pub(crate) fn freeze(&mut self) {
        *self = Self::Frozen { at: self.now() };
    }

    pub(crate) fn run(&mut self) {
        let offset = self.now() - real_now();
        *self = Self::Running { offset };
    }

    /// Moves the shown time; a step that leaves the calendar is cut at its edge.
    pub(crate) fn advance(&mut self, by: TimeDelta) {
        match self {
            Self::Running { offset } => {
                *offset = offset.checked_add(&by).unwrap_or(*offset);
            }
            Self::Frozen { at } => *at = at.checked_add_signed(by).unwrap_or(*at),
        }
    }

    pub(crate) fn set(&mut self, to: DateTime<Utc>) {
        let to = whole_micros(to);
        match self {
            Self::Running { offset } => *offset = to - real_now(),
            Self::Frozen { at } => *at = to,
        }
    }
}

/// The machine's time; the only place where it is read.
fn real_now() -> DateTime<Utc> {
    whole_micros(Utc::now())
}

/// Databases of clients keep microseconds, so nothing finer is ever shown.
fn whole_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("a literal instant")
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let at = instant("2026-11-23T09:00:00Z");
        let mut clock = VirtualClock::new(ClockSettings { at: Some(at), frozen: true });
        assert_eq!(clock.now(), at);
        clock.advance(TimeDelta::seconds(90));
        assert_eq!(clock.now(), instant("2026-11-23T09:01:30Z"));
        clock.set(at);
        assert_eq!(clock.now(), at);
    }

    #[test]
    fn a_running_clock_keeps_its_offset_through_freezing() {
        let mut clock =
            VirtualClock::new(ClockSettings { at: Some(instant("2026-01-01T00:00:00Z")), frozen: false });
        clock.advance(TimeDelta::days(2));
        clock.freeze();
        let frozen = clock.now();
        assert!(frozen >= instant("2026-01-03T00:00:00Z"));
        assert!(frozen < instant("2026-01-03T00:01:00Z"));
        clock.run();
        assert!(clock.now() >= frozen);
    }
}
