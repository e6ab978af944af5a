//! What takes back an earlier run: from what the journal says that it did, to a plan as any other.
//!
//! Only what the run itself did is taken back, and only where the account is still as the run left it: whatever was
//! changed again since was changed by somebody who knew of it. The file has no say here; where it says otherwise than the
//! account will be, that is told.

pub mod contradiction;
mod people;
mod roles;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::action::{Action, Cause, Change, Subject};
use crate::model::email::Email;
use crate::model::event::{Intent, RunId};
use crate::model::live::{LiveUser, UserId};
use crate::model::role::RoleName;
use crate::model::situation::Situation;
use crate::plan::left_alone::{LeftAlone, Why};
use crate::plan::roles::Roles;
use crate::plan::{Plan, order};

/// What an earlier run did in one account, as far as is known.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// The run.
    pub run: &'a RunId,
    /// What it did, in the order in which it was sent.
    pub done: &'a [Done<'a>],
    /// What it sent, and nobody knows whether that was done.
    pub unknown: &'a [&'a Intent],
}

/// One thing that a run did.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// What was sent.
    pub intent: &'a Intent,
    /// The user whom it made, where that is known.
    pub made: Option<&'a UserId>,
}

/// Plans what makes the account what it was before a run, as far as it is still as the run left it.
pub fn undo(past: Past<'_>, situation: &Situation<'_>) -> Plan {
    let Past { run, done, unknown } = past;
    let mut undoing = Undoing::of(run, done, situation);
    for intent in unknown {
        undoing.leave_out(&intent.action.subject, Why::EndUnknown);
    }
    // Addresses first: whatever else is done about a person is done under the address that they get back.
    let (moves, others): (Vec<&Done<'_>>, Vec<&Done<'_>>) =
        done.iter().partition(|done| matches!(done.intent.action.change, Change::Move { .. }));
    for done in moves.into_iter().chain(others) {
        undoing.take_back(done);
    }
    undoing.roles_made_by(done);
    let Undoing { mut plan, .. } = undoing;
    order::sort(&mut plan.actions, situation.desired.catalogue);
    plan.left_alone.sort();
    plan.contradictions = contradiction::all(&plan.actions, situation);
    plan
}

/// A plan in the making that takes back a run.
struct Undoing<'a> {
    situation: Situation<'a>,
    cause: Cause,
    roles: Roles<'a>,
    /// Custom roles that the run deleted, which come back before anybody gets them.
    coming_back: BTreeSet<RoleName>,
    /// The addresses that people get back.
    addresses: BTreeMap<UserId, Email>,
    plan: Plan,
}

impl<'a> Undoing<'a> {
    fn of(run: &RunId, done: &[Done<'_>], situation: &Situation<'a>) -> Self {
        let deleted = done.iter().map(|done| done.intent).filter_map(|intent| {
            match (&intent.action.change, &intent.action.subject) {
                (Change::DeleteRole { .. }, Subject::Role(role)) => Some(role.clone()),
                _ => None,
            }
        });
        Self {
            situation: *situation,
            cause: Cause::TakenBack { account: situation.desired.place.clone(), run: run.to_string() },
            roles: Roles::of(situation),
            coming_back: deleted.collect(),
            addresses: BTreeMap::new(),
            plan: Plan::default(),
        }
    }

    fn take_back(&mut self, done: &Done<'_>) {
        let action = &done.intent.action;
        match (&action.subject, &action.change) {
            (Subject::User(email), change) => self.person(email, change, done),
            (Subject::Role(name), Change::UpdateRole { id, before, after }) => self.redefine(name, id, before, after),
            (Subject::Role(name), Change::DeleteRole { id: _, definition }) => self.make_again(name, definition),
            // Roles that the run made go last, once it is known who keeps them.
            (Subject::Role(_), _) => {}
        }
    }

    fn push(&mut self, subject: Subject, change: Change) {
        self.plan.actions.push(Action { subject, change, cause: self.cause.clone() });
    }

    /// Plans a change of somebody who is there, under the address that they get back.
    fn change(&mut self, there: &LiveUser, change: Change) {
        let email = self.addresses.get(&there.id).unwrap_or(&there.email).clone();
        self.push(Subject::User(email), change);
    }

    fn leave(&mut self, there: &LiveUser, why: Why) {
        let subject = Subject::User(there.email.clone());
        self.plan.left_alone.push(LeftAlone { subject, user: Some(there.clone()), why });
    }

    /// Leaves alone what is not there.
    fn leave_out(&mut self, subject: &Subject, why: Why) {
        self.plan.left_alone.push(LeftAlone { subject: subject.clone(), user: None, why });
    }

    /// What is as it was before is nothing to take back.
    fn is_back(&mut self) {
        self.plan.in_sync += 1;
    }
}
