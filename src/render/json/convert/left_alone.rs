//! Who is not touched, and whose access ends soon: from what the plan knows to what the format says.

use jiff::Timestamp;

use crate::model::action::Subject;
use crate::plan::{self, left_alone, undo};
use crate::render::json::Place;
use crate::render::json::action::Status;
use crate::render::json::left_alone::{Contradiction, Ending, LeftAlone, Why};

impl LeftAlone {
    pub(super) fn of(left: &left_alone::LeftAlone) -> Self {
        let left_alone::LeftAlone { subject, user, why } = left;
        let (email, role) = match subject {
            Subject::User(email) => (Some(email.to_string()), None),
            Subject::Role(role) => (None, Some(role.to_string())),
        };
        let (why, until, sent) = reason(*why);
        Self {
            email,
            role,
            roles: user.iter().flat_map(|user| user.roles.iter()).map(ToString::to_string).collect(),
            status: user.as_ref().map(|user| Status::of(user.status)),
            why,
            until,
            sent,
            unsettled: left.is_unsettled(),
        }
    }
}

pub(super) fn reason(why: left_alone::Why) -> (Why, Option<Timestamp>, Option<u32>) {
    use left_alone::Why as Known;
    let plain = |why| (why, None, None);
    match why {
        Known::Unmanaged => plain(Why::Unmanaged),
        Known::Ignored => plain(Why::Ignored),
        Known::Ambiguous => plain(Why::Ambiguous),
        Known::Owner => plain(Why::Owner),
        Known::Ownership => plain(Why::Ownership),
        Known::SeveralAddresses => plain(Why::SeveralAddresses),
        Known::AddressFixed => plain(Why::AddressFixed),
        Known::RoleFixed => plain(Why::RoleFixed),
        Known::InvitationFixed => plain(Why::InvitationFixed),
        Known::Waiting { until } => (Why::Waiting, Some(until), None),
        Known::GivenUp { sent } => (Why::GivenUp, None, Some(sent)),
        Known::InGrace { until } => (Why::InGrace, Some(until), None),
        Known::GraceUnknown => plain(Why::GraceUnknown),
        Known::RoleMissing => plain(Why::RoleMissing),
        Known::RoleDiffers => plain(Why::RoleDiffers),
        Known::RoleUnmanaged => plain(Why::RoleUnmanaged),
        Known::RoleHeld => plain(Why::RoleHeld),
        Known::ChangedSince => plain(Why::ChangedSince),
        Known::EndUnknown => plain(Why::EndUnknown),
        Known::MailSent => plain(Why::MailSent),
        Known::SeveralRoles => plain(Why::SeveralRoles),
        Known::WasDeactivated => plain(Why::WasDeactivated),
        Known::NameStays => plain(Why::NameStays),
    }
}

impl Contradiction {
    pub(super) fn of(contradiction: &undo::contradiction::Contradiction) -> Self {
        let undo::contradiction::Contradiction { subject, place, role: wanted } = contradiction;
        let (email, role) = match subject {
            Subject::User(email) => (Some(email.to_string()), None),
            Subject::Role(role) => (None, Some(role.to_string())),
        };
        Self { email, role, wanted: wanted.as_ref().map(ToString::to_string), at: place.as_ref().map(Place::of) }
    }
}

impl Ending {
    pub(super) fn of(ending: &plan::Ending) -> Self {
        let plan::Ending { expires, email, place } = ending;
        Self { email: email.to_string(), expires: expires.to_string(), at: Place::of(place) }
    }
}
