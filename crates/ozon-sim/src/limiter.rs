//! Owns the request limits of a Client-Id, in real time. Does not know what the requests ask.

use std::collections::HashMap;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::api::POSTING_GET;

/// Requests a second that Ozon lets through (API section 2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// No limit at all when true.
    pub lifted: bool,
    /// Requests a second of one Client-Id over all methods.
    pub per_second: u32,
    /// How many of them may come at once.
    pub burst: u32,
    /// Requests a second of `/v3/posting/fbs/get`.
    pub get_per_second: u32,
    /// How many of them may come at once.
    pub get_burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lifted: false, per_second: 50, burst: 50, get_per_second: 2, get_burst: 4 }
    }
}

impl Limits {
    /// Nothing is limited.
    pub fn lifted() -> Self {
        Self { lifted: true, ..Self::default() }
    }
}

/// What the limiter said to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Passed; so many more may come at once.
    Pass { remaining: u32 },
    /// Refused; come back after so many seconds.
    Refuse { retry_after: u64 },
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    fn refill(&mut self, now: Instant, rate: u32, burst: u32) {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = passed.mul_add(f64::from(rate), self.tokens).min(f64::from(burst.max(1)));
        self.filled_at = now;
    }

    fn seconds_to_one(&self, rate: u32) -> u64 {
        let seconds = (1.0 - self.tokens) / f64::from(rate.max(1));
        if seconds <= 1.0 { 1 } else { 2 }
    }
}

/// Token buckets: one for a Client-Id, one more for its slow method.
#[derive(Debug)]
pub(crate) struct Limiter {
    pub(crate) limits: Limits,
    buckets: HashMap<(String, &'static str), Bucket>,
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, buckets: HashMap::new() }
    }

    /// Sets new limits and forgets what was spent.
    pub(crate) fn set(&mut self, limits: Limits) {
        self.limits = limits;
        self.buckets.clear();
    }

    /// A refused request spends nothing.
    pub(crate) fn ask(&mut self, client_id: &str, method: &str, now: Instant) -> Verdict {
        let limits = self.limits;
        if limits.lifted {
            return Verdict::Pass { remaining: limits.burst };
        }
        let slow = method == POSTING_GET;
        if slow {
            let bucket = self.bucket(client_id, POSTING_GET, limits.get_burst, now);
            bucket.refill(now, limits.get_per_second, limits.get_burst);
            if bucket.tokens < 1.0 {
                return Verdict::Refuse { retry_after: bucket.seconds_to_one(limits.get_per_second) };
            }
        }
        let bucket = self.bucket(client_id, "", limits.burst, now);
        bucket.refill(now, limits.per_second, limits.burst);
        if bucket.tokens < 1.0 {
            return Verdict::Refuse { retry_after: bucket.seconds_to_one(limits.per_second) };
        }
        bucket.tokens -= 1.0;
        let mut remaining = bucket.tokens;
        if slow {
            let bucket = self.bucket(client_id, POSTING_GET, limits.get_burst, now);
            bucket.tokens -= 1.0;
            remaining = remaining.min(bucket.tokens);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between nought and the burst, which is a u32"
        )]
        let remaining = remaining as u32;
        Verdict::Pass { remaining }
    }

    fn bucket(&mut self, client_id: &str, method: &'static str, burst: u32, now: Instant) -> &mut Bucket {
        self.buckets
            .entry((client_id.to_owned(), method))
            .or_insert(Bucket { tokens: f64::from(burst.max(1)), filled_at: now })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIST: &str = "/v4/posting/fbs/list";

    #[test]
    fn the_fifty_first_request_of_a_second_is_refused_and_later_ones_pass() {
        let mut limiter = Limiter::new(Limits::default());
        let start = Instant::now();
        for left in (0..50).rev() {
            assert_eq!(limiter.ask("1", LIST, start), Verdict::Pass { remaining: left });
        }
        assert_eq!(limiter.ask("1", LIST, start), Verdict::Refuse { retry_after: 1 });
        assert_eq!(
            limiter.ask("2", LIST, start),
            Verdict::Pass { remaining: 49 },
            "another Client-Id has its own allowance"
        );
        assert_eq!(
            limiter.ask("1", LIST, start + Duration::from_millis(100)),
            Verdict::Pass { remaining: 4 }
        );
    }

    #[test]
    fn get_is_limited_to_two_a_second_while_lists_go_on() {
        let mut limiter = Limiter::new(Limits { get_burst: 2, ..Limits::default() });
        let start = Instant::now();
        assert!(matches!(limiter.ask("1", POSTING_GET, start), Verdict::Pass { remaining: 1 }));
        assert!(matches!(limiter.ask("1", POSTING_GET, start), Verdict::Pass { remaining: 0 }));
        assert!(matches!(limiter.ask("1", POSTING_GET, start), Verdict::Refuse { .. }));
        assert!(matches!(limiter.ask("1", LIST, start), Verdict::Pass { remaining: 47 }));
        assert!(matches!(
            limiter.ask("1", POSTING_GET, start + Duration::from_millis(510)),
            Verdict::Pass { .. }
        ));
    }

    #[test]
    fn lifted_limits_refuse_nothing() {
        let mut limiter = Limiter::new(Limits::lifted());
        let start = Instant::now();
        assert!((0..500).all(|_| matches!(limiter.ask("1", POSTING_GET, start), Verdict::Pass { .. })));
    }
}
