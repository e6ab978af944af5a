//! The dates in a roster: when it next asks for something else although nobody changes it.

use jiff::Timestamp;

use crate::model::desired::DesiredAccount;
use crate::model::ledger::Ledger;

/// The next moment after `now` at which somebody's access begins or ends, or an invitation has to go out again.
pub(super) fn next(desired: &DesiredAccount, ledger: &Ledger, now: Timestamp) -> Option<Timestamp> {
    let terms = desired.users.values().flat_map(|user| [user.term.begins(), user.term.ends()]).flatten();
    let invitations = desired.invitations.resend_after.into_iter().flat_map(|wait| {
        let listed = ledger.invitations.iter().filter(|(email, _)| desired.users.contains_key(*email));
        listed.filter_map(move |(_, sent)| sent.latest.checked_add(wait).ok())
    });
    terms.chain(invitations).filter(|moment| *moment > now).min()
}
