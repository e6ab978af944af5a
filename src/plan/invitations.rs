//! How old an invitation is, how many went out, and when the next one may.

use jiff::{SignedDuration, Timestamp};

use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser};
use crate::model::situation::Situation;
use crate::plan::Planner;
use crate::plan::left_alone::Why;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invitation {
    /// It can be accepted, or nobody knows how old it is.
    Open,
    /// It is too old or has ended, and so many went out before the next.
    Due {
        /// How many.
        sent: u32,
    },
    /// It is too old or has ended, and as many went out as may.
    UsedUp {
        /// How many.
        sent: u32,
    },
}

/// The invitations of one person, as far as the state and the server tell.
struct Sent {
    count: u32,
    latest: Timestamp,
}

impl Planner<'_> {
    /// Where the invitation of somebody who is there stands now.
    pub(super) fn invitation(&self, there: &LiveUser) -> Invitation {
        let Some(Sent { count, .. }) = sent(&self.situation, there) else { return Invitation::Open };
        if due(&self.situation, there).is_none_or(|due| self.situation.now < due) {
            Invitation::Open
        } else if count >= self.situation.desired.invitations.give_up_after {
            Invitation::UsedUp { sent: count }
        } else {
            Invitation::Due { sent: count }
        }
    }

    /// Why somebody who is not there is not invited now: they were, and declined or let it end.
    pub(super) fn reason_to_wait(&self, email: &Email) -> Option<Why> {
        let sent = self.situation.ledger.invitations.get(email)?;
        if sent.count >= self.situation.desired.invitations.give_up_after {
            return Some(Why::GivenUp { sent: sent.count });
        }
        let until = invited_again(&self.situation, email)?;
        (self.situation.now < until).then_some(Why::Waiting { until })
    }
}

/// When the invitation of somebody who is there is to be sent again, if ever and if enough is known of it.
pub(super) fn due(situation: &Situation<'_>, there: &LiveUser) -> Option<Timestamp> {
    let Sent { latest, .. } = sent(situation, there)?;
    let old = situation.desired.invitations.resend_after.and_then(|after| latest.checked_add(after).ok());
    // A server that was told to send again and still names the old end means the invitation before.
    let ended = there.dates.invitation_expires.filter(|ended| *ended > latest);
    old.into_iter().chain(ended).min()
}

/// When somebody who was invited and is not there may be invited again, if that has to wait at all.
pub(super) fn invited_again(situation: &Situation<'_>, email: &Email) -> Option<Timestamp> {
    let sent = situation.ledger.invitations.get(email)?;
    sent.latest.checked_add(situation.desired.invitations.resend_after?).ok()
}

/// What is known of the invitations of somebody who is there. `None` where neither the state nor the server's dates tell
/// how many went out: whoever is not counted would be written to for ever.
fn sent(situation: &Situation<'_>, there: &LiveUser) -> Option<Sent> {
    let Dates { added, invited, invitation_expires, last_login: _ } = there.dates;
    let noted = situation.ledger.invitations.get(&there.email);
    let latest = noted.map(|sent| sent.latest).into_iter().chain(invited).max()?;
    let by_dates = added.zip(invited).and_then(|(added, invited)| {
        let lifetime = invitation_expires.map(|ends| ends.duration_since(invited));
        let rhythm = situation.desired.invitations.resend_after.or(lifetime)?;
        Some(times(invited.duration_since(added), rhythm))
    });
    let count = noted.map(|sent| sent.count).into_iter().chain(by_dates).max()?;
    Some(Sent { count, latest })
}

/// How many invitations went out, the first included, if the newest came so long after it.
fn times(span: SignedDuration, rhythm: SignedDuration) -> u32 {
    let between = span.as_secs().max(0) / rhythm.as_secs().max(1);
    u32::try_from(between).unwrap_or(u32::MAX).saturating_add(1)
}
