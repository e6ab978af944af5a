//! Two sides that undo each other's changes.

use crate::guard::draft::Draft;
use crate::guard::losses::DAY;
use crate::guard::reason::Reason;
use crate::model::action::Change;
use crate::model::email::Email;

/// What somebody else changes back is not changed for ever: the person waits until the two sides agree.
pub(super) fn flapping(draft: &mut Draft<'_>) {
    let limit = draft.desired.guards.flapping;
    let often = |email: &Email| {
        let changes = draft.ledger.changes.get(email).map(Vec::as_slice).unwrap_or_default();
        changes.iter().filter(|then| draft.now.duration_since(**then) < DAY).count() >= limit
    };
    let found = draft.planned.iter().filter(|planned| changes_access(&planned.action.change));
    let found = found.filter_map(|planned| Some((planned.position, planned.addresses().find(|email| often(email))?)));
    let found: Vec<_> = found.collect();
    draft.hold_people(found, |emails| Reason::KeepsChanging { emails, limit });
}

/// Whether a change is one of those that two sides can undo for each other.
fn changes_access(change: &Change) -> bool {
    match change {
        Change::Invite { .. }
        | Change::Reactivate { .. }
        | Change::Move { .. }
        | Change::ChangeRole { .. }
        | Change::Reinvite { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => true,
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. } => false,
    }
}
