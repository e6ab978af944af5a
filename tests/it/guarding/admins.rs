//! Enough Owners and Admins at every moment, and not too many.

use insta::assert_snapshot;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::ledger::Ledger;
use roster::model::live::{RoleId, Status};
use roster::model::role::RoleDefinition;

use crate::story::{account, live, outcome, outcome_with};

const OWNER: &str = "owner@acme.example owner\n";

#[test]
fn no_more_admins_than_the_limit() {
    let there = format!("{OWNER}ada@acme.example admin\nbob@acme.example manager");
    let rules = "guards: { max_admins: 3 }";
    let users =
        "{ ada@acme.example: admin, bob@acme.example: admin, cyd@acme.example: admin, dan@acme.example: support }";
    assert_snapshot!(outcome(&format!("{rules}\nusers: {users}"), &there), @"
    ! change role bob@acme.example manager -> admin
    ! invite cyd@acme.example admin
    . invite dan@acme.example support
    hold max_admins: there would be 4 Owners and Admins, the most is 3
    in sync 2
    ");
    let users = "{ ada@acme.example: admin, bob@acme.example: admin }";
    assert_snapshot!(outcome(&format!("{rules}\nusers: {users}"), &there), @"
    . change role bob@acme.example manager -> admin
    in sync 2
    ");
}

/// Whoever takes over is in before somebody leaves; what counts is how many there are once it is done.
#[test]
fn an_admin_may_follow_another() {
    let there = format!("{OWNER}ada@acme.example admin");
    let rules = "guards: { max_admins: 2 }";
    assert_snapshot!(outcome(&format!("{rules}\nusers: {{ bob@acme.example: admin }}"), &there), @"
    . invite bob@acme.example admin
    . remove ada@acme.example admin (loss)
    in sync 1
    ");
}

/// If the one who was to leave stays, because too few would remain, the next one does not come on top.
#[test]
fn whoever_stays_counts_against_the_most() {
    let there = format!("{OWNER}ada@acme.example admin");
    let rules = "guards: { min_admins: 2, max_admins: 2 }";
    assert_snapshot!(outcome(&format!("{rules}\nusers: {{ bob@acme.example: admin }}"), &there), @"
    ! invite bob@acme.example admin
    ! remove ada@acme.example admin (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    hold max_admins: there would be 3 Owners and Admins, the most is 2
    in sync 1
    ");
}

#[test]
fn too_many_admins_that_are_there_already_are_a_warning() {
    let there = format!("{OWNER}ada@acme.example admin\nbob@acme.example admin");
    let users = "users: { ada@acme.example: admin, bob@acme.example: admin, cyd@acme.example: support }";
    assert_snapshot!(outcome(&format!("guards: {{ max_admins: 2 }}\n{users}"), &there), @"
    . invite cyd@acme.example support
    warn max_admins: there would be 3 Owners and Admins, the most is 2
    in sync 3
    ");
}

/// The one who goes under a new address is the same Admin; to count by address would miss the demotion.
#[test]
fn whoever_is_moved_and_demoted_is_an_admin_less() {
    let desired = account("guards: { min_admins: 2 }\nusers: { owner@acme.example: owner }");
    let there = live(&format!("{OWNER}ada@old.example admin"));
    let ada = there.users().values().find(|user| user.email.as_str() == "ada@old.example").unwrap().clone();
    let cause = || Cause::Listed { place: desired.place.clone() };
    let subject = || Subject::User("ada@new.example".parse().unwrap());
    let (id, roles, status) = (ada.id, ada.roles, Status::Active);
    let moved = Change::Move { id: id.clone(), from: ada.email, roles: roles.clone(), status };
    let demoted = Change::ChangeRole { id, from: roles, to: "support".parse().unwrap(), status };
    let actions = vec![
        Action { subject: subject(), change: moved, cause: cause() },
        Action { subject: subject(), change: demoted, cause: cause() },
    ];
    assert_snapshot!(outcome_with(&desired, &there, &Ledger::default(), actions), @"
    . move ada@new.example from ada@old.example
    ! change role ada@new.example admin -> support (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 0
    ");
}

/// Whoever is deactivated repairs nothing.
#[test]
fn a_deactivation_is_an_admin_less() {
    let desired = account("guards: { min_admins: 2 }\nusers: { owner@acme.example: owner }");
    let there = live(&format!("{OWNER}ada@acme.example admin"));
    let ada = there.users().values().find(|user| user.email.as_str() == "ada@acme.example").unwrap().clone();
    let change = Change::Deactivate { id: ada.id, roles: ada.roles, removed_from: None };
    let cause = Cause::NotListed { account: desired.place.clone() };
    let actions = vec![Action { subject: Subject::User(ada.email), change, cause }];
    assert_snapshot!(outcome_with(&desired, &there, &Ledger::default(), actions), @"
    ! deactivate ada@acme.example admin (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 0
    ");
}

/// Nobody knows which permission lets people manage users: a role of Admins that loses one has none left to count on.
#[test]
fn a_role_of_admins_that_loses_a_permission_repairs_nothing() {
    let desired = account("catalogue: any\nusers: { owner@acme.example: owner }\nguards: { min_admins: 2 }");
    let there = live(&format!("{OWNER}ada@acme.example administrator\nbob@acme.example administrator"));
    let permissions = |names: &[&str]| RoleDefinition {
        permissions: names.iter().map(|name| (*name).to_owned()).collect(),
        ..RoleDefinition::default()
    };
    let change = Change::UpdateRole {
        id: RoleId::observed("r1").unwrap(),
        before: permissions(&["users", "send"]),
        after: permissions(&["send"]),
    };
    let subject = Subject::Role("Administrator".parse().unwrap());
    let actions = vec![Action { subject, change, cause: Cause::Listed { place: desired.place.clone() } }];
    assert_snapshot!(outcome_with(&desired, &there, &Ledger::default(), actions), @"
    ! update role Administrator send users -> send (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 0
    ");
}
