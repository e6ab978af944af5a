//! What roster remembers between runs, by the small traits that everything else knows it by: a journal of what was sent
//! and what came of it, a ledger of what plans lean on, and the sole right to change an account.
//!
//! A store decides nothing. Losing it loses history, never safety.

pub mod database;
pub mod folder;
pub mod none;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod sqlite;
pub mod verdict;

mod attendance;
mod chain;
mod group_commit;
mod history;
mod journal;
mod layout;
mod lease;
mod ledger;
mod lock;
mod neighbours;
mod notes;
mod record;
mod sql;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::event::{Deed, Ended, Intent, IntentNumber, OpenIntent, Origin, Pass, RunId, Tally};
use crate::model::ledger::{Ledger, Neighbours};
use crate::store::verdict::{Head, Verdict};

/// Reads what is remembered of an account.
pub trait Memory: Send + Sync {
    /// What plans and guards lean on; losses and changes as far back as `since`.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn ledger<'a>(&'a self, account: &'a AccountName, since: Timestamp) -> BoxFuture<'a, Result<Ledger, StoreError>>;

    /// The intents whose end nobody wrote down, oldest first.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn open_intents<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, Result<Vec<OpenIntent>, StoreError>>;

    /// What is remembered of all accounts; losses as far back as `since`. What is reserved is not among it: see
    /// [`Journal::reserve`].
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn neighbours(&self, since: Timestamp) -> BoxFuture<'_, Result<Neighbours, StoreError>>;
}

/// How many people will have lost access in each account.
pub type Reservations = BTreeMap<AccountName, usize>;

/// Writes down what happens in an account, and keeps the ledger by it. Whoever writes holds the account's lease; a lease
/// that somebody else has taken over writes nothing.
pub trait Journal: Send + Sync {
    /// A run begins with an account.
    ///
    /// # Errors
    ///
    /// Where it is not written down, as with every method here; then nothing may be sent.
    fn begin<'a>(&'a self, lease: &'a Lease, origin: &'a Origin) -> BoxFuture<'a, Result<(), StoreError>>;

    /// An action is about to be sent. It is durable once this returns.
    ///
    /// # Errors
    ///
    /// See [`Journal::begin`].
    fn intend<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<IntentNumber, StoreError>>;

    /// What became of it.
    ///
    /// # Errors
    ///
    /// See [`Journal::begin`]. The intent stays open, and the next run settles it.
    fn end<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        number: IntentNumber,
        intent: &'a Intent,
        ended: &'a Ended,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The run is through with an account.
    ///
    /// # Errors
    ///
    /// See [`Journal::begin`].
    fn conclude<'a>(
        &'a self,
        lease: &'a Lease,
        run: &'a RunId,
        tally: &'a Tally,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Writes what is different in a ledger, as by [`Ledger::see`].
    ///
    /// # Errors
    ///
    /// See [`Journal::begin`].
    fn remember<'a>(
        &'a self,
        lease: &'a Lease,
        before: &'a Ledger,
        after: &'a Ledger,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Reserves losses, so that others know of them before they have happened: `deciding` is told what is remembered of all
    /// accounts, with what is reserved in them, and answers how many people the plans of these accounts will take access
    /// from. Nobody else reserves meanwhile. What is carried out, or given back with the lease, is reserved no more.
    ///
    /// # Errors
    ///
    /// See [`Journal::begin`].
    fn reserve<'a>(
        &'a self,
        leases: &'a [&'a Lease],
        since: Timestamp,
        deciding: &'a mut (dyn FnMut(&Neighbours) -> Reservations + Send),
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Gives the sole right to change an account.
pub trait Leases: Send + Sync {
    /// Takes an account, waiting so long for whoever has it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Held`] where somebody else still has it; others where the state cannot be written.
    fn acquire<'a>(
        &'a self,
        account: &'a AccountName,
        holder: &'a Holder,
        patience: Duration,
    ) -> BoxFuture<'a, Result<Lease, StoreError>>;

    /// Prolongs a lease. Where [`Lease::renewal`] says nothing there is no need to.
    ///
    /// # Errors
    ///
    /// [`StoreError::Superseded`] where somebody else has taken the account over; others where the state cannot be written.
    fn renew<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Gives an account back.
    ///
    /// # Errors
    ///
    /// Where the state cannot be written; the lease ends by itself then.
    fn release(&self, lease: Lease) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// Everything a pass over an account needs of a store.
pub trait State: Memory + Journal + Leases {}

impl<Store: Memory + Journal + Leases> State for Store {}

/// Lets the daemons that share a state know of each other.
pub trait Attendance: Send + Sync {
    /// A daemon begins.
    ///
    /// # Errors
    ///
    /// [`StoreError::Attended`] where the state is for one daemon at a time and there is another; others where the state
    /// cannot be written.
    fn attend<'a>(&'a self, holder: &'a Holder) -> BoxFuture<'a, Result<Seat, StoreError>>;

    /// A daemon is still there. The answer is the names of all that are, in order; as often as [`Seat::renewal`] says.
    ///
    /// # Errors
    ///
    /// Where the state cannot be written.
    fn present<'a>(&'a self, seat: &'a Seat) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

