//! Who loses, and how many: limits, and people who lose nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::guard::draft::Draft;
use crate::guard::reason::Reason;
use crate::model::desired::pattern::AddressPattern;
use crate::model::email::Email;
use crate::model::ledger::PastLoss;

/// How far back a limit for a day looks.
pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// For how many losses each action counts in the limits. A role that loses a permission costs each of its holders, and an
/// address that moves costs whoever reads the old one.
pub(super) fn weights(draft: &Draft<'_>) -> BTreeMap<usize, usize> {
    let counted = draft.planned.iter().filter(|planned| planned.counts());
    counted.map(|planned| (planned.position, draft.losers(planned).len())).collect()
}

/// How many lost within the last day, as far as the state knows.
pub(super) fn of_the_day(losses: &[PastLoss], now: Timestamp) -> usize {
    losses.iter().filter(|then| now.duration_since(then.at) < DAY).map(|then| then.people).sum()
}

/// Whoever is protected loses nothing, not even the address to somebody who is not protected. That somebody else gave them
/// another address in the account changes nothing about who they are.
pub(super) fn protect(draft: &mut Draft<'_>) {
    let protects = |email: &Email| draft.desired.guards.protect.iter().any(|pattern| pattern.matches(email));
    let mut found = Vec::new();
    for planned in &draft.planned {
        let stays = planned.is_move() && planned.action.email().is_some_and(protects);
        let losers = draft.losers(planned).into_iter().filter(|loser| !stays && loser.names().any(protects));
        found.extend(losers.map(|loser| (planned.position, loser.email)));
    }
    draft.hold_people(found, |emails| Reason::ProtectedWouldLose { emails });
}

/// The single addresses that are protected, and whether somebody in the account has them.
pub(super) fn protected(draft: &Draft<'_>) -> BTreeMap<Email, bool> {
    let known: BTreeSet<&Email> = draft.ledger.known_as.values().collect();
    let addresses = draft.desired.guards.protect.iter().filter_map(AddressPattern::address);
    let found = |email: &Email| draft.live.users().contains_key(email) || known.contains(email);
    addresses.map(|email| (email.clone(), found(&email))).collect()
}

/// Whoever takes access from the owner of the key may saw off the branch this sits on.
pub(super) fn identity(draft: &mut Draft<'_>) {
    let Some(identity) = &draft.desired.identity else { return };
    let holds =
        draft.positions(|planned| draft.losers(planned).iter().any(|loser| loser.names().any(|name| name == identity)));
    if !holds.is_empty() {
        draft.hold(Reason::KeyWouldLoseAccess { identity: identity.clone() }, holds);
    }
}

/// A mistake in a file takes many people out at once; a colleague who leaves is one, and so is one who marries.
pub(super) fn max_losses(draft: &mut Draft<'_>) {
    let (managed, counted) = (draft.managed().count(), weights(draft).values().sum());
    let limit = draft.desired.guards.max_losses.among(managed);
    if counted <= limit {
        return;
    }
    let reason = match draft.positions(|planned| planned.is_move()).len() {
        0 => Reason::TooManyLosses { losses: counted, managed, limit },
        moves => Reason::TooManyMoves { moves, losses: counted - moves, managed, limit },
    };
    draft.hold(reason, draft.counted());
}

/// A mistake that takes out a few at a time takes out many, too.
pub(super) fn max_losses_per_day(draft: &mut Draft<'_>) {
    let losses: usize = weights(draft).values().sum();
    let earlier = of_the_day(&draft.ledger.losses, draft.now);
    // Those who went today were there this morning.
    let limit = draft.desired.guards.max_losses_per_day.among(draft.managed().count() + earlier);
    if losses > 0 && losses + earlier > limit {
        draft.hold(Reason::TooManyLossesInADay { losses, earlier, limit }, draft.counted());
    }
}
