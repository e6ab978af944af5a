//! The state table of the design, cell by cell: what is in the file against what is in the account.

mod grace;
mod invitations;
mod people;
mod roles;
mod time;

use insta::assert_snapshot;

use crate::story::outcome;

#[test]
fn somebody_new_is_invited() {
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", "owner@acme.example owner"), @r"
    . invite ada@acme.example admin
    in sync 1
    ");
}

#[test]
fn whoever_is_as_the_file_says_is_left_in_peace() {
    let file =
        "users: { owner@acme.example: owner, Ada@acme.example: Campaign Coordinator, bob@acme.example: support }";
    let account = "owner@acme.example owner\nada@acme.example campaign-coordinator\nbob@acme.example support invited";
    assert_snapshot!(outcome(file, account), @"in sync 3");
}

#[test]
fn a_role_changes_both_ways_and_is_a_loss_unless_it_is_higher() {
    let file = "users: { ada@acme.example: manager, bob@acme.example: support, cyd@acme.example: analyst }";
    let account = "owner@acme.example owner\nada@acme.example analyst\nbob@acme.example manager\ncyd@acme.example -";
    assert_snapshot!(outcome(file, account), @r"
    . change role ada@acme.example analyst -> manager
    . change role bob@acme.example manager -> support (loss)
    . change role cyd@acme.example no role -> analyst (loss)
    in sync 1
    ");
}

#[test]
fn an_invitation_gets_its_new_role_and_goes_when_nobody_wants_it() {
    let file = "users: { ada@acme.example: manager }";
    let account = "owner@acme.example owner\nada@acme.example support invited\nbob@acme.example admin invited";
    assert_snapshot!(outcome(file, account), @r"
    . change role ada@acme.example support -> manager
    . cancel invitation bob@acme.example admin (loss)
    in sync 1
    ");
}

#[test]
fn whoever_was_deactivated_comes_back_or_goes() {
    let file = "users: { ada@acme.example: manager, bob@acme.example: support }";
    let account = "owner@acme.example owner\nada@acme.example manager deactivated\nbob@acme.example admin deactivated
        cyd@acme.example support deactivated";
    assert_snapshot!(outcome(file, account), @r"
    . reactivate ada@acme.example manager -> manager
    . reactivate bob@acme.example admin -> support
    . remove cyd@acme.example support (loss)
    in sync 1
    ");
}

#[test]
fn names_follow_the_file_where_it_says_them() {
    let file = "users:\n  ada@acme.example: { role: admin, first_name: Ada }\n  bob@acme.example: support";
    let account = "owner@acme.example owner\nada@acme.example admin A. Lovelace\nbob@acme.example support Bob Builder";
    assert_snapshot!(outcome(file, account), @r"
    . update profile ada@acme.example A. Lovelace -> Ada Lovelace
    in sync 2
    ");
}

#[test]
fn what_gives_access_comes_before_what_takes_it_away() {
    let file = "users: { zoe@acme.example: admin, ada@acme.example: { role: manager, first_name: Ada } }";
    let account = "owner@acme.example owner\nada@acme.example admin\nbob@acme.example support";
    assert_snapshot!(outcome(file, account), @r"
    . invite zoe@acme.example admin
    . update profile ada@acme.example - - -> Ada -
    . change role ada@acme.example admin -> manager (loss)
    . remove bob@acme.example support (loss)
    in sync 1
    ");
}

#[test]
fn without_prune_the_unlisted_stay_and_are_named() {
    let desired = crate::story::roster(
        "accounts: { acme: { provider: sandbox, owner: owner@acme.example, prune: none, users: { ada@acme.example: admin } } }",
    );
    let live = crate::story::live("owner@acme.example owner\nada@acme.example admin\nbob@acme.example support");
    assert_snapshot!(crate::story::told(&desired, &crate::story::review(&desired, &live)), @r"
    left alone bob@acme.example (Unmanaged)
    in sync 2
    ");
}

#[test]
fn the_ignored_are_never_touched() {
    let file = "ignore: ['*@vendor.example']\nusers: { ada@acme.example: admin }";
    let account =
        "owner@acme.example owner\nada@acme.example admin\nkit@vendor.example admin\nsam@vendor.example - invited";
    assert_snapshot!(outcome(file, account), @r"
    left alone kit@vendor.example (Ignored)
    left alone sam@vendor.example (Ignored)
    in sync 2
    ");
}

#[test]
fn the_owner_is_never_an_action() {
    let account = "owner@acme.example owner\nada@acme.example admin";
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", account), @"in sync 2");
    // Listed as Owner and, in the account, an Admin: only the present Owner can hand it over.
    let swapped = "owner@acme.example admin\nada@acme.example owner";
    let file = "users: { owner@acme.example: owner, ada@acme.example: admin }";
    assert_snapshot!(outcome(file, swapped), @r"
    left alone ada@acme.example (Ownership)
    left alone owner@acme.example (Ownership)
    refuse owner: the file says the Owner is owner@acme.example, the account says ada@acme.example
    in sync 0
    ");
}

#[test]
fn two_users_with_one_login_are_both_left_alone() {
    let account =
        "owner@acme.example owner\nada@acme.example admin\nADA@acme.example support\nbob@acme.example support";
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", account), @r"
    ! remove bob@acme.example support (loss)
    left alone ada@acme.example (Ambiguous)
    hold complete_read: the account was not proven whole: two users share the login ada@acme.example
    in sync 1
    ");
}
