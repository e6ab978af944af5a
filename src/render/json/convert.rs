//! From what the run knows to what the format says: every field taken apart, so that a new one is not forgotten.

use crate::apply::Outcome as Ended;
use crate::file::problem::{Problem as Mistake, Severity};
use crate::file::source::Sources;
use crate::guard::finding::Finding as Found;
use crate::model::action::{Action as Planned, Cause, Change, Subject};
use crate::model::live::{LiveUser, Status};
use crate::model::person::{Language, Profile};
use crate::model::place::Place as At;
use crate::model::role::{Catalogue, HeldRoles, RoleDefinition, RoleName};
use crate::plan::{LeftAlone as Left, Why};
use crate::provider::Effect;
use crate::render::account::{AccountView, Failure, Fate, State};
use crate::render::json::{
    Access, Account, Action, Definition, Error, Finding, LeftAlone, Outcome, Place, Problem, Totals,
};
use crate::render::summary::Summary;

impl Account {
    /// One account as programs get it.
    #[must_use]
    pub fn of(view: &AccountView<'_>) -> Self {
        let AccountView { name, desired, state } = *view;
        let planned = state.planned();
        let review = planned.map(|(_, review)| review);
        let plan = review.map(|review| review.plan());
        Self {
            name: name.to_string(),
            provider: desired.provider.to_string(),
            at: Place::of(&desired.place),
            error: match state {
                State::Unread(failure) => Some(Error::of(failure)),
                State::Planned { .. } | State::Applied { .. } => None,
            },
            users: planned.map(|(live, _)| live.users().len()),
            proven_whole: planned.map(|(live, _)| live.doubts().is_empty()),
            observed: planned.map(|(live, _)| live.digest().to_string()),
            in_sync: plan.map_or(0, |plan| plan.in_sync),
            actions: state
                .actions()
                .map(|(position, action, fate)| {
                    let held_by = review.map(|review| review.held_by(position)).unwrap_or_default();
                    let mut shown = Action::of(action, fate, desired.catalogue);
                    shown.held_by = held_by.iter().map(ToString::to_string).collect();
                    shown
                })
                .collect(),
            findings: review.map(|review| review.findings().iter().map(Finding::of).collect()).unwrap_or_default(),
            left_alone: plan.map(|plan| plan.left_alone.iter().map(LeftAlone::of).collect()).unwrap_or_default(),
        }
    }
}

