//! Doors for the fuzz targets to decoders that nobody else calls by themselves.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Sorts an answer that is not a success; its kind, and the words that would be shown.
pub fn refusal(status: u16, retry_after: &str, body: &str, now: DateTime<Utc>) -> (&'static str, String) {
    let wait: Option<Duration> = crate::refusal::retry_after(retry_after, now);
    let kind = crate::refusal::classify(status, wait, body, |words| words.replace("secret", "[key]"));
    (kind.code(), kind.to_string())
}
