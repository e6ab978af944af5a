//! How fast a server is asked: one budget for each key, whatever number of accounts it opens.
//!
//! A budget is places (how many requests may be under way) and a pace (how many may begin). The dialect may name a rate;
//! a server that answers 429 teaches one: everything that shares the key waits as long as it asked for, and goes on at the
//! speed at which it let requests through before. The time is tokio's, so that tests can pause it.

mod lane;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::model::dialect::pace::{Pace, Rate};
use crate::provider::key::Key;
use crate::provider::scim::budget::lane::Lane;
use crate::provider::scim::purpose::Purpose;

/// How long whoever is told to stop still waits to end what it began.
const GRACE: Duration = Duration::from_secs(5);

/// The budgets of a process, by server and key. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Budgets(Arc<Mutex<HashMap<Owner, Shared>>>);

/// A budget, and what each of those who share it says of the pace, by its base URL.
#[derive(Debug)]
struct Shared {
    budget: Arc<Budget>,
    paces: BTreeMap<String, Pace>,
}

/// Whose budget it is: scheme, host and port, and a digest of the key.
type Owner = (String, [u8; 32]);

/// What all requests with one key to one server share.
#[derive(Debug)]
pub(super) struct Budget {
    pace: Pace,
    places: Arc<Semaphore>,
    all: Mutex<Lane>,
    writes: Option<Mutex<Lane>>,
}

/// The right to send one request; it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _place: Option<OwnedSemaphorePermit>,
}

/// The run was told to stop before the turn came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stopped;

impl Budgets {
    /// The budget of this key at this server. Of several accounts that share it each may say another pace, and the
    /// strictest counts; one that says another than before, as in a file that was changed, is heard at once.
    pub(super) fn of(&self, server: &Url, key: &Key, pace: Pace) -> Arc<Budget> {
        let owner = (server.origin().ascii_serialization(), Sha256::digest(key.expose()).into());
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = budgets
            .entry(owner)
            .or_insert_with(|| Shared { budget: Arc::new(Budget::new(pace)), paces: BTreeMap::new() });
        shared.paces.insert(server.to_string(), pace);
        let strictest = shared.paces.values().copied().reduce(strictest).unwrap_or(pace);
        if strictest != shared.budget.pace {
            shared.budget = Arc::new(Budget::after(&shared.budget, strictest));
        }
        Arc::clone(&shared.budget)
    }
}

/// What keeps within both.
fn strictest(one: Pace, other: Pace) -> Pace {
    let rate = |one: Option<Rate>, other: Option<Rate>| match (one, other) {
        (Some(one), Some(other)) => Some(one).filter(|one| one.interval() > other.interval()).or(Some(other)),
        (one, other) => one.or(other),
    };
    Pace {
        at_once: one.at_once.min(other.at_once),
        rate: rate(one.rate, other.rate),
        write_rate: rate(one.write_rate, other.write_rate),
    }
}

impl Budget {
    /// The same server at another pace: what it asked for stays.
    fn after(before: &Self, pace: Pace) -> Self {
        let budget = Self::new(pace);
        let blocked_until = lock(&before.all).blocked_until();
        lock(&budget.all).block(blocked_until);
        budget
    }

    fn new(pace: Pace) -> Self {
        let Pace { at_once, rate, write_rate } = pace;
        Self {
            pace,
            places: Arc::new(Semaphore::new(at_once.get() as usize)),
            all: Mutex::new(Lane::new(rate)),
            writes: write_rate.map(|rate| Mutex::new(Lane::new(Some(rate)))),
        }
    }

    /// Waits for the turn of a request. A stop ends a long wait; what is soon over is waited for, so that an action that
    /// has begun can end.
    pub(super) async fn turn(&self, purpose: Purpose, stop: &CancellationToken) -> Result<Turn, Stopped> {
        // The semaphore is never closed, and whoever has a place waits no longer than this here does.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        if purpose == Purpose::Change
            && let Some(writes) = &self.writes
        {
            begin(writes, stop).await?;
        }
        begin(&self.all, stop).await?;
        Ok(Turn { _place: place })
    }

    /// The server took a request.
    pub(super) fn accepted(&self) {
        lock(&self.all).accepted();
    }

    /// The server asked for a pause of everything that uses this key.
    pub(super) fn throttled(&self, wait: Duration) {
        lock(&self.all).throttled(wait);
    }
}

/// Waits until a request may begin.
async fn begin(lane: &Mutex<Lane>, stop: &CancellationToken) -> Result<(), Stopped> {
    let mut at = lock(lane).take();
    loop {
        wait_until(at, stop).await?;
        // Meanwhile the server may have asked for more patience.
        let blocked_until = lock(lane).blocked_until();
        if blocked_until <= Instant::now() {
            return Ok(());
        }
        at = blocked_until;
    }
}

