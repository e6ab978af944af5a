//! Who is let in from where, with what, and for how long.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::draft::Draft;
use crate::guard::reason::Reason;
use crate::model::action::Change;
use crate::model::desired::access::{Term, day_of};
use crate::model::desired::guards::ExternalPolicy;
use crate::model::email::Email;
use crate::model::role::{Catalogue, HeldRoles, RoleName, Shift};

/// A slip in an address lets in a stranger.
pub(super) fn domains(draft: &mut Draft<'_>) {
    let allowed = &draft.desired.guards.domains;
    if allowed.is_empty() {
        return;
    }
    let strangers = let_in(draft).into_iter().filter(|(email, _)| !allowed.iter().any(|domain| domain.matches(email)));
    let strangers: Vec<_> = strangers.map(|(email, position)| (position, email)).collect();
    draft.hold_people(strangers, |emails| Reason::DomainNotAllowed { emails, allowed: allowed.clone() });
}

/// People from elsewhere have less, and for a time. Whoever has more already is named, and keeps it.
pub(super) fn external(draft: &mut Draft<'_>) {
    let Some(policy) = &draft.desired.guards.external else { return };
    let ExternalPolicy { home: _, highest_role, must_expire: _, longest } = policy;
    let outsiders = Outsiders::of(draft, policy);
    let catalogue = draft.desired.catalogue;
    if let Some(highest) = highest_role {
        let too_high = |outsider: &Outsider<'_>| outsider.roles.iter().any(|role| is_above(role, highest, catalogue));
        outsiders.find(draft, too_high, |emails| Reason::ExternalRoleTooHigh { emails, highest: highest.clone() });
    }
    if policy.needs_end() {
        outsiders.find(
            draft,
            |outsider| outsider.term.expires.is_none(),
            |emails| Reason::ExternalWithoutEnd { emails },
        );
    }
    if let Some(longest) = *longest {
        let today = day_of(draft.now);
        let too_long = |outsider: &Outsider<'_>| {
            let ends = outsider.term.expires.zip(policy.latest(outsider.term, today));
            ends.is_some_and(|(last, latest)| last > latest)
        };
        outsiders.find(draft, too_long, |emails| Reason::ExternalForTooLong { emails, longest });
    }
}

/// Everybody from outside who is in the account or is to come in.
struct Outsiders<'a>(Vec<Outsider<'a>>);

struct Outsider<'a> {
    email: &'a Email,
    /// The action that lets them in or gives them a role; `None` where they stay as they are.
    position: Option<usize>,
    /// The roles they have once that is done.
    roles: HeldRoles,
    /// The days on which the file gives them access.
    term: Term,
}

impl<'a> Outsiders<'a> {
    fn of(draft: &Draft<'a>, policy: &ExternalPolicy) -> Self {
        let gains = let_in(draft);
        let listed = draft.desired.users.iter().filter(|(email, _)| draft.live.users().contains_key(email));
        let standing = listed.filter(|(email, _)| !gains.contains_key(email)).map(|(email, user)| Outsider {
            email,
            position: None,
            roles: HeldRoles::from_iter([user.role.clone()]),
            term: user.term,
        });
        let coming = gains.iter().map(|(email, position)| Outsider {
            email,
            position: Some(*position),
            roles: roles_after(&draft.planned[*position].action.change),
            term: draft.desired.users.get(*email).map(|user| user.term).unwrap_or_default(),
        });
        Self(coming.chain(standing).filter(|outsider| policy.concerns(outsider.email)).collect())
    }

    /// Holds what brings in whoever breaks a rule, and warns of whoever breaks it already.
    fn find(
        &self,
        draft: &mut Draft<'a>,
        breaks: impl Fn(&Outsider<'_>) -> bool,
        reason: impl Fn(BTreeSet<Email>) -> Reason,
    ) {
        let found: Vec<&Outsider<'_>> = self.0.iter().filter(|outsider| breaks(outsider)).collect();
        let coming = found.iter().filter_map(|outsider| Some((outsider.position?, outsider.email)));
        draft.hold_people(coming.collect::<Vec<_>>(), &reason);
        let standing: BTreeSet<Email> = found
            .iter()
            .filter(|outsider| outsider.position.is_none())
            .map(|outsider| outsider.email.clone())
            .collect();
        if !standing.is_empty() {
            draft.warn(reason(standing));
        }
    }
}

/// Everybody whom an action lets in, offers access again or gives a higher role, and the place of that action.
fn let_in<'a>(draft: &Draft<'a>) -> BTreeMap<&'a Email, usize> {
    let gains = draft.planned.iter().filter(|planned| match &planned.action.change {
        Change::Invite { .. } | Change::Reactivate { .. } | Change::Move { .. } | Change::ResendInvitation { .. } => {
            true
        }
        // Whether a first role is more than a hidden one, nobody can tell.
        Change::ChangeRole { from, .. } | Change::Reinvite { from, .. } => !planned.is_loss || from.is_empty(),
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::UpdateProfile { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => false,
    });
    gains.filter_map(|planned| Some((planned.action.email()?, planned.position))).collect()
}

/// The roles of a user once this is done.
fn roles_after(change: &Change) -> HeldRoles {
    match change {
        Change::Invite { role, .. } => HeldRoles::from_iter([role.clone()]),
        Change::Reactivate { to, .. } | Change::ChangeRole { to, .. } | Change::Reinvite { to, .. } => {
            HeldRoles::from_iter([to.clone()])
        }
        Change::Move { roles, .. } | Change::ResendInvitation { roles, .. } => roles.clone(),
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::UpdateProfile { .. }
        | Change::CancelInvitation { .. }
        | Change::Deactivate { .. }
        | Change::Remove { .. } => HeldRoles::default(),
    }
}

/// Whether a role stands above the highest, or nobody can tell.
fn is_above(role: &RoleName, highest: &RoleName, catalogue: Catalogue) -> bool {
    role != highest && catalogue.shift(&HeldRoles::from_iter([role.clone()]), highest) != Shift::Higher
}
