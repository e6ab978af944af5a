//! Every reason a guard can have, each with the smallest account that shows it.

mod admins;
mod losses;
mod moves;
mod program;
mod run;
mod strangers;

use insta::assert_snapshot;
use roster::guard;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::ledger::Ledger;
use roster::model::live::{Doubt, Status, UserId};
use roster::plan::{self, Plan};

use crate::story::{account, doubtful, live, outcome, review, roster, situation, told};

const OWNER: &str = "owner@acme.example owner\n";

#[test]
fn an_empty_account_is_a_wrong_key_until_the_file_says_otherwise() {
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", ""), @r"
    ! invite ada@acme.example admin
    refuse empty: the account lists no users at all
    in sync 0
    ");
    let meant = "accounts: { acme: { provider: { kind: scim, url: 'https://scim.example/v2', key: { env: KEY } },
        prune: all, allow_empty: true, users: { ada@acme.example: admin } } }";
    let meant = roster(meant);
    assert_snapshot!(told(&meant, &review(&meant, &live(""))), @r"
    . invite ada@acme.example admin
    in sync 0
    ");
}

#[test]
fn an_empty_file_is_a_mistake_until_it_says_otherwise() {
    let there = format!("{OWNER}ada@acme.example support");
    assert_snapshot!(outcome("users: {}", &there), @r"
    ! remove ada@acme.example support (loss)
    refuse empty: the file lists no users for this account
    in sync 1
    ");
    assert_snapshot!(outcome("users: {}\nallow_empty: true", &there), @r"
    . remove ada@acme.example support (loss)
    in sync 1
    ");
}

/// Two rosters share a state, and both call an account so; or the key is another account's, with the same Owner.
#[test]
fn an_account_of_which_nobody_is_remembered_is_another_one() {
    let desired = account("users: { ada@acme.example: support }");
    let there = live(&format!("{OWNER}ada@acme.example support\nbob@acme.example support"));
    let outcome = |ids: &[&str]| {
        let known_as = ids.iter().map(|id| (UserId::observed(id).unwrap(), "x@acme.example".parse().unwrap()));
        let ledger = Ledger { known_as: known_as.collect(), ..Ledger::default() };
        let situation = situation(&desired, &there, &ledger);
        told(&desired, &guard::review(plan::plan(&situation), &situation))
    };
    let ada = there.users().get(&"ada@acme.example".parse().unwrap()).unwrap().id.to_string();
    assert_snapshot!(outcome(&["of a trial", "of a trial, too"]), @"
    ! remove bob@acme.example support (loss)
    refuse remembered: of the 2 whom the state remembers by id nobody is in this account: it is another one
    in sync 2
    ");
    // One person alone may have gone, and somebody who is there is proof enough.
    assert_eq!(outcome(&["of a trial"]), outcome(&[]));
    assert!(!outcome(&["of a trial", &ada]).contains("refuse"));
}

/// One wrong word in the file, and no Owner said in it: nobody's role would be known, and everybody would be as any other.
#[test]
fn an_account_is_not_taken_for_a_portfolio() {
    let taken_for = |catalogue: &str, users: &str| {
        roster(&format!(
            "accounts: {{ acme: {{ provider: {{ kind: scim, url: 'https://scim.example/v2', key: {{ env: KEY }} }},
            prune: all, catalogue: {catalogue}, users: {{ {users} }} }} }}"
        ))
    };
    let there = live(&format!("{OWNER}ada@acme.example admin\nbob@acme.example analyst"));
    let desired = taken_for("portfolio", "bob@acme.example: portfolio-analyst");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    ! change role bob@acme.example analyst -> portfolio-analyst (loss)
    ! remove ada@acme.example admin (loss)
    left alone owner@acme.example (Owner)
    refuse catalogue: this looks like an account, not like a portfolio: that is whose roles its users hold
    in sync 0
    ");
    let there = live("owner@acme.example portfolio-owner\nada@acme.example portfolio-admin\nbob@acme.example support");
    let desired = taken_for("account", "bob@acme.example: support");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    ! remove ada@acme.example portfolio-admin (loss)
    left alone owner@acme.example (Owner)
    refuse catalogue: this looks like a portfolio, not like an account: that is whose roles its users hold
    in sync 1
    ");
    let there = live(&format!("{OWNER}ada@acme.example PortfolioManager\nbob@acme.example analyst"));
    let desired = taken_for("account", "bob@acme.example: analyst");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    . remove ada@acme.example PortfolioManager (loss)
    left alone owner@acme.example (Owner)
    in sync 1
    ");
}

