//! What a guard says.

use std::collections::BTreeSet;
use std::fmt;

use crate::guard::reason::Reason;

/// One thing a guard found in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What follows from it.
    pub verdict: Verdict,
    /// What was found.
    pub reason: Reason,
    /// The places in the plan of the actions it concerns; empty where the account is refused.
    pub holds: BTreeSet<usize>,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing in this account happens.
    Refuse,
    /// Some actions wait; the rest goes on.
    Hold,
    /// Some actions would wait, but somebody consented to exactly this plan.
    Consented,
    /// Nothing waits.
    Warn,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Refuse => "refuse",
            Self::Hold => "hold",
            Self::Consented => "consented",
            Self::Warn => "warn",
        })
    }
}
