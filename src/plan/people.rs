//! The people of the file: who of them is in the account, under which address, and what should change for each.

use crate::model::action::{Cause, Change};
use crate::model::capabilities::Capabilities;
use crate::model::desired::access::{DesiredUser, Standing};
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status};
use crate::model::role::RoleName;
use crate::plan::departures::can_delete;
use crate::plan::invitations::Invitation;
use crate::plan::left_alone::Why;
use crate::plan::{Ending, Planner};

/// Whom the account has of a person of the file.
struct Found<'a> {
    /// The person, under the present address or a former one.
    person: Option<&'a LiveUser>,
    /// Users under former addresses besides, or under several of them.
    others: Vec<&'a LiveUser>,
}

impl<'a> Planner<'a> {
    /// Plans for somebody whom the file lists.
    pub(super) fn listed(&mut self, email: &'a Email, wanted: &'a DesiredUser, present: Option<&'a LiveUser>) {
        let Found { person, others } = self.find(email, wanted, present);
        let place = || wanted.place.clone();
        match wanted.term.on(self.today) {
            Standing::Running => {
                for user in &others {
                    self.leave(user, Why::SeveralAddresses);
                }
                match person {
                    Some(there) if self.situation.live.is_ambiguous(&there.email) => self.leave(there, Why::Ambiguous),
                    Some(there) => self.keep(email, wanted, there),
                    None if others.is_empty() => self.let_in(email, wanted),
                    None => {}
                }
            }
            // Whoever has no access has none under any address.
            Standing::NotStarted(starts) => {
                for there in person.into_iter().chain(others) {
                    self.end(wanted, there, Cause::NotStarted { place: place(), starts });
                }
            }
            Standing::Over(expires) => {
                for there in person.into_iter().chain(others) {
                    self.end(wanted, there, Cause::Expired { place: place(), expires });
                }
            }
        }
        self.tell_ending(email, wanted);
    }

    fn end(&mut self, wanted: &DesiredUser, there: &LiveUser, cause: Cause) {
        if self.situation.live.is_ambiguous(&there.email) {
            self.leave(there, Why::Ambiguous);
        } else {
            self.take_out_listed(wanted, there, cause);
        }
    }

