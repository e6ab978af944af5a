//! What people can see of the daemon: one value, replaced as things happen. Whoever shows it holds a receiver and can
//! neither wait for a pass nor reach into one.

pub mod account;
pub mod counters;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::daemon::roster::{Roster, RosterOrigin};
use crate::daemon::status::account::AccountStatus;
use crate::model::account_name::AccountName;
use crate::model::digest::Digest;
use crate::render::failure::Failure;

/// An account that the roster has no more is shown for so long.
const SHOWN: SignedDuration = SignedDuration::from_hours(24);

/// Everything there is to see.
#[derive(Debug, Clone)]
pub struct Status {
    /// When the daemon began.
    pub started: Timestamp,
    /// When it last showed that it is alive.
    pub beat: Timestamp,
    /// What this daemon is called.
    pub name: Arc<str>,
    /// All daemons that share the accounts, this one included.
    pub daemons: Vec<String>,
    /// Where the roster comes from, for people.
    pub source: Arc<str>,
    /// The roster.
    pub roster: RosterStatus,
    /// Whether it is known which daemon keeps which account.
    pub assigned: bool,
    /// The accounts of the roster in force.
    pub accounts: BTreeMap<AccountName, Arc<AccountStatus>>,
    /// Whether the state works.
    pub state: StateStatus,
}

/// What there is to see of the roster.
#[derive(Debug, Clone, Default)]
pub struct RosterStatus {
    /// The one that accounts are held to.
    pub in_force: Option<InForce>,
    /// What is wrong with the files as they are now.
    pub broken: Option<Broken>,
    /// What became of the last pull, where the roster is in a repository.
    pub upstream: Option<Upstream>,
    /// The accounts that the roster has no more, and since when.
    dropped: BTreeMap<AccountName, Timestamp>,
    /// When the files were last read.
    pub read: Option<Timestamp>,
    /// How often they could be used.
    pub loads: u64,
    /// How often they could not.
    pub failures: u64,
}

/// A roster that accounts are held to.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The digest of its files.
    pub digest: Digest,
    /// The commit it is from.
    pub revision: Option<String>,
    /// When it came into force.
    pub since: Timestamp,
    /// Whether it was read by this daemon or only remembered.
    pub origin: RosterOrigin,
}

/// Files that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Since when.
    pub since: Timestamp,
    /// Everything that is wrong with them, a line each.
    pub problems: Vec<String>,
}

/// The repository that a roster comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// When it was last asked.
    pub at: Timestamp,
    /// The commit whose files are here.
    pub commit: Option<String>,
    /// Why it could not be pulled.
    pub trouble: Option<Failure>,
}

/// Whether the state works.
#[derive(Debug, Clone, Copy, Default)]
pub struct StateStatus {
    /// Whether it did when it was last used.
    pub failing: bool,
    /// How often it did not.
    pub errors: u64,
}

/// Where the daemon writes what can be seen.
#[derive(Debug, Clone)]
pub(crate) struct Board(watch::Sender<Status>);

impl Board {
    pub(crate) fn new(started: Timestamp, name: &str, source: &str) -> Self {
        let status = Status {
            started,
            beat: started,
            name: name.into(),
            daemons: Vec::new(),
            source: source.into(),
            roster: RosterStatus::default(),
            assigned: false,
            accounts: BTreeMap::new(),
            state: StateStatus::default(),
        };
        Self(watch::Sender::new(status))
    }

