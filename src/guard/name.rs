//! The guards, by name.

use std::fmt;

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
    /// Not too many losses over all accounts of a run.
    MaxLossesTotal,
    /// Not too many losses in a day.
    MaxLossesPerDay,
    /// No account under two names.
    Distinct,
    /// Nothing is taken away after a plan was held, until somebody has looked.
    Quarantine,
    /// Not too many Owners and Admins.
    MaxAdmins,
    /// Some people lose nothing.
    Protect,
    /// Nobody is let in from a domain that is not allowed.
    Domains,
    /// People from outside have a limited role for a limited time.
    External,
    /// A renamed person is not taken for two.
    Lookalike,
    /// Nobody's access is changed to and fro.
    Flapping,
    /// Whoever the key belongs to keeps access.
    Identity,
    /// The account is of the kind that the file takes it for.
    Catalogue,
    /// The account is the one that the state remembers.
    Remembered,
    /// No rule outside the roster denies it.
    Policy,
}

impl Guard {
    /// Every guard there is.
    pub const ALL: [Self; 20] = [
        Self::Empty,
        Self::Logins,
        Self::Catalogue,
        Self::Remembered,
        Self::Owner,
        Self::CompleteRead,
        Self::Protect,
        Self::Identity,
        Self::MaxLosses,
        Self::MaxLossesPerDay,
        Self::MaxLossesTotal,
        Self::Distinct,
        Self::Quarantine,
        Self::MinAdmins,
        Self::MaxAdmins,
        Self::Domains,
        Self::External,
        Self::Lookalike,
        Self::Flapping,
        Self::Policy,
    ];
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
            Self::MaxLossesTotal => "max_losses_total",
            Self::MaxLossesPerDay => "max_losses_per_day",
            Self::Distinct => "distinct",
            Self::Quarantine => "quarantine",
            Self::MaxAdmins => "max_admins",
            Self::Protect => "protect",
            Self::Domains => "domains",
            Self::External => "external",
            Self::Lookalike => "lookalike",
            Self::Flapping => "flapping",
            Self::Identity => "self",
            Self::Catalogue => "catalogue",
            Self::Remembered => "remembered",
            Self::Policy => "policy",
        })
    }
}
