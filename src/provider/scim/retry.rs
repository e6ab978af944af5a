//! Sending again, where that is safe: what may be repeated was decided by [`Failure`].

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::model::dialect::pace::Patience;
use crate::provider::scim::failure::{Failure, Repeat};

/// What a request does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Nothing: it may be sent again whenever no answer came.
    Read,
    /// A change: it is sent again only after the server said that it did nothing.
    Change,
}

/// Makes attempts until one succeeds, one must not be repeated, or patience ends. A wait the server asks for replaces
/// ours; one that is longer than the limit ends it.
pub(super) async fn patiently<T, Attempt, Attempted>(
    first_delay: Duration,
    patience: Patience,
    purpose: Purpose,
    attempt: Attempt,
) -> Result<T, Failure>
where
    Attempt: FnMut() -> Attempted,
    Attempted: Future<Output = Result<T, Failure>>,
{
    let longest_wait = Duration::from_secs(patience.longest_wait.get().into());
    let delays = ExponentialBuilder::default()
        .with_min_delay(first_delay)
        .with_factor(2.0)
        .with_max_times(patience.retries as usize)
        .with_jitter();
    attempt
        .retry(delays)
        .when(|failure| match failure.repeat {
            Repeat::Nothing => false,
            Repeat::Reads => purpose == Purpose::Read,
            Repeat::Everything => true,
        })
        .adjust(|failure, delay| {
            let delay = failure.retry_after.or(delay).filter(|_| delay.is_some());
            delay.filter(|wait| *wait <= longest_wait)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::Dialect;
    use crate::provider::error::ProviderError;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const FIRST_DELAY: Duration = Duration::from_millis(200);

    async fn attempts(purpose: Purpose, repeat: Repeat, retry_after: Option<u64>) -> (usize, Duration) {
        let (made, begun) = (AtomicUsize::new(0), tokio::time::Instant::now());
        let result: Result<(), Failure> = patiently(FIRST_DELAY, Dialect::rfc().patience, purpose, || async {
            made.fetch_add(1, Ordering::Relaxed);
            let error = ProviderError::Throttled { request: "GET x".into(), retry_after: None };
            let retry_after = retry_after.map(Duration::from_secs);
            Err(Failure { repeat, retry_after, ..Failure::before_sending(error) })
        })
        .await;
        assert!(result.is_err());
        (made.into_inner(), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_repeated_is_repeated_three_times() {
        let (made, waited) = attempts(Purpose::Read, Repeat::Reads, None).await;
        assert_eq!(made, 4);
        assert!(waited >= Duration::from_millis(1400) && waited <= Duration::from_millis(2900), "{waited:?}");
        assert_eq!(attempts(Purpose::Change, Repeat::Reads, None).await.0, 1);
        assert_eq!(attempts(Purpose::Change, Repeat::Everything, None).await.0, 4);
        assert_eq!(attempts(Purpose::Read, Repeat::Nothing, None).await.0, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_was_asked_for_is_kept_up_to_a_limit() {
        let (made, waited) = attempts(Purpose::Change, Repeat::Everything, Some(20)).await;
        assert_eq!((made, waited.as_secs()), (4, 60));
        assert_eq!(attempts(Purpose::Read, Repeat::Everything, Some(61)).await, (1, Duration::ZERO));
    }
}
