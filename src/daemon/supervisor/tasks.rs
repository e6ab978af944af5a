//! The tasks of a daemon, each by its name.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::daemon::account::diary::{Call, Diary, Wanted};
use crate::daemon::account::{Kept, Outlets};
use crate::daemon::herald::Herald;
use crate::daemon::memo;
use crate::daemon::order::{Order, Trigger};
use crate::daemon::pass::Tools;
use crate::daemon::share::keeper;
use crate::model::account_name::AccountName;

/// A part of the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Watches the roster's files.
    Watch,
    /// Pulls the repository.
    Repository,
    /// Says that the daemon is there.
    Attendance,
    /// Writes notes.
    Scribe,
    /// Tells people what changes.
    Teller,
    /// Gets accounts ready for another roster.
    Prepared,
    /// Keeps an account.
    Account(AccountName),
}

pub(crate) struct Tasks {
    tools: Arc<Tools>,
    outlets: Outlets,
    /// How many passes may go on at once.
    turns: Arc<Semaphore>,
    /// What this daemon is called.
    name: String,
    /// The daemons that are there.
    present: Vec<String>,
    set: JoinSet<()>,
    parts: HashMap<Id, Part>,
    /// The accounts that have a task. One without a way to call it is about to end.
    accounts: BTreeMap<AccountName, Option<mpsc::UnboundedSender<Call>>>,
}

impl Tasks {
    pub(crate) fn new(tools: Arc<Tools>, outlets: Outlets, name: String, side_by_side: usize) -> Self {
        Self {
            tools,
            outlets,
            turns: Arc::new(Semaphore::new(side_by_side)),
            name,
            present: Vec::new(),
            set: JoinSet::new(),
            parts: HashMap::new(),
            accounts: BTreeMap::new(),
        }
    }

    pub(crate) fn spawn(&mut self, part: Part, work: impl Future<Output = ()> + Send + 'static) {
        self.parts.insert(self.set.spawn(work).id(), part);
    }

    /// Gets the accounts of a roster ready, which may have to wait for passes to end.
    pub(crate) fn prepare(&mut self, wanted: BTreeMap<AccountName, Arc<Wanted>>) {
        let accounts = Arc::clone(&self.tools.accounts);
        self.spawn(Part::Prepared, async move {
            accounts.prepare(wanted.iter().map(|(name, wanted)| (name, &wanted.desired)).collect()).await;
        });
    }

    /// Takes in which daemons are there; whether that is news.
    pub(crate) fn present(&mut self, present: Vec<String>) -> bool {
        let changed = self.present != present;
        if changed {
            tracing::info!(daemons = present.len(), "which daemons share the accounts");
            self.outlets.board.change(|status| status.daemons.clone_from(&present));
            self.present = present;
        }
        changed
    }

    /// Whether it is known which daemons there are.
    pub(crate) fn are_assigned(&self) -> bool {
        !self.present.is_empty()
    }

    /// Whether this daemon speaks for all of them where one is enough.
    pub(crate) fn leads(&self) -> bool {
        self.present.first() == Some(&self.name)
    }

    /// Gives every account that this daemon keeps a task, and ends the tasks of the others.
    pub(crate) fn assign(&mut self, wanted: &BTreeMap<AccountName, Arc<Wanted>>, notes: &BTreeMap<String, String>) {
        self.tools.fellows.enforce(wanted);
        let is_ours = |name: &AccountName| keeper(name, &self.present) == Some(&*self.name);
        let ours: Vec<_> = wanted.iter().filter(|(name, _)| is_ours(name)).collect();
        let leaving = self.accounts.keys().filter(|name| !wanted.contains_key(*name) || !is_ours(name));
        for name in leaving.cloned().collect::<Vec<_>>() {
            // The task ends once its pass has.
            self.accounts.insert(name, None);
        }
        if self.present.is_empty() {
            return;
        }
        self.outlets.board.assign(|name| keeper(name, &self.present).filter(|keeper| **keeper != *self.name));
        for (name, wanted) in ours {
            match self.accounts.get(name) {
                None => self.keep(name, wanted, notes),
                Some(Some(calls)) => drop(calls.send(Call::Roster(Arc::clone(wanted)))),
                // Its task is about to end, and that leads here again.
                Some(None) => {}
            }
        }
    }

