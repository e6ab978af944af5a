//! Walks through a plan step by step and counts who could still repair the account, and who may do everything in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::Condition;
use crate::guard::draft::{Draft, Planned};
use crate::guard::reason::Reason;
use crate::model::action::{Change, Subject};
use crate::model::live::{LiveUser, Status};
use crate::model::role::{Catalogue, RoleName};

/// The Owners and Admins of an account, what each action of a plan does to their number, and the limits.
#[derive(Debug, Clone)]
pub(super) struct Admins {
    pub(super) minimum: usize,
    pub(super) maximum: Option<usize>,
    /// How many are active: they can repair the account.
    active: usize,
    /// How many are active or invited.
    holding: usize,
    effects: Vec<Effect>,
}

/// What an action does to the number of Owners and Admins.
#[derive(Debug, Clone, Copy, Default)]
struct Effect {
    active: isize,
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
        let count = |counts: fn(&Standing) -> bool| {
            draft.live.users().values().filter(|user| counts(&Standing::of(user, catalogue))).count()
        };
        Self {
            minimum: draft.desired.guards.min_admins,
            maximum: draft.desired.guards.max_admins,
            active: count(Standing::repairs),
            holding: count(Standing::holds),
            effects: draft.planned.iter().map(|planned| effect(planned, draft)).collect(),
        }
    }

    /// Counts before, after and between the actions that are open.
    ///
    /// Nothing is counted on before it is done: a loss that would leave fewer than the minimum without those this very
    /// plan brings in gets a condition on them.
    pub(super) fn forecast(&self, open: impl Fn(usize) -> bool) -> Forecast {
        let Self { minimum, maximum: _, active, holding, effects } = self;
        let (mut repairing, mut lost, mut end) = (BTreeSet::new(), 0, holding.cast_signed());
        let mut forecast = Forecast {
            remaining: *active,
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
            if effect.active > 0 {
                repairing.insert(position);
            } else if effect.active < 0 {
                lost += effect.active.unsigned_abs();
                forecast.losses.insert(position);
                forecast.remaining = forecast.remaining.min((active + repairing.len()).saturating_sub(lost));
                let needed = (minimum + lost).saturating_sub(*active);
                if needed > 0 {
                    forecast.conditions.insert(position, Condition { at_least: needed, of: repairing.clone() });
                }
            }
        }
        forecast.holding = end.max(0).unsigned_abs();
        forecast
    }
}

/// A count that finds too few before anything happens may only not know what Admins are called here.
pub(super) fn known(draft: &mut Draft<'_>) {
    let minimum = draft.desired.guards.min_admins;
    let present = draft.live.users().values().filter(|user| user.is_active_admin(draft.desired.catalogue)).count();
    let losses = draft.losses();
    if present >= minimum || losses.is_empty() {
        return;
    }
    let reason = Reason::AdminsNotKnown { present, minimum };
    if present == 0 || draft.desired.catalogue == Catalogue::Any {
        draft.hold(reason, losses);
    } else {
        draft.warn(reason);
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
    if let (Change::UpdateRole { .. }, Subject::Role(role)) = (&planned.action.change, &planned.action.subject) {
        return role_effect(planned, role, draft);
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
    let difference = |counts: fn(&Standing) -> bool| isize::from(counts(&after)) - isize::from(counts(&before));
    Effect { active: difference(Standing::repairs), holding: difference(Standing::holds) }
}

/// A role of Admins that loses a permission may be the one to manage users: nobody who holds it is counted on.
fn role_effect(planned: &Planned<'_>, role: &RoleName, draft: &Draft<'_>) -> Effect {
    if !planned.is_loss || !draft.desired.catalogue.is_administrative(role) {
        return Effect::default();
    }
    let holders = draft.live.users().values().filter(|user| user.roles.iter().any(|held| held == role));
    let active = holders.filter(|user| user.is_active_admin(draft.desired.catalogue)).count();
    Effect { active: -active.cast_signed(), holding: 0 }
}
