//! What the guards that look at all accounts together say of one account's plan.

use crate::daemon::account::diary::Wanted;
use crate::daemon::order::Approval;
use crate::daemon::pass::{Task, Tools};
use crate::daemon::status::account::Taken;
use crate::guard::Review;
use crate::guard::run::{self, Share};
use crate::guard::twins::{self, Census};
use crate::model::digest::Digest;
use crate::model::ledger::Neighbours;
use crate::reconcile::{self, Observation};
use crate::schedule::Mode;
use crate::store::{Lease, Reservations, StoreError};

/// What the guards over all accounts say of a plan.
pub(super) struct Together<'a> {
    /// The review as somebody gets it who plans this account alone.
    pub(super) alone: Review,
    /// The plan that was consented to, and the consent.
    pub(super) consent: Option<(Digest, &'a Approval)>,
    /// What became of the consent.
    pub(super) taken: Option<Taken>,
}

/// Asks the guards that look at all accounts together, and lets through what somebody consented to. A plan that loses nothing
/// needs no word from the others. One that does is judged by the guards and reserved in one step, so that of two accounts that lose
/// something at once, whichever daemon keeps them, one knows of the other.
pub(super) async fn together<'a>(
    tools: &Tools,
    task: Task<'a>,
    lease: Option<&Lease>,
    observation: &mut Observation,
) -> Result<Together<'a>, StoreError> {
    let Task { name, wanted: Wanted { desired, .. }, .. } = task;
    let (state, now) = (&*tools.state, (tools.now)());
    let loses = Share::of(&observation.review).losses > 0;
    match lease {
        Some(lease) if loses => {
            reconcile::write_down_users(desired, observation, state, lease).await?;
            let mut found = None;
            let mut deciding = |neighbours: &Neighbours| {
                found = Some(guard(tools, task, Some(lease), observation, neighbours));
                let losses = Share::of_unheld(&observation.review).losses;
                tools.fellows.begins(name, losses);
                Reservations::from([(name.clone(), losses + observation.settled_losses())])
            };
            reconcile::reserve(&[lease], state, now, &mut deciding).await?;
            // Whoever answers without asking has reserved nothing.
            found.ok_or_else(|| StoreError::Superseded { account: name.clone() })
        }
        None if loses => {
            let neighbours = reconcile::neighbours(state, now).await?;
            Ok(guard(tools, task, lease, observation, &neighbours))
        }
        Some(_) | None => Ok(guard(tools, task, lease, observation, &Neighbours::new())),
    }
}

/// Holds what a guard over one plan alone cannot know of, and lets through what was consented to.
fn guard<'a>(
    tools: &Tools,
    task: Task<'a>,
    lease: Option<&Lease>,
    observation: &mut Observation,
    neighbours: &Neighbours,
) -> Together<'a> {
    let Task { name, wanted, mode, quarantined, .. } = task;
    let (fellows, now) = (&tools.fellows, (tools.now)());
    let mut alone = observation.review.clone();
    run::across([&mut alone], fellows.lost_elsewhere(name, neighbours, now), wanted.max_losses_total);
    if let Some(twin) = fellows.twin_of(name, Census::of(&observation.live), neighbours) {
        twins::hold(&mut observation.review, &twin);
    }
    let review = &mut observation.review;
    let others = fellows.beside(name, Share::of_unheld(review), neighbours, now);
    run::beside(review, others, wanted.max_losses_total);
    if let (Mode::Gain, Some(since)) = (mode, quarantined) {
        run::quarantine(review, since);
    }
    let (consent, taken) = consent(task, lease, observation);
    Together { alone, consent, taken }
}

/// Lets through what somebody consented to, if this is still the plan that they saw.
fn consent<'a>(
    task: Task<'a>,
    lease: Option<&Lease>,
    observation: &mut Observation,
) -> (Option<(Digest, &'a Approval)>, Option<Taken>) {
    let Some(approval) = task.approval else { return (None, None) };
    if lease.is_none() {
        return (None, Some(Taken::Observed));
    }
    match run::consent([(task.name, Some(&mut observation.review))], &approval.digest) {
        Ok(plan) => (Some((plan, approval)), Some(Taken::Yes)),
        Err(_) => (None, Some(Taken::OtherPlan)),
    }
}