    pub(crate) fn receiver(&self) -> watch::Receiver<Status> {
        self.0.subscribe()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Status)) {
        self.0.send_modify(change);
    }

    /// Changes what is seen of one account, if it is still there.
    pub(crate) fn change_account(&self, name: &AccountName, change: impl FnOnce(&mut AccountStatus)) {
        self.0.send_if_modified(|status| match status.accounts.get_mut(name) {
            Some(account) => {
                change(Arc::make_mut(account));
                true
            }
            None => false,
        });
    }

    /// Shows the accounts of the roster that is in force now; what is known of them stays.
    pub(crate) fn enforce(&self, roster: &Roster, dropped: &BTreeSet<AccountName>, now: Timestamp) {
        let Roster { digest, origin, revision, accounts, .. } = roster;
        self.change(|status| {
            let before = status.roster.in_force.as_ref();
            let since = before.filter(|before| before.digest == *digest).map_or(now, |before| before.since);
            let (digest, origin, revision) = (*digest, *origin, revision.clone());
            status.roster.in_force = Some(InForce { digest, revision, since, origin });
            status.accounts.retain(|name, _| accounts.contains_key(name));
            status.roster.dropped.extend(dropped.iter().map(|name| (name.clone(), now)));
            status.roster.dropped.retain(|name, _| !accounts.contains_key(name));
            for (name, wanted) in accounts {
                let fresh = || Arc::new(AccountStatus::new(&wanted.desired, &wanted.settings));
                let account = status.accounts.entry(name.clone()).or_insert_with(fresh);
                Arc::make_mut(account).describe(&wanted.desired);
            }
        });
    }

    /// The files could be used.
    pub(crate) fn loaded(&self, now: Timestamp) {
        self.change(|status| {
            status.roster.read = Some(now);
            status.roster.loads += 1;
            status.roster.broken = None;
        });
    }

    /// The files could not be used.
    pub(crate) fn refused(&self, broken: Broken) {
        self.change(|status| {
            let since = status.roster.broken.as_ref().map_or(broken.since, |before| before.since);
            status.roster.read = Some(broken.since);
            status.roster.failures += 1;
            status.roster.broken = Some(Broken { since, ..broken });
        });
    }

    /// Shows which other daemon keeps an account; `keeper` names none where it is this one.
    pub(crate) fn assign<'a>(&self, keeper: impl Fn(&AccountName) -> Option<&'a str>) {
        self.change(|status| {
            for (name, account) in &mut status.accounts {
                let keeper = keeper(name);
                if account.keeper.as_deref() != keeper {
                    Arc::make_mut(account).keeper = keeper.map(str::to_owned);
                }
            }
            status.assigned = true;
        });
    }

    /// Whether this is what is known to be wrong with the repository.
    pub(crate) fn is_upstream_trouble(&self, trouble: &Failure) -> bool {
        let status = self.0.borrow();
        status.roster.upstream.as_ref().and_then(|upstream| upstream.trouble.as_ref()) == Some(trouble)
    }

    /// Whether everything has been looked at once, or cannot be.
    pub(crate) fn is_seen(&self, now: Timestamp) -> bool {
        let status = self.0.borrow();
        status.is_complete(now) || status.roster.broken.is_some()
    }

    /// Notes whether the state could be used.
    pub(crate) fn state_used(&self, failed: bool) {
        self.0.send_if_modified(|status| {
            let changed = status.state.failing != failed;
            status.state.failing = failed;
            status.state.errors += u64::from(failed);
            changed
        });
    }

    /// Notes the moment; that alone is no news to whoever waits for changes.
    pub(crate) fn beat(&self, now: Timestamp) {
        self.0.send_if_modified(|status| {
            status.beat = now;
            false
        });
    }
}

impl RosterStatus {
    /// The accounts that the roster had within a day and has no more, and since when.
    pub fn dropped(&self, now: Timestamp) -> impl Iterator<Item = (&AccountName, Timestamp)> {
        let shown = move |since: Timestamp| now.duration_since(since) < SHOWN;
        self.dropped.iter().map(|(name, since)| (name, *since)).filter(move |(_, since)| shown(*since))
    }
}

impl Status {
    /// Whether the files were read, or tried to be.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.roster.in_force.is_some() || self.roster.broken.is_some()
    }

    /// Whether everything has been tried once, so that what is shown is more than a beginning.
    #[must_use]
    pub fn is_complete(&self, now: Timestamp) -> bool {
        self.roster.in_force.is_some() && self.assigned && self.accounts.values().all(|account| account.is_settled(now))
    }
}
