//! What a plan is, as one number: what will be done, where, to whom, and what is held.
//!
//! Lines of the file and words for people are left out, so that moving a line or correcting a title changes nothing.

use std::collections::BTreeSet;

use url::Url;

use crate::guard::Review;
use crate::model::account_name::AccountName;
use crate::model::action::{Action, Cause, Change, Subject};
use crate::model::desired::DesiredAccount;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::email::Email;
use crate::model::live::Status;
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleDefinition, RoleName};

/// What these digests are of.
const PLAN: &str = "roster plan 2";

/// The digest of everything one run would do and everything it would hold. An account that could not be read has no
/// review, and counts.
pub fn of<'a>(run: impl IntoIterator<Item = (&'a AccountName, Option<&'a Review>)>) -> Digest {
    let mut fingerprint = Fingerprint::of(PLAN);
    for (name, review) in run {
        fingerprint.text(name.as_str());
        match review {
            None => fingerprint.text("not read"),
            Some(review) => account(&mut fingerprint, review, &BTreeSet::new()),
        }
    }
    fingerprint.finish()
}

/// The digest of what comes out for one account when it is planned again, once the actions at these places are done: what
/// is held stays, and stays held for the same reasons.
#[must_use]
pub fn left(name: &AccountName, review: &Review, done: &BTreeSet<usize>) -> Digest {
    let mut fingerprint = Fingerprint::of(PLAN);
    fingerprint.text(name.as_str());
    account(&mut fingerprint, review, done);
    fingerprint.finish()
}

/// Which account is meant: who owns it, and on which server it is. Whoever is invited has no id yet, so without it a plan that was
/// looked at for one server would be good for another.
pub(super) fn target(desired: &DesiredAccount) -> Digest {
    let mut fingerprint = Fingerprint::of("roster target 1");
    fingerprint.text(&desired.provider.to_string());
    fingerprint.optional(desired.provider.server().map(Url::as_str));
    fingerprint.optional(desired.owner.as_ref().map(Email::as_str));
    fingerprint.finish()
}

fn account(to: &mut Fingerprint, review: &Review, done: &BTreeSet<usize>) {
    to.text(&review.target.to_string());
    to.text(if review.is_refused() { "refused" } else { "planned" });
    let planned = review.plan().actions.iter().enumerate().filter(|(position, _)| !done.contains(position));
    let actions: Vec<_> = planned.collect();
    to.number(actions.len());
    for (position, planned) in actions {
        action(to, planned);
        let guards: Vec<String> = review.held_by(position).iter().map(ToString::to_string).collect();
        to.texts(guards.iter().map(String::as_str));
    }
}

fn action(to: &mut Fingerprint, action: &Action) {
    let Action { subject, change: planned, cause } = action;
    match subject {
        Subject::Role(role) => to.texts(["role", role.as_str()]),
        Subject::User(email) => to.texts(["user", email.as_str()]),
    }
    to.text(planned.verb());
    to.optional(planned.user_id().map(|id| id.as_str()));
    to.optional(planned.role_id().map(|id| id.as_str()));
    change(to, planned);
    to.text(match cause {
        Cause::Listed { place: _ } => "listed",
        Cause::NotListed { account: _ } => "not listed",
        Cause::Team { place: _, team: _ } => "team",
        Cause::NotStarted { place: _, starts: _ } => "not started",
        Cause::Expired { place: _, expires: _ } => "expired",
        Cause::GraceOver { account: _, since: _ } => "grace over",
        Cause::TakenBack { account: _, run: _ } => "taken back",
    });
}

/// Both sides of a change. The day on which somebody who is deactivated will be removed is no part of it: nothing is
/// done about it yet, and it moves by itself at midnight.
fn change(to: &mut Fingerprint, change: &Change) {
    match change {
        Change::CreateRole { definition: one } | Change::DeleteRole { id: _, definition: one } => definition(to, one),
        Change::UpdateRole { id: _, before, after } => {
            definition(to, before);
            definition(to, after);
        }
        Change::Invite { role, profile: names, language: spoken } => {
            given(to, role);
            profile(to, names);
            language(to, spoken.as_ref());
        }
        Change::Reactivate { id: _, from, to: role } => {
            held(to, from);
            given(to, role);
        }
        Change::Move { id: _, from, roles, status: stands } => {
            to.text(from.as_str());
            held(to, roles);
            status(to, *stands);
        }
        Change::ChangeRole { id: _, from, to: role, status: stands } => {
            held(to, from);
            given(to, role);
            status(to, *stands);
        }
        Change::Reinvite { id: _, from, to: role, profile: names, language: spoken } => {
            held(to, from);
            given(to, role);
            profile(to, names);
            language(to, spoken.as_ref());
        }
        Change::UpdateProfile { id: _, before, after } => {
            profile(to, before);
            profile(to, after);
        }
        Change::ResendInvitation { id: _, roles, sent } => {
            held(to, roles);
            to.text(&sent.to_string());
        }
        Change::CancelInvitation { id: _, roles } | Change::Deactivate { id: _, roles, removed_from: _ } => {
            held(to, roles);
        }
        Change::Remove { id: _, roles, status: stands } => {
            held(to, roles);
            status(to, *stands);
        }
    }
}

fn given(to: &mut Fingerprint, role: &RoleName) {
    to.text(role.as_str());
}

fn held(to: &mut Fingerprint, roles: &HeldRoles) {
    to.texts(roles.iter().map(RoleName::as_str));
}

fn status(to: &mut Fingerprint, status: Status) {
    to.text(&status.to_string());
}

fn profile(to: &mut Fingerprint, profile: &Profile) {
    let Profile { first_name, last_name } = profile;
    to.optional(first_name.as_deref());
    to.optional(last_name.as_deref());
}

fn language(to: &mut Fingerprint, language: Option<&Language>) {
    to.optional(language.map(Language::as_str));
}

fn definition(to: &mut Fingerprint, definition: &RoleDefinition) {
    let RoleDefinition { title, description, permissions } = definition;
    to.texts([title.as_str(), description]);
    to.texts(permissions.iter().map(String::as_str));
}
