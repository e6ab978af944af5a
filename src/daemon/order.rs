//! What makes the daemon look at an account, and what an operator may ask of it.

use std::fmt;

use crate::model::account_name::AccountName;
use crate::model::digest::DigestPrefix;
use crate::model::upkeep::Suspension;

/// Why a pass began. It says so in logs and on the status page, and decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// The daemon began, or took the account over.
    Start,
    /// It was time, for whichever reason.
    Timer,
    /// The roster asks for something else.
    Roster,
    /// Somebody asked for it.
    Operator,
    /// The repository says that something was pushed.
    Hook,
}

/// What an operator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Look at this account, or at all of them, and read the roster again.
    Look {
        /// Which; all where none is named.
        account: Option<AccountName>,
        /// Who wants it.
        trigger: Trigger,
    },
    /// Leave this account alone.
    Pause {
        /// Which.
        account: AccountName,
        /// Why, and until when.
        suspension: Suspension,
    },
    /// Go on with this account: a pause and a quarantine end.
    Resume {
        /// Which.
        account: AccountName,
    },
    /// Carry out what is held in this account's plan.
    Approve {
        /// Which.
        account: AccountName,
        /// To which plan, by whom, and why.
        approval: Approval,
    },
}

/// Somebody's word that what is held in one plan is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// What the plan was shown as.
    pub digest: DigestPrefix,
    /// Who says so.
    pub actor: String,
    /// Why, in their words.
    pub reason: Option<String>,
}

/// Why an order was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such account.
    #[error("the roster has no account `{account}`")]
    Unknown {
        /// What was named.
        account: AccountName,
    },
    /// The daemon is ending.
    #[error("the daemon is ending")]
    Ending,
}

impl Order {
    /// The account it is about, where it is about one.
    #[must_use]
    pub fn account(&self) -> Option<&AccountName> {
        match self {
            Self::Look { account, trigger: _ } => account.as_ref(),
            Self::Pause { account, .. } | Self::Resume { account } | Self::Approve { account, .. } => Some(account),
        }
    }
}

impl Trigger {
    /// Every trigger there is.
    pub const ALL: [Self; 5] = [Self::Start, Self::Timer, Self::Roster, Self::Operator, Self::Hook];

    /// The name in logs, labels and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Timer => "timer",
            Self::Roster => "roster",
            Self::Operator => "operator",
            Self::Hook => "hook",
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
