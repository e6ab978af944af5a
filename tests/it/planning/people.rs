//! One person under several addresses, in several teams, with a short name: always one person.

use insta::assert_snapshot;
use roster::model::capabilities::Capabilities;
use roster::model::desired::Prune;
use roster::model::email::Email;
use roster::model::ledger::Ledger;
use roster::model::live::UserId;
use roster::model::situation::Situation;

use crate::story::{account, live, outcome, outcome_in, outcome_of, roster, situation};

const OWNER: &str = "owner@acme.example owner";
const MOVED: &str = "users: { kay@new.example: { role: support, formerly: [kay@old.example, kay@older.example] } }";

fn with(lines: &str) -> String {
    format!("{OWNER}\n{lines}")
}

#[test]
fn a_former_address_becomes_the_present_one() {
    assert_snapshot!(outcome(MOVED, &with("kay@old.example support")), @"
    . move kay@new.example from kay@old.example
    in sync 1
    ");
}

#[test]
fn a_move_comes_first_and_the_rest_happens_under_the_new_address() {
    let file = "users: { kay@new.example: { role: manager, first_name: Kay, formerly: [kay@old.example] } }";
    assert_snapshot!(outcome(file, &with("kay@old.example support")), @"
    . move kay@new.example from kay@old.example
    . change role kay@new.example support -> manager
    . update profile kay@new.example - - -> Kay -
    in sync 1
    ");
    assert_snapshot!(outcome(file, &with("kay@old.example support deactivated")), @"
    . move kay@new.example from kay@old.example
    . reactivate kay@new.example support -> manager
    . update profile kay@new.example - - -> Kay -
    in sync 1
    ");
    assert_snapshot!(outcome(file, &with("kay@old.example support invited")), @"
    . move kay@new.example from kay@old.example
    . change role kay@new.example support -> manager
    . update profile kay@new.example - - -> Kay -
    in sync 1
    ");
}

#[test]
fn people_who_are_there_twice_are_not_made_one() {
    assert_snapshot!(outcome(MOVED, &with("kay@new.example support\nkay@old.example manager")), @"
    left alone kay@old.example (SeveralAddresses)
    in sync 2
    ");
    assert_snapshot!(outcome(MOVED, &with("kay@older.example support\nkay@old.example manager")), @"
    left alone kay@old.example (SeveralAddresses)
    left alone kay@older.example (SeveralAddresses)
    in sync 1
    ");
}

#[test]
fn where_addresses_are_fixed_nobody_is_replaced() {
    let (desired, there, ledger) = (account(MOVED), live(&with("kay@old.example support")), Ledger::default());
    let capabilities = Capabilities { addresses: false, ..Capabilities::default() };
    assert_snapshot!(outcome_in(&Situation { capabilities, ..situation(&desired, &there, &ledger) }), @"
    left alone kay@old.example (AddressFixed)
    in sync 1
    ");
}

/// Somebody changed the address in the account; the file still has the one that roster knew.
#[test]
fn a_rename_that_is_seen_in_the_account_is_one_move_back() {
    let desired = account("users: { kay@acme.example: support }");
    let there = live(&with("kay@elsewhere.example support"));
    let known_as = [(UserId::observed("id-1").unwrap(), "kay@acme.example".parse::<Email>().unwrap())];
    let ledger = Ledger { known_as: known_as.into(), ..Ledger::default() };
    assert_snapshot!(outcome_of(&desired, &there, &ledger), @"
    . move kay@acme.example from kay@elsewhere.example
    in sync 1
    ");
    // The same as the file says it.
    let desired = account("users: { kay@elsewhere.example: { role: support, formerly: [kay@acme.example] } }");
    assert_snapshot!(outcome_of(&desired, &there, &ledger), @"in sync 2");
}

const AGENCY: &str = "\
people:
  ada: { email: ada@agency.example, first_name: Ada, formerly: [ada@old.example] }
  grace: grace@agency.example
teams:
  design: [ada, grace, linus@agency.example]
  reports: [ada]
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    teams: { design: content-creator, reports: content-creator }
";

#[test]
fn a_team_lets_its_members_in_and_an_entry_of_ones_own_wins() {
    let desired = roster(&format!("{AGENCY}    users: {{ grace: manager }}\n"));
    let there = live(&with("ada@old.example support\nbob@agency.example content-creator"));
    assert_snapshot!(outcome_of(&desired, &there, &Ledger::default()), @"
    . move ada@agency.example from ada@old.example
    . invite grace@agency.example manager
    . invite linus@agency.example content-creator
    . update profile ada@agency.example - - -> Ada -
    . change role ada@agency.example support -> content-creator (loss)
    . remove bob@agency.example content-creator (loss)
    in sync 1
    ");
}

#[test]
fn whoever_leaves_every_team_leaves_the_account() {
    let there = live(&with(
        "ada@agency.example content-creator Ada\ngrace@agency.example content-creator\nlinus@agency.example content-creator",
    ));
    let one_less =
        AGENCY.replace("design: [ada, grace, linus@agency.example]", "design: [grace, linus@agency.example]");
    assert_snapshot!(outcome_of(&roster(&one_less), &there, &Ledger::default()), @"in sync 4");
    let both = one_less.replace("reports: [ada]", "reports: []");
    assert_snapshot!(outcome_of(&roster(&both), &there, &Ledger::default()), @"
    . remove ada@agency.example content-creator (loss)
    in sync 3
    ");
}

#[test]
fn managed_are_those_whom_roster_let_in() {
    let mut desired = account("users: { ada@acme.example: admin }");
    desired.prune = Prune::Managed;
    let there = live(&with("ada@acme.example admin\nbob@acme.example support\ncyd@acme.example support"));
    let ledger = Ledger { managed: ["bob@acme.example".parse().unwrap()].into(), ..Ledger::default() };
    assert_snapshot!(outcome_of(&desired, &there, &ledger), @"
    . remove bob@acme.example support (loss)
    left alone cyd@acme.example (Unmanaged)
    in sync 2
    ");
    // A state that was lost remembers nobody, so nobody goes.
    assert_snapshot!(outcome_of(&desired, &there, &Ledger::default()), @"
    left alone bob@acme.example (Unmanaged)
    left alone cyd@acme.example (Unmanaged)
    in sync 2
    ");
}
