//! What concerns all accounts of a run together: the limit over all of them, and consent to the plan as a whole.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::guard::Review;
use crate::guard::digest;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::losses;
use crate::guard::reason::Reason;
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::desired::guards::LossLimit;
use crate::model::digest::{Digest, DigestPrefix};
use crate::model::email::Email;
use crate::model::ledger::Neighbour;

/// Consent to another plan than the one that came out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("consent was given to another plan: {given} is not {}", fresh.short())]
pub struct OtherPlan {
    /// What was consented to.
    pub given: DigestPrefix,
    /// What the plan is.
    pub fresh: Digest,
}

/// What one account puts into the limit over all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many people lose by its plan, or lost by earlier ones that count still.
    pub losses: usize,
    /// How many users it has, without those ignored.
    pub managed: usize,
}

impl Share {
    /// What the plan of one account puts in. What an account that is refused would lose does not happen, and does not
    /// count.
    #[must_use]
    pub fn of(review: &Review) -> Self {
        let losses = if review.is_refused() { 0 } else { review.losses.values().sum() };
        Self { losses, managed: review.managed }
    }

    /// The same, without what is held already and so does not happen for now.
    #[must_use]
    pub fn of_unheld(review: &Review) -> Self {
        let unheld = review.losses.iter().filter(|(position, _)| !review.is_held(**position));
        Self { losses: unheld.map(|(_, losses)| losses).sum(), managed: review.managed }
    }

    /// What an account that is not looked at now lost within a day and is losing, as far as the state knows.
    #[must_use]
    pub fn of_the_day(
        desired: &DesiredAccount,
        Neighbour { known_as, losses, losing }: &Neighbour,
        now: Timestamp,
    ) -> Self {
        let lost = losses::of_the_day(losses, now);
        let known = known_as.values().filter(|email| !desired.ignores(email)).count();
        // Those who went today were there this morning.
        Self { losses: lost + losing, managed: known + lost }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { losses: self.losses + other.losses, managed: self.managed + other.managed }
    }
}

/// Holds the losses of all accounts of a run where there are more of them than the limit over all accounts allows, together
/// with what the other accounts of the roster lost within a day: whoever takes one account after the other is no better.
pub fn across<'a>(reviews: impl IntoIterator<Item = &'a mut Review>, others: Share, limit: LossLimit) {
    let mut reviews: Vec<&mut Review> = reviews.into_iter().filter(|review| !review.is_refused()).collect();
    let all = reviews.iter().map(|review| Share::of(review)).fold(Share::default(), Share::and);
    for review in &mut reviews {
        let holds = review.losses.keys().copied().collect();
        hold(review, holds, all, others, limit);
    }
}

/// Warns of addresses that are protected and that nobody has in any of these accounts, which are all there are: a slip there
/// protects nobody.
pub fn protected_somewhere<'a>(reviews: impl IntoIterator<Item = &'a mut Review>) {
    let mut reviews: Vec<&mut Review> = reviews.into_iter().collect();
    let protected = || reviews.iter().flat_map(|review| &review.protected);
    let found: BTreeSet<&Email> = protected().filter(|(_, found)| **found).map(|(email, _)| email).collect();
    let emails: BTreeSet<Email> =
        protected().map(|(email, _)| email).filter(|email| !found.contains(email)).cloned().collect();
    // Once is enough, where somebody is protected first.
    let first = reviews.iter_mut().find(|review| review.protected.keys().any(|email| emails.contains(email)));
    if let Some(review) = first {
        let reason = Reason::ProtectedNotFound { emails };
        review.add(Finding { verdict: Verdict::Warn, reason, holds: BTreeSet::new() });
    }
}

/// Holds the losses of one account where there are, together with what the others lose, more of them than the limit over
/// all accounts allows. What is held already does not happen, and does not count. For who looks at one account after the other.
pub fn beside(review: &mut Review, others: Share, limit: LossLimit) {
    let all = Share::of_unheld(review).and(others);
    let holds = review.losses.keys().copied().filter(|position| !review.is_held(*position)).collect();
    hold(review, holds, all, Share::default(), limit);
}

fn hold(review: &mut Review, holds: BTreeSet<usize>, now: Share, before: Share, limit: LossLimit) {
    let (losses, earlier) = (now.losses, before.losses);
    let managed = now.managed + before.managed;
    let limit = limit.among(managed);
    if losses + earlier > limit && !holds.is_empty() && !review.is_refused() {
        let reason = Reason::TooManyLossesInAll { losses, earlier, managed, limit };
        review.add(Finding { verdict: Verdict::Hold, reason, holds });
    }
}

/// Holds the losses that nothing else holds: an earlier plan was held, and nobody has looked since. That there are fewer
/// now does not make them right.
pub fn quarantine(review: &mut Review, since: Timestamp) {
    let holds: BTreeSet<usize> = review.losses.keys().copied().filter(|position| !review.is_held(*position)).collect();
    if !holds.is_empty() {
        review.add(Finding { verdict: Verdict::Hold, reason: Reason::EarlierPlanHeld { since }, holds });
    }
}

/// Lets through whatever can be consented to, if this is the plan that consent was given to. What no consent sets aside
/// stays held. Returns the plan's digest.
///
/// # Errors
///
/// Where the plan is another. Nothing is let through then.
pub fn consent<'a>(
    run: impl IntoIterator<Item = (&'a AccountName, Option<&'a mut Review>)>,
    given: &DigestPrefix,
) -> Result<Digest, OtherPlan> {
    let mut run: Vec<(&AccountName, Option<&mut Review>)> = run.into_iter().collect();
    let fresh = digest::of(run.iter().map(|(name, review)| (*name, review.as_deref())));
    if !given.begins(&fresh) {
        return Err(OtherPlan { given: given.clone(), fresh });
    }
    run.iter_mut().filter_map(|(_, review)| review.as_deref_mut()).for_each(Review::consent);
    Ok(fresh)
}
