//! `/v2/conditional-cancellation/approve` and `/reject`: the seller's answer to a request for cancellation.

use serde::Serialize;

use super::Method;
use super::directory::done;
use crate::error::Broken;

/// Approves a request: the posting is cancelled and the customer gets the money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApproveCancellation {
    /// Which request.
    pub cancellation_id: i64,
    /// A comment; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// Rejects a request: the posting stays where it is and must be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectCancellation {
    /// Which request.
    pub cancellation_id: i64,
    /// The reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

impl Method for ApproveCancellation {
    const PATH: &'static str = "/v2/conditional-cancellation/approve";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}

impl Method for RejectCancellation {
    const PATH: &'static str = "/v2/conditional-cancellation/reject";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}
