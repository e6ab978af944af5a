//! People: back to the role, the address, the names or the place that they had.

use crate::model::action::{Change, Subject};
use crate::model::capabilities::TakingOut;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::person::Profile;
use crate::model::role::{HeldRoles, RoleName};
use crate::plan::departures::{can_delete, departure};
use crate::plan::left_alone::Why;
use crate::plan::undo::{Done, Undoing};

impl<'a> Undoing<'a> {
    /// Takes back what was done to one person, who had this address afterwards.
    pub(super) fn person(&mut self, email: &Email, change: &Change, done: &Done<'_>) {
        let before = done.intent.before.as_ref();
        match change {
            Change::Invite { role, .. } => self.take_out(email, role, done.made),
            Change::Remove { roles, status, .. } => self.let_in(email, roles, *status, before),
            Change::CancelInvitation { roles, .. } => self.let_in(email, roles, Status::Invited, before),
            Change::Reinvite { from, to, .. } => {
                if let Some(there) = self.there(email, |user| user.email == *email) {
                    self.give_back(there, from, to);
                }
            }
            Change::ChangeRole { id, from, to, status: _ } => {
                if let Some(there) = self.known(email, id) {
                    self.give_back(there, from, to);
                }
            }
            Change::Move { id, from, .. } => {
                if let Some(there) = self.known(email, id) {
                    self.move_back(there, from, email);
                }
            }
            Change::UpdateProfile { id, before, after } => {
                if let Some(there) = self.known(email, id) {
                    self.rename(there, before, after);
                }
            }
            Change::Deactivate { id, roles, .. } => {
                if let Some(there) = self.known(email, id) {
                    self.reactivate(there, roles);
                }
            }
            Change::Reactivate { id, .. } => {
                if let Some(there) = self.known(email, id) {
                    self.deactivate(there);
                }
            }
            Change::ResendInvitation { .. } => self.leave_out(&Subject::User(email.clone()), Why::MailSent),
            Change::CreateRole { .. } | Change::UpdateRole { .. } | Change::DeleteRole { .. } => {}
        }
    }

