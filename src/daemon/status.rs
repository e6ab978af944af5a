//! What can be seen of the daemon from outside: one value, replaced as things happen. Whoever looks holds a receiver and can
//! neither wait for a pass nor reach into one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::model::account_name::AccountName;
use crate::schedule::Verdict;

/// Everything there is to see.
#[derive(Debug, Clone)]
pub struct Status {
    /// When the daemon last showed that it is alive.
    pub beat: Timestamp,
    /// Whether the roster's files, as they are now, can be used; nothing before they were read.
    pub valid: Option<bool>,
    /// The accounts of the roster in force that are this daemon's and do not rest; nothing before there is one.
    pub kept: Option<BTreeSet<AccountName>>,
    /// The last pass of each account.
    pub passes: BTreeMap<AccountName, Pass>,
}

/// How a pass came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// How it ended.
    pub verdict: Verdict,
    /// How many changes were carried out.
    pub done: usize,
}

/// Where the daemon writes what can be seen.
#[derive(Debug, Clone)]
pub(crate) struct Board(watch::Sender<Status>);

impl Board {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self(watch::Sender::new(Status { beat: now, valid: None, kept: None, passes: BTreeMap::new() }))
    }

    pub(crate) fn receiver(&self) -> watch::Receiver<Status> {
        self.0.subscribe()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Status)) {
        self.0.send_modify(change);
    }

    /// Whether everything has been looked at once, or cannot be.
    pub(crate) fn is_seen(&self) -> bool {
        let status = self.0.borrow();
        status.valid == Some(false) || status.is_complete()
    }

    /// Notes the moment; that alone is no news to whoever waits for changes.
    pub(crate) fn beat(&self, now: Timestamp) {
        self.0.send_if_modified(|status| {
            status.beat = now;
            false
        });
    }
}

impl Status {
    /// Whether every account was tried once.
    fn is_complete(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.iter().all(|name| self.passes.contains_key(name)))
    }
}
