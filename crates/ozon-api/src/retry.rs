//! How often and how long a call is repeated. Whether an error is worth it is the error's to say, whether it is safe the method's.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// A reading call may always be repeated; a changing one only where it was never sent, see [`Client::call`](crate::Client::call).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Calls in all, the first one counted; 0 is taken as 1.
    pub attempts: u32,
    /// The first pause, doubled after each failure and jittered.
    pub base: Duration,
    /// The longest pause.
    pub max: Duration,
    /// All attempts, pauses and waiting for the limiter together.
    pub total: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_millis(500),
            max: Duration::from_secs(20),
            total: Duration::from_mins(2),
        }
    }
}

impl RetryPolicy {
    /// One attempt only.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// The pauses between attempts; it ends where no further attempt is due.
    pub(crate) fn pauses(&self) -> ExponentialBackoff {
        let times = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        ExponentialBuilder::default()
            .with_min_delay(self.base)
            .with_max_delay(self.max)
            .with_factor(2.0)
            .with_max_times(times)
            .with_jitter()
            .build()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    #[test]
    fn pauses_grow_and_are_as_many_as_the_repeats() {
        let policy = RetryPolicy {
            attempts: 4,
            base: Duration::from_millis(100),
            max: Duration::from_millis(300),
            total: Duration::from_secs(9),
        };
        let pauses: Vec<Duration> = policy.pauses().collect();
        assert_eq!(pauses.len(), 3);
        assert!(pauses[0] >= Duration::from_millis(100));
        assert!(pauses[2] >= Duration::from_millis(300));
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_millis(600)));
        assert_eq!(RetryPolicy::never().pauses().count(), 0);
    }
}
