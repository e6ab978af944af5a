//! What earlier runs left in the state about one account, as far as a plan or a guard leans on it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::action::{Action, Change};
use crate::model::desired::DesiredAccount;
use crate::model::email::Email;
use crate::model::live::{Snapshot, Status, UserId};

/// What is remembered of one account. Empty where no state is kept; losing it loses history, never safety.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The invitations that roster sent to people who have not accepted yet, as far as it knows.
    pub invitations: BTreeMap<Email, SentInvitations>,
    /// The people whom roster let in: those that `prune: managed` may take out again.
    pub managed: BTreeSet<Email>,
    /// By which address a user was known when roster last saw the account: one person stays one person.
    pub known_as: BTreeMap<UserId, Email>,
    /// The users whom roster deactivated, and when.
    pub deactivated: BTreeMap<UserId, Timestamp>,
    /// The losses that were carried out, oldest first, as far back as a limit over time looks.
    pub losses: Vec<PastLoss>,
    /// When a person's access was changed by roster, oldest first, as far back as flapping is looked for.
    pub changes: BTreeMap<Email, Vec<Timestamp>>,
}

/// What is remembered of each account, as far as what concerns all of them together leans on it.
pub type Neighbours = BTreeMap<AccountName, Neighbour>;

/// What is remembered of one account among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbour {
    /// By which address a user was known when roster last saw the account.
    pub known_as: BTreeMap<UserId, Email>,
    /// The losses that were carried out, oldest first, as far back as a limit over time looks.
    pub losses: Vec<PastLoss>,
    /// How many people will have lost access by the plan that somebody is carrying out, besides those.
    pub losing: usize,
}

/// An action by which people lost access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastLoss {
    /// When.
    pub at: Timestamp,
    /// How many people.
    pub people: usize,
}

/// The invitations that went out to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentInvitations {
    /// How many, the first included.
    pub count: u32,
    /// When the newest went out.
    pub latest: Timestamp,
}

impl Ledger {
    /// Takes note of an action that was carried out, and by which so many people lost access.
    pub fn note(&mut self, action: &Action, losses: usize, at: Timestamp) {
        if losses > 0 {
            self.losses.push(PastLoss { at, people: losses });
        }
        let Some(email) = action.email() else { return };
        match &action.change {
            Change::Invite { .. } => {
                self.managed.insert(email.clone());
                self.sent(email, at);
            }
            Change::Reinvite { .. } | Change::ResendInvitation { .. } => self.sent(email, at),
            Change::Move { id, from, .. } => self.moved(id, from, email),
            Change::CancelInvitation { id, .. } | Change::Remove { id, .. } => self.forget(id, email),
            Change::Deactivate { id, .. } => drop(self.deactivated.insert(id.clone(), at)),
            Change::Reactivate { id, .. } => drop(self.deactivated.remove(id)),
            Change::ChangeRole { .. }
            | Change::UpdateProfile { .. }
            | Change::CreateRole { .. }
            | Change::UpdateRole { .. }
            | Change::DeleteRole { .. } => {}
        }
        if action.change.is_about_access() {
            self.changes.entry(email.clone()).or_default().push(at);
        }
    }

    /// Takes note of who was seen in the account. Whoever accepted has no invitation open any more; only a reading that
    /// is proven whole shows who has left.
    ///
    /// Invitations of people who are not there stay: whoever declined has vanished, and must not be invited for ever. And
    /// a user stays known by the address that the file has or protects, until the file lists the new one.
    pub fn see(&mut self, live: &Snapshot, desired: &DesiredAccount) {
        let listed = |email: &Email| desired.users.contains_key(email);
        let named = |email: &Email| desired.names(email);
        for user in live.users().values().filter(|user| !live.is_ambiguous(&user.email)) {
            if listed(&user.email) || !self.known_as.get(&user.id).is_some_and(named) {
                self.known_as.insert(user.id.clone(), user.email.clone());
            }
            if user.status != Status::Invited {
                self.invitations.remove(&user.email);
            }
            if user.status != Status::Deactivated {
                self.deactivated.remove(&user.id);
            }
        }
        if live.doubts().is_empty() {
            let ids: BTreeSet<&UserId> = live.users().values().map(|user| &user.id).collect();
            self.known_as.retain(|id, _| ids.contains(id));
            self.deactivated.retain(|id, _| ids.contains(id));
            self.managed.retain(|email| live.users().contains_key(email));
        }
    }

    fn sent(&mut self, email: &Email, at: Timestamp) {
        let before = self.invitations.get(email).map_or(0, |sent| sent.count);
        self.invitations.insert(email.clone(), SentInvitations { count: before.saturating_add(1), latest: at });
    }

    fn moved(&mut self, id: &UserId, from: &Email, to: &Email) {
        if let Some(sent) = self.invitations.remove(from) {
            self.invitations.insert(to.clone(), sent);
        }
        if self.managed.remove(from) {
            self.managed.insert(to.clone());
        }
        self.known_as.insert(id.clone(), to.clone());
    }

    fn forget(&mut self, id: &UserId, email: &Email) {
        self.managed.remove(email);
        self.invitations.remove(email);
        self.known_as.remove(id);
        self.deactivated.remove(id);
    }
}