/// Waits, and after a stop only where it is soon over.
pub(super) async fn wait_until(at: Instant, stop: &CancellationToken) -> Result<(), Stopped> {
    tokio::select! {
        biased;
        // Cancel-safe, both: a sleep that is dropped is over, and a token stays cancelled.
        () = sleep_until(at) => Ok(()),
        () = stop.cancelled() => {
            if at.saturating_duration_since(Instant::now()) > GRACE {
                return Err(Stopped);
            }
            sleep_until(at).await;
            Ok(())
        }
    }
}

fn lock(lane: &Mutex<Lane>) -> MutexGuard<'_, Lane> {
    lane.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn number(value: u32) -> NonZeroU32 {
        NonZeroU32::new(value).expect("a number")
    }

    fn pace(at_once: u32, rate: Option<Rate>) -> Pace {
        Pace { at_once: number(at_once), rate, write_rate: None }
    }

    fn rate(requests: u32, seconds: u32, burst: u32) -> Option<Rate> {
        Some(Rate { requests: number(requests), seconds: number(seconds), burst: number(burst) })
    }

    /// Lets this many requests begin, one after the other; how long that took.
    async fn spend(budget: &Budget, requests: usize) -> Duration {
        let begun = Instant::now();
        for _ in 0..requests {
            budget.turn(Purpose::Read, &CancellationToken::new()).await.expect("a turn");
        }
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_kept_and_a_burst_is_allowed() {
        let budget = Budget::new(pace(8, rate(60, 60, 5)));
        assert_eq!(spend(&budget, 5).await, Duration::ZERO);
        assert_eq!(spend(&budget, 10).await.as_secs(), 10);
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(spend(&budget, 6).await.as_secs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn writes_have_a_rate_of_their_own() {
        let budget = Budget::new(Pace { write_rate: rate(1, 10, 1), ..pace(8, None) });
        let begun = Instant::now();
        for _ in 0..3 {
            budget.turn(Purpose::Change, &CancellationToken::new()).await.expect("a turn");
        }
        assert_eq!(begun.elapsed().as_secs(), 20);
        assert_eq!(spend(&budget, 100).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_under_way_than_there_are_places() {
        let budget = Budget::new(pace(1, None));
        let stop = CancellationToken::new();
        let turn = budget.turn(Purpose::Read, &stop).await.expect("a turn");
        let second = budget.turn(Purpose::Read, &stop);
        assert!(tokio::time::timeout(Duration::from_secs(1), second).await.is_err());
        drop(turn);
        assert!(budget.turn(Purpose::Read, &stop).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_throttled_waits_and_then_goes_at_the_speed_that_was_let_through() {
        let budget = Budget::new(pace(8, None));
        spend(&budget, 20).await;
        (0..20).for_each(|_| budget.accepted());
        budget.throttled(Duration::from_secs(1));
        // Others that were under way say nothing new.
        budget.throttled(Duration::from_secs(1));
        assert_eq!(spend(&budget, 1).await.as_secs(), 1);
        let paced = spend(&budget, 110).await;
        assert!((4..=6).contains(&paced.as_secs()), "{paced:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_strictest_pace_counts_and_another_one_is_heard_at_once() {
        let budgets = Budgets::default();
        let of =
            |url: &str, rate| budgets.of(&url.parse().expect("a URL"), &Key::new("key").expect("a key"), pace(8, rate));
        let (one, other) = ("https://x.example/a", "https://x.example/b");
        let first = of(one, rate(10, 1, 1));
        assert_eq!(first.pace.rate, rate(10, 1, 1));
        first.throttled(Duration::from_secs(7));
        let both = of(other, rate(1, 1, 1));
        assert_eq!(both.pace.rate, rate(1, 1, 1));
        assert_eq!(spend(&both, 1).await.as_secs(), 7, "what the server asked for stays");
        assert!(Arc::ptr_eq(&both, &of(one, rate(10, 1, 1))));
        assert_eq!(of(other, None).pace.rate, rate(10, 1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_long_waits() {
        let budget = Budget::new(pace(8, None));
        budget.throttled(Duration::from_hours(1));
        let stop = CancellationToken::new();
        let waiting = budget.turn(Purpose::Read, &stop);
        stop.cancel();
        assert_eq!(waiting.await.map(drop), Err(Stopped));
        let soon = Budget::new(pace(8, None));
        soon.throttled(Duration::from_secs(4));
        assert!(soon.turn(Purpose::Read, &stop).await.is_ok(), "an action that has begun can end");
    }

    #[tokio::test]
    async fn accounts_with_one_key_share_a_budget_and_keys_are_not_told_by_it() {
        let budgets = Budgets::default();
        let of = |url: &str, key: &str| {
            budgets.of(&url.parse().expect("a URL"), &Key::new(key).expect("a key"), pace(1, None))
        };
        assert!(Arc::ptr_eq(&of("https://x.example/a", "first-key"), &of("https://x.example/b", "first-key")));
        assert!(!Arc::ptr_eq(&of("https://x.example/a", "first-key"), &of("https://x.example/a", "second-key")));
        assert!(!Arc::ptr_eq(&of("https://x.example/a", "first-key"), &of("https://y.example/a", "first-key")));
        assert!(!format!("{budgets:?}").contains("first"));
    }
}
