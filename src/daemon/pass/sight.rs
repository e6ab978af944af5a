//! What people are shown of what a pass saw.

use std::collections::BTreeMap;

use crate::apply::Report;
use crate::daemon::status::account::{Sight, Users};
use crate::guard::digest;
use crate::guard::name::Guard;
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::live::{LiveUser, Status};
use crate::plan::left_alone::Why;
use crate::reconcile::Observation;
use crate::render::account::{AccountView, State};
use crate::render::json::Account;
use crate::render::json::action::{Action, Ended};

/// How many actions, and how many users who are left alone, are kept of a long list.
const LISTED: usize = 200;

/// The actions that were tried or not, with what became of them; and what was seen, with what is left to do.
pub(super) fn sight(
    name: &AccountName,
    desired: &DesiredAccount,
    observation: &Observation,
    report: Option<&Report>,
    at: jiff::Timestamp,
) -> (Vec<Action>, Sight) {
    let Observation { live, review, .. } = observation;
    let state = match report {
        None => State::Planned { live, review },
        Some(report) => State::Applied { live, review, report },
    };
    let mut account = Account::of(&AccountView { name, desired, state });
    let ended = account.actions.iter().filter(|action| action.outcome.is_some()).cloned().collect();
    account.actions.retain(|action| !is_done(action));
    let mut pending = BTreeMap::new();
    for action in &account.actions {
        *pending.entry(action.action).or_default() += 1;
    }
    let held = account.actions.iter().filter(|action| action.is_held()).count();
    let unlisted = account.actions.len().saturating_sub(LISTED);
    account.actions.sort_by_key(|action| !action.loss);
    account.actions.truncate(LISTED);
    account.left_alone.truncate(LISTED);
    let (mut findings, mut flapping) = (BTreeMap::new(), 0);
    for finding in review.findings() {
        let guard = finding.reason.guard();
        *findings.entry(guard).or_default() += 1;
        flapping += if guard == Guard::Flapping { finding.holds.len() } else { 0 };
    }
    let sight = Sight {
        at,
        users: users(desired, observation),
        account,
        unlisted,
        pending,
        held,
        digest: digest::of([(name, Some(review))]),
        consentable: review.consentable(),
        findings,
        flapping,
    };
    (ended, sight)
}

/// Whether an action needs no more doing.
pub(crate) fn is_done(action: &Action) -> bool {
    action.outcome.as_ref().is_some_and(|outcome| matches!(outcome.result, Ended::Done | Ended::WasSo))
}

fn users(desired: &DesiredAccount, observation: &Observation) -> Users {
    let live = &observation.live;
    let protect = &desired.guards.protect;
    let is_protected = |user: &&LiveUser| protect.iter().any(|pattern| pattern.matches(&user.email));
    let with = |status: Status| live.users().values().filter(|user| user.status == status).count();
    let left = &observation.review.plan().left_alone;
    let left = |why: &Why| left.iter().filter(|left| left.why == *why).count();
    Users {
        active: with(Status::Active),
        invited: with(Status::Invited),
        deactivated: with(Status::Deactivated),
        unmanaged: left(&Why::Unmanaged),
        ignored: left(&Why::Ignored),
        protected: live.users().values().filter(is_protected).count(),
    }
}
