//! One planned action, taken apart.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::apply::Outcome as Became;
use crate::guard::name::Guard;
use crate::model::action::{Action as Planned, Cause as Reason, Change, Subject};
use crate::model::desired::DesiredAccount;
use crate::model::live;
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleDefinition, RoleName};
use crate::provider::Effect;
use crate::render::failure::Failure;
use crate::render::json::Place;
use crate::render::json::action::{Access, Action, Cause, Definition, Ended, Outcome, Status, Verb};

impl Action {
    pub(super) fn of(
        planned: &Planned,
        desired: &DesiredAccount,
        held_by: &BTreeSet<Guard>,
        became: Option<&Became>,
    ) -> Self {
        let user = planned.email().and_then(|email| desired.users.get(email));
        let expires = user.and_then(|user| user.term.expires);
        let past = Self::past(planned, planned.change.is_loss(desired.catalogue));
        let after = past.after.map(|access| Access { expires: expires.filter(|_| access.status.is_some()), ..access });
        Self {
            after,
            reason: user.and_then(|user| user.reason.clone()),
            held_by: held_by.iter().map(ToString::to_string).collect(),
            outcome: became.map(Outcome::of),
            ..past
        }
    }

    /// An action of the past, by itself.
    pub(in crate::render::json) fn past(planned: &Planned, loss: bool) -> Self {
        let Planned { subject, change, cause } = planned;
        let (before, after) = sides(subject, change);
        let (email, role) = match subject {
            Subject::User(email) => (Some(email.to_string()), None),
            Subject::Role(role) => (None, Some(role.to_string())),
        };
        let (cause, team, day, takes_back) = reason(cause);
        Self {
            action: Verb::of(change),
            email,
            role,
            user_id: change.user_id().map(ToString::to_string),
            role_id: change.role_id().map(ToString::to_string),
            before,
            after,
            loss,
            cause,
            team,
            day,
            reason: None,
            takes_back,
            at: Place::of(planned.place()),
            held_by: Vec::new(),
            outcome: None,
        }
    }
}

/// Why it is planned, with the team, the day or the run that belongs to it.
fn reason(cause: &Reason) -> (Cause, Option<String>, Option<Date>, Option<String>) {
    match cause {
        Reason::Listed { place: _ } => (Cause::Listed, None, None, None),
        Reason::NotListed { account: _ } => (Cause::NotListed, None, None, None),
        Reason::Team { place: _, team } => (Cause::Team, Some(team.clone()), None, None),
        Reason::NotStarted { place: _, starts } => (Cause::NotStarted, None, Some(*starts), None),
        Reason::Expired { place: _, expires } => (Cause::Expired, None, Some(*expires), None),
        Reason::GraceOver { account: _, since } => {
            (Cause::GraceOver, None, Some(TimeZone::UTC.to_datetime(*since).date()), None)
        }
        Reason::TakenBack { account: _, run } => (Cause::TakenBack, None, None, Some(run.clone())),
    }
}

