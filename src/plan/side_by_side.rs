//! Who the file lists and whom the account has, side by side, with what the plan makes of each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::action::{Action, Change, Subject};
use crate::model::desired::DesiredAccount;
use crate::model::desired::access::{DesiredUser, Standing as Day, day_of};
use crate::model::email::Email;
use crate::model::live::{LiveUser, Snapshot, Status};
use crate::plan::Plan;
use crate::plan::left_alone::Why;

/// One person on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person<'a> {
    /// The address: that of the file, where the account has a former one.
    pub email: &'a Email,
    /// What the file says; `None` where it does not list the person.
    pub wanted: Option<&'a DesiredUser>,
    /// What the account has; `None` where it has nobody.
    pub there: Option<&'a LiveUser>,
    /// How the two compare.
    pub standing: Standing,
    /// The places in the plan of what is to be done about the person.
    pub actions: Vec<usize>,
}

/// How file and account compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The plan changes something.
    Differs,
    /// They may differ, and the plan leaves that alone.
    LeftAlone(Why),
    /// The file gives access, and the account has nobody of this address whom a plan could do something about.
    Missing,
    /// The file does not list the person, who stays.
    Unmanaged,
    /// The person is invited as the file says, and has not accepted yet.
    Pending,
    /// The account is as the file says; also where the file gives access on other days, and nobody is there.
    InSync,
    /// The file says that the person is no concern of it.
    Ignored,
}

/// Everybody whom the file or the account has, by address; which days the file's access has come to is told by `now`.
#[must_use]
pub fn people<'a>(desired: &'a DesiredAccount, live: &'a Snapshot, plan: &'a Plan, now: Timestamp) -> Vec<Person<'a>> {
    let mut actions: BTreeMap<&Email, Vec<usize>> = BTreeMap::new();
    let mut former: BTreeMap<&Email, &Email> = BTreeMap::new();
    for (position, action) in plan.actions.iter().enumerate() {
        let Some(email) = action.email() else { continue };
        actions.entry(email).or_default().push(position);
        if let Action { change: Change::Move { from, .. }, .. } = action {
            former.insert(email, from);
        }
    }
    let today = day_of(now);
    let alone = plan.left_alone.iter().filter_map(|left| match &left.subject {
        Subject::User(email) => Some((email, left.why)),
        Subject::Role(_) => None,
    });
    let alone: BTreeMap<&Email, Why> = alone.collect();
    let moved: BTreeSet<&Email> = former.values().copied().collect();
    let there = live.users().keys().filter(|email| !moved.contains(email));
    let everybody: BTreeSet<&Email> = desired.users.keys().chain(there).collect();
    let person = |email: &'a Email| {
        let there = live.users().get(email).or_else(|| live.users().get(former.get(email).copied()?));
        let wanted = desired.users.get(email);
        let has_access = |wanted: &DesiredUser| wanted.term.on(today) == Day::Running;
        let actions = actions.get(email).cloned().unwrap_or_default();
        let standing = match alone.get(email) {
            _ if !actions.is_empty() => Standing::Differs,
            Some(Why::Unmanaged) => Standing::Unmanaged,
            Some(Why::Ignored) => Standing::Ignored,
            Some(why) => Standing::LeftAlone(*why),
            None if there.is_some_and(|there| there.status == Status::Invited) => Standing::Pending,
            None if there.is_none() && wanted.is_some_and(has_access) => Standing::Missing,
            None => Standing::InSync,
        };
        Person { email, wanted, there, standing, actions }
    };
    everybody.into_iter().map(person).collect()
}
