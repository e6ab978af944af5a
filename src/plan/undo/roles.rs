//! Custom roles: back to what they said and permitted, or to not being there.

use crate::model::action::{Change, Subject};
use crate::model::live::{LiveRole, RoleId, RoleOrigin};
use crate::model::role::{RoleDefinition, RoleName};
use crate::plan::left_alone::Why;
use crate::plan::roles::kept;
use crate::plan::undo::Done;
use crate::plan::undo::Undoing;

impl Undoing<'_> {
    pub(super) fn redefine(&mut self, name: &RoleName, id: &RoleId, before: &RoleDefinition, after: &RoleDefinition) {
        let subject = Subject::Role(name.clone());
        let now = self.situation.live.roles().and_then(|roles| roles.values().find(|role| role.id == *id));
        match now.map(|role| &role.definition) {
            Some(now) if now == before => self.is_back(),
            Some(now) if now == after && self.roles.can_be_made() => {
                let change = Change::UpdateRole { id: id.clone(), before: now.clone(), after: before.clone() };
                self.push(subject, change);
            }
            Some(_) | None => self.leave_out(&subject, Why::ChangedSince),
        }
    }

    pub(super) fn make_again(&mut self, name: &RoleName, definition: &RoleDefinition) {
        let subject = Subject::Role(name.clone());
        match self.situation.live.roles().and_then(|roles| roles.get(name)) {
            Some(there) if there.definition == *definition => self.is_back(),
            Some(_) => self.leave_out(&subject, Why::ChangedSince),
            None if self.roles.can_be_made() => {
                self.push(subject, Change::CreateRole { definition: definition.clone() });
            }
            None => self.leave_out(&subject, Why::RoleMissing),
        }
    }

    /// Roles that the run made go, unless somebody has them once everything else is taken back, or may have.
    pub(super) fn roles_made_by(&mut self, done: &[Done<'_>]) {
        let held = kept(self.situation.live, &self.plan.actions);
        for Done { intent, made: _ } in done {
            let (Subject::Role(name), Change::CreateRole { definition }) =
                (&intent.action.subject, &intent.action.change)
            else {
                continue;
            };
            let made = self.situation.live.roles().into_iter().flatten().find(|(live, role)| {
                let is_called_so = *live == name || role.definition.title == definition.title;
                role.origin == RoleOrigin::Custom && is_called_so
            });
            match made {
                None => self.is_back(),
                Some((live, LiveRole { id, definition: now, origin: _ })) => {
                    let subject = Subject::Role(live.clone());
                    if now != definition {
                        self.leave_out(&subject, Why::ChangedSince);
                    } else if held.contains(live) || !self.situation.live.doubts().is_empty() {
                        self.leave_out(&subject, Why::RoleHeld);
                    } else {
                        self.push(subject, Change::DeleteRole { id: id.clone(), definition: now.clone() });
                    }
                }
            }
        }
    }
}
