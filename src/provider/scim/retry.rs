//! Sending again, where that is safe: what may be repeated was decided by [`Failure`].
//!
//! A request that the server throttled was not heard, so waiting for it is patience and no retry. All else is tried a few
//! times, with waits that double and differ by chance.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::dialect::pace::Patience;
use crate::provider::error::ProviderError;
use crate::provider::scim::budget::{Budget, Stopped, wait_until};
use crate::provider::scim::failure::{Failure, Repeat};
use crate::provider::scim::purpose::Purpose;

/// What decides how long something is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trying<'a> {
    pub(super) first_delay: Duration,
    pub(super) patience: Patience,
    pub(super) budget: &'a Budget,
    pub(super) stop: &'a CancellationToken,
}

/// How many of the longest waits a request may spend on being throttled.
const THROTTLED_WAITS: u32 = 10;

/// Makes attempts until one succeeds, one must not be repeated, patience ends, or the run is told to stop.
pub(super) async fn patiently<T, Attempt, Attempted>(
    trying: Trying<'_>,
    purpose: Purpose,
    mut attempt: Attempt,
) -> Result<T, Failure>
where
    Attempt: FnMut() -> Attempted,
    Attempted: Future<Output = Result<T, Failure>>,
{
    let Trying { first_delay, patience, budget, stop } = trying;
    let longest_wait = Duration::from_secs(patience.longest_wait.get().into());
    let mut delays = ExponentialBuilder::default()
        .with_min_delay(first_delay)
        .with_factor(2.0)
        .with_max_times(patience.retries as usize)
        .with_jitter()
        .build();
    let mut throttled = Duration::ZERO;
    let mut said_before: Option<Failure> = None;
    loop {
        let failure = match attempt().await {
            Ok(answer) => return Ok(answer),
            // What the server said before tells more than that the run was stopped while waiting for another try.
            Err(failure) if matches!(failure.error, ProviderError::Stopped { .. }) => {
                return Err(said_before.unwrap_or(failure));
            }
            Err(failure) => failure,
        };
        if !failure.repeat.allows(purpose) || patience.retries == 0 || stop.is_cancelled() {
            return Err(failure);
        }
        let asked = failure.retry_after.filter(|wait| !wait.is_zero());
        let wait = match (&failure.error, asked) {
            (ProviderError::Throttled { .. }, Some(asked)) => {
                throttled += asked;
                (throttled <= longest_wait * THROTTLED_WAITS).then_some(asked)
            }
            (_, asked) => delays.next().map(|delay| asked.unwrap_or(delay)),
        };
        let Some(wait) = wait.filter(|wait| *wait <= longest_wait) else { return Err(failure) };
        if matches!(failure.error, ProviderError::Throttled { .. }) {
            // The next attempt waits for its turn with everything else that uses the key.
            budget.throttled(wait);
        } else if wait_until(Instant::now() + wait, stop).await == Err(Stopped) {
            return Err(failure);
        }
        said_before = Some(failure);
    }
}

impl Repeat {
    /// Whether a request of this purpose may be sent again.
    fn allows(self, purpose: Purpose) -> bool {
        match self {
            Self::Nothing => false,
            Self::Reads => purpose == Purpose::Read,
            Self::Everything => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::Dialect;
    use crate::provider::key::Key;
    use crate::provider::scim::budget::Budgets;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn throttled() -> ProviderError {
        ProviderError::Throttled { request: "GET x".into(), retry_after: None }
    }

    fn failed() -> ProviderError {
        ProviderError::Unavailable { request: "GET x".into(), status: 503, detail: String::new() }
    }

    async fn attempts(
        purpose: Purpose,
        repeat: Repeat,
        error: fn() -> ProviderError,
        retry_after: Option<u64>,
        stop: &CancellationToken,
    ) -> (usize, Duration) {
        let Dialect { pace, patience, .. } = Dialect::rfc();
        let (url, key) = ("https://x.example".parse().expect("a URL"), Key::new("k").expect("a key"));
        let budget = Budgets::default().of(&url, &key, pace);
        let trying = Trying { first_delay: Duration::from_millis(200), patience, budget: &budget, stop };
        let (made, begun) = (AtomicUsize::new(0), Instant::now());
        let result: Result<(), Failure> = patiently(trying, purpose, || async {
            let Ok(_turn) = budget.turn(purpose, stop).await else {
                return Err(Failure::before_sending(ProviderError::Stopped { request: "GET x".into() }));
            };
            made.fetch_add(1, Ordering::Relaxed);
            let retry_after = retry_after.map(Duration::from_secs);
            Err(Failure { repeat, retry_after, ..Failure::before_sending(error()) })
        })
        .await;
        assert!(result.is_err());
        (made.into_inner(), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_repeated_is_repeated_three_times() {
        let stop = CancellationToken::new();
        let (made, waited) = attempts(Purpose::Read, Repeat::Reads, failed, None, &stop).await;
        assert_eq!(made, 4);
        assert!(waited >= Duration::from_millis(1400) && waited <= Duration::from_millis(2900), "{waited:?}");
        assert_eq!(attempts(Purpose::Change, Repeat::Reads, failed, None, &stop).await.0, 1);
        assert_eq!(attempts(Purpose::Change, Repeat::Everything, failed, None, &stop).await.0, 4);
        assert_eq!(attempts(Purpose::Read, Repeat::Nothing, failed, None, &stop).await.0, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_throttled_waits_longer_than_whoever_fails() {
        let stop = CancellationToken::new();
        let (made, waited) = attempts(Purpose::Change, Repeat::Everything, throttled, Some(20), &stop).await;
        assert_eq!((made, waited.as_secs()), (31, 600));
        assert_eq!(attempts(Purpose::Change, Repeat::Everything, failed, Some(20), &stop).await.0, 4);
        let too_long = attempts(Purpose::Read, Repeat::Everything, throttled, Some(61), &stop).await;
        assert_eq!(too_long, (1, Duration::ZERO));
        assert_eq!(attempts(Purpose::Read, Repeat::Everything, throttled, Some(0), &stop).await.0, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_stop_nothing_is_sent_again_however_short_the_wait() {
        let stop = CancellationToken::new();
        let run = attempts(Purpose::Change, Repeat::Everything, throttled, Some(1), &stop);
        let end = async {
            tokio::time::sleep(Duration::from_millis(2_500)).await;
            stop.cancel();
        };
        let ((made, _), ()) = tokio::join!(run, end);
        // Three until the stop, and the one whose turn came soon after it.
        assert_eq!(made, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_every_wait() {
        for error in [throttled, failed] {
            let stop = CancellationToken::new();
            let run = attempts(Purpose::Change, Repeat::Everything, error, Some(30), &stop);
            let end = async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                stop.cancel();
            };
            let ((made, waited), ()) = tokio::join!(run, end);
            assert!(made <= 2 && waited.as_secs() == 1, "{made} {waited:?}");
        }
    }
}
