//! Removal in two steps: deactivated first, removed when the time to take it back is over.

use insta::assert_snapshot;
use roster::model::capabilities::{Capabilities, TakingOut};
use roster::model::ledger::Ledger;
use roster::model::live::UserId;
use roster::model::situation::Situation;

use crate::story::{account, live, noon, outcome_in, situation};

const FILE: &str = "removal: { grace: 7d }\nguards: { lookalike: false }\nusers: { ada@acme.example: admin }";
const ACTIVE: &str = "owner@acme.example owner\nada@acme.example admin\nbob@acme.example support";
const OUT: &str = "owner@acme.example owner\nada@acme.example admin\nbob@acme.example support deactivated";

/// Bob is not listed; this is what happens on a day, when roster deactivated him at noon of another.
fn told(day: &str, there: &str, since: Option<&str>, taking_out: TakingOut) -> String {
    let (desired, there) = (account(FILE), live(there));
    let deactivated = since.map(|day| (UserId::observed("id-2").unwrap(), noon(day))).into_iter().collect();
    let ledger = Ledger { deactivated, ..Ledger::default() };
    let capabilities = Capabilities { taking_out, ..Capabilities::default() };
    outcome_in(&Situation { capabilities, now: noon(day), ..situation(&desired, &there, &ledger) })
}

#[test]
fn whoever_is_not_listed_is_deactivated_first() {
    assert_snapshot!(told("2026-12-01", ACTIVE, None, TakingOut::Both), @"
    . deactivate bob@acme.example support (loss)
    in sync 2
    ");
}

#[test]
fn and_removed_when_the_grace_is_over() {
    let since = Some("2026-12-01");
    assert_snapshot!(told("2026-12-07", OUT, since, TakingOut::Both), @"
    left alone bob@acme.example (InGrace { until: 2026-12-08T12:00:00Z })
    in sync 2
    ");
    assert_snapshot!(told("2026-12-08", OUT, since, TakingOut::Both), @"
    . remove bob@acme.example support (loss)
    in sync 2
    ");
}

#[test]
fn nobody_is_removed_whose_grace_nobody_knows() {
    assert_snapshot!(told("2026-12-31", OUT, None, TakingOut::Both), @"
    left alone bob@acme.example (GraceUnknown)
    in sync 2
    ");
}

#[test]
fn where_a_server_can_do_one_of_the_two_it_does_that() {
    assert_snapshot!(told("2026-12-01", ACTIVE, None, TakingOut::Delete), @"
    . remove bob@acme.example support (loss)
    in sync 2
    ");
    assert_snapshot!(told("2026-12-01", ACTIVE, None, TakingOut::Deactivate), @"
    . deactivate bob@acme.example support (loss)
    in sync 2
    ");
    assert_snapshot!(told("2026-12-31", OUT, Some("2026-12-01"), TakingOut::Deactivate), @"in sync 3");
}

#[test]
fn whoever_is_listed_again_comes_back_as_they_were() {
    let (mut desired, there) = (account(FILE), live(OUT));
    let listed = account("users: { bob@acme.example: support }");
    desired.users.extend(listed.users);
    let deactivated = [(UserId::observed("id-2").unwrap(), noon("2026-12-01"))].into();
    let ledger = Ledger { deactivated, ..Ledger::default() };
    assert_snapshot!(outcome_in(&Situation { now: noon("2026-12-03"), ..situation(&desired, &there, &ledger) }), @"
    . reactivate bob@acme.example support -> support
    in sync 2
    ");
}

/// An account takes back what `defaults` say.
#[test]
fn no_grace_is_none() {
    let text = format!(
        "defaults: {{ removal: {{ grace: 7d }} }}\naccounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    {}\n",
        FILE.replace("7d", "0d").replace('\n', "\n    ")
    );
    let (desired, there, ledger) = (crate::story::roster(&text), live(ACTIVE), Ledger::default());
    assert_snapshot!(outcome_in(&situation(&desired, &there, &ledger)), @"
    . remove bob@acme.example support (loss)
    in sync 2
    ");
}
