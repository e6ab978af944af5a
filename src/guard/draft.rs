//! A review in the making: what every guard looks at, and where it puts what it found.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::guard::finding::{Finding, Verdict};
use crate::guard::reason::Reason;
use crate::model::action::{Action, Change, Subject};
use crate::model::desired::DesiredAccount;
use crate::model::email::Email;
use crate::model::ledger::Ledger;
use crate::model::live::{LiveUser, Snapshot, UserId};
use crate::model::role::RoleName;
use crate::model::situation::Situation;
use crate::plan::Plan;

pub(super) struct Draft<'a> {
    pub(super) desired: &'a DesiredAccount,
    pub(super) live: &'a Snapshot,
    pub(super) ledger: &'a Ledger,
    pub(super) now: Timestamp,
    pub(super) planned: Vec<Planned<'a>>,
    pub(super) findings: Vec<Finding>,
}

/// One action, and the user it is about as the account has them now.
#[derive(Clone, Copy)]
pub(super) struct Planned<'a> {
    pub(super) position: usize,
    pub(super) action: &'a Action,
    pub(super) there: Option<&'a LiveUser>,
    pub(super) is_loss: bool,
}

/// Somebody who loses by an action.
#[derive(Clone, Copy)]
pub(super) struct Loser<'a> {
    /// The address in the account.
    pub(super) email: &'a Email,
    /// The one by which an earlier run knew them, which somebody may have changed in the account.
    known_as: Option<&'a Email>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(plan: &'a Plan, situation: &Situation<'a>) -> Self {
        let Situation { desired, live, ledger, capabilities: _, now } = *situation;
        let users = live.users_with(&plan.actions.iter().filter_map(|action| action.change.user_id()).collect());
        let planned = plan.actions.iter().enumerate().map(|(position, action)| Planned {
            position,
            action,
            // By the id: whoever is moved has another address afterwards.
            there: action.change.user_id().and_then(|id| users.get(id).copied()),
            is_loss: action.change.is_loss(desired.catalogue),
        });
        Self { desired, live, ledger, now, planned: planned.collect(), findings: Vec::new() }
    }

    pub(super) fn positions(&self, wanted: impl Fn(&Planned<'a>) -> bool) -> BTreeSet<usize> {
        self.planned.iter().filter(|planned| wanted(planned)).map(|planned| planned.position).collect()
    }

    pub(super) fn losses(&self) -> BTreeSet<usize> {
        self.positions(|planned| planned.is_loss)
    }

    /// Whatever counts in the limits on losses.
    pub(super) fn counted(&self) -> BTreeSet<usize> {
        self.positions(|planned| planned.counts())
    }

    /// Whoever is neither ignored nor, so, counted.
    pub(super) fn managed(&self) -> impl Iterator<Item = &'a LiveUser> {
        let desired = self.desired;
        self.live.users().values().filter(move |user| !desired.ignores(&user.email))
    }

    /// Who loses by an action that takes access away: the user it is about, everybody whose role loses a permission, or
    /// whoever reads the mail of an address that somebody no longer has.
    pub(super) fn losers(&self, planned: &Planned<'a>) -> Vec<Loser<'a>> {
        let known_as = |id: &UserId| self.ledger.known_as.get(id);
        let user = |user: &'a LiveUser| Loser { email: &user.email, known_as: known_as(&user.id) };
        match (&planned.action.change, &planned.action.subject) {
            _ if !planned.counts() => Vec::new(),
            (Change::Move { id, from, .. }, _) => vec![Loser { email: from, known_as: known_as(id) }],
            (Change::UpdateRole { .. }, Subject::Role(_)) => {
                let names = self.role_names(planned);
                let holders = self.managed().filter(|user| user.roles.iter().any(|held| names.contains(&held)));
                holders.map(user).collect()
            }
            (_, Subject::User(email)) => vec![planned.there.map_or(Loser { email, known_as: None }, user)],
            (_, Subject::Role(_)) => Vec::new(),
        }
    }

    /// What the role that an action is about is called: by the file, and by the account, where that may be its title.
    pub(super) fn role_names(&self, planned: &Planned<'a>) -> Vec<&'a RoleName> {
        let named = match &planned.action.subject {
            Subject::Role(role) => Some(role),
            Subject::User(_) => None,
        };
        let id = planned.action.change.role_id();
        let live = self.live.roles().into_iter().flatten().filter(|(_, role)| Some(&role.id) == id);
        named.into_iter().chain(live.map(|(name, _)| name)).collect()
    }

    /// Finds this of everybody it concerns, each with the places of the actions that wait because of it.
    pub(super) fn hold_people(
        &mut self,
        found: impl IntoIterator<Item = (usize, &'a Email)>,
        reason: impl FnOnce(BTreeSet<Email>) -> Reason,
    ) {
        let (mut holds, mut emails) = (BTreeSet::new(), BTreeSet::new());
        for (position, email) in found {
            holds.insert(position);
            emails.insert(email.clone());
        }
        if !holds.is_empty() {
            self.hold(reason(emails), holds);
        }
    }

    pub(super) fn hold(&mut self, reason: Reason, holds: BTreeSet<usize>) {
        self.findings.push(Finding { verdict: Verdict::Hold, reason, holds });
    }

    pub(super) fn refuse(&mut self, reason: Reason) {
        self.findings.push(Finding { verdict: Verdict::Refuse, reason, holds: BTreeSet::new() });
    }

    pub(super) fn warn(&mut self, reason: Reason) {
        self.findings.push(Finding { verdict: Verdict::Warn, reason, holds: BTreeSet::new() });
    }
}

impl<'a> Loser<'a> {
    /// The addresses that are known of them.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a Email> {
        std::iter::once(self.email).chain(self.known_as)
    }
}

impl<'a> Planned<'a> {
    /// Whether it gives somebody another address.
    pub(super) fn is_move(&self) -> bool {
        matches!(self.action.change, Change::Move { .. })
    }

    /// Whether it counts in the limits on losses: an address that moves takes access from whoever reads the old one.
    pub(super) fn counts(&self) -> bool {
        self.is_loss || self.is_move()
    }

    /// The addresses of the user it is about: the one that is there, and the one once it is done.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'a Email> {
        self.there.map(|user| &user.email).into_iter().chain(self.action.email())
    }
}
