//! The pace of one method for one Client-Id: closed after a 429, slower afterwards, recovering with time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::gate::Gate;

/// The pace after the first 429 of a method that had none of its own, in requests a second.
const FIRST_PACE: f64 = 1.0;
/// The slowest pace: one request in five seconds.
const SLOWEST: f64 = 0.2;
/// A method without a pace of its own is free again from here on.
const FREE: f64 = 20.0;
/// After so long without a 429 the pace grows.
const CALM: Duration = Duration::from_secs(30);
const GROWTH: f64 = 1.5;
/// How long a method is closed where Ozon does not say.
const UNSAID: Duration = Duration::from_secs(1);
/// No answer closes a method for longer.
const LONGEST: Duration = Duration::from_mins(15);

#[derive(Debug)]
pub(super) struct Lane {
    /// The method's own pace; `None` where only the limit over all methods holds.
    own: Option<f64>,
    paced: bool,
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    closed_until: Option<Instant>,
    gate: Option<Gate>,
    grows_at: Instant,
}

impl Lane {
    pub(super) fn new(own: Option<f64>, paced: bool) -> Self {
        Self {
            own: own.filter(|_| paced),
            paced,
            turn: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                closed_until: None,
                gate: own.filter(|_| paced).map(|own| Gate::new(own, 1)),
                grows_at: Instant::now(),
            }),
        }
    }

    /// Waits for the caller's turn.
    pub(super) async fn pass(&self) {
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.take(Instant::now()) {
            tokio::time::sleep(wait).await;
        }
    }

    /// How long the method stays closed.
    pub(super) fn closed_for(&self) -> Duration {
        let closed_until = self.state().closed_until;
        closed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Closes the method and halves its pace.
    pub(super) fn refused(&self, retry_after: Option<Duration>) {
        let now = Instant::now();
        let until = now + retry_after.unwrap_or(UNSAID).min(LONGEST);
        let mut state = self.state();
        // Calls that were under way together are refused together: they count once.
        let already_closed = state.closed_until.is_some_and(|closed| closed > now);
        state.closed_until = Some(state.closed_until.map_or(until, |closed| closed.max(until)));
        state.grows_at = until + CALM;
        if self.paced && !already_closed {
            let pace = match &state.gate {
                Some(gate) => (gate.per_second / 2.0).max(SLOWEST),
                None => FIRST_PACE,
            };
            state.gate = Some(Gate::new(pace, 1));
        }
    }

    fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.state();
        if let Some(until) = state.closed_until {
            if until > now {
                return Err(until - now);
            }
            state.closed_until = None;
        }
        self.recover(&mut state, now);
        match &state.gate {
            Some(gate) => gate.take(),
            None => Ok(()),
        }
    }

    fn recover(&self, state: &mut State, now: Instant) {
        let Some(gate) = &state.gate else { return };
        if self.own.is_some_and(|own| gate.per_second >= own) || now < state.grows_at {
            return;
        }
        let mut pace = gate.per_second;
        let most = self.own.unwrap_or(FREE);
        while now >= state.grows_at && pace < most {
            pace *= GROWTH;
            state.grows_at += CALM;
        }
        state.gate =
            if pace < most { Some(Gate::new(pace, 1)) } else { self.own.map(|own| Gate::new(own, 1)) };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
