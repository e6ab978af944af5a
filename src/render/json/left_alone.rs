//! Who and what is deliberately not touched, and whose access ends soon.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::json::Place;
use crate::render::json::action::Status;

/// A user or a custom role that is deliberately not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftAlone {
    /// Who; absent where it is about a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The custom role it is about; absent where it is about a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The roles the user has.
    pub roles: Vec<String>,
    /// Whether the user can sign in; absent where the account has no such user, and for a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Why.
    pub why: Why,
    /// Until when, where time changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How many invitations went out, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<u32>,
    /// Whether a person has to settle it: what the file asks for will not happen by itself.
    pub unsettled: bool,
}

/// Why a user or a role is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The file does not list the user, and such users stay.
    Unmanaged,
    /// A pattern under `ignore` matches.
    Ignored,
    /// The file does not declare the role, and such roles stay.
    RoleUnmanaged,
    /// The file does not declare the role, and somebody holds it.
    RoleHeld,
    /// The invitation was not accepted, and is sent again later.
    Waiting,
    /// The user was deactivated, and is removed later.
    InGrace,
    /// The user was deactivated, and nobody knows when.
    GraceUnknown,
    /// Two users share this login, so nobody can tell which one is meant.
    Ambiguous,
    /// An Owner whom the file does not list; nobody's ownership ends by a plan.
    Owner,
    /// The file and the account disagree on whether this is the Owner.
    Ownership,
    /// The account has users under several addresses of one person.
    SeveralAddresses,
    /// The user has a former address, and the server changes none.
    AddressFixed,
    /// The server can neither change the role of an invited user nor end the invitation.
    RoleFixed,
    /// The server can neither send an invitation again nor end it.
    InvitationFixed,
    /// The person was invited as often as the file allows.
    GivenUp,
    /// The account lacks the custom role, and roster cannot make it there.
    RoleMissing,
    /// The custom role is another than in the file, and roster cannot change it there.
    RoleDiffers,
    /// To be taken back: an invitation went out again, and no mail comes back.
    MailSent,
    /// To be taken back: the person had no such name, and no server is told to forget one.
    NameStays,
    /// To be taken back: it was changed again since.
    ChangedSince,
    /// To be taken back: it was sent, and nobody knows whether that was done.
    EndUnknown,
    /// To be taken back: the person held several roles or none, and one can be given.
    SeveralRoles,
    /// To be taken back: the person was deactivated, and cannot be made so.
    WasDeactivated,
}

/// Something that the file wants otherwise than the account will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contradiction {
    /// Who; absent where it is about a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The custom role it is about; absent where it is about a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The role that the file gives the user; absent where it gives none, or not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Where the file says so; absent where it says nothing of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
}

/// Somebody whose access ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ending {
    /// Who.
    pub email: String,
    /// The last day, in UTC, as in `2027-01-31`.
    pub expires: String,
    /// Where the file says so.
    pub at: Place,
}

impl Why {
    /// All of them, in the order in which people read them; those that need nobody come first.
    pub const ALL: &[Self] = &[
        Self::Unmanaged,
        Self::Ignored,
        Self::RoleUnmanaged,
        Self::RoleHeld,
        Self::Waiting,
        Self::InGrace,
        Self::GraceUnknown,
        Self::Ambiguous,
        Self::Owner,
        Self::Ownership,
        Self::SeveralAddresses,
        Self::AddressFixed,
        Self::RoleFixed,
        Self::InvitationFixed,
        Self::GivenUp,
        Self::RoleMissing,
        Self::RoleDiffers,
        Self::MailSent,
        Self::NameStays,
        Self::ChangedSince,
        Self::EndUnknown,
        Self::SeveralRoles,
        Self::WasDeactivated,
    ];

    /// Why, in the words people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unmanaged => "unmanaged: not in the file, and `prune` leaves them in",
            Self::Ignored => "ignored: a pattern under `ignore` matches",
            Self::RoleUnmanaged => "unmanaged roles: not in the file, and `prune` leaves them there",
            Self::RoleHeld => "roles that are not in the file, and stay while somebody holds them",
            Self::Waiting => "invited and did not come; they are invited again later",
            Self::InGrace => "deactivated; they are removed later",
            Self::GraceUnknown => "deactivated, nobody knows when, so that no time to take it back is ever over",
            Self::Ambiguous => "ambiguous: the account has two users with this login, so neither is touched",
            Self::Owner => "owner: not in the file, and no plan takes an Owner's access",
            Self::Ownership => "ownership: file and account disagree on the Owner; it is handed over in the account",
            Self::SeveralAddresses => {
                "in the account under several addresses of one person: remove one there, or correct `formerly`"
            }
            Self::AddressFixed => {
                "under a former address, which this server cannot change: without `formerly` they are invited anew"
            }
            Self::RoleFixed => "invited with another role, which this server cannot change: end the invitation there",
            Self::InvitationFixed => "invited long ago, and this server sends no invitation again: do it there",
            Self::GivenUp => {
                "invited as often as `give_up_after` allows and did not come: ask them, or remove the entry"
            }
            Self::RoleMissing => "custom role that roster cannot make here: make it in the account",
            Self::RoleDiffers => "custom role that roster cannot change here: change it in the account",
            Self::MailSent => "invited again by that run: no mail comes back",
            Self::NameStays => "named by that run, without a name before: a name is not taken away again",
            Self::ChangedSince => "changed again since: what somebody did later is not taken back with it",
            Self::EndUnknown => "sent by that run, and nobody knows yet whether it was done: run `roster apply` first",
            Self::SeveralRoles => "held several roles or none before, and roster gives one: do it in the account",
            Self::WasDeactivated => "deactivated before, and roster cannot make them so: do it in the account",
        }
    }

    /// Why, in a word or two.
    #[must_use]
    pub fn in_short(self) -> &'static str {
        match self {
            Self::Unmanaged | Self::RoleUnmanaged => "unmanaged",
            Self::Ignored => "ignored",
            Self::RoleHeld => "held by somebody",
            Self::Waiting => "did not come, invited later",
            Self::InGrace => "removed later",
            Self::GraceUnknown => "deactivated, nobody knows when",
            Self::Ambiguous => "two users with this login",
            Self::Owner => "an Owner",
            Self::Ownership => "disagreed on the Owner",
            Self::SeveralAddresses => "several addresses",
            Self::AddressFixed => "under a former address",
            Self::RoleFixed => "invited with another role",
            Self::InvitationFixed => "invited long ago",
            Self::GivenUp => "given up",
            Self::RoleMissing => "role missing",
            Self::RoleDiffers => "role differs",
            Self::MailSent => "invited again",
            Self::NameStays => "named",
            Self::ChangedSince => "changed again since",
            Self::EndUnknown => "nobody knows yet",
            Self::SeveralRoles => "several roles or none",
            Self::WasDeactivated => "was deactivated",
        }
    }
}
