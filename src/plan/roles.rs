//! The custom roles of the file: what is made, changed and deleted, and what a role is called in the account.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::action::{Action, Cause, Change, Subject};
use crate::model::desired::{DesiredRole, Prune};
use crate::model::live::{LiveRole, RoleOrigin, Snapshot, UserId};
use crate::model::role::{RoleDefinition, RoleName};
use crate::model::situation::Situation;
use crate::plan::Planner;
use crate::plan::left_alone::{LeftAlone, Why};

/// The custom roles on both sides.
pub(super) struct Roles<'a> {
    declared: Option<&'a BTreeMap<RoleName, DesiredRole>>,
    live: Option<&'a BTreeMap<RoleName, LiveRole>>,
    can_be_made: bool,
}

impl<'a> Roles<'a> {
    pub(super) fn of(situation: &Situation<'a>) -> Self {
        Self {
            declared: situation.desired.roles.as_ref(),
            live: situation.live.roles(),
            can_be_made: situation.capabilities.custom_roles && situation.live.roles().is_some(),
        }
    }

    /// What a role of the file is called in the account, or will be; `None` where it is not there and cannot be made. One that
    /// is made has the file's name from then on, whatever the server makes of its title.
    pub(super) fn called(&self, role: &'a RoleName) -> Option<&'a RoleName> {
        let declared = self.declared.and_then(|declared| declared.get(role));
        let (Some(DesiredRole { definition, place: _ }), Some(_)) = (declared, self.live) else {
            return Some(role);
        };
        match self.find(role, definition) {
            Some((name, _)) => Some(name),
            None => self.can_be_made.then_some(role),
        }
    }

    /// Whether roster can make, change and delete custom roles here, and sees what there is.
    pub(super) fn can_be_made(&self) -> bool {
        self.can_be_made
    }

    /// The custom role of the account that is this one of the file: the one with its name, or else the one with its title.
    fn find(&self, name: &RoleName, definition: &RoleDefinition) -> Option<(&'a RoleName, &'a LiveRole)> {
        let custom = || self.live.into_iter().flatten().filter(|(_, role)| role.origin == RoleOrigin::Custom);
        let title: Option<RoleName> = definition.title.parse().ok();
        let named = |wanted: &RoleName| custom().find(|(live, _)| *live == wanted);
        let titled = |wanted: &RoleName| {
            custom().find(|(_, role)| role.definition.title.parse::<RoleName>().is_ok_and(|title| title == *wanted))
        };
        named(name).or_else(|| title.as_ref().and_then(titled)).or_else(|| title.as_ref().and_then(named))
    }
}

impl Planner<'_> {
    /// Plans the custom roles that the file declares.
    pub(super) fn roles(&mut self) {
        for (name, DesiredRole { place, definition }) in self.roles.declared.into_iter().flatten() {
            let cause = Cause::Listed { place: place.clone() };
            let subject = Subject::Role(name.clone());
            match self.roles.find(name, definition) {
                None if self.roles.can_be_made => {
                    let change = Change::CreateRole { definition: definition.clone() };
                    self.plan.actions.push(Action { subject, change, cause });
                }
                None if self.roles.live.is_none() && self.is_held(name) => {}
                None => self.plan.left_alone.push(LeftAlone { subject, user: None, why: Why::RoleMissing }),
                Some((_, LiveRole { definition: before, .. })) if before == definition => {}
                Some((_, LiveRole { id, definition: before, .. })) if self.roles.can_be_made => {
                    let (id, before, after) = (id.clone(), before.clone(), definition.clone());
                    self.plan.actions.push(Action { subject, change: Change::UpdateRole { id, before, after }, cause });
                }
                // A server that does not show what a role permits cannot be said to differ.
                Some((_, role)) if role.definition.permissions.is_empty() => {}
                Some(_) => self.plan.left_alone.push(LeftAlone { subject, user: None, why: Why::RoleDiffers }),
            }
        }
    }

    /// Plans the custom roles of the account that the file does not declare, once everything else is planned: a role goes
    /// only where the whole account was seen and nobody in it keeps the role.
    pub(super) fn needless_roles(&mut self) {
        let (Some(declared), Some(live)) = (self.roles.declared, self.roles.live) else { return };
        let meant: Vec<&RoleName> = declared
            .iter()
            .filter_map(|(name, role)| self.roles.find(name, &role.definition))
            .map(|(name, _)| name)
            .collect();
        let held = kept(self.situation.live, &self.plan.actions);
        let needless = live.iter().filter(|(name, role)| role.origin == RoleOrigin::Custom && !meant.contains(name));
        for (name, LiveRole { id, definition, .. }) in needless {
            let subject = Subject::Role(name.clone());
            let proven = self.situation.live.doubts().is_empty();
            let why = if self.situation.desired.prune != Prune::All || !self.roles.can_be_made {
                Why::RoleUnmanaged
            } else if !proven || held.contains(name) {
                Why::RoleHeld
            } else {
                let change = Change::DeleteRole { id: id.clone(), definition: definition.clone() };
                let cause = Cause::NotListed { account: self.situation.desired.place.clone() };
                self.plan.actions.push(Action { subject, change, cause });
                continue;
            };
            self.plan.left_alone.push(LeftAlone { subject, user: None, why });
        }
    }

    /// Whether somebody holds this role now.
    fn is_held(&self, role: &RoleName) -> bool {
        self.situation.live.users().values().any(|user| user.roles.iter().any(|held| held == role))
    }
}

/// The roles that somebody holds once these actions are carried out.
pub(super) fn kept(live: &Snapshot, actions: &[Action]) -> BTreeSet<RoleName> {
    let changes = || actions.iter().map(|action| &action.change);
    let ended: BTreeSet<&UserId> = changes().filter(|change| change.ends_roles()).filter_map(Change::user_id).collect();
    let stay = live.users().values().filter(|user| !ended.contains(&user.id));
    stay.flat_map(|user| user.roles.iter()).chain(changes().filter_map(Change::role_given)).cloned().collect()
}
