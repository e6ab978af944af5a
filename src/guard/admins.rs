//! Walks through a plan step by step and counts who could still repair the account, and who may do everything in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::draft::{Draft, Planned};
use crate::guard::reason::Reason;
use crate::guard::safeguard::{Condition, Reliance};
use crate::model::action::Change;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::role::{Catalogue, RoleName};

/// The Owners and Admins of an account, what each action of a plan does to them, and the limits.
#[derive(Debug, Clone)]
pub(super) struct Admins {
    pub(super) minimum: usize,
    pub(super) maximum: Option<usize>,
    catalogue: Catalogue,
    /// Whoever is active: they can repair the account.
    active: BTreeSet<UserId>,
    /// How many are active or invited.
    holding: usize,
    effects: Vec<Effect>,
}

/// What an action does to the Owners and Admins.
#[derive(Debug, Clone, Default)]
struct Effect {
    /// Who can repair the account from then on.
    gained: Option<UserId>,
    /// Who no longer can.
    lost: BTreeSet<UserId>,
    /// Whose login is another address from then on, be it an Admin or not.
    moved: Option<UserId>,
    /// By how many there are more or fewer, with those who are invited.
    holding: isize,
}

/// What a walk found.
pub(super) struct Forecast {
    /// How many active ones would be left at the worst moment, even if everything before it succeeds.
    pub(super) remaining: usize,
    /// Places of the actions that cost the account an active one.
    pub(super) losses: BTreeSet<usize>,
    /// For losses that are fine only if new ones really came: which steps must have succeeded.
    pub(super) conditions: BTreeMap<usize, Condition>,
    /// Places of the actions that make somebody Owner or Admin.
    pub(super) gains: BTreeSet<usize>,
    /// How many there are at the end.
    pub(super) holding: usize,
}

impl Admins {
    pub(super) fn of(draft: &Draft<'_>) -> Self {
        let catalogue = draft.desired.catalogue;
        let standing = || draft.live.users().values().map(|user| (user, Standing::of(user, catalogue)));
        Self {
            minimum: draft.desired.guards.min_admins,
            maximum: draft.desired.guards.max_admins,
            catalogue,
            active: standing().filter(|(_, at)| at.repairs()).map(|(user, _)| user.id.clone()).collect(),
            holding: standing().filter(|(_, at)| at.holds()).count(),
            effects: draft.planned.iter().map(|planned| effect(planned, draft)).collect(),
        }
    }

    /// Counts before, after and between the actions that are open.
    ///
    /// Nothing is counted on before it is done: a loss that would leave fewer than the minimum without those this very
    /// plan brings in gets a condition on them. Nor is anybody who gets another address: whether whoever reads that one is
    /// the same person, nobody knows yet.
    pub(super) fn forecast(&self, open: impl Fn(usize) -> bool) -> Forecast {
        let Self { minimum, maximum: _, catalogue: _, active, holding, effects } = self;
        let moved = self.moved(&open);
        let standing: BTreeSet<&UserId> = active.iter().filter(|id| !moved.contains(id)).collect();
        let (mut arrived, mut lost, mut end) = (BTreeSet::new(), BTreeSet::new(), holding.cast_signed());
        let mut forecast = Forecast {
            remaining: active.len(),
            losses: BTreeSet::new(),
            conditions: BTreeMap::new(),
            gains: BTreeSet::new(),
            holding: 0,
        };
        for (position, effect) in effects.iter().enumerate().filter(|(position, _)| open(*position)) {
            end += effect.holding;
            if effect.holding > 0 {
                forecast.gains.insert(position);
            }
            if effect.gained.as_ref().is_some_and(|id| !moved.contains(id)) {
                arrived.insert(position);
            }
            if effect.lost.is_empty() {
                continue;
            }
            lost.extend(effect.lost.iter().filter(|id| standing.contains(id)));
            forecast.losses.insert(position);
            forecast.remaining = forecast.remaining.min((standing.len() + arrived.len()).saturating_sub(lost.len()));
            let needed = (minimum + lost.len()).saturating_sub(standing.len());
            if needed > 0 {
                forecast.conditions.insert(position, Condition { at_least: needed, of: arrived.clone() });
            }
        }
        forecast.holding = end.max(0).unsigned_abs();
        forecast
    }

    /// Who has to be there still when each of the actions is tried that cost the account an Owner or Admin: whoever stays
    /// first, because they are most likely to be.
    pub(super) fn reliances(&self, open: impl Fn(usize) -> bool) -> BTreeMap<usize, Reliance> {
        let Self { minimum, maximum: _, catalogue, active, holding: _, effects } = self;
        let moved = self.moved(&open);
        let effects = || effects.iter().enumerate().filter(|(position, _)| open(*position));
        let mut leaving: BTreeSet<&UserId> = effects().flat_map(|(_, effect)| &effect.lost).collect();
        let gained = effects().filter_map(|(_, effect)| effect.gained.as_ref());
        let counted: BTreeSet<&UserId> = active.iter().chain(gained).filter(|id| !moved.contains(id)).collect();
        let staying: Vec<&UserId> = counted.iter().filter(|id| !leaving.contains(*id)).copied().collect();
        let mut reliances = BTreeMap::new();
        for (position, effect) in effects().filter(|(_, effect)| !effect.lost.is_empty()) {
            leaving.retain(|id| !effect.lost.contains(*id));
            let later = leaving.iter().filter(|id| counted.contains(*id));
            let among = staying.iter().chain(later).map(|id| UserId::clone(id)).collect();
            reliances.insert(position, Reliance { at_least: *minimum, among, catalogue: *catalogue });
        }
        reliances
    }

