//! Who comes from where, who comes back under another name, and who comes and goes.

use insta::assert_snapshot;
use roster::model::ledger::Ledger;

use crate::story::{account, live, outcome, outcome_of};

const OWNER: &str = "owner@acme.example owner\n";

#[test]
fn a_slip_in_a_domain_lets_nobody_in() {
    let file = "guards: { domains: [acme.example, '*.acme.example'] }
users: { ada@acme.example: support, bob@eu.acme.example: support, cyd@acne.example: support, dan@old.example: analyst }";
    let there = format!("{OWNER}dan@old.example support\neve@gone.example support");
    assert_snapshot!(outcome(file, &there), @"
    . invite ada@acme.example support
    . invite bob@eu.acme.example support
    ! invite cyd@acne.example support
    ! change role dan@old.example support -> analyst
    . remove eve@gone.example support (loss)
    hold domains: not from an allowed domain (*.acme.example, acme.example): cyd@acne.example, dan@old.example
    in sync 1
    ");
}

#[test]
fn people_from_outside_get_no_more_than_the_highest_role_for_them() {
    let file = "guards: { external: { home: [acme.example], highest_role: analyst } }
users: { ada@acme.example: admin, bob@agency.example: analyst, cyd@agency.example: manager, dan@agency.example: admin }";
    let there = format!("{OWNER}dan@agency.example admin");
    assert_snapshot!(outcome(file, &there), @"
    . invite ada@acme.example admin
    . invite bob@agency.example analyst
    ! invite cyd@agency.example manager
    hold external: from outside, and above `analyst` or not to be compared with it: cyd@agency.example
    warn external: from outside, and above `analyst` or not to be compared with it: dan@agency.example
    in sync 2
    ");
}

#[test]
fn people_from_outside_leave_some_day() {
    let file = "guards: { external: { home: [acme.example], must_expire: true, longest: 90d } }
users:
  ada@acme.example: support
  bob@agency.example: support
  cyd@agency.example: { role: support, expires: 2027-03-01 }
  dan@agency.example: { role: support, expires: 2027-03-02 }
  eve@agency.example: { role: support, starts: 2026-12-01, expires: 2027-03-01 }
  fay@agency.example: support";
    let there = format!("{OWNER}fay@agency.example support");
    assert_snapshot!(outcome(file, &there), @"
    . invite ada@acme.example support
    ! invite bob@agency.example support
    . invite cyd@agency.example support
    ! invite dan@agency.example support
    . invite eve@agency.example support
    hold external: from outside, and without an end: bob@agency.example
    warn external: from outside, and without an end: fay@agency.example
    hold external: from outside, and for longer than 90 days: dan@agency.example
    in sync 2
    ");
}

/// What never ends is longer than whatever is the longest.
#[test]
fn a_longest_time_asks_for_an_end() {
    let file = "guards: { external: { home: [acme.example], longest: 90d } }
users:
  ada@acme.example: support
  bob@agency.example: support
  fay@agency.example: support";
    assert_snapshot!(outcome(file, &format!("{OWNER}fay@agency.example support")), @"
    . invite ada@acme.example support
    ! invite bob@agency.example support
    hold external: from outside, and without an end: bob@agency.example
    warn external: from outside, and without an end: fay@agency.example
    in sync 2
    ");
}

#[test]
fn somebody_who_is_renamed_is_not_taken_for_two() {
    let there = format!(
        "{OWNER}ada.lovelace@old.example manager Ada Lovelace\ngrace@acme.example analyst Grace Hopper\nkay@acme.example support"
    );
    let users = "users:
  ada.lovelace@new.example: manager
  g.murray@acme.example: { role: analyst, first_name: grace, last_name: HOPPER }
  linus@acme.example: support";
    assert_snapshot!(outcome(users, &there), @"
    ! invite ada.lovelace@new.example manager
    ! invite g.murray@acme.example analyst
    . invite linus@acme.example support
    ! remove ada.lovelace@old.example manager (loss)
    ! remove grace@acme.example analyst (loss)
    . remove kay@acme.example support (loss)
    hold lookalike: who goes and who comes may be one person: ada.lovelace@old.example and ada.lovelace@new.example, grace@acme.example and g.murray@acme.example
    in sync 1
    ");
    assert_snapshot!(outcome(&format!("guards: {{ lookalike: false }}\n{users}"), &there), @"
    . invite ada.lovelace@new.example manager
    . invite g.murray@acme.example analyst
    . invite linus@acme.example support
    . remove ada.lovelace@old.example manager (loss)
    . remove grace@acme.example analyst (loss)
    . remove kay@acme.example support (loss)
    in sync 1
    ");
}

#[test]
fn what_two_sides_change_to_and_fro_is_left_alone_for_a_day() {
    let there = live(&format!("{OWNER}ada@acme.example support\nbob@acme.example support"));
    let desired =
        account("users:\n  ada@acme.example: { role: analyst, first_name: Ada }\n  bob@acme.example: analyst");
    let changed = |times: &[&str]| Ledger {
        changes: [("ada@acme.example".parse().unwrap(), times.iter().map(|time| time.parse().unwrap()).collect())]
            .into(),
        ..Ledger::default()
    };
    let times = ["2026-11-30T12:30:00Z", "2026-11-30T20:00:00Z", "2026-12-01T04:00:00Z", "2026-12-01T08:00:00Z"];
    assert_snapshot!(outcome_of(&desired, &there, &changed(&times)), @"
    ! change role ada@acme.example support -> analyst
    . change role bob@acme.example support -> analyst
    . update profile ada@acme.example - - -> Ada -
    hold flapping: changed 4 times or more within 24 hours, and again now: ada@acme.example
    in sync 1
    ");
    let told = outcome_of(&desired, &there, &changed(&["2026-11-30T11:30:00Z", times[1], times[2], times[3]]));
    assert!(!told.contains("hold"), "{told}");
}
