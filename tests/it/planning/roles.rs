//! Custom roles: made before anybody gets them, changed, and deleted once nobody has them.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use roster::model::capabilities::Capabilities;
use roster::model::desired::Prune;
use roster::model::ledger::Ledger;
use roster::model::live::{LiveRole, RoleId, RoleOrigin, Snapshot};
use roster::model::role::{RoleDefinition, RoleName};
use roster::model::situation::Situation;

use crate::story::{account, live, outcome_in, situation};

const FILE: &str = "\
roles:
  writer: { title: Writer, permissions: [content-view, content-edit] }
users: { ada@acme.example: admin, kay@acme.example: writer }";
const OWNER: &str = "owner@acme.example owner\nada@acme.example admin";

fn with_roles(lines: &str, roles: &[(&str, &[&str])]) -> Snapshot {
    live(lines).with_roles(roles.iter().map(|(title, permissions)| {
        let permissions: BTreeSet<String> = permissions.iter().map(|permission| (*permission).to_owned()).collect();
        let definition = RoleDefinition { title: (*title).to_owned(), description: String::new(), permissions };
        let name: RoleName = title.parse().unwrap();
        (name, LiveRole { id: RoleId::observed(title).unwrap(), origin: RoleOrigin::Custom, definition })
    }))
}

fn told(file: &str, there: &Snapshot, custom_roles: bool) -> String {
    let (desired, ledger) = (account(file), Ledger::default());
    let capabilities = Capabilities { custom_roles, ..Capabilities::default() };
    outcome_in(&Situation { capabilities, ..situation(&desired, there, &ledger) })
}

#[test]
fn a_role_is_made_before_anybody_gets_it() {
    assert_snapshot!(told(FILE, &with_roles(OWNER, &[]), true), @"
    . create role writer content-edit content-view
    . invite kay@acme.example writer
    in sync 2
    ");
}

#[test]
fn a_role_that_is_as_the_file_says_is_left_in_peace() {
    let there =
        with_roles(&format!("{OWNER}\nkay@acme.example Writer"), &[("Writer", &["content-edit", "content-view"])]);
    assert_snapshot!(told(FILE, &there, true), @"in sync 3");
}

#[test]
fn a_role_that_permits_less_is_a_loss_of_its_holders() {
    let held = format!("{OWNER}\nkay@acme.example Writer");
    assert_snapshot!(told(FILE, &with_roles(&held, &[("Writer", &["content-view"])]), true), @"
    . update role writer content-view -> content-edit content-view
    in sync 3
    ");
    let more: &[&str] = &["content-edit", "content-view", "campaign-send"];
    assert_snapshot!(told(FILE, &with_roles(&held, &[("Writer", more)]), true), @"
    . update role writer campaign-send content-edit content-view -> content-edit content-view (loss)
    in sync 3
    ");
}

#[test]
fn a_role_goes_when_nobody_has_it_and_not_before() {
    let file = "roles: {}\nusers: { ada@acme.example: admin, kay@acme.example: support }";
    let roles: &[(&str, &[&str])] = &[("Writer", &["content-view"])];
    assert_snapshot!(told(file, &with_roles(&format!("{OWNER}\nkay@acme.example support"), roles), true), @"
    . delete role Writer content-view
    in sync 3
    ");
    assert_snapshot!(told(file, &with_roles(&format!("{OWNER}\nkay@acme.example Writer"), roles), true), @"
    . change role kay@acme.example Writer -> support (loss)
    . delete role Writer content-view
    in sync 2
    ");
    // The ignored are never touched, so the role they have stays, too.
    let ignoring = format!("ignore: ['*@vendor.example']\n{file}");
    assert_snapshot!(told(&ignoring, &with_roles(&format!("{OWNER}\nkay@acme.example support\nkit@vendor.example Writer"), roles), true), @"
    left alone Writer (RoleHeld)
    left alone kit@vendor.example (Ignored)
    in sync 3
    ");
}

#[test]
fn roles_that_are_not_declared_stay_where_nobody_is_pruned() {
    let mut desired = account("roles: {}\nusers: { ada@acme.example: admin }");
    desired.prune = Prune::None;
    let (there, ledger) = (with_roles(OWNER, &[("Writer", &["content-view"])]), Ledger::default());
    let capabilities = Capabilities { custom_roles: true, ..Capabilities::default() };
    assert_snapshot!(outcome_in(&Situation { capabilities, ..situation(&desired, &there, &ledger) }), @"
    left alone Writer (RoleUnmanaged)
    in sync 2
    ");
    // Not a word of roles in the file: they are not managed, and not even told.
    assert_snapshot!(told("users: { ada@acme.example: admin }", &there, true), @"in sync 2");
}

#[test]
fn what_a_server_cannot_do_is_told() {
    assert_snapshot!(told(FILE, &with_roles(OWNER, &[]), false), @"
    left alone writer (RoleMissing)
    left alone kay@acme.example (RoleMissing)
    in sync 2
    ");
    let there = with_roles(&format!("{OWNER}\nkay@acme.example Writer"), &[("Writer", &["content-view"])]);
    assert_snapshot!(told(FILE, &there, false), @"
    left alone writer (RoleDiffers)
    in sync 3
    ");
}
