//! What a review found, why it matters, and what to do about it: one variant, one sentence.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::account_name::AccountName;
use crate::model::desired::access::day_of;
use crate::model::email::Email;
use crate::model::live::Doubt;
use crate::model::role::RoleName;

/// One thing that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// In which account.
    pub account: AccountName,
    /// Who it is about, by the present address; `None` where it is about the account.
    pub person: Option<Email>,
    /// Under which address the person is there; `None` where it is about the account.
    pub login: Option<Email>,
    /// What was found.
    pub reason: Reason,
}

/// How much a finding matters, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Somebody has what nobody granted, or may do everything without need; or an account was not seen whole.
    High,
    /// Somebody has what may not be needed any more.
    Medium,
    /// Good to know at a review.
    Low,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The account could not be read, so nobody in it was looked at.
    Unread,
    /// Somebody may be in the account who was not seen.
    NotProvenWhole {
        /// Why.
        doubts: BTreeSet<Doubt>,
    },
    /// The Owner is not who the roster says: this may be another account.
    OwnerIsSomebodyElse {
        /// Who the roster says it is.
        declared: Email,
        /// Who it is.
        live: BTreeSet<Email>,
    },
    /// The account has more Owners and Admins than it may have.
    TooManyAdmins {
        /// How many it has, invited ones included.
        admins: usize,
        /// How many it may have.
        most: usize,
    },
    /// The roster does not list the person.
    Unmanaged,
    /// The person's access has ended, and the person is still there.
    Ended {
        /// The last day of the access.
        last: Date,
    },
    /// The person's access has not begun, and the person is there already.
    NotBegun {
        /// The first day of the access.
        first: Date,
    },
    /// The person holds more than the roster gives, or something that nobody can compare with it.
    BeyondDeclared {
        /// What the roster gives.
        declared: RoleName,
    },
    /// The person holds more than everybody else of a team does in the account.
    BeyondTeam {
        /// The team.
        team: String,
        /// The highest role of the others.
        highest: RoleName,
    },
    /// Nobody has signed in for long.
    Dormant {
        /// When the person last did.
        last_login: Timestamp,
    },
    /// The person was added long ago, and never signed in.
    NeverSignedIn {
        /// When the person was added, where the server says it.
        added: Option<Timestamp>,
    },
    /// The invitation is open for long.
    NeverAccepted {
        /// Since when.
        invited: Timestamp,
    },
    /// The invitation has ended, and nobody accepted it.
    InvitationEnded {
        /// When it did.
        ended: Timestamp,
    },
    /// The person is from outside.
    External {
        /// The last day of the access, where it has one.
        expires: Option<Date>,
    },
    /// The person is from outside, and holds more than people from outside may.
    ExternalRoleTooHigh {
        /// The highest role for them.
        highest: RoleName,
    },
    /// The person is from outside, and the access has no end although it must have one.
    ExternalWithoutEnd,
    /// The person is from outside, and the access lasts longer than it may.
    ExternalForTooLong {
        /// Its last day.
        last: Date,
        /// The latest last day that it may have.
        latest: Date,
    },
    /// The address is in no domain that people may be let in from.
    DomainNotAllowed,
    /// The access ends soon.
    EndsSoon {
        /// Its last day.
        last: Date,
    },
    /// The address looks like that of several people.
    SharedMailbox,
    /// The person is in the account under another address, too.
    SecondLogin {
        /// All the addresses there.
        logins: BTreeSet<Email>,
    },
    /// The person left other accounts, and this is the only one that is left.
    LeftElsewhere {
        /// The accounts that the person left.
        left: BTreeSet<AccountName>,
    },
}

impl Severity {
    /// All of them, the most severe first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The same, or more where somebody can do everything.
    pub(super) fn raised_if(self, raised: bool) -> Self {
        match (raised, self) {
            (true, Self::Medium | Self::High) => Self::High,
            (true, Self::Low) => Self::Medium,
            (false, same) => same,
        }
    }
}

