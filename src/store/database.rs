//! A state that is open, in whichever database, and what every way of using it has in common.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::event::{Deed, Ended, Intent, IntentNumber, OpenIntent, Origin, Pass, RunId, Tally};
use crate::model::ledger::{Ledger, Neighbours};
use crate::store::group_commit::Waiting;
use crate::store::record::Unreadable;
use crate::store::sql::{Pool, Session};
use crate::store::verdict::{Head, Verdict};
use crate::store::{
    Attendance, History, Holder, Journal, Lease, Leases, Memory, Note, Notes, Question, Reservations, Seat, StoreError,
};

/// A database that answers nothing for so long counts as gone.
const LIMIT: Duration = Duration::from_secs(20);

/// Where the moments in a state come from.
pub type Clock = fn() -> Timestamp;

/// A state in a database.
pub struct Database {
    pub(super) pool: Pool,
    /// What people know it by, without secrets.
    pub(super) state: String,
    pub(super) clock: Clock,
    pub(super) sole_right: SoleRight,
    pub(super) waiting: Waiting,
}

/// What gives the sole right to change an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SoleRight {
    /// A lock on a file in this folder, which the system ends with the process.
    Files(PathBuf),
    /// A row that has to be renewed before this time is over.
    #[cfg(feature = "postgres")]
    Rows(Duration),
}

impl Database {
    pub(super) fn new(pool: Pool, state: String, clock: Clock, sole_right: SoleRight) -> Self {
        Self { pool, state, clock, sole_right, waiting: Waiting::default() }
    }

    /// Ends all connections; what is written is written.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Does something in one transaction that writes: all of it happens, or nothing.
    pub(super) async fn writing<T>(
        &self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed("write", source);
        self.within("write", async {
            let mut session = self.pool.write().await.map_err(failed)?;
            let answer = work(&mut session).await?;
            session.commit().await.map_err(failed)?;
            Ok(answer)
        })
        .await
    }

    /// Reads in one transaction: everything is seen as it was at one moment.
    pub(super) async fn reading<T>(
        &self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut session = self
            .within("read", self.pool.read().map(|begun| begun.map_err(|source| self.failed("read", source))))
            .await?;
        work(&mut session).await
    }

    pub(super) async fn within<T>(
        &self,
        doing: &'static str,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let late = || StoreError::Failed { doing, state: self.state.clone(), source: "no answer in time".into() };
        tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| Err(late()))
    }

    pub(super) fn failed(&self, doing: &'static str, source: sqlx::Error) -> StoreError {
        StoreError::Failed { doing, state: self.state.clone(), source: source.into() }
    }

    pub(super) fn unreadable(&self, problem: &Unreadable) -> StoreError {
        self.corrupt(problem.to_string())
    }

    pub(super) fn corrupt(&self, problem: String) -> StoreError {
        StoreError::Corrupt { state: self.state.clone(), problem }
    }

    pub(super) fn moment(&self, microseconds: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(microseconds).map_err(|error| self.corrupt(error.to_string()))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Memory for Database {
    fn ledger<'a>(&'a self, account: &'a AccountName, since: Timestamp) -> BoxFuture<'a, Result<Ledger, StoreError>> {
        self.read_ledger(account, since).boxed()
    }

    fn open_intents<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, Result<Vec<OpenIntent>, StoreError>> {
        self.read_open_intents(account).boxed()
    }

    fn neighbours(&self, since: Timestamp) -> BoxFuture<'_, Result<Neighbours, StoreError>> {
        self.read_neighbours(since).boxed()
    }
}

impl Journal for Database {
    fn begin<'a>(&'a self, lease: &'a Lease, origin: &'a Origin) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write_beginning(lease, origin).boxed()
    }

    fn intend<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<IntentNumber, StoreError>> {
        self.write_intent(lease, run, intent).boxed()
    }

    fn end<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        number: IntentNumber,
        intent: &'a Intent,
        ended: &'a Ended,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write_end(lease, run, number, intent, ended).boxed()
    }

    fn conclude<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        tally: &'a Tally,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write_conclusion(lease, run, tally).boxed()
    }

    fn remember<'a>(
        &'a self,
        lease: &'a Lease,
        before: &'a Ledger,
        after: &'a Ledger,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write_differences(lease, before, after).boxed()
    }

    fn reserve<'a>(
        &'a self,
        leases: &'a [&'a Lease],
        since: Timestamp,
        deciding: &'a mut (dyn FnMut(&Neighbours) -> Reservations + Send),
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.reserve_losses(leases, since, deciding).boxed()
    }
}

impl Leases for Database {
    fn acquire<'a>(
        &'a self,
        account: &'a AccountName,
        holder: &'a Holder,
        patience: Duration,
    ) -> BoxFuture<'a, Result<Lease, StoreError>> {
        self.take(account, holder, patience).boxed()
    }

    fn renew<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        self.prolong(lease).boxed()
    }

    fn release(&self, lease: Lease) -> BoxFuture<'_, Result<(), StoreError>> {
        self.give_back(lease).boxed()
    }
}

impl History for Database {
    fn deeds<'a>(
        &'a self,
        question: &'a Question,
        after: Option<&'a Deed>,
    ) -> BoxFuture<'a, Result<Vec<Deed>, StoreError>> {
        self.read_deeds(question, after).boxed()
    }

    fn latest<'a>(
        &'a self,
        account: Option<&'a AccountName>,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Deed>, StoreError>> {
        self.newest_deeds(account, most).boxed()
    }

    fn passes<'a>(&'a self, question: &'a Question, most: u32) -> BoxFuture<'a, Result<Vec<Pass>, StoreError>> {
        self.read_passes(question, most).boxed()
    }

    fn verify<'a>(&'a self, kept: &'a [Head]) -> BoxFuture<'a, Result<Vec<Verdict>, StoreError>> {
        self.follow(kept).boxed()
    }
}

impl Attendance for Database {
    fn attend<'a>(&'a self, holder: &'a Holder) -> BoxFuture<'a, Result<Seat, StoreError>> {
        self.take_seat(holder).boxed()
    }

    fn present<'a>(&'a self, seat: &'a Seat) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        self.renew_seat(seat).boxed()
    }

    fn depart(&self, seat: Seat) -> BoxFuture<'_, Result<(), StoreError>> {
        self.leave_seat(seat).boxed()
    }
}

impl Notes for Database {
    fn write_note<'a>(&'a self, topic: &'a str, text: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.put_note(topic, text).boxed()
    }

    fn read_notes(&self, after: i64) -> BoxFuture<'_, Result<Vec<Note>, StoreError>> {
        self.notes_after(after).boxed()
    }
}