    /// Whoever gets another address.
    fn moved(&self, open: &impl Fn(usize) -> bool) -> BTreeSet<&UserId> {
        let open = self.effects.iter().enumerate().filter(|(position, _)| open(*position));
        open.filter_map(|(_, effect)| effect.moved.as_ref()).collect()
    }
}

/// A count that finds too few before anything happens may only not know what Admins are called here. Where it finds none
/// at all, nobody can tell who may not go.
pub(super) fn known(draft: &mut Draft<'_>) {
    let catalogue = draft.desired.catalogue;
    let minimum = draft.desired.guards.min_admins;
    let present = draft.live.users().values().filter(|user| user.is_active_admin(catalogue)).count();
    let holds = if present == 0 { draft.counted() } else { draft.losses() };
    if present >= minimum || holds.is_empty() {
        return;
    }
    let reason = Reason::AdminsNotKnown { present, minimum };
    if present == 0 || catalogue == Catalogue::Any { draft.hold(reason, holds) } else { draft.warn(reason) }
}

/// One Admin with a new address is a person who married; several at once may be an account that is taken over.
pub(super) fn reachable(draft: &mut Draft<'_>) {
    let catalogue = draft.desired.catalogue;
    let minimum = draft.desired.guards.min_admins;
    let moves = draft
        .positions(|planned| planned.is_move() && planned.there.is_some_and(|user| user.is_active_admin(catalogue)));
    let present = draft.live.users().values().filter(|user| user.is_active_admin(catalogue)).count();
    let remaining = present.saturating_sub(moves.len());
    if moves.len() > 1 && remaining < minimum {
        draft.hold(Reason::AdminsWouldMove { remaining, minimum }, moves);
    }
}

/// Where somebody stands: whether as Owner or Admin, and whether in the account at all.
#[derive(Clone, Copy)]
struct Standing {
    administers: bool,
    status: Option<Status>,
}

impl Standing {
    const OUT: Self = Self { administers: false, status: None };

    fn of(user: &LiveUser, catalogue: Catalogue) -> Self {
        Self { administers: catalogue.holds_administrative(&user.roles), status: Some(user.status) }
    }

    /// Whether this is somebody who can repair the account.
    fn repairs(&self) -> bool {
        self.administers && self.status == Some(Status::Active)
    }

    /// Whether this is somebody who may do everything, or may once the invitation is accepted.
    fn holds(&self) -> bool {
        self.administers && matches!(self.status, Some(Status::Active | Status::Invited))
    }
}

fn effect(planned: &Planned<'_>, draft: &Draft<'_>) -> Effect {
    let catalogue = draft.desired.catalogue;
    if matches!(planned.action.change, Change::UpdateRole { .. }) {
        return role_effect(planned, draft);
    }
    let before = planned.there.map_or(Standing::OUT, |user| Standing::of(user, catalogue));
    let given = |role: &RoleName, status| Standing { administers: catalogue.is_administrative(role), status };
    let after = match &planned.action.change {
        // Whoever is invited may never come, so an invitation repairs nothing; but it counts against the most.
        Change::Invite { role, .. } | Change::Reinvite { to: role, .. } => given(role, Some(Status::Invited)),
        Change::Reactivate { to, .. } => given(to, Some(Status::Active)),
        Change::ChangeRole { to, status, .. } => given(to, Some(*status)),
        Change::Deactivate { .. } => Standing { status: Some(Status::Deactivated), ..before },
        Change::CancelInvitation { .. } | Change::Remove { .. } => Standing::OUT,
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::Move { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. } => before,
    };
    let id = || planned.action.change.user_id().cloned();
    Effect {
        gained: id().filter(|_| after.repairs() && !before.repairs()),
        lost: id().filter(|_| before.repairs() && !after.repairs()).into_iter().collect(),
        moved: id().filter(|_| planned.is_move()),
        holding: isize::from(after.holds()) - isize::from(before.holds()),
    }
}

/// A role of Admins that loses a permission may be the one to manage users: nobody who holds it is counted on.
fn role_effect(planned: &Planned<'_>, draft: &Draft<'_>) -> Effect {
    let (catalogue, names) = (draft.desired.catalogue, draft.role_names(planned));
    if !planned.is_loss || !names.iter().any(|name| catalogue.is_administrative(name)) {
        return Effect::default();
    }
    let active = draft.live.users().values().filter(|user| user.is_active_admin(catalogue));
    let holders = active.filter(|user| user.roles.iter().any(|held| names.contains(&held)));
    Effect { lost: holders.map(|user| user.id.clone()).collect(), ..Effect::default() }
}
