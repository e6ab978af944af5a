//! Plan in, what may happen out: every reason not to carry out what was planned is found here.
//!
//! A guard answers with findings: an account that is refused changes nothing, an action that is held waits while the
//! rest goes on, a warning holds nothing. Only this module can make an [`Approved`], and only an `Approved` can be
//! applied. Pure: no I/O, no clock, no environment.

pub mod digest;
pub mod finding;
pub mod name;
pub mod policy;
pub mod reason;
pub mod run;
pub mod safeguard;
pub mod twins;

mod admins;
mod draft;
mod flapping;
mod lookalike;
mod losses;
mod outsiders;
mod reading;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::admins::Admins;
use crate::guard::draft::Draft;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::name::Guard;
use crate::guard::reason::Consentable;
use crate::guard::safeguard::{Condition, Reliance};
use crate::model::action::Action;
use crate::model::digest::Digest;
use crate::model::email::Email;
use crate::model::role::Catalogue;
use crate::model::situation::Situation;
use crate::plan::Plan;
use crate::plan::order::Phase;

/// A plan with what the guards say of it.
#[must_use = "a review that nobody looks at holds nothing back"]
#[derive(Debug, Clone)]
pub struct Review {
    plan: Plan,
    /// Which account it is for, and where that is.
    target: Digest,
    /// For how many losses each action counts that counts for any.
    losses: BTreeMap<usize, usize>,
    /// How many users the account has, without those ignored.
    managed: usize,
    catalogue: Catalogue,
    /// The single addresses that are protected, and whether somebody in the account has them.
    protected: BTreeMap<Email, bool>,
    admins: Admins,
    /// What was found before anybody counted who is left.
    found: Vec<Finding>,
    findings: Vec<Finding>,
    held: BTreeMap<usize, BTreeSet<Guard>>,
    approved: Approved,
}

/// The actions that may be carried out, in order. Only a [`Review`] has one:
///
/// ```compile_fail,E0451
/// let approved = roster::guard::Approved { steps: Vec::new() };
/// ```
#[must_use = "what was approved is not yet done"]
#[derive(Debug, Clone)]
pub struct Approved {
    steps: Vec<Step>,
}

/// One approved action and what must have succeeded before it is tried.
#[derive(Debug, Clone)]
pub struct Step {
    position: usize,
    action: Action,
    phase: Phase,
    is_loss: bool,
    losses: usize,
    condition: Option<Condition>,
    reliance: Option<Reliance>,
}

/// What looks at a plan, in this order. How many Owners and Admins are left is counted last, because it depends on what
/// the others hold: see [`settle`].
const LOOKS: &[fn(&mut Draft<'_>)] = &[
    reading::empty,
    reading::logins,
    reading::catalogue,
    reading::remembered,
    reading::owner,
    reading::complete_read,
    losses::protect,
    losses::identity,
    losses::max_losses,
    losses::max_losses_per_day,
    outsiders::domains,
    outsiders::external,
    lookalike::lookalike,
    flapping::flapping,
    admins::known,
    admins::reachable,
];

/// Holds a plan against what the account's guards allow. Each guard has its reasons in [`reason::Reason`], and a row in
/// `docs/guards.md`. Over a limit everything of its kind waits, not only the surplus.
///
/// What concerns all accounts of a run together is looked at by [`run::across`].
pub fn review(plan: Plan, situation: &Situation<'_>) -> Review {
    let mut draft = Draft::new(&plan, situation);
    for look in LOOKS {
        look(&mut draft);
    }
    let (losses, managed, admins) = (losses::weights(&draft), draft.managed().count(), Admins::of(&draft));
    let protected = losses::protected(&draft);
    let found = draft.findings;
    let approved = Approved { steps: Vec::new() };
    let catalogue = situation.desired.catalogue;
    let mut review = Review {
        plan,
        target: digest::target(situation.desired),
        losses,
        managed,
        catalogue,
        protected,
        admins,
        found,
        findings: Vec::new(),
        held: BTreeMap::new(),
        approved,
    };
    review.settle();
    review
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

    /// How many held actions would go through if somebody consented to this plan.
    #[must_use]
    pub fn consentable(&self) -> usize {
        if self.is_refused() {
            return 0;
        }
        let consent = |position: &&usize| {
            let holding = self.findings.iter().filter(|finding| finding.verdict == Verdict::Hold);
            let mut holding = holding.filter(|finding| finding.holds.contains(position));
            holding.all(|finding| finding.reason.consent() == Consentable::Possible)
        };
        self.held.keys().filter(consent).count()
    }

    /// What may be carried out.
    pub fn approved(&self) -> &Approved {
        &self.approved
    }

    /// Adds what was found outside this account.
    fn add(&mut self, finding: Finding) {
        self.found.push(finding);
        self.settle();
    }

    /// Counts who is left once everything else is found.
    fn settle(&mut self) {
        self.findings.clone_from(&self.found);
        settle::settle(&self.admins, &mut self.findings);
        self.approve();
    }

    /// Sets aside whatever somebody can consent to. The reasons stay to be read.
    fn consent(&mut self) {
        let held = self.findings.iter_mut().filter(|finding| finding.verdict == Verdict::Hold);
        for finding in held.filter(|finding| finding.reason.consent() == Consentable::Possible) {
            finding.verdict = Verdict::Consented;
        }
        self.approve();
    }

    fn approve(&mut self) {
        self.held.clear();
        for finding in self.findings.iter().filter(|finding| finding.verdict == Verdict::Hold) {
            for position in &finding.holds {
                self.held.entry(*position).or_default().insert(finding.reason.guard());
            }
        }
        self.approved.steps.clear();
        if self.is_refused() {
            return;
        }
        let (mut conditions, mut reliances) = settle::safeguards(&self.admins, &self.findings);
        let open = self.plan.actions.iter().enumerate().filter(|(position, _)| !self.held.contains_key(position));
        self.approved.steps.extend(open.map(|(position, action)| Step {
            position,
            action: action.clone(),
            phase: Phase::of(&action.change, self.catalogue),
            is_loss: action.change.is_loss(self.catalogue),
            losses: self.losses.get(&position).copied().unwrap_or_default(),
            condition: conditions.remove(&position),
            reliance: reliances.remove(&position),
        }));
    }
}

impl Approved {
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

    /// For how many losses it counts in the limits.
    #[must_use]
    pub fn losses(&self) -> usize {
        self.losses
    }

    /// What must have succeeded before.
    #[must_use]
    pub fn condition(&self) -> Option<&Condition> {
        self.condition.as_ref()
    }

    /// Who must still be able to repair the account.
    #[must_use]
    pub fn reliance(&self) -> Option<&Reliance> {
        self.reliance.as_ref()
    }
}
