//! The main job, end to end: a roster file becomes a real account over real HTTP, and stays the same when nothing changes.

use insta::assert_snapshot;

use crate::harness::{Sandbox, World};

const ROSTER: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin
      grace@acme.example: analyst
      kay@agency.example:
        role: campaign-coordinator
        first_name: Kay
        last_name: McNulty
        language: fr
";

#[test]
fn a_roster_becomes_an_account() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["plan"]), @r"
    exit 0
    --- stdout
    acme  sandbox  1 user  roster.yaml:2
      + invite  ada@acme.example    admin                                  roster.yaml:7
      + invite  grace@acme.example  analyst                                roster.yaml:8
      + invite  kay@agency.example  campaign-coordinator, Kay McNulty, fr  roster.yaml:9

    3 to invite in 1 account.
    ");
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 0
    --- stdout
    acme  sandbox  1 user  roster.yaml:2
      + invite  ada@acme.example    admin                                  roster.yaml:7
      + invite  grace@acme.example  analyst                                roster.yaml:8
      + invite  kay@agency.example  campaign-coordinator, Kay McNulty, fr  roster.yaml:9

    3 to invite in 1 account.
    Applied: 3 done in 1 account.
    ");
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 0
    --- stdout
    acme  sandbox  4 users  in sync  roster.yaml:2
    Nothing to do: the account is as the roster says.
    ");
    assert_snapshot!(world.told(&["plan", "--detailed-exitcode"]), @r"
    exit 0
    --- stdout
    acme  sandbox  4 users  in sync  roster.yaml:2
    Nothing to do: the account is as the roster says.
    ");
}

#[test]
fn a_changed_line_is_exactly_that_change() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);

    world.edit("grace@acme.example: analyst", "grace@acme.example: manager");
    assert_snapshot!(world.told(&["plan", "--detailed-exitcode"]), @r"
    exit 2
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      ~ change role  grace@acme.example  analyst → manager, invited  roster.yaml:8

    1 to change in 1 account.
    ");
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);

    world.edit("      grace@acme.example: manager\n", "");
    assert_snapshot!(world.told(&["plan", "--detailed-exitcode"]), @r"
    exit 5
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      - cancel invitation  grace@acme.example  manager  not in the file

    1 to cancel in 1 account.
    ");
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 0
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      - cancel invitation  grace@acme.example  manager  not in the file

    1 to cancel in 1 account.
    Applied: 1 done in 1 account.
    ");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);

    world.edit("last_name: McNulty", "last_name: Antonelli");
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 0
    --- stdout
    acme  sandbox  3 users  roster.yaml:2
      ~ update profile  kay@agency.example  Kay McNulty → Kay Antonelli  roster.yaml:8

    1 to change in 1 account.
    Applied: 1 done in 1 account.
    ");
}

