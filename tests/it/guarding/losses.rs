//! Who loses, and how many in a day: limits, people who lose nothing, and the owner of the key.

use insta::assert_snapshot;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::capabilities::Capabilities;
use roster::model::email::Email;
use roster::model::ledger::{Ledger, PastLoss};
use roster::model::live::{LiveRole, RoleId, RoleOrigin, Status};
use roster::model::role::RoleDefinition;
use roster::model::situation::Situation;

use crate::story::{account, live, outcome, outcome_in, outcome_of, outcome_with, roster, situation};

const OWNER: &str = "owner@acme.example owner\n";

fn email(text: &str) -> Email {
    text.parse().unwrap()
}

#[test]
fn whoever_is_protected_loses_nothing() {
    let there = format!("{OWNER}ceo@acme.example manager\ncfo@acme.example manager\nbob@acme.example support invited");
    let file = "guards: { protect: [CEO@acme.example, 'b*@acme.example'] }\nusers: { ceo@acme.example: analyst }";
    assert_snapshot!(outcome(file, &there), @"
    ! change role ceo@acme.example manager -> analyst (loss)
    ! cancel invitation bob@acme.example support (loss)
    . remove cfo@acme.example manager (loss)
    hold protect: whoever is protected loses nothing: bob@acme.example, ceo@acme.example
    in sync 1
    ");
}

/// A line more in an account does not unprotect whom the defaults protect.
#[test]
fn what_protects_adds_up() {
    let desired = roster(
        "defaults: { prune: all, guards: { protect: [a@x.example] } }
accounts: { acme: { provider: sandbox, owner: owner@acme.example, guards: { protect: [b@x.example] }, users: { owner@acme.example: owner } } }",
    );
    let there = live(&format!("{OWNER}a@x.example support\nb@x.example support\nc@x.example support"));
    assert_snapshot!(outcome_of(&desired, &there, &Ledger::default()), @"
    ! remove a@x.example support (loss)
    ! remove b@x.example support (loss)
    . remove c@x.example support (loss)
    hold protect: whoever is protected loses nothing: a@x.example, b@x.example
    in sync 1
    ");
}

/// Another address is another mailbox: whoever reads it has the access.
#[test]
fn a_protected_address_is_not_given_away() {
    let desired =
        account("guards: { protect: [ceo@acme.example, '*@board.example'] }\nusers: { owner@acme.example: owner }");
    let there = live(&format!("{OWNER}ceo@acme.example admin\nann@board.example analyst"));
    let moved = |from: &str, to: &str| {
        let user = there.users().get(&email(from)).unwrap();
        let change = Change::Move {
            id: user.id.clone(),
            from: user.email.clone(),
            roles: user.roles.clone(),
            status: Status::Active,
        };
        Action { subject: Subject::User(email(to)), change, cause: Cause::Listed { place: desired.place.clone() } }
    };
    let actions = vec![moved("ann@board.example", "anne@board.example"), moved("ceo@acme.example", "ceo@evil.example")];
    assert_snapshot!(outcome_with(&desired, &there, &Ledger::default(), actions), @"
    . move anne@board.example from ann@board.example
    ! move ceo@evil.example from ceo@acme.example
    hold protect: whoever is protected loses nothing: ceo@acme.example
    in sync 0
    ");
}

/// A role that loses a permission takes it from everybody who holds it.
#[test]
fn a_role_that_loses_a_permission_costs_each_of_its_holders() {
    let rules = "guards: { max_losses: { percent: 0, at_least: 2 }, protect: [c@x.example] }";
    let desired = account(&format!("catalogue: any\n{rules}\nusers: {{ owner@acme.example: owner }}"));
    let there =
        live(&format!("{OWNER}a@x.example marketer\nb@x.example marketer\nc@x.example marketer\nd@x.example other"));
    let definition = |permissions: &[&str]| RoleDefinition {
        permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        ..RoleDefinition::default()
    };
    let update = |before: &[&str], after: &[&str]| Action {
        subject: Subject::Role("Marketer".parse().unwrap()),
        change: Change::UpdateRole {
            id: RoleId::observed("r1").unwrap(),
            before: definition(before),
            after: definition(after),
        },
        cause: Cause::Listed { place: desired.place.clone() },
    };
    let ledger = Ledger::default();
    let losing = outcome_with(&desired, &there, &ledger, vec![update(&["send", "view"], &["view"])]);
    assert_snapshot!(losing, @"
    ! update role Marketer send view -> view (loss)
    hold protect: whoever is protected loses nothing: c@x.example
    hold max_losses: 3 losses among 5 users, the limit is 2
    in sync 0
    ");
    assert_snapshot!(outcome_with(&desired, &there, &ledger, vec![update(&["view"], &["send", "view"])]), @"
    . update role Marketer view -> send view
    in sync 0
    ");
}

/// The file has a name for it, and the account knows it by its title.
#[test]
fn a_role_costs_whoever_holds_it_by_its_title() {
    let desired = account(
        "catalogue: any
roles: { writer: { title: Content Writer, permissions: [view] } }
guards: { max_losses: { percent: 0, at_least: 1 } }
users: { a@x.example: writer, b@x.example: writer }",
    );
    let permissions = ["send", "view"].map(str::to_owned).into();
    let definition = RoleDefinition { title: "Content Writer".to_owned(), permissions, ..RoleDefinition::default() };
    let role = LiveRole { id: RoleId::observed("r1").unwrap(), origin: RoleOrigin::Custom, definition };
    let there = live(&format!("{OWNER}a@x.example ContentWriter\nb@x.example ContentWriter"));
    let there = there.with_roles([("Content Writer".parse().unwrap(), role)]);
    let capabilities = Capabilities { custom_roles: true, ..Capabilities::default() };
    let ledger = Ledger::default();
    assert_snapshot!(outcome_in(&Situation { capabilities, ..situation(&desired, &there, &ledger) }), @"
    ! update role writer send view -> view (loss)
    hold max_losses: 2 losses among 3 users, the limit is 1
    in sync 3
    ");
}

#[test]
fn whoever_the_key_belongs_to_keeps_access() {
    let desired = roster(
        "accounts: { acme: { provider: { kind: sandbox, identity: Ops@acme.example }, owner: owner@acme.example, prune: all,
        users: { bob@acme.example: support } } }",
    );
    let there = live(&format!("{OWNER}ops@acme.example admin\nbob@acme.example manager"));
    assert_snapshot!(outcome_of(&desired, &there, &Ledger::default()), @"
    . change role bob@acme.example manager -> support (loss)
    ! remove ops@acme.example admin (loss)
    hold self: the key belongs to Ops@acme.example, who would lose access, and roster with them
    in sync 1
    ");
}

/// Each plan for itself stays within its limit; over the day they do not. What is a day old does not count.
#[test]
fn a_drip_of_losses_is_stopped_over_the_day() {
    let there = live(&format!("{OWNER}a@x.example support\nb@x.example support\nc@x.example support"));
    let desired = account("users: { a@x.example: support }");
    let after = |times: &[&str]| {
        let losses = times.iter().map(|time| PastLoss { at: time.parse().unwrap(), people: 1 }).collect();
        Ledger { losses, ..Ledger::default() }
    };
    let times = [
        "2026-11-30T11:00:00Z",
        "2026-12-01T01:00:00Z",
        "2026-12-01T02:00:00Z",
        "2026-12-01T03:00:00Z",
        "2026-12-01T04:00:00Z",
        "2026-12-01T05:00:00Z",
    ];
    assert_snapshot!(outcome_of(&desired, &there, &after(&times)), @"
    ! remove b@x.example support (loss)
    ! remove c@x.example support (loss)
    hold max_losses_per_day: 2 losses after 5 within 24 hours, the limit for a day is 6
    in sync 2
    ");
    assert_snapshot!(outcome_of(&desired, &there, &after(&times[..5])), @"
    . remove b@x.example support (loss)
    . remove c@x.example support (loss)
    in sync 2
    ");
    let nothing_to_lose = account("users: { a@x.example: support, b@x.example: support, c@x.example: support }");
    assert_snapshot!(outcome_of(&nothing_to_lose, &there, &after(&times)), @"in sync 4");
}

/// Whatever one plan may carry can be finished the same day when it was interrupted.
#[test]
fn an_interrupted_plan_within_its_limit_is_finished_the_same_day() {
    let people: String = (0..50).map(|number| format!("p{number}@x.example support\n")).collect();
    let desired = account("guards: { max_losses: { percent: 100 } }\nusers: { owner@acme.example: owner }");
    let at = "2026-12-01T11:59:00Z".parse().unwrap();
    let ledger = Ledger { losses: vec![PastLoss { at, people: 50 }], ..Ledger::default() };
    let told = outcome_of(&desired, &live(&format!("{OWNER}{people}")), &ledger);
    assert!(!told.contains("hold"), "{told}");
}
