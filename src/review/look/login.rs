//! Whether somebody uses the access.

use jiff::{SignedDuration, Timestamp};

use crate::model::live::{Dates, Status};
use crate::review::account::Unknown;
use crate::review::finding::{Reason, Severity};
use crate::review::look::Look;

pub(super) fn look(look: &Look<'_>) -> Option<(Severity, Reason)> {
    let Dates { added, invited, invitation_expires, last_login } = look.access.dates;
    let is_long = |since: Timestamp, limit: SignedDuration| look.now.duration_since(since) > limit;
    match look.access.status {
        Status::Active => {
            if look.account.unknown.contains(&Unknown::Logins) {
                return None;
            }
            let limit = look.rules.dormant_after;
            match last_login {
                Some(last_login) if is_long(last_login, limit) => {
                    Some((Severity::Medium, Reason::Dormant { last_login }))
                }
                Some(_) => None,
                None if added.is_none_or(|added| is_long(added, limit)) => {
                    Some((Severity::Medium, Reason::NeverSignedIn { added }))
                }
                None => None,
            }
        }
        Status::Invited => match (invitation_expires, invited.or(added)) {
            (Some(ended), _) if ended <= look.now => Some((Severity::Medium, Reason::InvitationEnded { ended })),
            (_, Some(invited)) if is_long(invited, look.rules.unaccepted_after) => {
                Some((Severity::Medium, Reason::NeverAccepted { invited }))
            }
            (_, _) => None,
        },
        Status::Deactivated => None,
    }
}
