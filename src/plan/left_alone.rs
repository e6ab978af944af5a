//! Who and what a plan does not touch, although the file and the account differ.

use jiff::Timestamp;

use crate::model::action::Subject;
use crate::model::live::LiveUser;

/// A user or a role that the plan does not touch although the file and the account differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftAlone {
    /// Who or what.
    pub subject: Subject,
    /// The user as the account has them; `None` for a role, and for somebody who is not there.
    pub user: Option<LiveUser>,
    /// Why.
    pub why: Why,
}

/// Why a user or a role is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The file does not list the user, and `prune` leaves such users in.
    Unmanaged,
    /// A pattern under `ignore` matches.
    Ignored,
    /// Two users share this login, so nobody can tell which one is meant.
    Ambiguous,
    /// An Owner whom the file does not list; nobody's ownership ends by a plan.
    Owner,
    /// The file and the account disagree on whether this is the Owner; ownership is handed over in the account itself.
    Ownership,
    /// The account has users under several addresses of one person, and people are not merged by a plan.
    SeveralAddresses,
    /// The user has a former address, and the server changes none.
    AddressFixed,
    /// The invited user was offered another role, and the server neither changes it nor ends the invitation.
    RoleFixed,
    /// The invitation should be sent again, and the server neither does that nor ends the invitation.
    InvitationFixed,
    /// The invitation was not accepted, and is not sent again before this moment.
    Waiting {
        /// When it is.
        until: Timestamp,
    },
    /// The person was invited as often as the file allows and did not come.
    GivenUp {
        /// How often.
        sent: u32,
    },
    /// The user was deactivated and is removed from this moment on.
    InGrace {
        /// From when.
        until: Timestamp,
    },
    /// The user was deactivated, and nobody knows when, so nobody knows when the time to take that back is over.
    GraceUnknown,
    /// The account lacks this custom role, and roster cannot make it there.
    RoleMissing,
    /// The custom role is not as the file says, and roster cannot change it there.
    RoleDiffers,
    /// The file does not declare this custom role, and `prune` leaves such roles in.
    RoleUnmanaged,
    /// The file does not declare this custom role, and somebody holds it.
    RoleHeld,
    /// To be taken back: it was changed again since.
    ChangedSince,
    /// To be taken back: it was sent, and nobody knows whether that was done.
    EndUnknown,
    /// To be taken back: an invitation went out again, and no mail comes back.
    MailSent,
    /// To be taken back: the person held several roles or none, and one can be given.
    SeveralRoles,
    /// To be taken back: the person was deactivated, and cannot be made so.
    WasDeactivated,
    /// To be taken back: the person had no such name, and no server is told to forget one.
    NameStays,
}

impl LeftAlone {
    /// Whether a person has to settle this: what the file asks for will not happen by itself.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        match self.why {
            Why::Ambiguous
            | Why::Ownership
            | Why::SeveralAddresses
            | Why::AddressFixed
            | Why::RoleFixed
            | Why::InvitationFixed
            | Why::GivenUp { .. }
            | Why::RoleMissing
            | Why::RoleDiffers
            | Why::ChangedSince
            | Why::EndUnknown
            | Why::SeveralRoles
            | Why::WasDeactivated => true,
            Why::Unmanaged
            | Why::Ignored
            | Why::Owner
            | Why::Waiting { .. }
            | Why::InGrace { .. }
            | Why::GraceUnknown
            | Why::RoleUnmanaged
            | Why::RoleHeld
            | Why::MailSent
            | Why::NameStays => false,
        }
    }
}
