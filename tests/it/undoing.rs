//! What takes back each kind of action, by the planner alone: an account as a run left it, what the run did, and the plan.

use insta::assert_snapshot;
use roster::guard;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::event::{Intent, RunId};
use roster::model::ledger::Ledger;
use roster::model::live::{LiveRole, LiveUser, RoleId, RoleOrigin, Snapshot, Status, UserId};
use roster::model::person::Profile;
use roster::model::role::RoleDefinition;
use roster::plan::undo::{Done, Past, undo};

use crate::story::{account, live, situation, told};

const OWNER: &str = "owner@acme.example owner\n";

/// The user with this address.
fn user(live: &Snapshot, email: &str) -> LiveUser {
    live.users().get(&email.parse().unwrap()).unwrap().clone()
}

/// What a run did to a person, who was so before.
fn done(email: &str, change: Change, before: Option<LiveUser>) -> Intent {
    let cause = Cause::NotListed { account: account("users: {}").place };
    let action = Action { subject: Subject::User(email.parse().unwrap()), change, cause };
    Intent { position: 0, action, is_loss: false, losses: 0, before }
}

fn role(name: &str, change: Change) -> Intent {
    let intent = done("ada@acme.example", change, None);
    Intent { action: Action { subject: Subject::Role(name.parse().unwrap()), ..intent.action }, ..intent }
}

/// All of it done, and of nobody known whom it made.
fn all(intents: &[Intent]) -> Vec<Done<'_>> {
    intents.iter().map(|intent| Done { intent, made: None }).collect()
}

/// Plans what takes this back in an account that is so now, asks the guards, and tells it as lines.
fn taken_back(file: &str, now: &Snapshot, intents: &[Intent]) -> String {
    let (desired, ledger, run) = (account(file), Ledger::default(), RunId::of(7));
    let situation = situation(&desired, now, &ledger);
    let plan = undo(Past { run: &run, done: &all(intents), unknown: &[] }, &situation);
    let again: String = plan.contradictions.iter().map(|again| format!("again {}\n", again.subject)).collect();
    told(&desired, &guard::review(plan, &situation)) + &again
}