impl Reason {
    /// A stable name for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::NotProvenWhole { .. } => "not_proven_whole",
            Self::OwnerIsSomebodyElse { .. } => "owner_is_somebody_else",
            Self::TooManyAdmins { .. } => "too_many_admins",
            Self::Unmanaged => "unmanaged",
            Self::Ended { .. } => "ended",
            Self::NotBegun { .. } => "not_begun",
            Self::BeyondDeclared { .. } => "beyond_declared",
            Self::BeyondTeam { .. } => "beyond_team",
            Self::Dormant { .. } => "dormant",
            Self::NeverSignedIn { .. } => "never_signed_in",
            Self::NeverAccepted { .. } => "never_accepted",
            Self::InvitationEnded { .. } => "invitation_ended",
            Self::External { .. } => "external",
            Self::ExternalRoleTooHigh { .. } => "external_role_too_high",
            Self::ExternalWithoutEnd => "external_without_end",
            Self::ExternalForTooLong { .. } => "external_for_too_long",
            Self::DomainNotAllowed => "domain_not_allowed",
            Self::EndsSoon { .. } => "ends_soon",
            Self::SharedMailbox => "shared_mailbox",
            Self::SecondLogin { .. } => "second_login",
            Self::LeftElsewhere { .. } => "left_elsewhere",
        }
    }

    /// What somebody can do about it.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Unread => "make the account readable, and review again: `roster plan` says what is wrong",
            Self::NotProvenWhole { .. } => "compare the number of users with what the service itself shows",
            Self::OwnerIsSomebodyElse { .. } => "find out whether URL and key are those of the account that is meant",
            Self::TooManyAdmins { .. } => "give lower roles to whoever does not manage users",
            Self::Unmanaged => "list the person in the roster with a reason, or take the person out",
            Self::Ended { .. } => "apply the roster, or find out what holds the removal",
            Self::NotBegun { .. } => "apply the roster, or correct the first day",
            Self::BeyondDeclared { .. } => "apply the roster, or declare what the person really needs",
            Self::BeyondTeam { .. } => "give the role of the team, or say in the roster why this one is needed",
            Self::Dormant { .. } | Self::NeverSignedIn { .. } => "ask whether the access is still needed",
            Self::NeverAccepted { .. } => "ask whether the person is coming, or cancel the invitation",
            Self::InvitationEnded { .. } => "invite anew, or take the entry out",
            Self::External { .. } => "confirm that the work goes on",
            Self::ExternalRoleTooHigh { .. } => "give a role that people from outside may have",
            Self::ExternalWithoutEnd => "give the access a last day: `expires`",
            Self::ExternalForTooLong { .. } => "write an earlier `expires`, and a later one once that is near",
            Self::DomainNotAllowed => "take the person out, or allow the domain",
            Self::EndsSoon { .. } => "prolong the access if the work goes on",
            Self::SharedMailbox => "give each person a login of their own",
            Self::SecondLogin { .. } => "take out the login that is not used",
            Self::LeftElsewhere { .. } => "ask whether the person has left altogether: `roster offboard WHO`",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread => write!(formatter, "the account could not be read, so nobody in it was reviewed"),
            Self::NotProvenWhole { doubts } => {
                write!(formatter, "somebody may be there who was not seen: {}", joined(doubts))
            }
            Self::OwnerIsSomebodyElse { declared, live } => {
                let live = if live.is_empty() { "nobody".to_owned() } else { joined(live) };
                write!(formatter, "the roster says the Owner is {declared}, and the account says {live}")
            }
            Self::TooManyAdmins { admins, most } => {
                write!(formatter, "{admins} Owners and Admins, where {most} may be")
            }
            Self::Unmanaged => write!(formatter, "is not in the roster"),
            Self::Ended { last } => write!(formatter, "access ended on {last}, and is still there"),
            Self::NotBegun { first } => write!(formatter, "access begins on {first}, and is there already"),
            Self::BeyondDeclared { declared } => write!(formatter, "holds more than the {declared} of the roster"),
            Self::BeyondTeam { team, highest } => {
                write!(formatter, "holds more than the others of the team {team}, who have {highest} at most")
            }
            Self::Dormant { last_login } => write!(formatter, "has not signed in since {}", day_of(*last_login)),
            Self::NeverSignedIn { added: Some(added) } => {
                write!(formatter, "was added on {}, and never signed in", day_of(*added))
            }
            Self::NeverSignedIn { added: None } => write!(formatter, "never signed in"),
            Self::NeverAccepted { invited } => {
                write!(formatter, "was invited on {}, and has not accepted", day_of(*invited))
            }
            Self::InvitationEnded { ended } => {
                write!(formatter, "has not accepted an invitation that ended on {}", day_of(*ended))
            }
            Self::External { expires: Some(last) } => write!(formatter, "is from outside, with access until {last}"),
            Self::External { expires: None } => write!(formatter, "is from outside, with access without an end"),
            Self::ExternalRoleTooHigh { highest } => {
                write!(formatter, "is from outside, and holds more than {highest}, the highest role for that")
            }
            Self::ExternalWithoutEnd => write!(formatter, "is from outside, and the access has no end as it must"),
            Self::ExternalForTooLong { last, latest } => {
                write!(formatter, "is from outside, with access until {last}, where {latest} is the latest")
            }
            Self::DomainNotAllowed => write!(formatter, "has an address in no domain that is allowed"),
            Self::EndsSoon { last } => write!(formatter, "access ends on {last}"),
            Self::SharedMailbox => write!(formatter, "looks like a mailbox that several people share"),
            Self::SecondLogin { logins } => write!(formatter, "is in the account more than once: {}", joined(logins)),
            Self::LeftElsewhere { left } => write!(formatter, "is nowhere else any more: left {}", joined(left)),
        }
    }
}

fn joined<Item: fmt::Display>(items: &BTreeSet<Item>) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
