//! Owns the record of what the seller asked for through the API: what was taken and what was
//! refused, in order. Does not judge and does not change postings.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// So many of the latest are kept for each cabinet.
const KEPT: usize = 100_000;

/// What the seller asks to change of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// `/v2/fbs/posting/tracking-number/set`.
    TrackNumber,
    /// `/v2/fbs/posting/delivering`.
    Delivering,
    /// `/v2/fbs/posting/last-mile`.
    LastMile,
    /// `/v2/fbs/posting/delivered`.
    Delivered,
    /// `/v2/conditional-cancellation/approve`.
    ApproveCancellation,
    /// `/v2/conditional-cancellation/reject`.
    RejectCancellation,
}

/// A change that Ozon took: answered with success, or taken although the answer was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedChange {
    /// Counts from 1 over everything asked for in the cabinet, refused items too.
    pub number: u64,
    /// Which posting.
    pub posting_number: String,
    /// What was changed.
    pub kind: ChangeKind,
    /// The track number, or the comment on a cancellation request.
    pub value: Option<String>,
    /// Virtual time of the call; the status follows later.
    pub at: DateTime<Utc>,
}

/// A change that Ozon refused, the item of a call that succeeded as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedChange {
    /// Counts from 1 over everything asked for in the cabinet, accepted items too.
    pub number: u64,
    /// As it was sent.
    pub posting_number: String,
    /// What was asked for.
    pub kind: ChangeKind,
    /// The track number, or the comment on a cancellation request.
    pub value: Option<String>,
    /// Virtual time of the call.
    pub at: DateTime<Utc>,
    /// Ozon's word.
    pub error: String,
}

/// One item of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) posting_number: &'a str,
    pub(crate) kind: ChangeKind,
    pub(crate) value: Option<&'a str>,
}

/// Everything asked for in a cabinet.
#[derive(Debug, Default)]
pub(crate) struct ChangeLog {
    accepted: VecDeque<AcceptedChange>,
    refused: VecDeque<RefusedChange>,
    last: u64,
}

impl ChangeLog {
    pub(crate) fn push(&mut self, asked: Asked<'_>, at: DateTime<Utc>, error: Option<&str>) {
        self.last += 1;
        let number = self.last;
        let Asked { posting_number, kind, value } = asked;
        let posting_number = posting_number.to_owned();
        let value = value.map(str::to_owned);
        if let Some(error) = error {
            let error = error.to_owned();
            self.refused.push_back(RefusedChange { number, posting_number, kind, value, at, error });
            if self.refused.len() > KEPT {
                self.refused.pop_front();
            }
        } else {
            self.accepted.push_back(AcceptedChange { number, posting_number, kind, value, at });
            if self.accepted.len() > KEPT {
                self.accepted.pop_front();
            }
        }
    }

    pub(crate) fn accepted(&self) -> Vec<AcceptedChange> {
        self.accepted.iter().cloned().collect()
    }

    pub(crate) fn refused(&self) -> Vec<RefusedChange> {
        self.refused.iter().cloned().collect()
    }

    /// The numbers go on from where they were.
    pub(crate) fn clear(&mut self) {
        self.accepted.clear();
        self.refused.clear();
    }
}