    /// A daemon ends.
    ///
    /// # Errors
    ///
    /// Where the state cannot be written; the others notice after a while all the same.
    fn depart(&self, seat: Seat) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// Keeps short texts for daemons, under a topic each. They are no journal: the newest text of a topic is all there is.
pub trait Notes: Send + Sync {
    /// Writes the text of a topic; an empty one says that there is nothing more to say.
    ///
    /// # Errors
    ///
    /// Where the state cannot be written.
    fn write_note<'a>(&'a self, topic: &'a str, text: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The notes that were written after the one with this number, in the order in which they were.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn read_notes(&self, after: i64) -> BoxFuture<'_, Result<Vec<Note>, StoreError>>;
}

/// Reads the past.
pub trait History: Send + Sync {
    /// The actions that a question is about, oldest first: the next page after `after`, or the first one. An empty page is
    /// the end.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn deeds<'a>(
        &'a self,
        question: &'a Question,
        after: Option<&'a Deed>,
    ) -> BoxFuture<'a, Result<Vec<Deed>, StoreError>>;

    /// The newest actions, of one account or of all, newest first.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn latest<'a>(
        &'a self,
        account: Option<&'a AccountName>,
        most: usize,
    ) -> BoxFuture<'a, Result<Vec<Deed>, StoreError>>;

    /// The passes that a question is about, whoever was concerned: the newest first, and so many at most.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read.
    fn passes<'a>(&'a self, question: &'a Question, most: u32) -> BoxFuture<'a, Result<Vec<Pass>, StoreError>>;

    /// The journals of all accounts, each entry held against the one before.
    ///
    /// # Errors
    ///
    /// Where the state cannot be read. What is wrong with a journal is no error, but the answer.
    fn verify<'a>(&'a self, kept: &'a [Head]) -> BoxFuture<'a, Result<Vec<Verdict>, StoreError>>;
}

/// The right to change one account, as long as nobody takes it over.
#[derive(Debug)]
pub struct Lease {
    account: AccountName,
    epoch: i64,
    renewal: Option<Duration>,
    /// Held for its lock, which ends with the process.
    _lock: Option<File>,
}

/// A daemon's place among those that share a state.
#[derive(Debug)]
pub struct Seat {
    name: String,
    renewal: Duration,
    /// Held for its lock, which ends with the process.
    _lock: Option<File>,
}

/// A short text that a daemon left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub topic: String,
    /// Its place among all notes that were ever written.
    pub number: i64,
    /// The text.
    pub text: String,
}

/// Who has an account, as others are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who asked for the run.
    pub actor: String,
    /// What was asked for.
    pub command: String,
    /// The machine.
    pub host: String,
    /// The process on that machine.
    pub process: u32,
    /// Since when.
    pub since: Timestamp,
}

/// Which actions of the past are asked for; what is `None` or empty leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Only these accounts.
    pub accounts: Vec<AccountName>,
    /// Only what is about this address or this role.
    pub subject: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only runs whose name, or the digest of whose plan, begins so.
    pub plan: Option<String>,
    /// Only runs from a commit that begins so.
    pub revision: Option<String>,
}

/// Why the state could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be opened at all.
    #[error("cannot open the state {state}")]
    Open {
        /// Which, without secrets.
        state: String,
        /// What the database or the system says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was written by a newer version.
    #[error(
        "the state {state} was written by a newer version of roster: it has layout {found}, and this one knows {known}"
    )]
    Newer {
        /// Which.
        state: String,
        /// The layout it has.
        found: i64,
        /// The newest one that is known here.
        known: i64,
    },
    /// It was opened, and reading or writing it failed.
    #[error("cannot {doing} the state {state}")]
    Failed {
        /// `read` or `write`.
        doing: &'static str,
        /// Which.
        state: String,
        /// What the database says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It holds something no version of roster writes.
    #[error("the state {state} cannot be understood: {problem}")]
    Corrupt {
        /// Which.
        state: String,
        /// What is wrong.
        problem: String,
    },
    /// Somebody else has the account.
    #[error("the account `{account}` is being changed by another run: {holder}")]
    Held {
        /// The account.
        account: AccountName,
        /// Who has it, as far as that is known.
        holder: String,
    },
    /// Another daemon keeps this state, and there can be one.
    #[error("another daemon keeps the accounts of the state {state}: {holder}")]
    Attended {
        /// Which.
        state: String,
        /// Who it is, as far as that is known.
        holder: String,
    },
    /// Somebody else has taken the account over.
    #[error("another run has taken the account `{account}` over")]
    Superseded {
        /// The account.
        account: AccountName,
    },
}

impl StoreError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "check `--state` or ROSTER_STATE; `--state none` goes on without a memory, and then nothing is journaled"
            }
            Self::Newer { .. } => "use the newer version here, too",
            Self::Failed { .. } => "run the same command again once the state can be used: it reads the account first",
            Self::Corrupt { .. } => {
                "run `roster history verify`; put the file aside to begin anew: that loses history, never safety"
            }
            Self::Held { .. } => "wait for it, or give `--lock-timeout` a longer time",
            Self::Attended { .. } => {
                "let it do its work, or end it first; several daemons can share accounts in PostgreSQL (`--state`)"
            }
            Self::Superseded { .. } => "run the same command again: it reads the account first",
        }
    }
}

impl Lease {
    /// The account.
    #[must_use]
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// How often the lease has to be renewed; `None` where it lasts as long as the process.
    #[must_use]
    pub fn renewal(&self) -> Option<Duration> {
        self.renewal
    }
}

impl Seat {
    /// What this daemon is called among the others.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often it has to say that it is still there.
    #[must_use]
    pub fn renewal(&self) -> Duration {
        self.renewal
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { actor, command, host, process, since } = self;
        let since = since.strftime("%Y-%m-%d %H:%M:%S UTC");
        write!(formatter, "`roster {command}` by {actor}, process {process} on {host}, since {since}")
    }
}