impl Totals {
    /// The totals as programs get them.
    #[must_use]
    pub fn of(views: &[AccountView<'_>]) -> Self {
        let Summary {
            accounts,
            unread,
            refused,
            approved: _,
            held,
            done,
            failed,
            not_tried,
            changing: _,
            unsettled,
            in_sync,
        } = Summary::of(views);
        let changes = || {
            views
                .iter()
                .flat_map(|view| view.state.actions().map(|(_, action, _)| (&action.change, view.desired.catalogue)))
        };
        Self {
            accounts,
            unread,
            refused,
            actions: changes().count(),
            losses: changes().filter(|(change, catalogue)| change.is_loss(*catalogue)).count(),
            held,
            done,
            failed,
            not_tried,
            unsettled,
            in_sync,
        }
    }
}

impl Error {
    /// An error as programs get it.
    #[must_use]
    pub fn of(failure: &Failure) -> Self {
        let Failure { message, causes, hint } = failure.clone();
        Self { message, causes, hint }
    }
}

impl Place {
    /// A place as programs get it.
    #[must_use]
    pub fn of(place: &At) -> Self {
        let At { file, line, column } = place;
        Self { file: file.to_string(), line: *line, column: *column }
    }
}

impl Problem {
    /// Problems as programs get them.
    #[must_use]
    pub fn all(problems: &[Mistake], sources: &Sources) -> Vec<Self> {
        let one = |problem: &Mistake| {
            let Mistake { kind, at, related: _ } = problem;
            Self {
                severity: match problem.severity() {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                }
                .to_owned(),
                code: kind.code().to_owned(),
                message: kind.to_string(),
                at: at.map(|at| Place::of(&sources.place(at))),
                hint: kind.hint().map(|hint| hint.to_string()),
            }
        };
        problems.iter().map(one).collect()
    }
}

impl Action {
    fn of(action: &Planned, fate: Fate<'_>, catalogue: Catalogue) -> Self {
        let Planned { subject, change, cause } = action;
        let (before, after) = sides(subject, change);
        let (email, role) = match subject {
            Subject::User(email) => (Some(email.to_string()), None),
            Subject::Role(role) => (None, Some(role.to_string())),
        };
        Self {
            action: change.verb().to_owned(),
            email,
            role,
            user_id: change.user_id().map(ToString::to_string),
            role_id: change.role_id().map(ToString::to_string),
            before,
            after,
            loss: change.is_loss(catalogue),
            cause: match cause {
                Cause::Listed { place: _ } => "listed",
                Cause::NotListed { account: _ } => "not listed",
                Cause::Team { place: _, team: _ } => "team",
                Cause::NotStarted { place: _, starts: _ } => "not started",
                Cause::Expired { place: _, expires: _ } => "expired",
                Cause::GraceOver { account: _, since: _ } => "grace over",
                Cause::TakenBack { account: _, plan: _ } => "taken back",
            }
            .to_owned(),
            at: Place::of(action.place()),
            held_by: Vec::new(),
            outcome: match fate {
                Fate::Held | Fate::Approved => None,
                Fate::Ended(ended) => Some(Outcome::of(ended)),
            },
        }
    }
}

fn sides(subject: &Subject, change: &Change) -> (Option<Access>, Option<Access>) {
    let held = |roles: &HeldRoles, status: Status| Access { roles: names(roles), ..Access::in_status(status) };
    let given = |role: &RoleName, status: Status| Access { roles: vec![role.to_string()], ..Access::in_status(status) };
    match change {
        Change::CreateRole { definition } => (None, Some(Access::defined(definition))),
        Change::UpdateRole { id: _, before, after } => (Some(Access::defined(before)), Some(Access::defined(after))),
        Change::DeleteRole { id: _, definition } => (Some(Access::defined(definition)), None),
        Change::Invite { role, profile, language } => {
            (None, Some(given(role, Status::Invited).named(profile).speaking(language.as_ref())))
        }
        Change::Reactivate { id: _, from, to } => {
            (Some(held(from, Status::Deactivated)), Some(given(to, Status::Active)))
        }
        Change::Move { id: _, from, roles, status } => {
            let at = |address: &str| Access { email: Some(address.to_owned()), ..held(roles, *status) };
            (Some(at(from.as_str())), Some(at(subject.as_str())))
        }
        Change::ChangeRole { id: _, from, to, status } => (Some(held(from, *status)), Some(given(to, *status))),
        Change::Reinvite { id: _, from, to, profile, language } => (
            Some(held(from, Status::Invited)),
            Some(given(to, Status::Invited).named(profile).speaking(language.as_ref())),
        ),
        Change::UpdateProfile { id: _, before, after } => {
            (Some(Access::default().named(before)), Some(Access::default().named(after)))
        }
        Change::ResendInvitation { id: _, roles, sent: _ } => {
            (Some(held(roles, Status::Invited)), Some(held(roles, Status::Invited)))
        }
        Change::CancelInvitation { id: _, roles } => (Some(held(roles, Status::Invited)), None),
        Change::Deactivate { id: _, roles, removed_from: _ } => {
            (Some(held(roles, Status::Active)), Some(held(roles, Status::Deactivated)))
        }
        Change::Remove { id: _, roles, status } => (Some(held(roles, *status)), None),
    }
}

fn names(roles: &HeldRoles) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

impl Access {
    fn in_status(status: Status) -> Self {
        Self { status: Some(status.to_string()), ..Self::default() }
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

impl Outcome {
    fn of(ended: &Ended) -> Self {
        let plain = |result: &str| Self { result: result.to_owned(), error: None, reason: None };
        match ended {
            Ended::Done(Effect::Changed) => plain("done"),
            Ended::Done(Effect::AlreadySo) => plain("was so already"),
            Ended::Failed(error) => {
                let failure = Failure::of(error, error.hint().map(String::from));
                Self { error: Some(Error::of(&failure)), ..plain("failed") }
            }
            Ended::NotTried(why) => Self { reason: Some(why.to_string()), ..plain("not tried") },
        }
    }
}

impl Finding {
    fn of(finding: &Found) -> Self {
        let Found { verdict, reason, holds } = finding;
        Self {
            guard: reason.guard().to_string(),
            verdict: verdict.to_string(),
            message: reason.to_string(),
            hint: reason.hint().into_owned(),
            holds: holds.len(),
        }
    }
}

impl LeftAlone {
    fn of(left: &Left) -> Self {
        let Left { user: LiveUser { email, id: _, roles, profile: _, status, language: _, dates: _ }, why } = left;
        Self {
            email: email.to_string(),
            roles: names(roles),
            status: status.to_string(),
            why: match why {
                Why::Unmanaged => "unmanaged",
                Why::Ignored => "ignored",
                Why::Ambiguous => "ambiguous",
                Why::Owner => "owner",
                Why::Ownership => "ownership",
            }
            .to_owned(),
        }
    }
}
