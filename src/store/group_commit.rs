//! Entries of the journal that wait are written in one transaction: what makes them durable, a wait for the disk or for a
//! server, is paid once for all of them.
//!
//! Nobody waits for others to come. Whoever finds that nothing is being written writes what is there; what comes meanwhile is
//! written together next.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot::{self, Sender};

use crate::store::StoreError;
use crate::store::database::Database;
use crate::store::journal::Entry;

/// Entries that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    entries: Mutex<Vec<Waiter>>,
    /// Whoever has it writes.
    turn: tokio::sync::Mutex<()>,
}

/// An entry, and who waits for its number.
#[derive(Debug)]
struct Waiter {
    entry: Entry,
    answer: Sender<Result<i64, StoreError>>,
}

impl Database {
    /// Writes an entry, together with others that wait; its number, once it is durable.
    pub(super) async fn enter(&self, entry: Entry) -> Result<i64, StoreError> {
        let (answer, mut written) = oneshot::channel();
        self.with_waiting(|entries| entries.push(Waiter { entry, answer }));
        let turn = self.waiting.turn.lock().await;
        // Whoever had the turn before may have written it.
        if let Ok(number) = written.try_recv() {
            return number;
        }
        let mut group = self.with_waiting(std::mem::take);
        // Rows are locked in one order by everybody.
        group.sort_by(|one, other| one.entry.account.cmp(&other.entry.account));
        self.write_group(group).await;
        drop(turn);
        written.await.unwrap_or_else(|_| Err(self.unwritten("the writing was given up")))
    }

    fn with_waiting<T>(&self, work: impl FnOnce(&mut Vec<Waiter>) -> T) -> T {
        work(&mut self.waiting.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes entries in one transaction. Where one of them cannot be written each is written by itself, so that nobody
    /// fails for another's sake; where the database fails all of them do.
    async fn write_group(&self, group: Vec<Waiter>) {
        let written = self
            .writing(async |session| {
                let mut numbers = Vec::with_capacity(group.len());
                for Waiter { entry, answer: _ } in &group {
                    numbers.push(self.write_entry(session, entry).await?);
                }
                Ok(numbers)
            })
            .await;
        match written {
            Ok(numbers) => group.into_iter().zip(numbers).for_each(|(waiter, number)| waiter.tell(Ok(number))),
            Err(StoreError::Superseded { .. } | StoreError::Corrupt { .. }) if group.len() > 1 => {
                for waiter in group {
                    let written = self.writing(async |session| self.write_entry(session, &waiter.entry).await).await;
                    waiter.tell(written);
                }
            }
            Err(error) => {
                let words = in_full(&error);
                let mut waiters = group.into_iter();
                if let Some(first) = waiters.next() {
                    first.tell(Err(error));
                }
                waiters.for_each(|waiter| waiter.tell(Err(self.unwritten(&words))));
            }
        }
    }

    fn unwritten(&self, words: &str) -> StoreError {
        StoreError::Failed { doing: "write", state: self.state.clone(), source: words.into() }
    }
}

impl Waiter {
    /// Whoever waits no more needs no answer.
    fn tell(self, number: Result<i64, StoreError>) {
        let _unheard = self.answer.send(number);
    }
}

/// What the database says, where it says something.
fn in_full(error: &StoreError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use futures_util::future::{join_all, poll_immediate};
    use jiff::Timestamp;
    use tempfile::TempDir;

    use crate::model::account_name::AccountName;
    use crate::model::event::{RunId, Tally};
    use crate::store::database::Database;
    use crate::store::{History, Holder, Journal, Lease, Leases, StoreError, sqlite};

    fn run() -> RunId {
        "00000000000a".parse().expect("a run")
    }

    async fn state() -> (TempDir, Database, Lease) {
        let folder = tempfile::tempdir().expect("a folder");
        let state = sqlite::open(&folder.path().join("state.db"), || Timestamp::UNIX_EPOCH).await.expect("a state");
        let lease = lease(&state).await;
        (folder, state, lease)
    }

    async fn lease(state: &Database) -> Lease {
        let account: AccountName = "acme".parse().expect("a name");
        let [actor, command, host] = ["ada", "apply", "here"].map(String::from);
        let holder = Holder { actor, command, host, process: 7, since: Timestamp::UNIX_EPOCH };
        state.acquire(&account, &holder, Duration::ZERO).await.expect("a lease")
    }

    #[tokio::test]
    async fn who_waits_is_written_together() {
        let (_folder, state, lease) = state().await;
        let (run, tally) = (run(), Tally::default());
        let turn = state.waiting.turn.lock().await;
        let [mut one, mut two] = [(); 2].map(|()| Box::pin(state.conclude(&lease, &run, &tally)));
        assert!(poll_immediate(&mut one).await.is_none() && poll_immediate(&mut two).await.is_none());
        drop(turn);
        one.await.expect("written");
        // Nothing can be written any more, so that the other one was.
        state.close().await;
        two.await.expect("written with the first");
        let late = pin!(state.conclude(&lease, &run, &tally));
        assert!(matches!(late.await, Err(StoreError::Failed { doing: "write", .. })));
    }

    #[tokio::test]
    async fn nobody_fails_for_anothers_sake() {
        let (_folder, state, mut lost) = state().await;
        // As if the account had been taken over without the lock being noticed.
        lost._lock = None;
        let holds = lease(&state).await;
        let (run, tally) = (run(), Tally::default());
        let leases = [&holds, &lost, &holds, &lost, &holds];
        let written = join_all(leases.map(|lease| state.conclude(lease, &run, &tally))).await;
        for (lease, written) in leases.into_iter().zip(written) {
            match written {
                Ok(()) => assert!(std::ptr::eq(lease, &holds)),
                Err(error) => {
                    assert!(std::ptr::eq(lease, &lost) && matches!(error, StoreError::Superseded { .. }), "{error}");
                }
            }
        }
        let verdicts = state.verify(&[]).await.expect("a journal");
        assert!(verdicts.iter().all(|verdict| verdict.broken.is_none() && verdict.head.number == 3), "{verdicts:?}");
    }
}
