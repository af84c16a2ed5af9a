//! Owns the bounded log of requests. Does not print it.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is kept of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// So many of the latest requests.
    pub capacity: usize,
    /// Whole answers too; costs memory.
    pub keep_answers: bool,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { capacity: 10_000, keep_answers: false }
    }
}

/// A request and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct LoggedRequest {
    /// Counts from 1 over all requests.
    pub number: u64,
    /// Virtual time, UTC.
    pub at: DateTime<Utc>,
    /// `Client-Id` as sent.
    pub client_id: Option<String>,
    /// Path.
    pub method: String,
    /// The body as JSON; a text where it was none.
    pub request: Value,
    /// HTTP status; nought where the connection was closed without an answer.
    pub status: u16,
    /// Bytes of the answer's body.
    pub answer_bytes: usize,
    /// Names of the faults that met it.
    pub faults: Vec<String>,
    /// The answer's body, if answers are kept.
    pub answer: Option<String>,
}

#[derive(Debug)]
pub(crate) struct RequestLog {
    pub(crate) settings: LogSettings,
    requests: VecDeque<LoggedRequest>,
    total: u64,
    by_method: BTreeMap<String, u64>,
}

impl RequestLog {
    pub(crate) fn new(settings: LogSettings) -> Self {
        Self { settings, requests: VecDeque::new(), total: 0, by_method: BTreeMap::new() }
    }

    pub(crate) fn push(&mut self, mut request: LoggedRequest) {
        self.total += 1;
        request.number = self.total;
        if let Some(count) = self.by_method.get_mut(&request.method) {
            *count += 1;
        } else if self.by_method.len() < 1_000 {
            self.by_method.insert(request.method.clone(), 1);
        }
        if self.settings.capacity == 0 {
            return;
        }
        while self.requests.len() >= self.settings.capacity {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// All requests ever, those that the log has forgotten too.
    pub(crate) fn counts(&self) -> (u64, BTreeMap<String, u64>) {
        (self.total, self.by_method.clone())
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.settings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_forgets_the_oldest_but_counts_all() {
        let mut log = RequestLog::new(LogSettings { capacity: 2, keep_answers: false });
        for _ in 0..5 {
            log.push(LoggedRequest {
                number: 0,
                at: DateTime::UNIX_EPOCH,
                client_id: None,
                method: "/v1/roles".to_owned(),
                request: Value::Null,
                status: 200,
                answer_bytes: 2,
                faults: Vec::new(),
                answer: None,
            });
        }
        let numbers: Vec<u64> = log.all().iter().map(|request| request.number).collect();
        assert_eq!(numbers, [4, 5]);
        assert_eq!(log.counts().0, 5);
        assert_eq!(log.counts().1["/v1/roles"], 5);
    }
}
