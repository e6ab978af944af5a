//! Plan in, what may happen out: every reason not to carry out what was planned is found here.
//!
//! A guard answers with findings: an account that is refused changes nothing, an action that is held waits while the
//! rest goes on, a warning holds nothing. Only this module can make an [`Approved`], and only an `Approved` can be
//! applied. Pure: no I/O, no clock, no environment.

mod admins;
pub mod digest;
pub mod finding;

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::finding::{Finding, Guard, Reason, Verdict};
use crate::model::action::{Action, Change};
use crate::model::desired::{DesiredAccount, Prune};
use crate::model::email::Email;
use crate::model::live::Snapshot;
use crate::model::role::Catalogue;
use crate::model::situation::Situation;
use crate::plan::{Phase, Plan};

/// A plan with what the guards say of it.
#[must_use = "a review that nobody looks at holds nothing back"]
#[derive(Debug)]
pub struct Review {
    plan: Plan,
    findings: Vec<Finding>,
    held: BTreeMap<usize, BTreeSet<Guard>>,
    approved: Approved,
}

/// The actions that may be carried out, in order. Only [`review`] makes one:
///
/// ```compile_fail,E0451
/// let approved = roster::guard::Approved { steps: Vec::new() };
/// ```
#[must_use = "what was approved is not yet done"]
#[derive(Debug)]
pub struct Approved {
    steps: Vec<Step>,
}

/// One approved action and what must have succeeded before it is tried.
#[derive(Debug)]
pub struct Step {
    position: usize,
    action: Action,
    phase: Phase,
    is_loss: bool,
    condition: Option<Condition>,
}

/// What must have succeeded before an action is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How many of the following must be done.
    pub at_least: usize,
    /// Places in the plan.
    pub of: BTreeSet<usize>,
}

/// Holds a plan against the account's limits.
///
/// The guards are `empty`, `logins`, `owner`, `complete_read`, `max_losses` and `min_admins`; each has its reasons in
/// [`finding::Reason`]. Over a limit every loss waits, not only the surplus.
pub fn review(plan: Plan, situation: &Situation<'_>) -> Review {
    let Situation { desired, live, ledger: _, capabilities: _, now: _ } = *situation;
    let mut draft = Draft { plan: &plan, desired, live, findings: Vec::new(), held: BTreeMap::new() };
    draft.empty();
    draft.logins();
    draft.owner();
    draft.complete_read();
    draft.max_losses();
    let conditions = draft.min_admins();
    let Draft { findings, held, .. } = draft;
    let refused = findings.iter().any(|finding: &Finding| finding.verdict == Verdict::Refuse);
    let approved = if refused {
        Approved { steps: Vec::new() }
    } else {
        Approved::of(&plan, desired.catalogue, &held, conditions)
    };
    Review { plan, findings, held, approved }
}

impl Review {
    /// The plan as it was made.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What the guards found, in the order in which they look.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing at all may happen in this account.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Refuse)
    }

    /// Whether the action at this place of the plan waits.
    #[must_use]
    pub fn is_held(&self, position: usize) -> bool {
        self.is_refused() || self.held.contains_key(&position)
    }

    /// The guards that hold the action at this place of the plan; in a refused account, those that refuse.
    #[must_use]
    pub fn held_by(&self, position: usize) -> BTreeSet<Guard> {
        let refusing = self.findings.iter().filter(|finding| finding.verdict == Verdict::Refuse);
        let holding = self.held.get(&position).into_iter().flatten().copied();
        refusing.map(|finding| finding.reason.guard()).chain(holding).collect()
    }

    /// Whether the same actions come out, with the same of them held.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let Self { plan, findings: _, held, approved: _ } = self;
        plan.actions == other.plan.actions && *held == other.held && self.is_refused() == other.is_refused()
    }

    /// What may be carried out.
    pub fn approved(&self) -> &Approved {
        &self.approved
    }
}

impl Approved {
    fn of(
        plan: &Plan,
        catalogue: Catalogue,
        held: &BTreeMap<usize, BTreeSet<Guard>>,
        mut conditions: BTreeMap<usize, Condition>,
    ) -> Self {
        let steps = plan.actions.iter().enumerate().filter(|(position, _)| !held.contains_key(position));
        Self {
            steps: steps
                .map(|(position, action)| Step {
                    position,
                    action: action.clone(),
                    phase: Phase::of(&action.change, catalogue),
                    is_loss: action.change.is_loss(catalogue),
                    condition: conditions.remove(&position),
                })
                .collect(),
        }
    }

    /// The steps, in the order in which they are to be carried out.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl Step {
    /// The action's place in the plan, from zero.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// What to carry out.
    #[must_use]
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// When it happens: everything of a phase before anything of the next.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether it takes access away, and so leans on the listing having been whole.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.is_loss
    }

    /// What must have succeeded before.
    #[must_use]
    pub fn condition(&self) -> Option<&Condition> {
        self.condition.as_ref()
    }
}

/// A review in the making.
struct Draft<'a> {
    plan: &'a Plan,
    desired: &'a DesiredAccount,
    live: &'a Snapshot,
    findings: Vec<Finding>,
    held: BTreeMap<usize, BTreeSet<Guard>>,
}

