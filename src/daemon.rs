//! Keeps accounts as the roster says, for as long as it runs.
//!
//! ```text
//! watch ─reading─▶ supervisor ─call─▶ account task ─▶ pass (the same as `apply`) ─▶ schedule ─▶ the next one
//!      SIGHUP ─look again─▶ │                └─▶ log, notes in the state
//! ```
//!
//! Whatever wakes an account carries no data: a pass looks at the roster and at the account anew. Not here: when the next
//! pass is (`schedule`), what a pass decides (`plan`, `guard`), and which providers and stores there are (`cli`).

pub mod access;
pub mod git;
pub mod order;
pub mod roster;
pub mod status;
pub mod watch;

mod account;
mod attendance;
mod due;
mod fellows;
mod herald;
mod memo;
mod news;
mod pass;
mod scribe;
mod share;
mod supervisor;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::daemon::access::Accounts;
use crate::daemon::account::Outlets;
use crate::daemon::fellows::Fellows;
use crate::daemon::herald::Voice;
use crate::daemon::order::{Order, Refused};
use crate::daemon::pass::Tools;
use crate::daemon::roster::Usual;
use crate::daemon::status::{Board, Status};
use crate::daemon::supervisor::Supervisor;
use crate::daemon::supervisor::tasks::{Part, Tasks};
use crate::file::source::Sources;
use crate::guard::policy::Judge;
use crate::news::Rhythm;
use crate::notify;
use crate::store::{Attendance, Holder, Notes, State, StoreError};

/// Everything a daemon needs of a store.
pub trait Keeping: State + Attendance + Notes {}

impl<Store: State + Attendance + Notes> Keeping for Store {}

/// Tells from which commit the roster is whose files were read just now.
pub type Revision = Box<dyn Fn(Sources) -> BoxFuture<'static, Option<String>> + Send + Sync>;

/// How the daemon works.
pub struct Settings {
    /// How the roster is watched.
    pub watch: watch::Settings,
    /// The repository it is pulled from, where there is one.
    pub repository: Option<git::Following>,
    /// Where it comes from, for people.
    pub source: String,
    /// Which commit it is from.
    pub revision: Revision,
    /// What holds for every account that does not say otherwise.
    pub usual: Usual,
    /// How many passes go on at once.
    pub side_by_side: NonZeroUsize,
    /// What judges plans besides the guards.
    pub judge: Arc<dyn Judge>,
    /// How many actions of one account may be under way at once.
    pub concurrency: NonZeroUsize,
    /// Who takes accounts.
    pub holder: Holder,
    /// When it ends.
    pub until: Until,
    /// How people are told of what changes.
    pub telling: notify::Settings,
    /// How often the same thing is told.
    pub rhythm: Rhythm,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// When a daemon ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Never.
    Stopped,
    /// Once every account was looked at.
    Seen,
}

/// An order, and where the answer goes.
pub type Asked = (Order, oneshot::Sender<Result<(), Refused>>);

/// What the daemon listens to.
pub struct Lines {
    /// Orders come from here.
    pub orders: mpsc::Receiver<Asked>,
    /// Ends the daemon after what is under way.
    pub stop: CancellationToken,
}

/// Why a daemon ended that should not have.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The state cannot be used.
    #[error(transparent)]
    State(#[from] StoreError),
    /// A part of it ended.
    #[error("a part of the daemon ended by itself: {part}")]
    Ended {
        /// Which.
        part: String,
    },
}

/// A daemon that is about to run.
pub struct Daemon {
    supervisor: Supervisor,
}

impl Daemon {
    /// Takes its place among the daemons that share the state, and takes up what they left.
    ///
    /// # Errors
    ///
    /// Where the state cannot be used, or is another daemon's.
    pub async fn begin(
        settings: Settings,
        lines: Lines,
        state: Arc<dyn Keeping>,
        accounts: Arc<dyn Accounts>,
    ) -> Result<Self, DaemonError> {
        let (seat, notes) = (state.attend(&settings.holder).await?, state.read_notes(0).await?);
        let noted = notes.last().map_or(0, |note| note.number);
        let board = Board::new((settings.now)(), seat.name(), &settings.source);
        let (noting, written) = mpsc::unbounded_channel();
        let (telling, teller) = notify::telling(settings.telling.clone());
        let voice = Voice { telling, rhythm: settings.rhythm };
        let outlets = Outlets { board: board.clone(), noting: noting.clone(), voice: voice.clone() };
        let tools = Tools {
            accounts,
            state: Arc::clone(&state),
            holder: settings.holder.clone(),
            judge: Arc::clone(&settings.judge),
            concurrency: settings.concurrency,
            fellows: Fellows::default(),
            stop: lines.stop.clone(),
            now: settings.now,
        };
        let mut tasks = Tasks::new(Arc::new(tools), outlets, seat.name().to_owned(), settings.side_by_side.get());
        let ((send_reading, readings), (send_heard, heard)) = (mpsc::channel(1), mpsc::channel(1));
        let [look_again, upstream] = [Arc::new(Notify::new()), Arc::new(Notify::new())];
        let departing = CancellationToken::new();
        let watch = watch::watch(settings.watch.clone(), Arc::clone(&look_again), send_reading);
        match settings.repository.clone() {
            None => tasks.spawn(Part::Watch, watch),
            Some(following) => {
                let (first, shown, now) = (following.clone(), board.clone(), settings.now);
                tasks.spawn(Part::Watch, async move { first.pull(&shown, now).await }.then(|()| watch));
                let follow = following.follow(board.clone(), Arc::clone(&upstream), lines.stop.clone(), now);
                tasks.spawn(Part::Repository, follow);
            }
        }
        tasks.spawn(Part::Teller, teller.run());
        tasks.spawn(Part::Scribe, scribe::write(Arc::clone(&state), board.clone(), written));
        let attendance = attendance::attend(state, seat, noted, board.clone(), send_heard, departing.clone());
        tasks.spawn(Part::Attendance, attendance);
        let notes = notes.into_iter().map(|note| (note.topic, note.text)).collect();
        Ok(Self {
            supervisor: Supervisor {
                herald: None,
                settings,
                lines,
                board,
                tasks,
                readings,
                heard,
                look_again,
                upstream,
                noting,
                departing,
                notes,
                voice,
                problems: None,
                dropped: BTreeSet::new(),
                roster: None,
                preparing: None,
                next: None,
            },
        })
    }

    /// What can be seen of it, now and from now on.
    #[must_use]
    pub fn status(&self) -> tokio::sync::watch::Receiver<Status> {
        self.supervisor.board.receiver()
    }

    /// Runs until it is told to stop.
    ///
    /// # Errors
    ///
    /// Where a part of it ends that should not.
    pub async fn run(self) -> Result<(), DaemonError> {
        self.supervisor.run().await
    }
}
