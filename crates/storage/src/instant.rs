//! Instants as the tables keep them: microseconds since 1970 UTC, which both databases order and compare exactly.

use chrono::{DateTime, Utc};

/// To the table.
pub fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// From the table; what no calendar has becomes the beginning of time.
pub fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
