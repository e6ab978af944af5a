//! What depends on which actions go through: enough Owners and Admins at every moment, and not too many.
//!
//! Two futures are looked at: the one in which everything held stays held, and the one in which somebody consents to
//! whatever can be consented to. So consent never meets a reason that was not shown before.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use crate::guard::admins::Admins;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::reason::{Consentable, Reason};
use crate::guard::safeguard::{Condition, Reliance};

/// Which actions go through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Future {
    /// Those that nothing holds.
    AsItStands,
    /// Those, too, that somebody can consent to.
    WithConsent,
}

/// Adds what is found of the number of Owners and Admins.
pub(super) fn settle(admins: &Admins, findings: &mut Vec<Finding>) {
    for future in [Future::AsItStands, Future::WithConsent] {
        too_few(admins, findings, future);
        if too_many(admins, findings, future) {
            too_few(admins, findings, future);
        }
    }
    warn_of_too_many(admins, findings);
}

/// What must have succeeded before each of the actions that go through is tried, and who must still be there.
pub(super) fn safeguards(
    admins: &Admins,
    findings: &[Finding],
) -> (BTreeMap<usize, Condition>, BTreeMap<usize, Reliance>) {
    let open = |position| is_open(findings, position, Future::AsItStands);
    (admins.forecast(open).conditions, admins.reliances(open))
}

fn is_open(findings: &[Finding], position: usize, future: Future) -> bool {
    !findings.iter().any(|finding| {
        let holds = finding.verdict == Verdict::Hold && finding.holds.contains(&position);
        holds && (future == Future::AsItStands || finding.reason.consent() == Consentable::Never)
    })
}

/// Somebody must be able to repair the account at every moment of the apply.
fn too_few(admins: &Admins, findings: &mut Vec<Finding>, future: Future) {
    let forecast = admins.forecast(|position| is_open(findings, position, future));
    if forecast.remaining < admins.minimum {
        let reason = Reason::TooFewAdmins { remaining: forecast.remaining, minimum: admins.minimum };
        hold(findings, reason, forecast.losses, future);
    }
}

/// Whoever may do everything can do every harm. Tells whether that holds something.
fn too_many(admins: &Admins, findings: &mut Vec<Finding>, future: Future) -> bool {
    let forecast = admins.forecast(|position| is_open(findings, position, future));
    match admins.maximum {
        Some(maximum) if forecast.holding > maximum => {
            hold(findings, Reason::TooManyAdmins { admins: forecast.holding, maximum }, forecast.gains, future)
        }
        Some(_) | None => false,
    }
}

/// Too many that no action of this plan brings in are a word to whoever reads it.
fn warn_of_too_many(admins: &Admins, findings: &mut Vec<Finding>) {
    let forecast = admins.forecast(|position| is_open(findings, position, Future::AsItStands));
    if let Some(maximum) = admins.maximum
        && forecast.holding > maximum
        && !findings.iter().any(|finding| matches!(finding.reason, Reason::TooManyAdmins { .. }))
    {
        let reason = Reason::TooManyAdmins { admins: forecast.holding, maximum };
        findings.push(Finding { verdict: Verdict::Warn, reason, holds: BTreeSet::new() });
    }
}

/// Holds what would go through in this future and not in the one looked at before. Tells whether there was anything.
fn hold(findings: &mut Vec<Finding>, reason: Reason, mut holds: BTreeSet<usize>, future: Future) -> bool {
    if future == Future::WithConsent {
        holds.retain(|position| !is_open(findings, *position, Future::AsItStands));
    }
    if holds.is_empty() {
        return false;
    }
    let same = |known: &&mut Finding| discriminant(&known.reason) == discriminant(&reason) && !known.holds.is_empty();
    match findings.iter_mut().find(same) {
        Some(known) => known.holds.extend(holds),
        None => findings.push(Finding { verdict: Verdict::Hold, reason, holds }),
    }
    true
}
