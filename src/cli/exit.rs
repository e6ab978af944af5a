//! The exit codes: an interface, in one place.

use std::process::ExitCode;

use crate::render::summary::Summary;

/// How the process ends. The README has the same table; a test compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, and nothing is left; or `plan` without `--detailed-exitcode`.
    Done,
    /// Failed: an account could not be read, a file could not be written.
    Failed,
    /// `plan --detailed-exitcode`: changes, none of which takes access away; `fmt --check`: files to write.
    Changes,
    /// A guard held something back.
    Held,
    /// `apply`: some actions were carried out, some failed or were not tried.
    Partly,
    /// `plan --detailed-exitcode`: changes, and some take access away.
    Losses,
    /// `apply`: another plan comes out than the one agreed to, or a saved one cannot be used; nothing was done.
    Stale,
    /// Wrong use of the command line.
    Usage,
    /// The roster is invalid or cannot be read.
    Invalid,
}

impl Exit {
    /// Every code there is, by number.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Failed,
        Self::Changes,
        Self::Held,
        Self::Partly,
        Self::Losses,
        Self::Stale,
        Self::Usage,
        Self::Invalid,
    ];

    /// The number the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes => 2,
            Self::Held => 3,
            Self::Partly => 4,
            Self::Losses => 5,
            Self::Stale => 6,
            Self::Usage => 64,
            Self::Invalid => 65,
        }
    }

    /// What the number means, as the documentation says it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, nothing left; or `plan` without `--detailed-exitcode`",
            Self::Failed => "failed: an account could not be read, a file could not be written, …",
            Self::Changes => {
                "`plan --detailed-exitcode`: changes, none of which takes access away; `fmt --check`: files to write"
            }
            Self::Held => "a guard held something back, or something needs a person to settle it",
            Self::Partly => "`apply`: some actions were carried out, some failed or were not tried",
            Self::Losses => "`plan --detailed-exitcode`: changes, and some take access away",
            Self::Stale => {
                "`apply`: another plan comes out than the one agreed to, or a saved one cannot be used; nothing was done"
            }
            Self::Usage => "wrong use of the command line",
            Self::Invalid => "the roster is invalid or cannot be read",
        }
    }

    /// How a plan ends where the exit code is to tell what stands in it.
    #[must_use]
    pub fn of_plan(summary: &Summary) -> Self {
        if summary.unread > 0 {
            Self::Failed
        } else if summary.is_held_back() {
            Self::Held
        } else if summary.approved.losses() > 0 {
            Self::Losses
        } else if summary.approved.total() > 0 {
            Self::Changes
        } else {
            Self::Done
        }
    }

    /// How an apply ends: what failed counts for more than what was held.
    #[must_use]
    pub fn of_apply(summary: &Summary) -> Self {
        let incomplete = summary.failed + summary.not_tried + summary.unread + summary.unwritten > 0;
        if incomplete && summary.done > 0 {
            Self::Partly
        } else if incomplete {
            Self::Failed
        } else if summary.is_held_back() {
            Self::Held
        } else {
            Self::Done
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
