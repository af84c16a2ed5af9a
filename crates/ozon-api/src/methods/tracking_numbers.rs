//! `/v2/fbs/posting/tracking-number/set`: gives postings their track numbers (API section 5). A second call overwrites the first.

use serde::Serialize;

use super::item_outcome::{self, ItemOutcome};
use super::{Batch, Method};
use crate::error::Broken;

/// The request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetTrackingNumbers {
    /// The postings and their numbers.
    pub tracking_numbers: Batch<TrackingNumber>,
}

/// A posting and its track number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrackingNumber {
    /// Which posting.
    pub posting_number: String,
    /// The delivery service's number of the parcel.
    pub tracking_number: String,
}

impl Method for SetTrackingNumbers {
    const PATH: &'static str = "/v2/fbs/posting/tracking-number/set";
    const CHANGES: bool = true;
    type Answer = Vec<ItemOutcome>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        item_outcome::decode(body)
    }
}
