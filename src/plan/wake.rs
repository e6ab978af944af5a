//! When the same facts begin to make another plan: the moments that a roster that is kept in force has to be looked at
//! again for, though nothing happened.

use jiff::{Timestamp, ToSpan};

use crate::model::desired::access::{DesiredUser, Term, beginning_of};
use crate::model::live::Status;
use crate::model::situation::Situation;
use crate::plan::departures::end_of_grace;
use crate::plan::{ENDING_SOON, invitations};

/// Every moment at which time alone may change the plan, whether it is past or to come.
pub(super) fn moments<'a>(situation: &Situation<'a>) -> impl Iterator<Item = Timestamp> {
    let Situation { desired, live, ledger, capabilities: _, now: _ } = *situation;
    let terms = desired.users.values().flat_map(|DesiredUser { term, .. }| of_term(*term));
    let absent = desired.users.keys().filter_map(|email| invitations::invited_again(situation, email));
    let invited = live.users().values().filter(|there| there.status == Status::Invited);
    let invited = invited.filter_map(|there| invitations::due(situation, there));
    let graces = desired.removal.grace.into_iter().flat_map(|grace| {
        let deactivated = live.users().values().filter(|there| there.status == Status::Deactivated);
        let since = deactivated.filter_map(|there| ledger.deactivated.get(&there.id));
        since.map(move |since| end_of_grace(*since, grace))
    });
    terms.chain(absent).chain(invited).chain(graces)
}

fn of_term(term: Term) -> impl Iterator<Item = Timestamp> {
    let told = term.expires.and_then(|last| last.checked_sub(ENDING_SOON.days()).ok()).and_then(beginning_of);
    [term.begins(), told, term.ends()].into_iter().flatten()
}
