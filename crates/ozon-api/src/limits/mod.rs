//! The pace of calls: one limiter for each Client-Id, shared by all its clients. Does not repeat calls.
//!
//! Ozon allows 50 requests a second to one Client-Id over all methods, and fewer to some (API section 2). A refused method is left
//! alone as long as `Retry-After` says, then called more slowly, and the pace recovers with time.

mod gate;
mod lane;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use gate::Queue;
use lane::Lane;

/// Requests a second over all methods. With the burst it stays within Ozon's 50 in any second.
const ALL_METHODS: f64 = 45.0;
const ALL_METHODS_BURST: u32 = 5;

/// Methods with a limit of their own, in requests a second (API section 2).
const SLOWER: [(&str, f64); 1] = [("/v3/posting/fbs/get", 2.0)];

static SHARED: LazyLock<Limits> = LazyLock::new(Limits::separate);

/// The limiters of many Client-Ids.
#[derive(Clone, Debug)]
pub struct Limits {
    paced: bool,
    sellers: Arc<Mutex<HashMap<String, Limiter>>>,
}

impl Limits {
    /// The limiters of this process: what every client should use.
    pub fn shared() -> Self {
        SHARED.clone()
    }

    /// Limiters that nobody else uses; for tests.
    pub fn separate() -> Self {
        Self { paced: true, sellers: Arc::default() }
    }

    /// No pace at all, only `Retry-After` is obeyed. For measuring against a simulator; Ozon itself would answer 429.
    pub fn unlimited() -> Self {
        Self { paced: false, ..Self::separate() }
    }

    /// The one limiter of this Client-Id.
    pub fn for_client_id(&self, client_id: &str) -> Limiter {
        self.sellers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(client_id.to_owned())
            .or_insert_with(|| Limiter::new(self.paced))
            .clone()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::shared()
    }
}

/// The pace of one Client-Id.
#[derive(Clone, Debug)]
pub struct Limiter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    all: Option<Queue>,
    lanes: Mutex<HashMap<&'static str, Arc<Lane>>>,
}

impl Limiter {
    fn new(paced: bool) -> Self {
        Self(Arc::new(Inner {
            all: paced.then(|| Queue::new(ALL_METHODS, ALL_METHODS_BURST)),
            lanes: Mutex::default(),
        }))
    }

    /// Waits until the method may be called.
    ///
    /// # Errors
    /// How long it would take, where that is beyond the deadline.
    pub(crate) async fn ready(&self, method: &'static str, deadline: Instant) -> Result<(), Duration> {
        let lane = self.lane(method);
        let closed = lane.closed_for();
        if Instant::now() + closed > deadline {
            return Err(closed);
        }
        timeout_at(deadline, async {
            lane.pass().await;
            if let Some(all) = &self.0.all {
                all.pass().await;
            }
        })
        .await
        .map_err(|_| lane.closed_for())
    }

    /// How long the method stays closed after a 429.
    pub(crate) fn closed_for(&self, method: &'static str) -> Duration {
        self.lane(method).closed_for()
    }

    /// Ozon answered 429: the method is closed for that long, or for a second, and is called more slowly afterwards.
    pub(crate) fn refused(&self, method: &'static str, retry_after: Option<Duration>) {
        self.lane(method).refused(retry_after);
    }

    fn lane(&self, method: &'static str) -> Arc<Lane> {
        let mut lanes = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(method).or_insert_with(|| {
            let own = SLOWER.iter().find(|(slower, _)| *slower == method).map(|(_, per_second)| *per_second);
            Arc::new(Lane::new(own, self.0.all.is_some()))
        });
        Arc::clone(lane)
    }
}

#[cfg(test)]
mod tests;
