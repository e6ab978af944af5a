//! Whether file and account were read as what they are: neither empty, nor half read, nor somebody else's.

use std::collections::BTreeSet;

use crate::guard::draft::{Draft, Planned};
use crate::guard::reason::Reason;
use crate::model::action::Change;
use crate::model::desired::Prune;
use crate::model::email::Email;
use crate::model::live::Doubt;
use crate::model::role::Catalogue;

/// A half-read list and a half-written file look just like an empty one.
pub(super) fn empty(draft: &mut Draft<'_>) {
    if draft.desired.allow_empty {
        return;
    }
    if draft.live.users().is_empty() {
        draft.refuse(Reason::EmptyAccount);
    }
    if draft.desired.users.is_empty() && draft.desired.prune != Prune::None {
        draft.refuse(Reason::EmptyRoster);
    }
}

/// Where nobody can be recognised, everybody would be invited and everybody else removed.
pub(super) fn logins(draft: &mut Draft<'_>) {
    let mut logins = draft.live.users().keys();
    if let Some(example) = draft.live.users().keys().next()
        && !draft.desired.users.is_empty()
        && logins.all(|login| login.as_str().parse::<Email>().is_err())
    {
        draft.refuse(Reason::LoginsAreNotAddresses { example: example.clone() });
    }
}

/// Roles of the other kind of account, and none of this one, mean that the file takes it for what it is not: nobody's
/// place among the others could be told then.
pub(super) fn catalogue(draft: &mut Draft<'_>) {
    let declared = draft.desired.catalogue;
    let Some(other) = declared.other() else { return };
    let held = || draft.live.users().values().flat_map(|user| user.roles.iter());
    let shows = |catalogue: Catalogue| held().any(|role| catalogue.knows(role));
    let has_owner = |catalogue: Catalogue| held().any(|role| catalogue.knows(role) && catalogue.is_owner(role));
    // A custom role may be called as one of the others is; the Owner's never is.
    if has_owner(other) && !has_owner(declared) || shows(other) && !shows(declared) {
        draft.refuse(Reason::OtherCatalogue { declared, live: other });
    }
}

/// Whoever was seen in an account has an id there for good. An account in which nobody is left of several people, or in
/// which somebody has the same address and another id, is another one, whatever it is called: what is remembered of whom roster let in, and what undoes a run, is about other people then.
pub(super) fn remembered(draft: &mut Draft<'_>) {
    let known = &draft.ledger.known_as;
    let live = draft.live.users();
    let nobody_is_left = !live.is_empty() && live.values().all(|user| !known.contains_key(&user.id));
    if nobody_is_left && (known.len() > 1 || known.values().any(|email| live.contains_key(email))) {
        draft.refuse(Reason::AnotherAccount { remembered: known.len() });
    }
}

/// The live Owner tells whether this is the account that is meant; and nobody takes the Owner's access away.
pub(super) fn owner(draft: &mut Draft<'_>) {
    let catalogue = draft.desired.catalogue;
    let live: BTreeSet<Email> = draft.live.owners(catalogue).map(|owner| owner.email.clone()).collect();
    if let Some(declared) = &draft.desired.owner
        && !draft.live.users().is_empty()
    {
        let declared = declared.clone();
        let unnamed = catalogue == Catalogue::Any;
        if live.is_empty() && !(unnamed && draft.live.users().contains_key(&declared)) {
            draft.refuse(Reason::OwnerNotFound { declared });
        } else if !live.is_empty() && !live.contains(&declared) {
            draft.refuse(Reason::OwnerIsSomebodyElse { declared, live: live.clone() });
        } else if live.len() > 1 && !unnamed {
            draft.refuse(Reason::SeveralOwners { live: live.clone() });
        }
    }
    let endangered = draft.planned.iter().filter_map(|planned| {
        let is_owner = |email: &&Email| draft.desired.owner.as_ref() == Some(*email) || live.contains(*email);
        let touched = planned.is_loss || matches!(planned.action.change, Change::Move { .. });
        let owner = planned.addresses().find(is_owner).filter(|_| touched);
        let made = planned.action.email().filter(|_| makes_owner(planned, catalogue));
        Some((planned.position, owner.or(made)?))
    });
    let endangered: Vec<_> = endangered.collect();
    draft.hold_people(endangered, |emails| Reason::OwnershipWouldChange { emails });
}

/// Nobody is taken out because a list was cut short.
pub(super) fn complete_read(draft: &mut Draft<'_>) {
    let changes = draft.positions(|planned| matches!(planned.action.change, Change::ChangeRole { .. }));
    if !changes.is_empty() && draft.live.users().values().all(|user| user.roles.is_empty()) {
        draft.hold(Reason::RolesNotShown, changes);
    }
    if draft.live.doubts().is_empty() {
        return;
    }
    let mut losses = draft.losses();
    if draft.live.doubts().iter().any(|doubt| matches!(doubt, Doubt::UnreadRoles { .. })) {
        // A role that cannot be read looks like none, and may be a higher one than the one that is to be given.
        losses.extend(draft.positions(|planned| is_of_nobodys_role(&planned.action.change)));
    }
    let reason = Reason::NotProvenWhole { doubts: draft.live.doubts().clone() };
    // Whoever was missed is in no plan, so that nothing is left to do cannot be said, even where no loss is planned.
    let missed = draft.desired.prune != Prune::None && draft.live.doubts().iter().any(Doubt::is_contradiction);
    if losses.is_empty() && !missed { draft.warn(reason) } else { draft.hold(reason, losses) }
}

/// Whether a role is given to somebody who is there and seen with none.
fn is_of_nobodys_role(change: &Change) -> bool {
    matches!(change, Change::ChangeRole { from, .. } | Change::Reactivate { from, .. } if from.is_empty())
}

fn makes_owner(planned: &Planned<'_>, catalogue: Catalogue) -> bool {
    match &planned.action.change {
        Change::Invite { role, .. } => catalogue.is_owner(role),
        Change::Reactivate { from, to, .. }
        | Change::ChangeRole { from, to, .. }
        | Change::Reinvite { from, to, .. } => catalogue.is_owner(to) && !from.is_exactly(to),
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::Move { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => false,
    }
}
