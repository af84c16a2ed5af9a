//! How often someone may fail to sign in: by address and by e-mail. In memory; a restart forgives.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// Failures by one e-mail within the window.
const BY_EMAIL: usize = 8;
/// Failures by one address; more, since people behind one router share it.
const BY_ADDRESS: usize = 40;
const WINDOW: Duration = Duration::minutes(10);
/// Beyond this many keys the oldest are forgotten, so that a flood of made-up names cannot fill the memory.
const KEYS: usize = 10_000;

/// Who tries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Email(String),
}

/// Remembers failed sign-ins.
#[derive(Debug, Default)]
pub(crate) struct SignInThrottle {
    failures: Mutex<HashMap<Key, Vec<DateTime<Utc>>>>,
}

impl SignInThrottle {
    /// How long to wait before the next try; `None` when it may be made now. The try counts as failed until
    /// [`Self::forget`] says otherwise, so that parallel tries cannot slip through.
    pub(crate) fn begin(&self, address: Option<IpAddr>, email: &str, now: DateTime<Utc>) -> Option<Duration> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(address, email);
        for (key, most) in &keys {
            let Some(times) = failures.get_mut(key) else { continue };
            times.retain(|at| now - *at < WINDOW);
            if times.len() >= *most {
                return times.first().map(|oldest| WINDOW - (now - *oldest));
            }
        }
        if failures.len() > KEYS {
            failures.retain(|_, times| times.last().is_some_and(|at| now - *at < WINDOW));
            if failures.len() > KEYS {
                failures.clear();
            }
        }
        for (key, _) in keys {
            failures.entry(key).or_default().push(now);
        }
        None
    }

    /// The password was right and a code is owed: this try of the address no longer counts, those of the e-mail do, so that
    /// telling the password again buys no more guesses at the code.
    pub(crate) fn halfway(&self, address: Option<IpAddr>) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = address.and_then(|a| failures.get_mut(&Key::Address(a))) {
            times.pop();
        }
    }

    /// The try succeeded: the e-mail's failures no longer count, and neither does this try of the address.
    pub(crate) fn forget(&self, address: Option<IpAddr>, email: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Key::Email(email.to_lowercase()));
        if let Some(times) = address.and_then(|a| failures.get_mut(&Key::Address(a))) {
            times.pop();
        }
    }
}

fn keys(address: Option<IpAddr>, email: &str) -> Vec<(Key, usize)> {
    let by_address = address.map(|a| (Key::Address(a), BY_ADDRESS));
    by_address.into_iter().chain([(Key::Email(email.to_lowercase()), BY_EMAIL)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    #[test]
    fn an_email_that_failed_too_often_waits_and_others_do_not() {
        let throttle = SignInThrottle::default();
        for second in 0..8 {
            assert_eq!(throttle.begin(None, "a@b.c", at(second)), None);
        }
        assert_eq!(throttle.begin(None, "A@b.c", at(60)), Some(Duration::seconds(540)));
        assert_eq!(throttle.begin(None, "x@b.c", at(60)), None);
        assert_eq!(throttle.begin(None, "a@b.c", at(601)), None);
    }

    #[test]
    fn a_success_forgives_the_email() {
        let throttle = SignInThrottle::default();
        for second in 0..8 {
            throttle.begin(None, "a@b.c", at(second));
        }
        throttle.forget(None, "a@b.c");
        assert_eq!(throttle.begin(None, "a@b.c", at(9)), None);
    }

    #[test]
    fn a_right_password_alone_buys_no_more_guesses_at_the_code() {
        let throttle = SignInThrottle::default();
        let address = Some(IpAddr::from([10, 0, 0, 1]));
        for second in 0..8 {
            assert_eq!(throttle.begin(address, "a@b.c", at(second)), None);
            throttle.halfway(address);
        }
        assert!(throttle.begin(address, "a@b.c", at(9)).is_some());
    }

    #[test]
    fn one_address_cannot_try_many_names() {
        let throttle = SignInThrottle::default();
        let address = Some(IpAddr::from([10, 0, 0, 1]));
        let refused =
            (0..50).filter(|n| throttle.begin(address, &format!("{n}@b.c"), at(0)).is_some()).count();
        assert_eq!(refused, 10);
    }
}
