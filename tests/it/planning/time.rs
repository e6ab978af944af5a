//! Access that begins and ends on days.

use insta::assert_snapshot;
use roster::model::desired::Prune;
use roster::model::ledger::Ledger;
use roster::model::situation::Situation;
use roster::plan;

use crate::story::{account, live, noon, outcome_in, outcome_on, situation};

const KAY: &str = "users: { kay@acme.example: { role: support, starts: 2026-12-01, expires: 2026-12-03 } }";
const OWNER: &str = "owner@acme.example owner";
const DAYS: [&str; 4] = ["2026-11-30", "2026-12-01", "2026-12-03", "2026-12-04"];

fn on_each_day(file: &str, there: &str) -> String {
    DAYS.map(|day| format!("{day}\n{}", outcome_on(day, file, there))).join("")
}

#[test]
fn nobody_is_let_in_before_the_first_day_and_after_the_last() {
    assert_snapshot!(on_each_day(KAY, OWNER), @"
    2026-11-30
    in sync 1
    2026-12-01
    . invite kay@acme.example support
    in sync 1
    2026-12-03
    . invite kay@acme.example support
    in sync 1
    2026-12-04
    in sync 1
    ");
}

#[test]
fn whoever_is_in_before_the_first_day_or_after_the_last_goes() {
    assert_snapshot!(on_each_day(KAY, "owner@acme.example owner\nkay@acme.example support"), @"
    2026-11-30
    . remove kay@acme.example support (loss)
    in sync 1
    2026-12-01
    in sync 2
    2026-12-03
    in sync 2
    2026-12-04
    . remove kay@acme.example support (loss)
    in sync 1
    ");
}

#[test]
fn an_invitation_is_cancelled_when_its_days_are_over() {
    assert_snapshot!(on_each_day(KAY, "owner@acme.example owner\nkay@acme.example support invited"), @"
    2026-11-30
    . cancel invitation kay@acme.example support (loss)
    in sync 1
    2026-12-01
    in sync 2
    2026-12-03
    in sync 2
    2026-12-04
    . cancel invitation kay@acme.example support (loss)
    in sync 1
    ");
}

#[test]
fn whoever_cannot_sign_in_waits_for_the_first_day() {
    assert_snapshot!(on_each_day(KAY, "owner@acme.example owner\nkay@acme.example support deactivated"), @"
    2026-11-30
    in sync 2
    2026-12-01
    . reactivate kay@acme.example support -> support
    in sync 1
    2026-12-03
    . reactivate kay@acme.example support -> support
    in sync 1
    2026-12-04
    in sync 2
    ");
}

/// A roster that does not prune says of everybody it lists until when.
#[test]
fn dates_count_whatever_prune_says() {
    let mut desired = account(KAY);
    desired.prune = Prune::None;
    let there = live("owner@acme.example owner\nkay@acme.example support\nbob@acme.example support");
    let ledger = Ledger::default();
    assert_snapshot!(outcome_in(&Situation { now: noon("2026-12-04"), ..situation(&desired, &there, &ledger) }), @"
    . remove kay@acme.example support (loss)
    left alone bob@acme.example (Unmanaged)
    in sync 1
    ");
}

/// Whoever has no access has none under any address, and one run sees to it.
#[test]
fn days_count_for_every_address_of_a_person() {
    let file = "users: { kay@new.example: { role: support, expires: 2026-12-03, formerly: [kay@old.example] } }";
    let there = "owner@acme.example owner\nkay@new.example support\nkay@old.example support";
    assert_snapshot!(outcome_on("2026-12-03", file, there), @"
    left alone kay@old.example (SeveralAddresses)
    in sync 2
    ");
    assert_snapshot!(outcome_on("2026-12-04", file, there), @"
    . remove kay@new.example support (loss)
    . remove kay@old.example support (loss)
    in sync 1
    ");
}

#[test]
fn an_owner_does_not_end_by_a_date() {
    let file = "users: { owner@acme.example: { role: owner, expires: 2026-11-30 } }";
    assert_snapshot!(outcome_on("2026-12-01", file, OWNER), @"
    left alone owner@acme.example (Ownership)
    in sync 0
    ");
}

#[test]
fn an_ending_is_told_two_weeks_before_and_only_of_whoever_is_in() {
    let desired = account(
        "users:
  ada@acme.example: { role: support, expires: 2026-12-15 }
  bob@acme.example: { role: support, expires: 2026-12-01 }
  cyd@acme.example: { role: support, expires: 2026-11-30 }
  dan@acme.example: { role: support, starts: 2026-12-02, expires: 2026-12-03 }",
    );
    let (there, ledger) = (live(OWNER), Ledger::default());
    let ending = |day: &str| {
        let plan = plan::plan(&Situation { now: noon(day), ..situation(&desired, &there, &ledger) });
        plan.ending.iter().map(|ending| format!("{} {}\n", ending.email, ending.expires)).collect::<String>()
    };
    assert_snapshot!(ending("2026-11-30"), @"
    cyd@acme.example 2026-11-30
    bob@acme.example 2026-12-01
    ");
    assert_snapshot!(ending("2026-12-01"), @"
    bob@acme.example 2026-12-01
    ada@acme.example 2026-12-15
    ");
}
