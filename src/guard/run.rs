//! What concerns all accounts of a run together: the limit over all of them, and consent to the plan as a whole.

use std::collections::BTreeSet;

use crate::guard::Review;
use crate::guard::digest;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::reason::Reason;
use crate::model::account_name::AccountName;
use crate::model::desired::guards::LossLimit;
use crate::model::digest::{Digest, DigestPrefix};

/// Consent to another plan than the one that came out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("consent was given to another plan: {given} is not {}", fresh.short())]
pub struct OtherPlan {
    /// What was consented to.
    pub given: DigestPrefix,
    /// What the plan is.
    pub fresh: Digest,
}

/// Holds the losses of all accounts of a run where there are more of them than the limit over all accounts allows. What
/// an account that is refused would lose does not happen, and does not count.
pub fn across<'a>(reviews: impl IntoIterator<Item = &'a mut Review>, limit: LossLimit) {
    let mut reviews: Vec<&mut Review> = reviews.into_iter().filter(|review| !review.is_refused()).collect();
    let losses = reviews.iter().flat_map(|review| review.losses.values()).sum();
    let managed = reviews.iter().map(|review| review.managed).sum();
    let limit = limit.among(managed);
    if losses <= limit {
        return;
    }
    for review in &mut reviews {
        let holds: BTreeSet<usize> = review.losses.keys().copied().collect();
        if !holds.is_empty() {
            let reason = Reason::TooManyLossesInAll { losses, managed, limit };
            review.add(Finding { verdict: Verdict::Hold, reason, holds });
        }
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
