//! What the end of a pass means for the next one.

use std::time::Duration;

use jiff::SignedDuration;

use crate::apply::{NotTried, Outcome, Report};
use crate::guard::Review;
use crate::provider::error::ProviderError;
use crate::schedule::Verdict;

/// A pass that could not read the account.
pub(super) fn unread(error: &ProviderError) -> Verdict {
    match error {
        ProviderError::Denied { .. } => Verdict::Denied,
        ProviderError::Throttled { retry_after, .. } => throttled(*retry_after),
        _ => Verdict::Unread,
    }
}

/// A pass that only looked.
pub(super) fn looked(review: &Review) -> Verdict {
    if waits(review) {
        Verdict::Held
    } else if review.plan().actions.is_empty() {
        Verdict::Kept
    } else {
        Verdict::Differs
    }
}

/// A pass that carried out what it could. Of several failures the one that says most about the account counts.
pub(super) fn carried_out(review: &Review, report: &Report) -> Verdict {
    if report.state.is_some() {
        return Verdict::Unread;
    }
    let (mut incomplete, mut outage, mut wait) = (false, false, None);
    for entry in &report.entries {
        match &entry.outcome {
            Outcome::Done(_) | Outcome::NotTried(NotTried::Stopped) => {}
            Outcome::Failed(ProviderError::Denied { .. }) => return Verdict::Denied,
            Outcome::Failed(ProviderError::Throttled { retry_after, .. }) => wait = wait.max(Some(*retry_after)),
            Outcome::Failed(error) if error.is_outage() => outage = true,
            Outcome::Failed(_) => incomplete = true,
            // It leans on something that failed, and that is counted.
            Outcome::NotTried(NotTried::AccountFailed | NotTried::StateFailed | NotTried::TakenOver) => {}
            Outcome::NotTried(
                NotTried::LeansOn { .. }
                | NotTried::TooFewAdmins { .. }
                | NotTried::AdminsUnread { .. }
                | NotTried::ListingDisproved,
            ) => incomplete = true,
        }
    }
    match wait {
        _ if outage => Verdict::Unread,
        Some(retry_after) => throttled(retry_after),
        None if incomplete => Verdict::Incomplete,
        None if waits(review) => Verdict::Held,
        None => Verdict::Kept,
    }
}

/// Whether something waits for a person.
fn waits(review: &Review) -> bool {
    let held = (0..review.plan().actions.len()).any(|position| review.is_held(position));
    held || review.is_refused() || review.plan().left_alone.iter().any(|left| left.is_unsettled())
}

fn throttled(retry_after: Option<Duration>) -> Verdict {
    Verdict::Throttled { retry_after: retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()) }
}
