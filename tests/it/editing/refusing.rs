//! Edits that are not made: each says why and what to do, and changes nothing.

use insta::assert_snapshot;

use crate::editing::people::ROSTER;
use crate::harness::World;

/// What is told, and that the file is what it was.
fn refused(roster: &str, arguments: &[&str]) -> String {
    let world = World::with(roster);
    let told = world.told(arguments);
    assert_eq!(world.read("roster.yaml"), roster);
    assert_eq!(world.files(), ["roster.yaml"]);
    told
}

#[test]
fn names_that_nobody_and_nothing_has() {
    let add =
        |who: &str, account: &str| refused(ROSTER, &["user", "add", who, "--account", account, "--role", "admin"]);
    assert_snapshot!(add("garce", "acme-eu"), @"
    exit 64
    --- stderr
    error: nobody is called `garce` in the roster
      hint: did you mean `grace`?
    ");
    assert_snapshot!(add("grace", "acme-ue"), @"
    exit 64
    --- stderr
    error: there is no account `acme-ue` in the roster
      hint: did you mean `acme-eu`?
    ");
    assert_snapshot!(add("Grace", "acme-eu"), @"
    exit 64
    --- stderr
    error: invalid value 'Grace' for '<WHO>...': `Grace` is neither an address nor a short name

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(ROSTER, &["team", "add", "desing", "ada"]), @"
    exit 64
    --- stderr
    error: there is no team `desing` in the roster
      hint: did you mean `design`?
    ");
    assert_snapshot!(refused(ROSTER, &["offboard", "nobody@acme.example"]), @"
    exit 64
    --- stderr
    error: the roster does not name `nobody@acme.example`
    ");
    assert_snapshot!(refused(ROSTER, &["user", "remove", "grace", "--account", "acme-us"]), @"
    exit 1
    --- stderr
    error: `grace` has no entry in `acme-us`
      hint: `roster user add` makes an entry
    ");
    assert_snapshot!(refused(ROSTER, &["user", "add", "ada@acme.example", "--account", "acme-eu", "--role", "support"]), @"
    exit 1
    --- stderr
    error: `ada` stands in `acme-eu` already, at roster.yaml:17
      hint: `roster user set` changes an entry
    ");
    assert_snapshot!(refused(ROSTER, &["user", "add", "ada", "--role", "support"]), @"
    exit 64
    --- stderr
    error: the following required arguments were not provided:
      <--account <ACCOUNT>|--all-accounts>

    Usage: roster user add --role <ROLE> <--account <ACCOUNT>|--all-accounts> <WHO>...

    For more information, try '--help'.
    ");
}

#[test]
fn a_roster_that_would_be_invalid_is_not_written() {
    assert_snapshot!(refused(ROSTER, &["user", "add", "grace", "--account", "acme-us", "--role", "pilot", "--starts", "2099-02-01", "--expires", "2099-01-01"]), @r#"
    exit 65
    --- stderr
    error[unknown-role]: an account has no role `pilot`
      --> roster.yaml:25:85
       |
    25 |     users: { zoe@acme.example: admin, "kay@agency.example": support, grace: { role: pilot, starts: 2099-02-01, expires: 2099-01-01 } }
       |                                                                                     ^^^^^
       |
       = help: it has `owner`, `admin`, `manager`, `analyst`, `support`, `campaign-coordinator` and `content-creator`; a custom role is declared under `roles`

    error[ends-before-start]: access ends on 2099-01-01, before it begins
      --> roster.yaml:25:121
       |
    25 |     users: { zoe@acme.example: admin, "kay@agency.example": support, grace: { role: pilot, starts: 2099-02-01, expires: 2099-01-01 } }
       |                                                                                                    ----------           ^^^^^^^^^^
       |                                                                                                    |
       |                                                                                                    begins here
       |
       = help: correct one of the two days

    Nothing was written: the roster would be as shown, and invalid.
    "#);
    assert_snapshot!(refused(ROSTER, &["user", "set", "zoe@acme.example", "--account", "acme-us", "--role", "owner"]), @r#"
    exit 65
    --- stderr
    error[second-owner]: `zoe@acme.example` cannot be Owner: the Owner is `ada@acme.example`
      --> roster.yaml:25:32
       |
    25 |     users: { zoe@acme.example: owner, "kay@agency.example": support }
       |                                ^^^^^
       |
       = help: give another role: only the Owner can hand the account over, in its settings

    Nothing was written: the roster would be as shown, and invalid.
    "#);
}

#[test]
fn a_roster_that_is_invalid_already_is_not_edited() {
    assert_snapshot!(refused("accounts: 7\n", &["offboard", "ada@acme.example"]), @"
    exit 65
    --- stderr
    error[wrong-type]: expected a mapping, found the number 7
     --> roster.yaml:1:11
      |
    1 | accounts: 7
      |           ^
    ");
    assert_snapshot!(refused("accounts: [\n", &["user", "add", "a@x.example", "--all-accounts", "--role", "admin"]), @"
    exit 65
    --- stderr
    error[syntax]: this is not valid YAML: unclosed bracket '['
     --> roster.yaml:1:11
      |
    1 | accounts: [
      |           ^
    ");
}

#[test]
fn what_several_places_share_is_left_to_people() {
    let shared = "\
defaults: { prune: all }
accounts:
  acme-eu: { provider: sandbox, owner: o@x.example, users: &everybody { ada@x.example: admin } }
  acme-us: { provider: sandbox, owner: o@x.example, users: *everybody }
";
    assert_snapshot!(refused(shared, &["user", "add", "bob@x.example", "--account", "acme-eu", "--role", "admin"]), @"
    exit 1
    --- stderr
    error: what stands at roster.yaml:3 has an anchor, so that a change of it would change other places too
      hint: write it out where it is used, or change it by hand
    ");
    assert_snapshot!(refused(shared, &["user", "add", "bob@x.example", "--account", "acme-us", "--role", "admin"]), @"
    exit 1
    --- stderr
    error: what stands at roster.yaml:4 refers to something that is written elsewhere
      hint: write it out where it is used, or change it by hand
    ");
}