impl Draft<'_> {
    /// A half-read list and a half-written file look just like an empty one.
    fn empty(&mut self) {
        if self.desired.allow_empty {
            return;
        }
        if self.live.users().is_empty() {
            self.refuse(Reason::EmptyAccount);
        }
        if self.desired.users.is_empty() && self.desired.prune != Prune::None {
            self.refuse(Reason::EmptyRoster);
        }
    }

    /// Where nobody can be recognised, everybody would be invited and everybody else removed.
    fn logins(&mut self) {
        let mut logins = self.live.users().keys();
        if let Some(example) = self.live.users().keys().next()
            && !self.desired.users.is_empty()
            && logins.all(|login| login.as_str().parse::<Email>().is_err())
        {
            self.refuse(Reason::LoginsAreNotAddresses { example: example.clone() });
        }
    }

    /// The live Owner tells whether this is the account that is meant; and nobody takes the Owner's access away.
    fn owner(&mut self) {
        let live: BTreeSet<Email> = self.live.owners(self.desired.catalogue).map(|owner| owner.email.clone()).collect();
        if let Some(declared) = &self.desired.owner
            && !self.live.users().is_empty()
        {
            let declared = declared.clone();
            let unnamed = self.desired.catalogue == Catalogue::Any;
            if live.is_empty() && !(unnamed && self.live.users().contains_key(&declared)) {
                self.refuse(Reason::OwnerNotFound { declared });
            } else if !live.is_empty() && !live.contains(&declared) {
                self.refuse(Reason::OwnerIsSomebodyElse { declared, live: live.clone() });
            } else if live.len() > 1 && !unnamed {
                self.refuse(Reason::SeveralOwners { live: live.clone() });
            }
        }
        let endangered: BTreeSet<usize> = self
            .positions(|action| {
                let owner = action
                    .email()
                    .is_some_and(|email| self.desired.owner.as_ref() == Some(email) || live.contains(email));
                (owner && action.change.is_loss(self.desired.catalogue))
                    || makes_owner(&action.change, self.desired.catalogue)
            })
            .collect();
        if !endangered.is_empty() {
            let emails =
                endangered.iter().filter_map(|&position| self.plan.actions[position].email().cloned()).collect();
            self.hold(Reason::OwnershipWouldChange { emails }, endangered);
        }
    }

    /// Nobody is taken out because a list was cut short.
    fn complete_read(&mut self) {
        let changes: BTreeSet<usize> =
            self.positions(|action| matches!(action.change, Change::ChangeRole { .. })).collect();
        if !changes.is_empty() && self.live.users().values().all(|user| user.roles.is_empty()) {
            self.hold(Reason::RolesNotShown, changes);
        }
        if self.live.doubts().is_empty() {
            return;
        }
        let losses: BTreeSet<usize> = self.losses().collect();
        let reason = Reason::NotProvenWhole { doubts: self.live.doubts().clone() };
        if losses.is_empty() {
            self.findings.push(Finding { verdict: Verdict::Warn, reason, holds: BTreeSet::new() });
        } else {
            self.hold(reason, losses);
        }
    }

    /// A mistake in a file takes many people out at once; a colleague who leaves is one.
    fn max_losses(&mut self) {
        let managed = self.live.users().keys().filter(|email| !self.desired.ignores(email)).count();
        let limit = self.desired.guards.max_losses.among(managed);
        let losses: BTreeSet<usize> = self.losses().collect();
        if losses.len() > limit {
            self.hold(Reason::TooManyLosses { losses: losses.len(), managed, limit }, losses);
        }
    }

    /// Somebody must be able to repair the account at every moment of the apply.
    fn min_admins(&mut self) -> BTreeMap<usize, Condition> {
        let minimum = self.desired.guards.min_admins;
        self.admins_known(minimum);
        let admins::Forecast { remaining, losses, conditions } =
            admins::forecast(self.plan, self.desired.catalogue, self.live, &self.held, minimum);
        if losses.is_empty() || remaining >= minimum {
            return conditions;
        }
        self.hold(Reason::TooFewAdmins { remaining, minimum }, losses);
        BTreeMap::new()
    }

    /// A count that finds too few before anything happens may only not know what Admins are called here.
    fn admins_known(&mut self, minimum: usize) {
        let present = self.live.users().values().filter(|user| user.is_active_admin(self.desired.catalogue)).count();
        let losses: BTreeSet<usize> = self.losses().collect();
        if present >= minimum || losses.is_empty() {
            return;
        }
        let reason = Reason::AdminsNotKnown { present, minimum };
        if self.desired.catalogue == Catalogue::Any {
            self.hold(reason, losses);
        } else {
            self.findings.push(Finding { verdict: Verdict::Warn, reason, holds: BTreeSet::new() });
        }
    }

    fn losses(&self) -> impl Iterator<Item = usize> {
        self.positions(|action| action.change.is_loss(self.desired.catalogue))
    }

    fn positions(&self, wanted: impl Fn(&Action) -> bool) -> impl Iterator<Item = usize> {
        self.plan.actions.iter().enumerate().filter(move |(_, action)| wanted(action)).map(|(position, _)| position)
    }

    fn refuse(&mut self, reason: Reason) {
        self.findings.push(Finding { verdict: Verdict::Refuse, reason, holds: BTreeSet::new() });
    }

    fn hold(&mut self, reason: Reason, holds: BTreeSet<usize>) {
        for position in &holds {
            self.held.entry(*position).or_default().insert(reason.guard());
        }
        self.findings.push(Finding { verdict: Verdict::Hold, reason, holds });
    }
}

fn makes_owner(change: &Change, catalogue: Catalogue) -> bool {
    match change {
        Change::Invite { role, .. } => catalogue.is_owner(role),
        Change::Reactivate { from, to, .. }
        | Change::ChangeRole { from, to, .. }
        | Change::Reinvite { from, to, .. } => catalogue.is_owner(to) && !from.is_exactly(to),
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::Move { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => false,
    }
}