/// What the file calls a role and what people call it may have nothing in common.
#[test]
fn a_role_that_is_made_is_given_in_the_same_run() {
    let roles = "    roles:\n      lifecycle: { title: Lifecycle Marketer – EU, permissions: [content-view] }\n";
    let world =
        World::with(&ROSTER.replace("    users:", &format!("{roles}    users:")).replace("analyst", "lifecycle"));
    assert_snapshot!(world.told(&["apply", "--yes"]), @"
    exit 0
    --- stdout
    acme  sandbox  1 user  roster.yaml:2
      + create role  lifecycle           Lifecycle Marketer – EU: content-view  roster.yaml:7
      + invite       ada@acme.example    admin                                  roster.yaml:9
      + invite       grace@acme.example  lifecycle                              roster.yaml:10
      + invite       kay@agency.example  campaign-coordinator, Kay McNulty, fr  roster.yaml:11

    3 to invite, 1 to change in 1 account.
    Applied: 4 done in 1 account.
    ");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn an_emptied_roster_is_refused() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world.write("roster.yaml", format!("{}users: {{}}\n", ROSTER.split("users:").next().unwrap()));
    assert_snapshot!(world.told(&["plan", "--detailed-exitcode"]), @r"
    exit 3
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      ! cancel invitation  ada@acme.example    admin                 held, not in the file
      ! cancel invitation  grace@acme.example  analyst               held, not in the file
      ! cancel invitation  kay@agency.example  campaign-coordinator  held, not in the file
      empty (refused, nothing happens here): the file lists no users for this account
        hint: if everybody is to leave, write `allow_empty: true`

    3 held; 1 account refused.
    --- stderr
    warning[no-users]: the account `acme` lists no users
     --> roster.yaml:6:5
      |
    6 |     users: {}
      |     ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account
    ");
    assert_eq!(world.run(&["apply", "--yes"]).code, 3);
    world.write("roster.yaml", ROSTER);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0, "nothing was changed");
}

#[test]
fn too_many_losses_wait_and_the_rest_goes_on() {
    let people: String = (0..6).map(|number| format!("      p{number}@acme.example: support\n")).collect();
    let world = World::with(&format!("{ROSTER}{people}"));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world.write("roster.yaml", format!("{ROSTER}      new@acme.example: manager\n"));
    assert_snapshot!(world.told(&["apply", "--yes"]), @"
    exit 3
    --- stdout
    acme  sandbox  10 users  roster.yaml:2
      ! cancel invitation  p0@acme.example   support  held, not in the file
      ! cancel invitation  p1@acme.example   support  held, not in the file
      ! cancel invitation  p2@acme.example   support  held, not in the file
      ! cancel invitation  p3@acme.example   support  held, not in the file
      ! cancel invitation  p4@acme.example   support  held, not in the file
      ! cancel invitation  p5@acme.example   support  held, not in the file
      + invite             new@acme.example  manager  roster.yaml:14
      max_losses (held, 6 actions): 6 losses among 10 users, the limit is 3
        hint: if this is meant, consent to this plan, or allow it in the file: `guards: { max_losses: { at_least: 6 } }`

    1 to invite in 1 account; 6 held.
    consent: 6 held actions would go through by
      roster apply --approve DIGEST --reason '…'
    Applied in part: 1 done, 6 held in 1 account.
    ");
    assert_snapshot!(world.told(&["plan"]), @"
    exit 0
    --- stdout
    acme  sandbox  11 users  roster.yaml:2
      ! cancel invitation  p0@acme.example  support  held, not in the file
      ! cancel invitation  p1@acme.example  support  held, not in the file
      ! cancel invitation  p2@acme.example  support  held, not in the file
      ! cancel invitation  p3@acme.example  support  held, not in the file
      ! cancel invitation  p4@acme.example  support  held, not in the file
      ! cancel invitation  p5@acme.example  support  held, not in the file
      max_losses (held, 6 actions): 6 losses among 11 users, the limit is 3
        hint: if this is meant, consent to this plan, or allow it in the file: `guards: { max_losses: { at_least: 6 } }`

    6 held.
    consent: 6 held actions would go through by
      roster apply --approve DIGEST --reason '…'
    ");
}

#[test]
fn one_account_of_several_is_planned_alone() {
    let world = World::new();
    world.write("rosters/defaults.yaml", "defaults: { prune: all }\n");
    for name in ["acme-eu", "acme-us"] {
        let account =
            format!("{{ provider: sandbox, owner: o@{name}.example, users: {{ ada@{name}.example: admin }} }}");
        world.write(&format!("rosters/{name}.yaml"), format!("accounts:\n  {name}: {account}\n"));
    }
    assert_snapshot!(world.told(&["plan", "rosters", "--account", "acme-us"]), @r"
    exit 0
    --- stdout
    acme-us  sandbox  1 user  rosters/acme-us.yaml:2
      + invite  ada@acme-us.example  admin  acme-us.yaml:2

    1 to invite in 1 account.
    ");
    assert_snapshot!(world.told(&["apply", "rosters", "--yes"]), @r"
    exit 0
    --- stdout
    acme-eu  sandbox  1 user  rosters/acme-eu.yaml:2
      + invite  ada@acme-eu.example  admin  acme-eu.yaml:2

    acme-us  sandbox  1 user  rosters/acme-us.yaml:2
      + invite  ada@acme-us.example  admin  acme-us.yaml:2

    2 to invite in 2 accounts.
    Applied: 2 done in 2 accounts.
    ");
    assert_snapshot!(world.told(&["plan", "rosters", "--account", "acme-uk"]), @r"
    exit 64
    --- stderr
    error: the roster has no account `acme-uk`
      hint: the roster has: acme-eu, acme-us
    ");
}

#[test]
fn an_account_elsewhere_is_reached_by_url_and_key() {
    let world = World::new().set("ACME_KEY", "a key for tests");
    let sandbox = Sandbox::start(&world, &["--key", "a key for tests"]);
    let base = &sandbox.base;
    world.write(
        "roster.yaml",
        format!(
            "accounts:\n  acme:\n    provider: {{ kind: klaviyo, url: '{base}', key: {{ env: ACME_KEY }} }}\n    owner: owner@acme.example\n    prune: all\n    users: {{ ada@acme.example: admin }}\n"
        ),
    );
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 0
    --- stdout
    acme  klaviyo  1 user  roster.yaml:2
      + invite  ada@acme.example  admin  roster.yaml:6

    1 to invite in 1 account.
    Applied: 1 done in 1 account.
    ");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    assert_eq!(sandbox.stop(), 0);
    assert_eq!(world.run(&["plan"]).code, 1);
}

#[test]
fn nobody_is_asked_where_nobody_is() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["apply"]), @r"
    exit 64
    --- stdout
    acme  sandbox  1 user  roster.yaml:2
      + invite  ada@acme.example    admin                                  roster.yaml:7
      + invite  grace@acme.example  analyst                                roster.yaml:8
      + invite  kay@agency.example  campaign-coordinator, Kay McNulty, fr  roster.yaml:9

    3 to invite in 1 account.
    --- stderr
    error: nobody is there to be asked whether to go on
      hint: add `--yes` to carry out what the guards approve, or look first with `roster plan`
    ");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2, "nothing was changed");
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(world.run(&["apply"]).code, 0, "where nothing is to be done nobody has to be asked");
}
