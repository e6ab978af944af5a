//! What a rule that is no guard's says of a plan.

/// What a rule says of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ruling {
    /// What follows from it.
    pub says: Says,
    /// Which rule: file and line.
    pub rule: String,
    /// Why, in its words.
    pub message: String,
    /// What it is about.
    pub concern: Concern,
}

/// What follows from a ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// It must not happen.
    Deny,
    /// Somebody should know.
    Warn,
}

/// What a ruling is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Everything in the account.
    Account,
    /// The action at this place of the plan, from zero.
    Action(usize),
}

impl Says {
    /// The name of the rules that say so.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
        }
    }
}