/// Also where the kind of account is right: an account that shows no Admin at all may only hide them.
#[test]
fn where_no_admin_is_known_nobody_loses_anything() {
    let desired = roster(
        "accounts: { acme: { provider: { kind: scim, url: 'https://scim.example/v2', key: { env: KEY } },
        prune: all, catalogue: account, users: { bob@acme.example: analyst } } }",
    );
    let there = live("ada@acme.example Administrator\nbob@acme.example analyst\ncyd@acme.example support");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    ! remove ada@acme.example Administrator (loss)
    ! remove cyd@acme.example support (loss)
    hold min_admins: 0 active Owners and Admins are known, the least is 1
    in sync 1
    ");
}

#[test]
fn another_owner_means_another_account() {
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", "eve@other.example owner\nada@acme.example support"), @r"
    ! change role ada@acme.example support -> admin
    left alone eve@other.example (Owner)
    refuse owner: the file says the Owner is owner@acme.example, the account says eve@other.example
    in sync 0
    ");
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", "ada@acme.example support"), @r"
    ! change role ada@acme.example support -> admin
    refuse owner: the file says the Owner is owner@acme.example, and the account does not show them as such
    in sync 0
    ");
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", &format!("{OWNER}eve@acme.example owner")), @r"
    ! invite ada@acme.example admin
    left alone eve@acme.example (Owner)
    refuse owner: the account shows several Owners: eve@acme.example, owner@acme.example
    in sync 1
    ");
}