    /// The user with this id, if anything may be done about them.
    fn known(&mut self, email: &Email, id: &UserId) -> Option<&'a LiveUser> {
        self.there(email, |user| user.id == *id)
    }

    /// The user whom this finds, if anything may be done about them; else whoever had this address is left alone.
    fn there(&mut self, email: &Email, is_meant: impl Fn(&LiveUser) -> bool) -> Option<&'a LiveUser> {
        let Some(there) = self.situation.live.users().values().find(|user| is_meant(user)) else {
            self.leave_out(&Subject::User(email.clone()), Why::ChangedSince);
            return None;
        };
        let why = if self.situation.desired.ignores(&there.email) {
            Why::Ignored
        } else if self.situation.live.is_ambiguous(&there.email) {
            Why::Ambiguous
        } else if self.situation.desired.catalogue.holds_owner(&there.roles) {
            Why::Ownership
        } else {
            return Some(there);
        };
        self.leave(there, why);
        None
    }

    /// Whoever was invited goes, whether they have accepted or not, as anybody goes who should not be there: as long as it
    /// is the user whom the run made, with the role that it gave.
    fn take_out(&mut self, email: &Email, role: &RoleName, made: Option<&UserId>) {
        let Some(there) = self.situation.live.users().get(email) else { return self.is_back() };
        if there.status == Status::Deactivated {
            return self.is_back();
        }
        let is_another = made.is_some_and(|made| there.id != *made);
        if is_another || !(there.roles.is_empty() || there.roles.is_exactly(role)) {
            return self.leave(there, Why::ChangedSince);
        }
        if let Some(there) = self.there(email, |user| user.email == *email) {
            self.change(there, departure(&self.situation, there));
        }
    }

    /// Whoever was taken out is invited again; what they had besides their role does not come back by that.
    fn let_in(&mut self, email: &Email, roles: &HeldRoles, status: Status, before: Option<&LiveUser>) {
        if let Some(there) = self.situation.live.users().get(email) {
            return if there.roles == *roles { self.is_back() } else { self.leave(there, Why::ChangedSince) };
        }
        let subject = Subject::User(email.clone());
        if self.situation.desired.ignores(email) {
            return self.leave_out(&subject, Why::Ignored);
        }
        if status == Status::Deactivated {
            return self.leave_out(&subject, Why::WasDeactivated);
        }
        match self.role_to_give(roles) {
            Err(why) => self.leave_out(&subject, why),
            Ok(role) => {
                let profile = before.map(|user| user.profile.clone()).unwrap_or_default();
                let language = before.and_then(|user| user.language.clone());
                self.push(subject, Change::Invite { role, profile, language });
            }
        }
    }

    /// Gives back the role that somebody had before they got another.
    fn give_back(&mut self, there: &LiveUser, from: &HeldRoles, to: &RoleName) {
        let (id, now) = (there.id.clone(), there.roles.clone());
        if from.is_exactly(to) {
            // The invitation went out again as it was.
            return self.leave(there, Why::MailSent);
        }
        if now == *from {
            return self.is_back();
        }
        if !now.is_exactly(to) || there.status == Status::Deactivated {
            return self.leave(there, Why::ChangedSince);
        }
        let role = match self.role_to_give(from) {
            Ok(role) => role,
            Err(why) => return self.leave(there, why),
        };
        if there.status != Status::Invited || self.situation.capabilities.role_of_invited {
            self.change(there, Change::ChangeRole { id, from: now, to: role, status: there.status });
        } else if can_delete(&self.situation) {
            let (profile, language) = (there.profile.clone(), there.language.clone());
            self.change(there, Change::Reinvite { id, from: now, to: role, profile, language });
        } else {
            self.leave(there, Why::RoleFixed);
        }
    }

    fn move_back(&mut self, there: &LiveUser, from: &Email, to: &Email) {
        if there.email == *from {
            self.is_back();
        } else if there.email != *to || self.situation.live.users().contains_key(from) {
            self.leave(there, Why::ChangedSince);
        } else if !self.situation.capabilities.addresses {
            self.leave(there, Why::AddressFixed);
        } else {
            let LiveUser { id, email, roles, status, .. } = there.clone();
            self.addresses.insert(id.clone(), from.clone());
            self.change(there, Change::Move { id, from: email, roles, status });
        }
    }

    /// A name that there was none of before stays: no server is told to forget one.
    fn rename(&mut self, there: &LiveUser, before: &Profile, after: &Profile) {
        let now = &there.profile;
        let back = before.or(now);
        if now == before {
            return self.is_back();
        }
        if after.or(now) != *now {
            return self.leave(there, Why::ChangedSince);
        }
        if back != *now {
            let (id, before) = (there.id.clone(), now.clone());
            self.change(there, Change::UpdateProfile { id, before, after: back.clone() });
        }
        if back != *before {
            self.leave(there, Why::NameStays);
        }
    }

    fn reactivate(&mut self, there: &LiveUser, roles: &HeldRoles) {
        if there.status != Status::Deactivated {
            return self.is_back();
        }
        match self.role_to_give(roles) {
            Err(why) => self.leave(there, why),
            Ok(to) => {
                let (id, from) = (there.id.clone(), there.roles.clone());
                self.change(there, Change::Reactivate { id, from, to });
            }
        }
    }

    fn deactivate(&mut self, there: &LiveUser) {
        if there.status == Status::Deactivated {
            self.is_back();
        } else if self.situation.capabilities.taking_out == TakingOut::Delete {
            self.leave(there, Why::WasDeactivated);
        } else {
            let (id, roles) = (there.id.clone(), there.roles.clone());
            self.change(there, Change::Deactivate { id, roles, removed_from: None });
        }
    }

    /// The one role to give back, or why it cannot be given.
    fn role_to_give(&self, roles: &HeldRoles) -> Result<RoleName, Why> {
        let catalogue = self.situation.desired.catalogue;
        let role = roles.only().ok_or(Why::SeveralRoles)?;
        if catalogue.is_owner(role) {
            return Err(Why::Ownership);
        }
        let there = self.situation.live.roles().is_none_or(|roles| roles.contains_key(role));
        if there || catalogue.knows(role) || self.coming_back.contains(role) {
            Ok(role.clone())
        } else {
            Err(Why::RoleMissing)
        }
    }
}
