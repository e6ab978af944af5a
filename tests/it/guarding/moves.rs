//! People who get another address: whoever reads the old one loses access, and whoever reads the new one has it.

use insta::assert_snapshot;
use roster::model::ledger::{Ledger, PastLoss};
use roster::model::live::UserId;

use crate::story::{account, live, outcome, outcome_of, roster};

const OWNER: &str = "owner@acme.example owner\n";

/// Six people of support at the old address.
fn crew() -> String {
    OWNER.to_owned() + &(0..6).map(|number| format!("p{number}@old.example support\n")).collect::<String>()
}

/// A file in which the first so many of them have a new address, and the last so many are missing.
fn file(moved: usize, missing: usize) -> String {
    let line = |number: usize| {
        if number < moved {
            format!("p{number}@new.example: {{ role: support, formerly: [p{number}@old.example] }}")
        } else {
            format!("p{number}@old.example: support")
        }
    };
    format!("users: {{ {} }}", (0..6 - missing).map(line).collect::<Vec<_>>().join(", "))
}

/// A colleague who marries is no reason to ask anybody. Many addresses at once are an account that is taken over, or a
/// company with another domain: somebody has to look.
#[test]
fn a_wave_of_moves_waits_and_one_goes_on() {
    assert_snapshot!(outcome(&file(1, 0), &crew()), @"
    . move p0@new.example from p0@old.example
    in sync 6
    ");
    assert_snapshot!(outcome(&file(4, 0), &crew()), @"
    ! move p0@new.example from p0@old.example
    ! move p1@new.example from p1@old.example
    ! move p2@new.example from p2@old.example
    ! move p3@new.example from p3@old.example
    hold max_losses: 4 addresses move among 7 users, the limit is 3
    in sync 3
    ");
    assert_snapshot!(outcome(&file(2, 2), &crew()), @"
    ! move p0@new.example from p0@old.example
    ! move p1@new.example from p1@old.example
    ! remove p4@old.example support (loss)
    ! remove p5@old.example support (loss)
    hold max_losses: 2 addresses move and there are 2 losses among 7 users, the limit for both is 3
    in sync 3
    ");
}

#[test]
fn moves_drip_no_more_than_losses_do() {
    let at = "2026-12-01T11:00:00Z".parse().unwrap();
    let ledger = Ledger { losses: vec![PastLoss { at, people: 6 }], ..Ledger::default() };
    assert_snapshot!(outcome_of(&account(&file(1, 0)), &live(&crew()), &ledger), @"
    ! move p0@new.example from p0@old.example
    hold max_losses_per_day: 1 losses after 6 within 24 hours, the limit for a day is 6
    in sync 6
    ");
}

/// Whoever has the key's address has the key's access.
#[test]
fn the_key_does_not_move() {
    let desired = roster(
        "accounts: { acme: { provider: { kind: sandbox, identity: ops@old.example }, owner: owner@acme.example, prune: all,
        users: { ops@new.example: { role: admin, formerly: [ops@old.example] } } } }",
    );
    let there = live(&format!("{OWNER}ops@old.example admin"));
    assert_snapshot!(outcome_of(&desired, &there, &Ledger::default()), @"
    ! move ops@new.example from ops@old.example
    hold self: the key belongs to ops@old.example, who would lose access, and roster with them
    in sync 1
    ");
}

/// One Admin who marries goes on, be it the only one. Where several move at once, enough keep the address they have.
#[test]
fn not_all_admins_move_at_once() {
    let file = |users: &str| {
        roster(&format!(
            "accounts: {{ acme: {{ provider: {{ kind: scim, url: 'https://scim.example/v2', key: {{ env: KEY }} }},
            prune: all, users: {{ {users} }} }} }}"
        ))
    };
    let moved = |name: &str| format!("{name}@new.example: {{ role: admin, formerly: [{name}@old.example] }}");
    let there = live("ada@old.example admin\nbob@old.example admin");
    let both = file(&[moved("ada"), moved("bob")].join(", "));
    assert_snapshot!(outcome_of(&both, &there, &Ledger::default()), @"
    ! move ada@new.example from ada@old.example
    ! move bob@new.example from bob@old.example
    hold min_admins: 0 active Owners and Admins would keep their address, the least is 1
    in sync 0
    ");
    assert_snapshot!(outcome_of(&file(&moved("ada")), &live("ada@old.example admin"), &Ledger::default()), @"
    . move ada@new.example from ada@old.example
    in sync 0
    ");
}

/// Nobody knows yet who reads the new address.
#[test]
fn whoever_moves_is_not_counted_on() {
    let rules = "guards: { min_admins: 2 }";
    let there = format!("{OWNER}ada@old.example admin\nbob@old.example admin");
    let users = "users: { ada@new.example: { role: admin, formerly: [ada@old.example] } }";
    assert_snapshot!(outcome(&format!("{rules}\n{users}"), &there), @"
    . move ada@new.example from ada@old.example
    ! remove bob@old.example admin (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
    let there = format!("{OWNER}ada@old.example admin\neve@old.example support");
    let users = "users: { eve@evil.example: { role: admin, formerly: [eve@old.example] } }";
    assert_snapshot!(outcome(&format!("{rules}\n{users}"), &there), @"
    . move eve@evil.example from eve@old.example
    . change role eve@evil.example support -> admin
    ! remove ada@old.example admin (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
}

/// Somebody gave them another address in the account, not in the file: they are who they were.
#[test]
fn whoever_was_renamed_in_the_account_is_protected_still() {
    let desired = account("guards: { protect: [ceo@acme.example] }\nusers: { owner@acme.example: owner }");
    let there = live(&format!("{OWNER}ceo.new@acme.example manager"));
    let id = UserId::observed("id-1").unwrap();
    let known =
        |address: &str| Ledger { known_as: [(id.clone(), address.parse().unwrap())].into(), ..Ledger::default() };
    let mut ledger = known("ceo@acme.example");
    for _ in 0..2 {
        let told = outcome_of(&desired, &there, &ledger);
        assert!(told.starts_with("! remove ceo.new@acme.example manager (loss)\nhold protect: "), "{told}");
        ledger.see(&there, &desired);
    }
    let listed = account("guards: { protect: [ceo@acme.example] }\nusers: { ceo.new@acme.example: manager }");
    ledger.see(&there, &listed);
    assert_eq!(ledger.known_as[&id].as_str(), "ceo.new@acme.example", "the file knows the new address by now");
    let identified = roster(
        "accounts: { acme: { provider: { kind: sandbox, identity: ceo@acme.example }, owner: owner@acme.example, prune: all,
        users: { owner@acme.example: owner } } }",
    );
    let told = outcome_of(&identified, &there, &known("ceo@acme.example"));
    assert!(told.contains("hold self: the key belongs to ceo@acme.example"), "{told}");
}
