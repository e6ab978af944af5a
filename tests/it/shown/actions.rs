//! Each action and each cause there is, as documents have them.

use jiff::civil::Date;
use roster::render::json::action::{Access, Action, Cause, Definition, Status, Verb};

use crate::shown::cases::place;

/// All of them, in the order in which they are carried out.
pub(super) fn all() -> Vec<Action> {
    [gains(), changes(), losses()].concat()
}

fn gains() -> Vec<Action> {
    let new = Access { language: Some("fr".to_owned()), ..named("Kay", "McNulty", roles("analyst", Status::Invited)) };
    vec![
        role(
            Verb::CreateRole,
            "lifecycle-marketer",
            None,
            defined("Lifecycle Marketer", &["content-view", "flows-edit"]),
        ),
        role(Verb::UpdateRole, "editor", defined("Editor", &["view"]), defined("Editors", &["view", "edit"])),
        user(Verb::Invite, "kay@agency.example", None, Some(new)),
        Action {
            cause: Cause::Team,
            team: Some("email-design".to_owned()),
            ..user(Verb::Invite, "lin@acme.example", None, Some(roles("content-creator", Status::Invited)))
        },
        user(
            Verb::Reactivate,
            "ann@acme.example",
            Some(roles("support", Status::Deactivated)),
            Some(roles("analyst", Status::Active)),
        ),
        user(
            Verb::ChangeRole,
            "bob@acme.example",
            Some(roles("analyst", Status::Active)),
            Some(roles("manager", Status::Active)),
        ),
        user(
            Verb::Reinvite,
            "cyd@acme.example",
            Some(roles("support", Status::Invited)),
            Some(roles("analyst", Status::Invited)),
        ),
    ]
}

fn changes() -> Vec<Action> {
    let at = |address: &str, access| Some(Access { email: Some(address.to_owned()), ..access });
    let sent = |times, access| Some(Access { invitations: Some(times), ..access });
    vec![
        user(
            Verb::Move,
            "dan@new.example",
            at("dan@old.example", roles("analyst", Status::Active)),
            at("dan@new.example", roles("analyst", Status::Active)),
        ),
        user(
            Verb::UpdateProfile,
            "eve@acme.example",
            Some(named("Eve", "Old", Access::default())),
            Some(named("Eve", "New", Access::default())),
        ),
        user(
            Verb::ResendInvitation,
            "fay@acme.example",
            sent(1, roles("support", Status::Invited)),
            sent(2, roles("support", Status::Invited)),
        ),
    ]
}

fn losses() -> Vec<Action> {
    let leaving = Access { removed_from: day("2026-12-08"), ..roles("support", Status::Deactivated) };
    vec![
        loss(
            role(Verb::UpdateRole, "helper", defined("Helper", &["view", "edit"]), defined("Helper", &["view"])),
            Cause::Listed,
        ),
        loss(
            user(
                Verb::ChangeRole,
                "gus@acme.example",
                Some(roles("admin+analyst", Status::Active)),
                Some(roles("analyst", Status::Active)),
            ),
            Cause::Listed,
        ),
        loss(
            user(Verb::CancelInvitation, "hal@acme.example", Some(roles("support", Status::Invited)), None),
            Cause::NotListed,
        ),
        loss(
            user(Verb::Deactivate, "ivy@acme.example", Some(roles("support", Status::Active)), Some(leaving)),
            Cause::NotListed,
        ),
        Action {
            day: day("2026-11-30"),
            ..loss(user(Verb::Remove, "jim@acme.example", Some(roles("support", Status::Active)), None), Cause::Expired)
        },
        Action {
            day: day("2027-01-04"),
            ..loss(
                user(Verb::Remove, "kim@acme.example", Some(roles("support", Status::Active)), None),
                Cause::NotStarted,
            )
        },
        Action {
            day: day("2026-11-01"),
            ..loss(
                user(Verb::Remove, "leo@acme.example", Some(roles("support", Status::Deactivated)), None),
                Cause::GraceOver,
            )
        },
        Action {
            takes_back: Some("7c1f9a0e5b3d2f64".to_owned()),
            ..loss(
                user(Verb::Remove, "max@acme.example", Some(roles("support", Status::Active)), None),
                Cause::TakenBack,
            )
        },
        role(Verb::DeleteRole, "old-role", defined("Old Role", &["view"]), None),
    ]
}

pub(super) fn user(verb: Verb, email: &str, before: Option<Access>, after: Option<Access>) -> Action {
    Action { email: Some(email.to_owned()), role: None, ..role(verb, "", before, after) }
}

fn role(verb: Verb, name: &str, before: Option<Access>, after: Option<Access>) -> Action {
    Action {
        action: verb,
        email: None,
        role: Some(name.to_owned()),
        user_id: None,
        role_id: None,
        before,
        after,
        loss: false,
        cause: Cause::Listed,
        team: None,
        day: None,
        reason: None,
        takes_back: None,
        at: place(12),
        held_by: Vec::new(),
        outcome: None,
    }
}

pub(super) fn loss(action: Action, cause: Cause) -> Action {
    Action { loss: true, cause, ..action }
}

fn roles(roles: &str, status: Status) -> Access {
    Access { roles: roles.split('+').map(str::to_owned).collect(), status: Some(status), ..Access::default() }
}

fn defined(title: &str, permissions: &[&str]) -> Option<Access> {
    let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
    let definition = Definition { title: title.to_owned(), description: "For Europe".to_owned(), permissions };
    Some(Access { definition: Some(definition), ..Access::default() })
}

fn named(first: &str, last: &str, access: Access) -> Access {
    Access { first_name: Some(first.to_owned()), last_name: Some(last.to_owned()), ..access }
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}
