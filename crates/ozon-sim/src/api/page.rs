//! Owns a page of postings before it becomes bytes, so that faults can spoil it.
//! Does not select postings.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

/// A place in a list's order: `in_process_at` and the shipment date.
pub(crate) type Place = (DateTime<Utc>, Option<DateTime<Utc>>);

/// The places just before a page's first posting and just after its last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edges {
    pub(crate) before: Place,
    pub(crate) after: Place,
}

/// A page of either list, its postings as finished JSON.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) cursor: String,
    pub(crate) has_next: bool,
    pub(crate) postings: Vec<Box<RawValue>>,
    /// Only the unfulfilled list counts.
    pub(crate) count: Option<usize>,
    /// `None` for an empty page.
    pub(crate) edges: Option<Edges>,
}

impl Page {
    /// `wrapped`: inside `result`, as one live answer was (API section 10).
    pub(crate) fn body(&self, wrapped: bool) -> Vec<u8> {
        let postings: usize = self.postings.iter().map(|posting| posting.get().len() + 1).sum();
        let mut body = Vec::with_capacity(postings + 512);
        if wrapped {
            body.extend_from_slice(b"{\"result\":");
        }
        body.extend_from_slice(b"{\"cursor\":\"");
        // A cursor is base64 or empty; one that a client sent comes back only if it is ours.
        body.extend_from_slice(self.cursor.as_bytes());
        body.extend_from_slice(b"\",\"has_next\":");
        body.extend_from_slice(if self.has_next { b"true" } else { b"false" });
        if let Some(count) = self.count {
            body.extend_from_slice(format!(",\"count\":{count}").as_bytes());
        }
        body.extend_from_slice(b",\"postings\":[");
        for (index, posting) in self.postings.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(posting.get().as_bytes());
        }
        body.extend_from_slice(b"]}");
        if wrapped {
            body.push(b'}');
        }
        body
    }
}
