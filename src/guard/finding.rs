//! What a guard says, and why.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use crate::model::email::Email;
use crate::model::live::Doubt;

/// One thing a guard found in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What follows from it.
    pub verdict: Verdict,
    /// What was found.
    pub reason: Reason,
    /// The places in the plan of the actions that wait because of it; empty where the account is refused.
    pub holds: BTreeSet<usize>,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing in this account happens.
    Refuse,
    /// Some actions wait; the rest goes on.
    Hold,
    /// Nothing waits.
    Warn,
}

/// The guards, by the names they have in the file and in every output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// The declared Owner is the live one, and keeps the account.
    Owner,
    /// No loss without a proven complete read.
    CompleteRead,
    /// Neither side is empty by accident.
    Empty,
    /// Not too many losses at once.
    MaxLosses,
    /// Enough active Owners and Admins at every moment.
    MinAdmins,
    /// The account's logins are what the file calls people by.
    Logins,
}

/// What a guard found: one variant, one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The account listed nobody.
    EmptyAccount,
    /// The file lists nobody.
    EmptyRoster,
    /// Nobody in the account holds the Owner's role, or it is not there at all.
    OwnerNotFound {
        /// Who should.
        declared: Email,
    },
    /// Somebody else holds the Owner's role: this may be the wrong account.
    OwnerIsSomebodyElse {
        /// Who should.
        declared: Email,
        /// Who does.
        live: BTreeSet<Email>,
    },
    /// More than one user holds the Owner's role.
    SeveralOwners {
        /// Who does.
        live: BTreeSet<Email>,
    },
    /// An action would take the Owner's access away or make somebody Owner.
    OwnershipWouldChange {
        /// Whose.
        emails: BTreeSet<Email>,
    },
    /// The listing may have missed or doubled somebody.
    NotProvenWhole {
        /// Why.
        doubts: BTreeSet<Doubt>,
    },
    /// The account shows nobody's role, so nobody can tell what a change of role takes away.
    RolesNotShown,
    /// Not one login in the account is an address, so nobody there can be recognised.
    LoginsAreNotAddresses {
        /// One of them.
        example: Email,
    },
    /// More people would lose access than the limit allows.
    TooManyLosses {
        /// How many would.
        losses: usize,
        /// How many users the account has, without those ignored.
        managed: usize,
        /// How many may.
        limit: usize,
    },
    /// Fewer active Owners and Admins than the limit are known to begin with.
    AdminsNotKnown {
        /// How many are known.
        present: usize,
        /// How many must remain.
        minimum: usize,
    },
    /// Fewer active Owners and Admins than the limit would remain.
    TooFewAdmins {
        /// How many would remain.
        remaining: usize,
        /// How many must.
        minimum: usize,
    },
}

impl Reason {
    /// The guard this comes from.
    #[must_use]
    pub fn guard(&self) -> Guard {
        match self {
            Self::EmptyAccount | Self::EmptyRoster => Guard::Empty,
            Self::OwnerNotFound { .. }
            | Self::OwnerIsSomebodyElse { .. }
            | Self::SeveralOwners { .. }
            | Self::OwnershipWouldChange { .. } => Guard::Owner,
            Self::NotProvenWhole { .. } | Self::RolesNotShown => Guard::CompleteRead,
            Self::LoginsAreNotAddresses { .. } => Guard::Logins,
            Self::TooManyLosses { .. } => Guard::MaxLosses,
            Self::AdminsNotKnown { .. } | Self::TooFewAdmins { .. } => Guard::MinAdmins,
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        match self {
            Self::EmptyAccount => {
                "check `url` and `key`; if the account really has no users yet, write `allow_empty: true`".into()
            }
            Self::EmptyRoster => "if everybody is to leave, write `allow_empty: true`".into(),
            Self::OwnerNotFound { .. } | Self::OwnerIsSomebodyElse { .. } => {
                "check `url` and `key`: this may be another account; if the Owner has changed, correct `owner`".into()
            }
            Self::SeveralOwners { .. } => "an account has one Owner: clear this up in the account first".into(),
            Self::OwnershipWouldChange { .. } => {
                "ownership is handed over in the account, by the present Owner; then correct `owner`".into()
            }
            Self::NotProvenWhole { .. } => {
                "run the same command again; if it stays, the server's listing cannot be trusted with removals".into()
            }
            Self::RolesNotShown => {
                "check what `key` may see; the server may keep roles where roster does not look".into()
            }
            Self::LoginsAreNotAddresses { .. } => {
                "the file names people by address: this server's `userName` has to be one".into()
            }
            Self::AdminsNotKnown { .. } => {
                "Admins are known by their role's name; if this account calls them otherwise, \
                 write `guards: { min_admins: 0 }` and look after it yourself"
                    .into()
            }
            Self::TooManyLosses { losses, .. } => {
                format!("if this is meant, allow it in the file: `guards: {{ max_losses: {{ at_least: {losses} }} }}`")
                    .into()
            }
            Self::TooFewAdmins { minimum, .. } => {
                format!("make somebody an Admin first, and let them sign in: {minimum} must remain").into()
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyAccount => write!(formatter, "the account lists no users at all"),
            Self::EmptyRoster => write!(formatter, "the file lists no users for this account"),
            Self::OwnerNotFound { declared } => {
                write!(formatter, "the file says the Owner is {declared}, and the account does not show them as such")
            }
            Self::OwnerIsSomebodyElse { declared, live } => {
                write!(formatter, "the file says the Owner is {declared}, the account says {}", listed(live))
            }
            Self::SeveralOwners { live } => write!(formatter, "the account shows several Owners: {}", listed(live)),
            Self::OwnershipWouldChange { emails } => {
                write!(formatter, "ownership would change for {}", listed(emails))
            }
            Self::NotProvenWhole { doubts } => {
                let doubts: Vec<String> = doubts.iter().map(ToString::to_string).collect();
                write!(formatter, "the account was not proven whole: {}", doubts.join("; "))
            }
            Self::RolesNotShown => write!(formatter, "the account shows no role for anybody"),
            Self::LoginsAreNotAddresses { example } => {
                write!(formatter, "not one login in the account is an e-mail address, as in `{example}`")
            }
            Self::AdminsNotKnown { present, minimum } => {
                write!(formatter, "{present} active Owners and Admins are known, the least is {minimum}")
            }
            Self::TooManyLosses { losses, managed, limit } => {
                write!(formatter, "{losses} losses among {managed} users, the limit is {limit}")
            }
            Self::TooFewAdmins { remaining, minimum } => {
                write!(formatter, "{remaining} active Owners and Admins would remain, the least is {minimum}")
            }
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Owner => "owner",
            Self::CompleteRead => "complete_read",
            Self::Empty => "empty",
            Self::MaxLosses => "max_losses",
            Self::MinAdmins => "min_admins",
            Self::Logins => "logins",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Refuse => "refuse",
            Self::Hold => "hold",
            Self::Warn => "warn",
        })
    }
}

fn listed(emails: &BTreeSet<Email>) -> String {
    emails.iter().map(Email::as_str).collect::<Vec<_>>().join(", ")
}
