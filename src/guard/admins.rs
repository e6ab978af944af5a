//! Walks through a plan step by step and counts who could still repair the account.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::Condition;
use crate::guard::finding::Guard;
use crate::model::action::{Action, Change};
use crate::model::live::{Snapshot, Status};
use crate::model::role::Catalogue;
use crate::plan::Plan;

/// What the walk found.
pub(super) struct Forecast {
    /// How many would be left at the worst moment, even if everything before it succeeds.
    pub(super) remaining: usize,
    /// Places of the actions that cost the account an active Owner or Admin.
    pub(super) losses: BTreeSet<usize>,
    /// For losses that are fine only if new Admins really came: which steps must have succeeded.
    pub(super) conditions: BTreeMap<usize, Condition>,
}

/// What an action does to the number of active Owners and Admins.
#[derive(PartialEq, Eq)]
enum Step {
    Gains,
    Loses,
    Keeps,
}

/// Counts active Owners and Admins before, after and between the actions that are not held already.
///
/// Nothing is counted on before it is done: a loss that would leave fewer than `minimum` without the Admins this very
/// plan brings in gets a condition on them.
pub(super) fn forecast(
    plan: &Plan,
    catalogue: Catalogue,
    live: &Snapshot,
    held: &BTreeMap<usize, BTreeSet<Guard>>,
    minimum: usize,
) -> Forecast {
    let present = live.users().values().filter(|user| user.is_active_admin(catalogue)).count();
    let mut gains = BTreeSet::new();
    let mut forecast = Forecast { remaining: present, losses: BTreeSet::new(), conditions: BTreeMap::new() };
    let open = plan.actions.iter().enumerate().filter(|(position, _)| !held.contains_key(position));
    for (position, action) in open {
        match effect(action, catalogue, live) {
            Step::Keeps => {}
            Step::Gains => drop(gains.insert(position)),
            Step::Loses => {
                forecast.losses.insert(position);
                let lost = forecast.losses.len();
                forecast.remaining = forecast.remaining.min((present + gains.len()).saturating_sub(lost));
                let certain = present.saturating_sub(lost);
                if certain < minimum {
                    let condition = Condition { at_least: minimum - certain, of: gains.clone() };
                    forecast.conditions.insert(position, condition);
                }
            }
        }
    }
    forecast
}

fn effect(action: &Action, catalogue: Catalogue, live: &Snapshot) -> Step {
    let there = match &action.change {
        Change::Move { from, .. } => live.users().get(from),
        _ => action.email().and_then(|email| live.users().get(email)),
    };
    let before = there.is_some_and(|user| user.is_active_admin(catalogue));
    let after = match &action.change {
        // Whoever is invited may never come, so an invitation repairs nothing.
        Change::Invite { .. }
        | Change::Reinvite { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => false,
        Change::Reactivate { to, .. } => catalogue.is_administrative(to),
        Change::ChangeRole { to, status, .. } => *status == Status::Active && catalogue.is_administrative(to),
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::Move { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. } => before,
    };
    match (before, after) {
        (false, true) => Step::Gains,
        (true, false) => Step::Loses,
        (true, true) | (false, false) => Step::Keeps,
    }
}
