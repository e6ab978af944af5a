//! What people should hear of an account or of the roster: what is wrong with it now, and what just happened to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;

use crate::model::account_name::AccountName;

/// How things stand after a look at one account, or at the roster's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// When.
    pub at: Timestamp,
    /// What is wrong now, and what is not. What this look could not tell is left out, and stays as it was.
    pub problems: BTreeMap<Topic, Option<Matter>>,
    /// What happened.
    pub events: Vec<(Topic, Matter)>,
}

/// What news are about. The first ones last; the others happen, and that is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The account is not as the roster says, and is only looked at.
    Drift,
    /// Something waits for a person.
    Held,
    /// The account cannot be read or changed.
    Failed,
    /// The key is refused, or there is none.
    AuthFailed,
    /// The roster's files cannot be used.
    RosterInvalid,
    /// Two sides change the account in turn.
    Flapping,
    /// The account rests.
    Suspended,
    /// Somebody's access ends soon.
    Expiring,
    /// An invitation was sent as often as it may be, and is not accepted.
    GivenUp,
    /// Something was carried out.
    Applied,
    /// Something was carried out, and something failed.
    AppliedInPart,
    /// Somebody else had changed the account, and that was put right.
    DriftCorrected,
    /// The roster has an account no more, and nothing is done in it from now on.
    AccountDropped,
    /// Somebody tries whether notifications arrive.
    Test,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look at it, in time.
    Warning,
    /// Accounts are not kept until somebody does something.
    Critical,
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// What it is made of. It is news where one of these was not told before; there are no times in them, and nothing else
    /// that differs although nothing has changed.
    pub keys: BTreeSet<String>,
    /// How much it matters.
    pub severity: Severity,
    /// A sentence without its full stop.
    pub title: String,
    /// Who and what, a line each.
    pub lines: Vec<String>,
    /// What a person can do.
    pub hint: Option<String>,
    /// The command that does it, where it is one command.
    pub command: Option<String>,
    /// The plan it is about, as much of its digest as people are shown.
    pub plan: Option<String>,
}

/// What is said about a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When it was so.
    pub at: Timestamp,
    /// The account; none where it is about the roster's files.
    pub account: Option<AccountName>,
    /// About what.
    pub topic: Topic,
    /// Whether it begins, goes on, is over, or just happened.
    pub phase: Phase,
    /// Since when it is so.
    pub since: Timestamp,
    /// What there is to say.
    pub matter: Matter,
}

/// Where a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It is so from now on, or there is more of it.
    Began,
    /// It is still so.
    GoesOn,
    /// It is over.
    Recovered,
    /// It happened, and that is all.
    Happened,
}

impl Topic {
    /// Every topic that comes by itself.
    pub const ALL: [Self; 13] = [
        Self::Drift,
        Self::Held,
        Self::Failed,
        Self::AuthFailed,
        Self::RosterInvalid,
        Self::Flapping,
        Self::Suspended,
        Self::Expiring,
        Self::GivenUp,
        Self::Applied,
        Self::AppliedInPart,
        Self::DriftCorrected,
        Self::AccountDropped,
    ];

    /// The name in files and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::AuthFailed => "auth-failed",
            Self::RosterInvalid => "roster-invalid",
            Self::Flapping => "flapping",
            Self::Suspended => "suspended",
            Self::Expiring => "expiring",
            Self::GivenUp => "given-up",
            Self::Applied => "applied",
            Self::AppliedInPart => "applied-in-part",
            Self::DriftCorrected => "drift-corrected",
            Self::AccountDropped => "account-dropped",
            Self::Test => "test",
        }
    }

    /// Whether people are told again that it is still so. Where a date says when it ends there is nothing to add.
    #[must_use]
    pub fn is_repeated(self) -> bool {
        match self {
            Self::Drift | Self::Held | Self::Failed | Self::AuthFailed | Self::RosterInvalid | Self::Flapping => true,
            Self::Suspended
            | Self::Expiring
            | Self::GivenUp
            | Self::Applied
            | Self::AppliedInPart
            | Self::DriftCorrected
            | Self::AccountDropped
            | Self::Test => false,
        }
    }
}

impl Severity {
    /// The name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Phase {
    /// The name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::GoesOn => "goes-on",
            Self::Recovered => "recovered",
            Self::Happened => "happened",
        }
    }
}

impl Matter {
    /// A matter that is what this key says, with nothing but a title.
    #[must_use]
    pub fn new(key: impl Into<String>, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            keys: BTreeSet::from([key.into()]),
            severity,
            title: title.into(),
            lines: Vec::new(),
            hint: None,
            command: None,
            plan: None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
