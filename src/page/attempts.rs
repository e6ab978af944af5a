//! Failed sign-ins: so many a minute and account, then none until the minute is over, not even with the right key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

const MOST: u32 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// The failed sign-ins of each account, or from each place.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<String, Window>>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Timestamp,
    failures: u32,
}

impl Attempts {
    /// How long to wait before the next attempt; `None` where it may be made now.
    pub(crate) fn wait(&self, account: &str, now: Timestamp) -> Option<SignedDuration> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(account)?;
        let left = WINDOW - now.duration_since(window.began);
        (window.failures >= MOST && left > SignedDuration::ZERO).then_some(left)
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, account: &str, now: Timestamp) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| now.duration_since(window.began) < WINDOW);
        let window = windows.entry(account.to_owned()).or_insert(Window { began: now, failures: 0 });
        window.failures += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_failures_a_minute_passes() {
        let attempts = Attempts::default();
        let second = |second| Timestamp::from_second(second).expect("a time");
        for at in 0..10 {
            assert_eq!(attempts.wait("acme", second(at)), None);
            attempts.failed("acme", second(at));
        }
        assert_eq!(attempts.wait("acme", second(10)), Some(SignedDuration::from_secs(50)));
        assert_eq!(attempts.wait("other", second(10)), None);
        assert_eq!(attempts.wait("acme", second(60)), None);
        attempts.failed("acme", second(60));
        assert_eq!(attempts.wait("acme", second(61)), None);
    }
}
