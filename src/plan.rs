//! Desired and live in, plan out: every decision about what should change is made here, and nowhere later.
//!
//! Not here: whether it may happen (`guard`), how it is carried out (`provider`), how it looks (`render`). The functions
//! are pure: no I/O, no clock, no environment; order comes from the data alone, and the day from the situation.

mod departures;
mod invitations;
pub mod left_alone;
pub mod order;
mod pairs;
mod people;
mod roles;
pub mod side_by_side;
pub mod undo;
mod wake;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::model::action::{Action, Cause, Change, Subject};
use crate::model::desired::access::day_of;
use crate::model::email::Email;
use crate::model::live::LiveUser;
use crate::model::place::Place;
use crate::model::situation::Situation;
use crate::plan::left_alone::{LeftAlone, Why};
use crate::plan::pairs::{Pair, pairs};
use crate::plan::roles::Roles;
use crate::plan::undo::contradiction::Contradiction;

/// How many days before somebody's access ends the plan begins to say so.
pub const ENDING_SOON: i64 = 14;

/// What should change in one account, in the order in which it should happen.
#[must_use = "a plan that is neither shown nor reviewed changes nothing"]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes: what gives access first, then names, then what takes access away.
    pub actions: Vec<Action>,
    /// Who and what is deliberately not touched, and why.
    pub left_alone: Vec<LeftAlone>,
    /// Whose access ends within [`ENDING_SOON`] days, the nearest first.
    pub ending: Vec<Ending>,
    /// How many users are just as the file says.
    pub in_sync: usize,
    /// What the file wants otherwise than the account will be; empty for a plan that the file asks for.
    pub contradictions: Vec<Contradiction>,
}

/// Somebody whose access ends soon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// The last day, in UTC.
    pub expires: Date,
    /// Who.
    pub email: Email,
    /// Where the file says so.
    pub place: Place,
}

/// Plans the changes that make the account what the file says, over the state table of the design.
pub fn plan(situation: &Situation<'_>) -> Plan {
    let mut planner = Planner::new(situation);
    planner.roles();
    let mut strangers = Vec::new();
    for pair in pairs(situation) {
        match pair {
            Pair::Listed { email, wanted, present } => planner.listed(email, wanted, present),
            Pair::Stranger(there) => strangers.push(there),
        }
    }
    // Only now: anybody of the file may have been one of them before.
    for there in strangers {
        if !planner.met.contains(&there.email) {
            planner.unlisted(there);
        }
    }
    planner.needless_roles();
    let Planner { mut plan, .. } = planner;
    order::sort(&mut plan.actions, situation.desired.catalogue);
    plan.left_alone.sort();
    plan.ending.sort();
    plan
}

/// The next moment after `now` at which time alone may change the plan; `None` where it never does. Until then the same
/// file, account and memory make the same plan.
#[must_use]
pub fn wakes(situation: &Situation<'_>) -> Option<Timestamp> {
    wake::moments(situation).filter(|moment| *moment > situation.now).min()
}

/// A plan in the making.
struct Planner<'a> {
    situation: Situation<'a>,
    today: Date,
    roles: Roles<'a>,
    /// Users whom an earlier run saw under an address that the file has, and who now have one that it does not.
    renamed: BTreeMap<&'a Email, Vec<&'a LiveUser>>,
    /// The logins of users who are somebody of the file under a former address.
    met: BTreeSet<&'a Email>,
    plan: Plan,
}

impl<'a> Planner<'a> {
    fn new(situation: &Situation<'a>) -> Self {
        Self {
            situation: *situation,
            today: day_of(situation.now),
            roles: Roles::of(situation),
            renamed: renamed(situation),
            met: BTreeSet::new(),
            plan: Plan::default(),
        }
    }

    /// The last day on which an ending of access is soon.
    fn soon(&self) -> Date {
        self.today.saturating_add(ENDING_SOON.days())
    }

    fn push(&mut self, email: &Email, change: Change, cause: Cause) {
        self.plan.actions.push(Action { subject: Subject::User(email.clone()), change, cause });
    }

    fn leave(&mut self, there: &LiveUser, why: Why) {
        let subject = Subject::User(there.email.clone());
        self.plan.left_alone.push(LeftAlone { subject, user: Some(there.clone()), why });
    }

    /// Leaves somebody alone who is not in the account.
    fn leave_out(&mut self, email: &Email, why: Why) {
        self.plan.left_alone.push(LeftAlone { subject: Subject::User(email.clone()), user: None, why });
    }
}

fn renamed<'a>(situation: &Situation<'a>) -> BTreeMap<&'a Email, Vec<&'a LiveUser>> {
    let known_as = &situation.ledger.known_as;
    let mut renamed: BTreeMap<&Email, Vec<&LiveUser>> = BTreeMap::new();
    if known_as.is_empty() {
        return renamed;
    }
    for pair in pairs(situation) {
        if let Pair::Stranger(user) = pair
            && let Some(known) = known_as.get(&user.id).filter(|known| **known != user.email)
        {
            renamed.entry(known).or_default().push(user);
        }
    }
    renamed
}
