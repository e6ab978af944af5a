//! Desired and live in, plan out: every decision about what should change is made here, and nowhere later.
//!
//! Not here: whether it may happen (`guard`), how it is carried out (`provider`), how it looks (`render`). The functions
//! are pure: no I/O, no clock, no environment; order comes from the data alone.

use crate::model::action::{Action, Cause, Change, Subject};
use crate::model::desired::access::DesiredUser;
use crate::model::desired::{DesiredAccount, Prune};
use crate::model::email::Email;
use crate::model::ledger::Ledger;
use crate::model::live::{LiveUser, Snapshot, Status};
use crate::model::role::Catalogue;
use crate::model::situation::Situation;

/// What should change in one account, in the order in which it should happen.
#[must_use = "a plan that is neither shown nor reviewed changes nothing"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The changes: what gives access first, then names, then what takes access away.
    pub actions: Vec<Action>,
    /// Users that are deliberately not touched, by address, and why.
    pub left_alone: Vec<LeftAlone>,
    /// How many users are just as the file says.
    pub in_sync: usize,
}

/// A user the plan does not touch although the file and the account differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftAlone {
    /// Who.
    pub user: LiveUser,
    /// Why.
    pub why: Why,
}

/// Why a user is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The file does not list the user, and `prune` leaves such users in.
    Unmanaged,
    /// A pattern under `ignore` matches.
    Ignored,
    /// Two users share this login, so nobody can tell which one is meant.
    Ambiguous,
    /// An Owner whom the file does not list; nobody's ownership ends by a plan.
    Owner,
    /// The file and the account disagree on whether this is the Owner; ownership is handed over in the account itself.
    Ownership,
}

/// Plans the changes that make the account what the file says, over the state table of the design.
pub fn plan(situation: &Situation<'_>) -> Plan {
    let Situation { desired, live, ledger, capabilities: _, now: _ } = *situation;
    let mut plan = Plan { actions: Vec::new(), left_alone: Vec::new(), in_sync: 0 };
    for (email, user) in &desired.users {
        match live.users().get(email) {
            None if desired.catalogue.is_owner(&user.role) => {}
            None => plan.actions.push(invite(email, user)),
            Some(there) if live.is_ambiguous(email) => plan.leave(there, Why::Ambiguous),
            Some(there) => plan.keep(desired, user, there),
        }
    }
    for (email, there) in live.users() {
        if !desired.users.contains_key(email) {
            plan.unlisted(desired, live, ledger, there);
        }
    }
    plan.actions.sort_by(|one, other| order(one, desired.catalogue).cmp(&order(other, desired.catalogue)));
    plan.left_alone.sort();
    plan
}

impl LeftAlone {
    /// Whether a person has to settle this: what the file asks for will not happen by itself.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        match self.why {
            Why::Ambiguous | Why::Ownership => true,
            Why::Unmanaged | Why::Ignored | Why::Owner => false,
        }
    }
}

impl Plan {
    /// Plans for somebody who is wanted and there.
    fn keep(&mut self, desired: &DesiredAccount, wanted: &DesiredUser, there: &LiveUser) {
        let before = self.actions.len();
        if desired.catalogue.holds_owner(&there.roles) != desired.catalogue.is_owner(&wanted.role) {
            self.leave(there, Why::Ownership);
            return;
        }
        let cause = || wanted.cause();
        let (id, from, to) = (there.id.clone(), there.roles.clone(), wanted.role.clone());
        if there.status == Status::Deactivated {
            self.push(there, Change::Reactivate { id, from, to }, cause());
        } else if !from.is_exactly(&to) {
            self.push(there, Change::ChangeRole { id, from, to, status: there.status }, cause());
        }
        let after = wanted.profile.or(&there.profile);
        if after != there.profile {
            let change = Change::UpdateProfile { id: there.id.clone(), before: there.profile.clone(), after };
            self.push(there, change, cause());
        }
        self.in_sync += usize::from(self.actions.len() == before);
    }

    /// Plans for somebody who is there and not listed.
    fn unlisted(&mut self, desired: &DesiredAccount, live: &Snapshot, ledger: &Ledger, there: &LiveUser) {
        if desired.ignores(&there.email) {
            self.leave(there, Why::Ignored);
        } else if desired.owner.as_ref() == Some(&there.email) {
            self.in_sync += 1;
        } else if desired.catalogue.holds_owner(&there.roles) {
            self.leave(there, Why::Owner);
        } else if live.is_ambiguous(&there.email) {
            self.leave(there, Why::Ambiguous);
        } else if desired.prune == Prune::None
            || desired.prune == Prune::Managed && !ledger.managed.contains(&there.email)
        {
            self.leave(there, Why::Unmanaged);
        } else {
            let (id, roles) = (there.id.clone(), there.roles.clone());
            let change = match there.status {
                Status::Invited => Change::CancelInvitation { id, roles },
                Status::Active | Status::Deactivated => Change::Remove { id, roles, status: there.status },
            };
            self.push(there, change, Cause::NotListed { account: desired.place.clone() });
        }
    }

    fn push(&mut self, there: &LiveUser, change: Change, cause: Cause) {
        self.actions.push(Action { subject: Subject::User(there.email.clone()), change, cause });
    }

    fn leave(&mut self, there: &LiveUser, why: Why) {
        self.left_alone.push(LeftAlone { user: there.clone(), why });
    }
}

fn invite(email: &Email, user: &DesiredUser) -> Action {
    let DesiredUser { role, profile, language, .. } = user;
    let change = Change::Invite { role: role.clone(), profile: profile.clone(), language: language.clone() };
    Action { subject: Subject::User(email.clone()), change, cause: user.cause() }
}

/// When something happens within an account. A loss comes after every gain, so that whoever takes over is in before
/// somebody leaves; a lower role comes before a removal, because it can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Custom roles are made, and get what they permit.
    Role,
    /// People get access.
    Gain,
    /// Addresses and names are corrected, invitations repeated.
    Names,
    /// People get lower roles, and roles permit less.
    LowerRole,
    /// People leave.
    Departure,
    /// Custom roles are deleted that nobody has any more.
    NeedlessRole,
}

impl Phase {
    /// When a change happens.
    #[must_use]
    pub fn of(change: &Change, catalogue: Catalogue) -> Self {
        match change {
            Change::CreateRole { .. } => Self::Role,
            Change::Move { .. } | Change::UpdateProfile { .. } | Change::ResendInvitation { .. } => Self::Names,
            change if change.is_loss(catalogue) && !change.ends_access() => Self::LowerRole,
            Change::UpdateRole { .. } => Self::Role,
            Change::Invite { .. } | Change::Reactivate { .. } | Change::ChangeRole { .. } | Change::Reinvite { .. } => {
                Self::Gain
            }
            Change::CancelInvitation { .. } | Change::Deactivate { .. } | Change::Remove { .. } => Self::Departure,
            Change::DeleteRole { .. } => Self::NeedlessRole,
        }
    }
}

fn order(action: &Action, catalogue: Catalogue) -> (Phase, &Subject) {
    (Phase::of(&action.change, catalogue), &action.subject)
}
