//! Invitations that nobody accepts: sent again, given up, and told.

use insta::assert_snapshot;
use roster::model::capabilities::Capabilities;
use roster::model::ledger::{Ledger, SentInvitations};
use roster::model::situation::Situation;

use crate::story::{account, live, noon, outcome_in, situation};

const FILE: &str = "invitations: { resend_after: 7d, give_up_after: 3 }\nusers: { ada@acme.example: admin, kay@acme.example: support }";
const INVITED: &str = "owner@acme.example owner\nada@acme.example admin\nkay@acme.example support invited";
const ABSENT: &str = "owner@acme.example owner\nada@acme.example admin";

/// Kay was invited so often, the last time at noon of the first of December; this is what happens on a day.
fn told(day: &str, there: &str, count: u32, resending: bool) -> String {
    let (desired, there) = (account(FILE), live(there));
    let sent = SentInvitations { count, latest: noon("2026-12-01") };
    let ledger = Ledger { invitations: [("kay@acme.example".parse().unwrap(), sent)].into(), ..Ledger::default() };
    let capabilities = Capabilities { resending, ..Capabilities::default() };
    outcome_in(&Situation { capabilities, now: noon(day), ..situation(&desired, &there, &ledger) })
}

#[test]
fn an_old_invitation_is_sent_again() {
    assert_snapshot!(told("2026-12-07", INVITED, 1, true), @"in sync 3");
    assert_snapshot!(told("2026-12-08", INVITED, 1, true), @"
    . resend invitation kay@acme.example support, sent 1
    in sync 2
    ");
}

#[test]
fn where_a_server_cannot_send_again_another_one_takes_its_place() {
    assert_snapshot!(told("2026-12-08", INVITED, 2, false), @"
    . invite anew kay@acme.example support -> support
    in sync 2
    ");
}

#[test]
fn after_the_last_one_somebody_has_to_ask() {
    assert_snapshot!(told("2026-12-08", INVITED, 3, true), @"
    left alone kay@acme.example (GivenUp { sent: 3 })
    in sync 2
    ");
    assert_snapshot!(told("2026-12-07", INVITED, 3, true), @"in sync 3");
}

#[test]
fn whoever_declined_is_not_asked_again_at_once() {
    assert_snapshot!(told("2026-12-02", ABSENT, 1, true), @"
    left alone kay@acme.example (Waiting { until: 2026-12-08T12:00:00Z })
    in sync 2
    ");
    assert_snapshot!(told("2026-12-08", ABSENT, 1, true), @"
    . invite kay@acme.example support
    in sync 2
    ");
    assert_snapshot!(told("2027-12-08", ABSENT, 3, true), @"
    left alone kay@acme.example (GivenUp { sent: 3 })
    in sync 2
    ");
}

/// Nobody knows how old it is, and whoever is not counted would be written to for ever.
#[test]
fn an_invitation_of_unknown_age_is_left_open() {
    let (desired, there, ledger) = (account(FILE), live(INVITED), Ledger::default());
    assert_snapshot!(outcome_in(&Situation { now: noon("2027-12-01"), ..situation(&desired, &there, &ledger) }), @"in sync 3");
}

#[test]
fn another_role_for_somebody_invited_is_a_new_invitation_where_it_must_be() {
    let desired = account(&FILE.replace("kay@acme.example: support", "kay@acme.example: manager"));
    let (there, ledger) = (live(INVITED), Ledger::default());
    let fixed = Capabilities { role_of_invited: false, ..Capabilities::default() };
    assert_snapshot!(outcome_in(&Situation { capabilities: fixed, ..situation(&desired, &there, &ledger) }), @"
    . invite anew kay@acme.example support -> manager
    in sync 2
    ");
}
