//! Who loses, and how many: limits, and people who lose nothing.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::guard::draft::Draft;
use crate::guard::reason::Reason;
use crate::model::action::Change;
use crate::model::email::Email;

/// How far back a limit for a day looks.
pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How many people lose by each action that takes access away. A role that loses a permission costs each of its holders.
pub(super) fn weights(draft: &Draft<'_>) -> BTreeMap<usize, usize> {
    let losing = draft.planned.iter().filter(|planned| planned.is_loss);
    losing.map(|planned| (planned.position, draft.losers(planned).len())).collect()
}

/// Whoever is protected loses nothing, not even the address to somebody who is not protected.
pub(super) fn protect(draft: &mut Draft<'_>) {
    let protects = |email: &Email| draft.desired.guards.protect.iter().any(|pattern| pattern.matches(email));
    let mut found = Vec::new();
    for planned in &draft.planned {
        let mut losers = draft.losers(planned);
        if let (Change::Move { from, .. }, Some(to)) = (&planned.action.change, planned.action.email())
            && !protects(to)
        {
            losers.push(from);
        }
        found.extend(losers.into_iter().filter(|email| protects(email)).map(|email| (planned.position, email)));
    }
    draft.hold_people(found, |emails| Reason::ProtectedWouldLose { emails });
}

/// Whoever takes access from the owner of the key may saw off the branch this sits on.
pub(super) fn identity(draft: &mut Draft<'_>) {
    let Some(identity) = &draft.desired.identity else { return };
    let holds = draft.positions(|planned| draft.losers(planned).contains(&identity));
    if !holds.is_empty() {
        draft.hold(Reason::KeyWouldLoseAccess { identity: identity.clone() }, holds);
    }
}

/// A mistake in a file takes many people out at once; a colleague who leaves is one.
pub(super) fn max_losses(draft: &mut Draft<'_>) {
    let (managed, losses) = (draft.managed().count(), weights(draft).values().sum());
    let limit = draft.desired.guards.max_losses.among(managed);
    if losses > limit {
        draft.hold(Reason::TooManyLosses { losses, managed, limit }, draft.losses());
    }
}

/// A mistake that takes out a few at a time takes out many, too.
pub(super) fn max_losses_per_day(draft: &mut Draft<'_>) {
    let losses: usize = weights(draft).values().sum();
    let today = draft.ledger.losses.iter().filter(|then| draft.now.duration_since(then.at) < DAY);
    let earlier: usize = today.map(|then| then.people).sum();
    // Those who went today were there this morning.
    let limit = draft.desired.guards.max_losses_per_day.among(draft.managed().count() + earlier);
    if losses > 0 && losses + earlier > limit {
        draft.hold(Reason::TooManyLossesInADay { losses, earlier, limit }, draft.losses());
    }
}