    /// Whether this daemon keeps the account.
    pub(crate) fn keeps(&self, account: &AccountName) -> bool {
        matches!(self.accounts.get(account), Some(Some(_)))
    }

    /// Passes an order on to the account it is about.
    pub(crate) fn call(&self, order: Order) {
        let (account, call) = match order {
            Order::Look { account: None, trigger } => return self.look_everywhere(trigger),
            Order::Look { account: Some(account), trigger } => (account, Call::Look(trigger)),
            Order::Pause { account, suspension } => (account, Call::Pause(suspension)),
            Order::Resume { account } => (account, Call::Resume),
            Order::Approve { account, approval } => (account, Call::Approve(approval)),
        };
        if let Some(Some(calls)) = self.accounts.get(&account) {
            // A task that has just ended is given a successor soon, which looks by itself.
            let _ = calls.send(call);
        }
    }

    pub(crate) fn look_everywhere(&self, trigger: Trigger) {
        for calls in self.accounts.values().flatten() {
            // A task that has just ended is given a successor soon, which looks by itself.
            let _ = calls.send(Call::Look(trigger));
        }
    }

    /// The next part that ends; which one broke down, where it did. Waits for ever while there is none.
    pub(crate) async fn ended(&mut self) -> Result<Part, String> {
        let Some(ended) = self.set.join_next_with_id().await else { return std::future::pending().await };
        let id = match &ended {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        let part = self.parts.remove(&id);
        if let Some(Part::Account(name)) = &part {
            self.accounts.remove(name);
        }
        match (ended, part) {
            (Ok(_), Some(part)) => Ok(part),
            (Ok(_), None) => Err("nobody knows which".to_owned()),
            (Err(error), part) => Err(format!("{}: {error}", part.map_or_else(String::new, |part| part.to_string()))),
        }
    }

    /// Waits for the end of every account's task, and then lets the others end.
    pub(crate) async fn end(mut self, departing: CancellationToken) {
        self.accounts.clear();
        while self.parts.values().any(|part| matches!(part, Part::Account(_) | Part::Prepared)) {
            let _ended = self.ended().await;
        }
        departing.cancel();
        let Self { mut set, outlets, .. } = self;
        // The scribe ends when nobody is left who could have something to note.
        drop(outlets);
        while set.join_next().await.is_some() {}
    }

    fn keep(&mut self, name: &AccountName, wanted: &Arc<Wanted>, notes: &BTreeMap<String, String>) {
        let (send, calls) = mpsc::unbounded_channel();
        let memo = memo::read(notes, name);
        let Outlets { noting, voice, .. } = self.outlets.clone();
        let herald = Herald::new(Some(name.clone()), voice, notes, noting);
        let kept = Kept {
            name: name.clone(),
            tools: Arc::clone(&self.tools),
            outlets: self.outlets.clone(),
            turns: Arc::clone(&self.turns),
            calls,
            refused: None,
            herald,
        };
        let diary = Diary::new(Arc::clone(wanted), memo);
        self.spawn(Part::Account(name.clone()), Box::new(kept).keep(Box::new(diary)));
        self.accounts.insert(name.clone(), Some(send));
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Watch => write!(formatter, "the watch over the roster's files"),
            Self::Repository => write!(formatter, "the repository"),
            Self::Attendance => write!(formatter, "the attendance"),
            Self::Scribe => write!(formatter, "the notes"),
            Self::Teller => write!(formatter, "the notifications"),
            Self::Prepared => write!(formatter, "getting accounts ready"),
            Self::Account(name) => write!(formatter, "the account `{name}`"),
        }
    }
}
