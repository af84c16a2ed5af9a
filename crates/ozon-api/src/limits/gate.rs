//! Governor's limiter on tokio's clock, with a queue before it. Knows no method.

use std::fmt;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// Tokio's clock, which tests can stop.
#[derive(Clone, Copy, Debug)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = Instant;

    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }
}

/// Lets so many a second through.
pub(super) struct Gate {
    pub(super) per_second: f64,
    limiter: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Instant>>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gate").field("per_second", &self.per_second).finish_non_exhaustive()
    }
}

impl Gate {
    /// A rate that is no positive number is taken as one in a thousand seconds.
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        let per_second = if per_second.is_finite() { per_second.max(0.001) } else { 0.001 };
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(Duration::from_secs_f64(1.0 / per_second))
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Self { per_second, limiter: RateLimiter::direct_with_clock(quota, TokioClock) }
    }

    /// Takes a place, or says how long to wait before asking again.
    pub(super) fn take(&self) -> Result<(), Duration> {
        self.limiter.check().map_err(|not_until| not_until.wait_time_from(TokioClock.now()))
    }
}

/// A gate where those who came first go first.
#[derive(Debug)]
pub(super) struct Queue {
    gate: Gate,
    turn: tokio::sync::Mutex<()>,
}

impl Queue {
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        Self { gate: Gate::new(per_second, burst), turn: tokio::sync::Mutex::default() }
    }

    pub(super) async fn pass(&self) {
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.gate.take() {
            tokio::time::sleep(wait).await;
        }
    }
}
