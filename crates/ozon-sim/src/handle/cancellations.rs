//! Owns what a test may do with buyers' cancellation requests.

use chrono::TimeDelta;

use super::Handle;
use crate::model::cancelling::{self, CancellationRequest, SILENCE};
use crate::model::machine::ActError;

/// Buyers' cancellation requests.
impl Handle {
    /// The buyer of a packed realFBS posting asks to cancel it; returns the request's id. After
    /// two days of the virtual clock silence approves it.
    pub fn request_cancellation(
        &self,
        client_id: &str,
        posting_number: &str,
        reason: &str,
    ) -> Result<i64, ActError> {
        self.request_cancellation_within(client_id, posting_number, reason, SILENCE)
    }

    /// The same, with the time after which silence approves.
    pub fn request_cancellation_within(
        &self,
        client_id: &str,
        posting_number: &str,
        reason: &str,
        patience: TimeDelta,
    ) -> Result<i64, ActError> {
        let mut world = self.world();
        let now = world.now();
        cancelling::request(&mut world, client_id, posting_number, reason, patience, now)
    }

    /// All requests in order of asking; nothing where there is no cabinet.
    pub fn cancellation_requests(&self, client_id: &str) -> Vec<CancellationRequest> {
        self.world()
            .cabinet(client_id)
            .map_or_else(|_| Vec::new(), |state| state.cancellation_requests.values().cloned().collect())
    }
}