#[test]
fn whoever_was_let_in_goes_and_whoever_was_taken_out_is_invited() {
    let before = live(&format!("{OWNER}bob@acme.example manager Bob Bemer\ncyd@acme.example support invited"));
    let now = live(&format!("{OWNER}ada@acme.example support invited\neve@acme.example support"));
    let invite =
        |role: &str| Change::Invite { role: role.parse().unwrap(), profile: Profile::default(), language: None };
    let (bob, cyd) = (user(&before, "bob@acme.example"), user(&before, "cyd@acme.example"));
    let remove = Change::Remove { id: bob.id.clone(), roles: bob.roles.clone(), status: bob.status };
    let cancel = Change::CancelInvitation { id: cyd.id.clone(), roles: cyd.roles.clone() };
    let intents = [
        done("ada@acme.example", invite("support"), None),
        done("eve@acme.example", invite("support"), None),
        done("fay@acme.example", invite("support"), None),
        done("bob@acme.example", remove, Some(bob)),
        done("cyd@acme.example", cancel, Some(cyd)),
    ];
    assert_snapshot!(taken_back("users: { ada@acme.example: support, owner@acme.example: owner }", &now, &intents), @"
    . invite bob@acme.example manager
    . invite cyd@acme.example support
    . cancel invitation ada@acme.example support (loss)
    . remove eve@acme.example support (loss)
    in sync 1
    again ada@acme.example
    again bob@acme.example
    again cyd@acme.example
    ");
}

/// Somebody may have gone and come again, or have got another role: that is no longer what the run did.
#[test]
fn whoever_was_let_in_anew_or_with_another_role_stays() {
    let now = live(&format!("{OWNER}ada@acme.example support\nbob@acme.example manager\ncyd@acme.example support"));
    let invite = |who: &str| {
        let role = "support".parse().unwrap();
        done(who, Change::Invite { role, profile: Profile::default(), language: None }, None)
    };
    let intents = ["ada@acme.example", "bob@acme.example", "cyd@acme.example"].map(invite);
    let (first, cyd) = (UserId::observed("the first one").unwrap(), user(&now, "cyd@acme.example").id);
    let made = [Some(&first), None, Some(&cyd)];
    let done: Vec<_> = intents.iter().zip(made).map(|(intent, made)| Done { intent, made }).collect();
    let (desired, ledger, run) = (account("users: { owner@acme.example: owner }"), Ledger::default(), RunId::of(7));
    let situation = situation(&desired, &now, &ledger);
    let plan = undo(Past { run: &run, done: &done, unknown: &[] }, &situation);
    assert_snapshot!(told(&desired, &guard::review(plan, &situation)), @"
    . remove cyd@acme.example support (loss)
    left alone ada@acme.example (ChangedSince)
    left alone bob@acme.example (ChangedSince)
    in sync 0
    ");
}

#[test]
fn roles_addresses_and_names_come_back_where_they_are_as_the_run_left_them() {
    let before =
        live(&format!("{OWNER}ada@old.example analyst Ada\nbob@acme.example manager\ncyd@acme.example support"));
    let now =
        live(&format!("{OWNER}ada@acme.example manager Augusta\nbob@acme.example support\ncyd@acme.example admin"));
    let (ada, bob, cyd) =
        (user(&before, "ada@old.example"), user(&before, "bob@acme.example"), user(&before, "cyd@acme.example"));
    let change = |of: &LiveUser, to: &str| Change::ChangeRole {
        id: of.id.clone(),
        from: of.roles.clone(),
        to: to.parse().unwrap(),
        status: Status::Active,
    };
    let named = |name: &str| Profile { first_name: Some(name.to_owned()), last_name: None };
    let intents = [
        done("ada@acme.example", change(&ada, "manager"), Some(ada.clone())),
        done(
            "ada@acme.example",
            Change::UpdateProfile { id: ada.id.clone(), before: named("Ada"), after: named("Augusta") },
            Some(ada.clone()),
        ),
        done(
            "ada@acme.example",
            Change::Move { id: ada.id.clone(), from: ada.email.clone(), roles: ada.roles.clone(), status: ada.status },
            Some(ada),
        ),
        done("bob@acme.example", change(&bob, "support"), Some(bob)),
        done("cyd@acme.example", change(&cyd, "manager"), Some(cyd)),
    ];
    assert_snapshot!(taken_back("users: { ada@acme.example: { role: manager, formerly: [ada@old.example] }, bob@acme.example: manager, cyd@acme.example: admin }", &now, &intents), @"
    . move ada@old.example from ada@acme.example
    . change role bob@acme.example support -> manager
    . update profile ada@old.example Augusta - -> Ada -
    . change role ada@old.example manager -> analyst (loss)
    left alone cyd@acme.example (ChangedSince)
    in sync 0
    again ada@acme.example
    ");
}

#[test]
fn whoever_was_deactivated_is_let_in_again_and_the_reverse() {
    let before = live(&format!("{OWNER}ada@acme.example analyst\nbob@acme.example support deactivated"));
    let now = live(&format!("{OWNER}ada@acme.example analyst deactivated\nbob@acme.example support"));
    let (ada, bob) = (user(&before, "ada@acme.example"), user(&before, "bob@acme.example"));
    let deactivate = Change::Deactivate { id: ada.id.clone(), roles: ada.roles.clone(), removed_from: None };
    let reactivate = Change::Reactivate { id: bob.id.clone(), from: bob.roles.clone(), to: "support".parse().unwrap() };
    let intents = [done("ada@acme.example", deactivate, Some(ada)), done("bob@acme.example", reactivate, Some(bob))];
    assert_snapshot!(taken_back("users: { bob@acme.example: support }", &now, &intents), @"
    . reactivate ada@acme.example analyst -> analyst
    . deactivate bob@acme.example support (loss)
    in sync 0
    again ada@acme.example
    again bob@acme.example
    ");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let before = live(&format!(
        "{OWNER}ada@acme.example analyst+support\nbob@acme.example support deactivated\ncyd@acme.example support invited"
    ));
    let now = live(&format!("{OWNER}cyd@acme.example support invited Cyd"));
    let remove = |of: &LiveUser| Change::Remove { id: of.id.clone(), roles: of.roles.clone(), status: of.status };
    let (ada, bob) = (user(&before, "ada@acme.example"), user(&before, "bob@acme.example"));
    let cyd = user(&now, "cyd@acme.example");
    let resend = Change::ResendInvitation { id: cyd.id.clone(), roles: cyd.roles.clone(), sent: 1 };
    let name = Change::UpdateProfile { id: cyd.id.clone(), before: Profile::default(), after: cyd.profile.clone() };
    let intents = [
        done("ada@acme.example", remove(&ada), Some(ada)),
        done("bob@acme.example", remove(&bob), Some(bob)),
        done("cyd@acme.example", resend, Some(cyd.clone())),
        done("cyd@acme.example", name, Some(cyd)),
    ];
    assert_snapshot!(taken_back("users: { cyd@acme.example: support }", &now, &intents), @"
    left alone ada@acme.example (SeveralRoles)
    left alone bob@acme.example (WasDeactivated)
    left alone cyd@acme.example (MailSent)
    left alone cyd@acme.example (NameStays)
    in sync 0
    ");
}

#[test]
fn custom_roles_come_back_and_go() {
    let definition = |title: &str, permissions: &[&str]| RoleDefinition {
        title: title.to_owned(),
        description: String::new(),
        permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
    };
    let live_role = |id: &str, definition: &RoleDefinition| LiveRole {
        id: RoleId::observed(id).unwrap(),
        origin: RoleOrigin::Custom,
        definition: definition.clone(),
    };
    let (made, held) = (definition("Made", &["a"]), definition("Held", &["a"]));
    let (old, new) = (definition("Changed", &["a", "b"]), definition("Changed", &["a"]));
    let gone = definition("Gone", &["a"]);
    let roles = [("Made", "1", &made), ("Held", "2", &held), ("Changed", "3", &new)];
    let roles = roles.map(|(name, id, definition)| (name.parse().unwrap(), live_role(id, definition)));
    let now = live(&format!("{OWNER}ada@acme.example Held")).with_roles(roles);
    let intents = [
        role("made", Change::CreateRole { definition: made }),
        role("held", Change::CreateRole { definition: held }),
        role("changed", Change::UpdateRole { id: RoleId::observed("3").unwrap(), before: old, after: new }),
        role("Gone", Change::DeleteRole { id: RoleId::observed("4").unwrap(), definition: gone }),
    ];
    let desired = account("roles: { made: { title: Made, permissions: [a] } }\nusers: { ada@acme.example: support }");
    let (ledger, run) = (Ledger::default(), RunId::of(7));
    let mut situation = situation(&desired, &now, &ledger);
    situation.capabilities.custom_roles = true;
    let plan = undo(Past { run: &run, done: &all(&intents), unknown: &[] }, &situation);
    assert_eq!(plan.contradictions.len(), 2, "{:?}", plan.contradictions);
    assert_snapshot!(told(&desired, &guard::review(plan, &situation)), @"
    . update role changed a -> a b
    . create role Gone a
    . delete role Made a
    left alone Held (RoleHeld)
    in sync 0
    ");
}

/// Nobody's ownership is taken back, and whoever the file ignores is let be.
#[test]
fn an_undo_touches_neither_owners_nor_the_ignored() {
    let now = live(&format!("{OWNER}eve@vendor.example support"));
    let owner = user(&now, "owner@acme.example");
    let demoted = Change::ChangeRole {
        id: owner.id.clone(),
        from: "admin".parse().into_iter().collect(),
        to: "owner".parse().unwrap(),
        status: Status::Active,
    };
    let invited = Change::Invite { role: "support".parse().unwrap(), profile: Profile::default(), language: None };
    let intents = [done("owner@acme.example", demoted, Some(owner)), done("eve@vendor.example", invited, None)];
    assert_snapshot!(taken_back("ignore: ['*@vendor.example']\nusers: { ada@acme.example: support }", &now, &intents), @"
    left alone eve@vendor.example (Ignored)
    left alone owner@acme.example (Ownership)
    in sync 0
    ");
}