fn sides(subject: &Subject, change: &Change) -> (Option<Access>, Option<Access>) {
    let held = |roles: &HeldRoles, status: live::Status| Access { roles: names(roles), ..Access::in_status(status) };
    let given =
        |role: &RoleName, status: live::Status| Access { roles: vec![role.to_string()], ..Access::in_status(status) };
    match change {
        Change::CreateRole { definition } => (None, Some(Access::defined(definition))),
        Change::UpdateRole { id: _, before, after } => (Some(Access::defined(before)), Some(Access::defined(after))),
        Change::DeleteRole { id: _, definition } => (Some(Access::defined(definition)), None),
        Change::Invite { role, profile, language } => {
            (None, Some(given(role, live::Status::Invited).named(profile).speaking(language.as_ref())))
        }
        Change::Reactivate { id: _, from, to } => {
            (Some(held(from, live::Status::Deactivated)), Some(given(to, live::Status::Active)))
        }
        Change::Move { id: _, from, roles, status } => {
            let at = |address: &str| Access { email: Some(address.to_owned()), ..held(roles, *status) };
            (Some(at(from.as_str())), Some(at(subject.as_str())))
        }
        Change::ChangeRole { id: _, from, to, status } => (Some(held(from, *status)), Some(given(to, *status))),
        Change::Reinvite { id: _, from, to, profile, language } => (
            Some(held(from, live::Status::Invited)),
            Some(given(to, live::Status::Invited).named(profile).speaking(language.as_ref())),
        ),
        Change::UpdateProfile { id: _, before, after } => {
            (Some(Access::default().named(before)), Some(Access::default().named(after)))
        }
        Change::ResendInvitation { id: _, roles, sent } => {
            let after = |sent: u32| Access { invitations: Some(sent), ..held(roles, live::Status::Invited) };
            (Some(after(*sent)), Some(after(sent.saturating_add(1))))
        }
        Change::CancelInvitation { id: _, roles } => (Some(held(roles, live::Status::Invited)), None),
        Change::Deactivate { id: _, roles, removed_from } => {
            let after = Access { removed_from: *removed_from, ..held(roles, live::Status::Deactivated) };
            (Some(held(roles, live::Status::Active)), Some(after))
        }
        Change::Remove { id: _, roles, status } => (Some(held(roles, *status)), None),
    }
}

fn names(roles: &HeldRoles) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

impl Access {
    fn in_status(status: live::Status) -> Self {
        Self { status: Some(Status::of(status)), ..Self::default() }
    }

    fn named(self, profile: &Profile) -> Self {
        let Profile { first_name, last_name } = profile.clone();
        Self { first_name, last_name, ..self }
    }

    fn speaking(self, language: Option<&Language>) -> Self {
        Self { language: language.map(ToString::to_string), ..self }
    }

    fn defined(definition: &RoleDefinition) -> Self {
        let RoleDefinition { title, description, permissions } = definition.clone();
        let definition = Definition { title, description, permissions: permissions.into_iter().collect() };
        Self { definition: Some(definition), ..Self::default() }
    }
}

impl Verb {
    pub(super) fn of(change: &Change) -> Self {
        match change {
            Change::CreateRole { .. } => Self::CreateRole,
            Change::UpdateRole { .. } => Self::UpdateRole,
            Change::DeleteRole { .. } => Self::DeleteRole,
            Change::Invite { .. } => Self::Invite,
            Change::Reactivate { .. } => Self::Reactivate,
            Change::Move { .. } => Self::Move,
            Change::ChangeRole { .. } => Self::ChangeRole,
            Change::Reinvite { .. } => Self::Reinvite,
            Change::UpdateProfile { .. } => Self::UpdateProfile,
            Change::ResendInvitation { .. } => Self::ResendInvitation,
            Change::CancelInvitation { .. } => Self::CancelInvitation,
            Change::Deactivate { .. } => Self::Deactivate,
            Change::Remove { .. } => Self::Remove,
        }
    }
}

impl Status {
    pub(in crate::render::json) fn of(status: live::Status) -> Self {
        match status {
            live::Status::Invited => Self::Invited,
            live::Status::Active => Self::Active,
            live::Status::Deactivated => Self::Deactivated,
        }
    }
}

impl Outcome {
    fn of(became: &Became) -> Self {
        let plain = |result| Self { result, error: None, reason: None };
        match became {
            Became::Done(Effect::Changed | Effect::Made(_)) => plain(Ended::Done),
            Became::Done(Effect::AlreadySo) => plain(Ended::WasSo),
            Became::Failed(error) => {
                Self { error: Some(Failure::of(error, error.hint().map(String::from))), ..plain(Ended::Failed) }
            }
            Became::NotTried(why) => Self { reason: Some(why.to_string()), ..plain(Ended::NotTried) },
        }
    }
}
