//! What makes the daemon look at an account.

use std::fmt;

/// Why a pass began. It says so in the log, and decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// The daemon began, or took the account over.
    Start,
    /// It was time, for whichever reason.
    Timer,
    /// The roster asks for something else.
    Roster,
    /// Somebody asked for it.
    Operator,
}

impl fmt::Display for Trigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Start => "start",
            Self::Timer => "timer",
            Self::Roster => "roster",
            Self::Operator => "operator",
        })
    }
}