    /// Looks for a person under the present address, then under the former ones: those of the file, and the one under
    /// which an earlier run knew the user. Two of them are never made one.
    fn find(&mut self, email: &'a Email, wanted: &'a DesiredUser, present: Option<&'a LiveUser>) -> Found<'a> {
        let live = self.situation.live;
        let said =
            wanted.formerly.iter().filter(|former| *former != email).filter_map(|former| live.users().get(former));
        let seen = self.renamed.get(email).into_iter().flatten().copied();
        let mut former: Vec<&LiveUser> =
            said.chain(seen).filter(|user| !self.situation.desired.ignores(&user.email)).collect();
        former.sort();
        former.dedup();
        self.met.extend(former.iter().map(|user| &user.email));
        match (present, former.as_slice()) {
            (None, [one]) => Found { person: Some(one), others: Vec::new() },
            (present, _) => Found { person: present, others: former },
        }
    }

    /// Plans for somebody who is wanted and not there.
    fn let_in(&mut self, email: &Email, wanted: &'a DesiredUser) {
        if self.situation.desired.catalogue.is_owner(&wanted.role) {
            return;
        }
        let Some(role) = self.roles.called(&wanted.role) else { return self.leave_out(email, Why::RoleMissing) };
        if let Some(why) = self.reason_to_wait(email) {
            return self.leave_out(email, why);
        }
        let (role, DesiredUser { profile, language, .. }) = (role.clone(), wanted);
        let change = Change::Invite { role, profile: profile.clone(), language: language.clone() };
        self.push(email, change, wanted.cause());
    }

    /// Plans for somebody who is wanted and there.
    fn keep(&mut self, email: &Email, wanted: &'a DesiredUser, there: &LiveUser) {
        let catalogue = self.situation.desired.catalogue;
        let moved = *email != there.email;
        if catalogue.holds_owner(&there.roles) != catalogue.is_owner(&wanted.role)
            || moved && catalogue.is_owner(&wanted.role)
        {
            return self.leave(there, Why::Ownership);
        }
        if moved && !self.situation.capabilities.addresses {
            return self.leave(there, Why::AddressFixed);
        }
        let Some(role) = self.roles.called(&wanted.role) else { return self.leave(there, Why::RoleMissing) };
        let before = (self.plan.actions.len(), self.plan.left_alone.len());
        if moved {
            let LiveUser { id, email: from, roles, status, .. } = there.clone();
            self.push(email, Change::Move { id, from, roles, status }, wanted.cause());
        }
        if there.status == Status::Invited {
            self.keep_invited(email, wanted, there, role);
        } else {
            self.change_role(email, wanted, there, role);
            self.correct_names(email, wanted, there);
        }
        self.plan.in_sync += usize::from((self.plan.actions.len(), self.plan.left_alone.len()) == before);
    }

    fn change_role(&mut self, email: &Email, wanted: &DesiredUser, there: &LiveUser, to: &RoleName) {
        let is_deactivated = there.status == Status::Deactivated;
        if !is_deactivated && (!self.situation.capabilities.roles || there.roles.is_exactly(to)) {
            return;
        }
        let (id, from, to, status) = (there.id.clone(), there.roles.clone(), to.clone(), there.status);
        let change = if is_deactivated {
            Change::Reactivate { id, from, to }
        } else {
            Change::ChangeRole { id, from, to, status }
        };
        self.push(email, change, wanted.cause());
    }

    /// Plans for somebody who is invited: the role that is offered, and whether it is time to write again. Where the
    /// server changes neither, the invitation ends and another is sent, as one action.
    fn keep_invited(&mut self, email: &Email, wanted: &DesiredUser, there: &LiveUser, role: &RoleName) {
        let (id, from) = (there.id.clone(), there.roles.clone());
        let invitation = self.invitation(there);
        let Capabilities { roles, role_of_invited, resending, .. } = self.situation.capabilities;
        let role_fixed = roles && !role_of_invited && !from.is_exactly(role);
        let unsendable = matches!(invitation, Invitation::Due { .. }) && !resending;
        if (role_fixed || unsendable) && can_delete(&self.situation) {
            let (profile, language) = (wanted.profile.or(&there.profile), wanted.language.clone());
            return self.push(
                email,
                Change::Reinvite { id, from, to: role.clone(), profile, language },
                wanted.cause(),
            );
        }
        if role_fixed {
            return self.leave(there, Why::RoleFixed);
        }
        self.change_role(email, wanted, there, role);
        match invitation {
            Invitation::Open => {}
            Invitation::Due { .. } if unsendable => self.leave(there, Why::InvitationFixed),
            Invitation::Due { sent } => {
                let roles = std::iter::once(role.clone()).collect();
                self.push(email, Change::ResendInvitation { id, roles, sent }, wanted.cause());
            }
            Invitation::UsedUp { sent } => self.leave(there, Why::GivenUp { sent }),
        }
        self.correct_names(email, wanted, there);
    }

    fn correct_names(&mut self, email: &Email, wanted: &DesiredUser, there: &LiveUser) {
        if !wanted.profile.is_met_by(&there.profile) {
            let after = wanted.profile.or(&there.profile);
            let change = Change::UpdateProfile { id: there.id.clone(), before: there.profile.clone(), after };
            self.push(email, change, wanted.cause());
        }
    }

    fn tell_ending(&mut self, email: &Email, wanted: &DesiredUser) {
        if wanted.term.on(self.today) != Standing::Running {
            return;
        }
        if let Some(expires) = wanted.term.expires.filter(|expires| *expires <= self.soon()) {
            self.plan.ending.push(Ending { expires, email: email.clone(), place: wanted.place.clone() });
        }
    }
}
