//! Owns faults and the log of requests.

use std::collections::BTreeMap;

use super::{Handle, locked};
use crate::faults::{Fault, FaultPlan, PendingFault};
use crate::log::LoggedRequest;

/// Faults and the log of requests.
impl Handle {
    /// Queues a fault; returns the plan's number.
    pub fn inject_fault(&self, plan: FaultPlan) -> u64 {
        locked(&self.shared.faults).push(plan)
    }

    /// Faults that have not met all their calls.
    pub fn pending_faults(&self) -> Vec<PendingFault> {
        locked(&self.shared.faults).pending()
    }

    /// Forgets all queued faults.
    pub fn clear_faults(&self) {
        locked(&self.shared.faults).clear();
    }

    pub(crate) fn meet_faults(&self, client_id: Option<&str>, method: &str) -> Vec<Fault> {
        locked(&self.shared.faults).meet(client_id, method)
    }

    /// The latest requests, oldest first. Those of the control interface are not among them.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        locked(&self.shared.log).all()
    }

    /// All requests ever and those of each method.
    pub fn request_counts(&self) -> (u64, BTreeMap<String, u64>) {
        locked(&self.shared.log).counts()
    }

    /// All requests ever of a method.
    pub fn request_count(&self, method: &str) -> u64 {
        self.request_counts().1.get(method).copied().unwrap_or(0)
    }

    /// Empties the log and its counts.
    pub fn clear_requests(&self) {
        locked(&self.shared.log).clear();
    }

    /// Whether whole answers are kept in the log from now on.
    pub fn keep_answers(&self, keep: bool) {
        locked(&self.shared.log).settings.keep_answers = keep;
    }

    pub(crate) fn keeps_answers(&self) -> bool {
        locked(&self.shared.log).settings.keep_answers
    }

    pub(crate) fn log(&self, request: LoggedRequest) {
        locked(&self.shared.log).push(request);
    }
}