/// The planner never plans this; the guard does not take its word for it.
#[test]
fn ownership_never_changes_by_a_plan() {
    let desired = account("users: { ada@acme.example: admin }");
    let there = live(&format!("{OWNER}ada@acme.example admin"));
    let owner = there.users().values().find(|user| desired.catalogue.holds_owner(&user.roles)).unwrap().clone();
    let ada = there.users().values().find(|user| user.email != owner.email).unwrap().clone();
    let cause = Cause::NotListed { account: desired.place.clone() };
    let remove = Change::Remove { id: owner.id, roles: owner.roles.clone(), status: Status::Active };
    let promote = Change::ChangeRole {
        id: ada.id,
        from: ada.roles,
        to: owner.roles.only().unwrap().clone(),
        status: Status::Active,
    };
    let actions = vec![
        Action { subject: Subject::User(ada.email), change: promote, cause: cause.clone() },
        Action { subject: Subject::User(owner.email), change: remove, cause },
    ];
    let plan = Plan { actions, ..Plan::default() };
    assert_snapshot!(told(&desired, &guard::review(plan, &situation(&desired, &there, &Ledger::default()))), @r"
    ! change role ada@acme.example admin -> owner
    ! remove owner@acme.example owner (loss)
    hold owner: ownership would change for ada@acme.example, owner@acme.example
    in sync 0
    ");
}

#[test]
fn a_listing_that_is_not_proven_whole_holds_every_loss_and_nothing_else() {
    let desired = account("users: { ada@acme.example: admin, bob@acme.example: analyst }");
    let lines = format!("{OWNER}bob@acme.example manager\ncyd@acme.example support");
    let there = doubtful(&lines, [Doubt::Count { total: 5, received: 3 }]);
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    . invite ada@acme.example admin
    ! change role bob@acme.example manager -> analyst (loss)
    ! remove cyd@acme.example support (loss)
    hold complete_read: the account was not proven whole: the server counts 5 and listed 3
    in sync 1
    ");
    let nothing_to_lose = account("users: { bob@acme.example: manager, cyd@acme.example: support }");
    assert_snapshot!(told(&nothing_to_lose, &review(&nothing_to_lose, &there)), @r"
    hold complete_read: the account was not proven whole: the server counts 5 and listed 3
    in sync 3
    ");
}

#[test]
fn over_the_limit_every_loss_waits_and_the_rest_goes_on() {
    let there = format!("{OWNER}a@x.example support\nb@x.example support\nc@x.example support\nd@x.example manager");
    let file = "users: { d@x.example: support, e@x.example: support }";
    assert_snapshot!(outcome(file, &there), @r"
    . invite e@x.example support
    ! change role d@x.example manager -> support (loss)
    ! remove a@x.example support (loss)
    ! remove b@x.example support (loss)
    ! remove c@x.example support (loss)
    hold max_losses: 4 losses among 5 users, the limit is 3
    in sync 1
    ");
    assert_snapshot!(outcome(&format!("{file}\nguards: {{ max_losses: {{ percent: 80 }} }}"), &there), @r"
    . invite e@x.example support
    . change role d@x.example manager -> support (loss)
    . remove a@x.example support (loss)
    . remove b@x.example support (loss)
    . remove c@x.example support (loss)
    in sync 1
    ");
}

#[test]
fn the_ignored_make_no_room_for_losses() {
    let vendors: String = (0..20).map(|n| format!("v{n}@vendor.example admin\n")).collect();
    let there = format!("{OWNER}a@x.example support\nb@x.example support\n{vendors}");
    let file = "ignore: ['*@vendor.example']\nguards: { max_losses: { percent: 25, at_least: 1 } }\nusers: { owner@acme.example: owner }";
    let told = outcome(file, &there);
    assert!(told.contains("hold max_losses: 2 losses among 3 users, the limit is 1"), "{told}");
}

#[test]
fn somebody_who_can_repair_the_account_stays() {
    let there = format!("{OWNER}ada@acme.example admin\nbob@acme.example admin\ncyd@acme.example support");
    let file = "guards: { min_admins: 2 }\nusers: { ada@acme.example: manager }";
    assert_snapshot!(outcome(file, &there), @r"
    ! change role ada@acme.example admin -> manager (loss)
    ! remove bob@acme.example admin (loss)
    . remove cyd@acme.example support (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
}

#[test]
fn an_admin_goes_only_once_the_next_one_is_there() {
    let there = format!("{OWNER}ada@acme.example admin\nbob@acme.example manager");
    let file = "guards: { min_admins: 2 }\nusers: { bob@acme.example: admin }";
    assert_snapshot!(outcome(file, &there), @r"
    . change role bob@acme.example manager -> admin
    ?1 of 0 remove ada@acme.example admin (loss)
    in sync 1
    ");
}

/// Whoever is invited may never come.
#[test]
fn an_invitation_does_not_count_as_an_admin() {
    let there = format!("{OWNER}ada@acme.example admin");
    let file = "guards: { min_admins: 2 }\nusers: { bob@acme.example: admin }";
    assert_snapshot!(outcome(file, &there), @r"
    . invite bob@acme.example admin
    ! remove ada@acme.example admin (loss)
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
}

/// An account that has too few already may still lose people who are no Admins.
#[test]
fn a_shortage_of_admins_holds_only_losses_of_admins() {
    let there = format!("{OWNER}bob@acme.example support");
    let file = "guards: { min_admins: 3 }\nusers: { owner@acme.example: owner }";
    assert_snapshot!(outcome(file, &there), @r"
    . remove bob@acme.example support (loss)
    warn min_admins: 1 active Owners and Admins are known, the least is 3
    in sync 1
    ");
}

#[test]
fn where_roles_are_not_shown_none_is_changed() {
    let desired = roster(
        "accounts: { acme: { provider: { kind: scim, url: 'https://scim.example/v2', key: { env: KEY } },
        prune: all, users: { ada@acme.example: editor, bob@acme.example: editor } } }",
    );
    assert_snapshot!(told(&desired, &review(&desired, &live("ada@acme.example -"))), @r"
    . invite bob@acme.example editor
    ! change role ada@acme.example no role -> editor (loss)
    hold complete_read: the account shows no role for anybody
    hold min_admins: 0 active Owners and Admins are known, the least is 1
    in sync 0
    ");
}

#[test]
fn where_nobody_can_be_recognised_nothing_happens() {
    assert_snapshot!(outcome("users: { ada@acme.example: admin }", "ada admin\nowner owner"), @r"
    ! invite ada@acme.example admin
    ! remove ada admin (loss)
    left alone owner (Owner)
    refuse logins: not one login in the account is an e-mail address, as in `ada`
    refuse owner: the file says the Owner is owner@acme.example, the account says owner
    in sync 0
    ");
}

/// An account that calls its Admins otherwise must not lose them all unseen.
#[test]
fn admins_that_are_not_known_hold_every_loss() {
    let roster_with = |guards: &str| {
        roster(&format!(
            "accounts: {{ acme: {{ provider: {{ kind: scim, url: 'https://scim.example/v2', key: {{ env: KEY }} }},
            prune: all, {guards} users: {{ ada@acme.example: Team Lead }} }} }}"
        ))
    };
    let there = live("ada@acme.example TeamLead\nbob@acme.example TeamLead");
    let desired = roster_with("");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    ! remove bob@acme.example TeamLead (loss)
    hold min_admins: 0 active Owners and Admins are known, the least is 1
    in sync 1
    ");
    let desired = roster_with("guards: { min_admins: 0 },");
    assert_snapshot!(told(&desired, &review(&desired, &there)), @r"
    . remove bob@acme.example TeamLead (loss)
    in sync 1
    ");
}

/// A server that hides one person's role hides what another one would take away.
#[test]
fn a_role_that_is_not_shown_may_be_lost() {
    let there = format!("{OWNER}ada@acme.example -\nbob@acme.example -\ncyd@acme.example support");
    let file = "guards: { max_losses: { percent: 0, at_least: 0 } }
users: { ada@acme.example: support, bob@acme.example: admin, cyd@acme.example: support }";
    assert_snapshot!(outcome(file, &there), @r"
    . change role bob@acme.example no role -> admin
    ! change role ada@acme.example no role -> support (loss)
    hold max_losses: 1 losses among 4 users, the limit is 0
    hold max_losses_per_day: 1 losses after 0 within 24 hours, the limit for a day is 0
    in sync 2
    ");
}

/// Replacing all roles by one takes the others away.
#[test]
fn whoever_holds_several_roles_may_lose_by_getting_one() {
    let there = format!("{OWNER}ada@acme.example analyst+admin\nbob@acme.example analyst+support");
    let file = "guards: { max_losses: { percent: 0, at_least: 1 } }
users: { ada@acme.example: manager, bob@acme.example: manager }";
    assert_snapshot!(outcome(file, &there), @r"
    ! change role ada@acme.example admin + analyst -> manager (loss)
    ! change role bob@acme.example analyst + support -> manager (loss)
    hold max_losses: 2 losses among 3 users, the limit is 1
    in sync 1
    ");
}

#[test]
fn without_prune_an_empty_list_threatens_nobody() {
    let desired =
        roster("accounts: { acme: { provider: sandbox, owner: owner@acme.example, prune: none, users: {} } }");
    assert_snapshot!(told(&desired, &review(&desired, &live(&format!("{OWNER}ada@acme.example admin")))), @r"
    left alone ada@acme.example (Unmanaged)
    in sync 1
    ");
}
