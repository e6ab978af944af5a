//! Somebody comes, changes and moves; a team does.

use insta::assert_snapshot;

use crate::harness::World;

/// Two accounts, people with short names, a team.
pub(super) const ROSTER: &str = "\
# Everybody at Acme.
defaults: { prune: all }

people:
  ada:   { email: ada@acme.example, first_name: Ada }   # the founder
  grace: grace@agency.example

teams:
  design: [grace, kay@agency.example]

accounts:
  acme-eu:
    provider: sandbox
    owner: founder@acme.example
    teams: { design: content-creator }
    users:
      ada: admin          # since 2019
      zoe@acme.example:
        role: analyst
        expires: 2099-01-31

  acme-us:
    provider: sandbox
    owner: ada@acme.example
    users: { zoe@acme.example: admin, \"kay@agency.example\": support }
";

#[test]
fn somebody_comes() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["user", "add", "grace", "--account", "acme-us", "--role", "support", "--expires", "2099-03-31", "--reason", "Q1: OPS-7"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -22,4 +22,4 @@
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { zoe@acme.example: admin, "kay@agency.example": support, grace: { role: support, expires: 2099-03-31, reason: "Q1: OPS-7" } }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-us  sandbox  3 users  roster.yaml:22
      + invite  grace@agency.example  support, until 31 Mar 2099  roster.yaml:25: Q1: OPS-7

    1 to invite in 1 account.

    Written: roster.yaml
    "#);
    assert_snapshot!(world.told(&["user", "add", "new@acme.example", "--all-accounts", "--role", "analyst", "--dry-run"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -18,8 +18,9 @@
           zoe@acme.example:
             role: analyst
             expires: 2099-01-31
    +      new@acme.example: analyst
     
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support, grace: { role: support, expires: 2099-03-31, reason: "Q1: OPS-7" } }
    +    users: { zoe@acme.example: admin, "kay@agency.example": support, grace: { role: support, expires: 2099-03-31, reason: "Q1: OPS-7" }, new@acme.example: analyst }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      + invite  new@acme.example  analyst  roster.yaml:21

    acme-us  sandbox  4 users  roster.yaml:23
      + invite  new@acme.example  analyst  roster.yaml:26

    2 to invite in 2 accounts.

    Not written, by --dry-run: roster.yaml
    "#);
    assert_eq!(world.run(&["validate"]).code, 0);
}

#[test]
fn somebody_gets_another_role_for_another_time() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["user", "set", "ada@acme.example", "--account", "acme-eu", "--role", "manager", "--language", "fr"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -14,7 +14,9 @@
         owner: founder@acme.example
         teams: { design: content-creator }
         users:
    -      ada: admin          # since 2019
    +      ada:          # since 2019
    +        role: manager
    +        language: fr
           zoe@acme.example:
             role: analyst
             expires: 2099-01-31
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      - change role  ada@acme.example  admin → manager  roster.yaml:17

    1 to lower in 1 account.

    Written: roster.yaml
    ");
    assert_snapshot!(world.told(&["user", "set", "zoe@acme.example", "--all-accounts", "--clear", "expires", "--role", "support"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -18,10 +18,9 @@
             role: manager
             language: fr
           zoe@acme.example:
    -        role: analyst
    -        expires: 2099-01-31
    +        role: support
     
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { zoe@acme.example: support, "kay@agency.example": support }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      - change role  zoe@acme.example  analyst → support  roster.yaml:20

    acme-us  sandbox  3 users  roster.yaml:23
      - change role  zoe@acme.example  admin → support  roster.yaml:26

    2 to lower in 2 accounts.

    Written: roster.yaml
    "#);
    assert_snapshot!(world.told(&["user", "set", "ada", "--account", "acme-eu"]), @"
    exit 64
    --- stderr
    error: nothing says what to change
      hint: `--role`, `--expires` and the other options do, and `--clear` takes out
    ");
}

#[test]
fn somebody_has_another_address() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["user", "move", "ada", "ada.lovelace@acme.example"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -2,7 +2,7 @@
     defaults: { prune: all }
     
     people:
    -  ada:   { email: ada@acme.example, first_name: Ada }   # the founder
    +  ada:   { email: ada.lovelace@acme.example, first_name: Ada, formerly: [ada@acme.example] }   # the founder
       grace: grace@agency.example
     
     teams:
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      ~ move  ada.lovelace@acme.example  admin, was ada@acme.example  roster.yaml:17

    1 to change in 1 account.

    note: `owner` of `acme-us` is the former address: change it once the account shows the new one
    Written: roster.yaml
    ");
    assert_snapshot!(world.told(&["user", "move", "kay@agency.example", "kay@acme.example"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -4,9 +4,10 @@
     people:
       ada:   { email: ada.lovelace@acme.example, first_name: Ada, formerly: [ada@acme.example] }   # the founder
       grace: grace@agency.example
    +  kay: { email: kay@acme.example, formerly: [kay@agency.example] }
     
     teams:
    -  design: [grace, kay@agency.example]
    +  design: [grace, kay@acme.example]
     
     accounts:
       acme-eu:
    @@ -22,4 +23,4 @@
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { zoe@acme.example: admin, "kay@acme.example": support }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:13
      ~ move  kay@acme.example  content-creator, was kay@agency.example  team design, roster.yaml:16

    acme-us  sandbox  3 users  roster.yaml:23
      ~ move  kay@acme.example  support, was kay@agency.example  roster.yaml:26

    2 to change in 2 accounts.

    Written: roster.yaml
    "#);
}

#[test]
fn somebody_is_taken_out_of_one_account() {
    let world = World::with(ROSTER);
    world.edit("ada: admin ", "kay@agency.example: support\n      ada: admin ");
    assert_snapshot!(world.told(&["user", "remove", "kay@agency.example", "--account", "acme-eu"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -14,7 +14,6 @@
         owner: founder@acme.example
         teams: { design: content-creator }
         users:
    -      kay@agency.example: support
           ada: admin          # since 2019
           zoe@acme.example:
             role: analyst
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      - change role  kay@agency.example  support → content-creator  team design, roster.yaml:15

    1 to lower in 1 account.

    note: kay@agency.example stays in `acme-eu` as content-creator, by the team `design`
    Written: roster.yaml
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, with all that is shown at each step")]
fn teams_grow_shrink_and_are_let_in() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["team", "add", "design", "ada@acme.example"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -6,7 +6,7 @@
       grace: grace@agency.example
     
     teams:
    -  design: [grace, kay@agency.example]
    +  design: [grace, kay@agency.example, ada]
     
     accounts:
       acme-eu:
    --- stderr
    Written: roster.yaml
    ");
    assert_snapshot!(world.told(&["team", "add", "support", "zoe@acme.example", "--create"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -7,6 +7,7 @@
     
     teams:
       design: [grace, kay@agency.example, ada]
    +  support: [zoe@acme.example]
     
     accounts:
       acme-eu:
    --- stderr
    Written: roster.yaml
    ");
    assert_snapshot!(world.told(&["team", "grant", "support", "--account", "acme-us", "--role", "support"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -23,4 +23,6 @@
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    +    teams:
    +      support: support
         users: { zoe@acme.example: admin, "kay@agency.example": support }
    --- stderr
    Written: roster.yaml
    "#);
    assert_snapshot!(world.told(&["team", "remove", "design", "grace"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -6,7 +6,7 @@
       grace: grace@agency.example
     
     teams:
    -  design: [grace, kay@agency.example, ada]
    +  design: [kay@agency.example, ada]
       support: [zoe@acme.example]
     
     accounts:
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:13
      - remove  grace@agency.example  content-creator  not in the file

    1 to remove in 1 account.

    Written: roster.yaml
    ");
    assert_snapshot!(world.told(&["team", "revoke", "design", "--account", "acme-eu"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -13,7 +13,7 @@
       acme-eu:
         provider: sandbox
         owner: founder@acme.example
    -    teams: { design: content-creator }
    +    teams: {}
         users:
           ada: admin          # since 2019
           zoe@acme.example:
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  4 users  roster.yaml:13
      - remove  kay@agency.example  content-creator  not in the file

    1 to remove in 1 account.

    Written: roster.yaml
    ");
}

/// Nobody gets by a new address what somebody else has.
#[test]
fn two_people_do_not_become_one() {
    let world = World::with(ROSTER);
    for (who, to, places) in [
        ("zoe@acme.example", "ada@acme.example", "at roster.yaml:5, and `zoe@acme.example` stands at roster.yaml:18"),
        ("ada", "ZOE@acme.example", "at roster.yaml:18, and `ada@acme.example` stands at roster.yaml:5"),
        ("grace", "kay@agency.example", "at roster.yaml:25, and `grace@agency.example` stands at roster.yaml:6"),
    ] {
        let refused = world.run(&["user", "move", who, to]);
        let why = format!("`{to}` is somebody already, {places}");
        assert!(refused.code == 1 && refused.stderr.contains(&why), "{}", refused.told());
        assert_eq!(world.read("roster.yaml"), ROSTER);
    }
    let nobody = world.run(&["user", "move", "nobody@acme.example", "new@acme.example"]);
    assert!(nobody.code == 64 && nobody.stderr.contains("does not name"), "{}", nobody.told());
}

/// An address in another case is the same one: nobody had another before.
#[test]
fn an_address_is_spelled_otherwise_and_stays_the_same() {
    let world = World::with(ROSTER);
    let respelled = |to: &str, from: &str| {
        let ran = world.run(&["user", "move", from, to]);
        assert_eq!(ran.code, 0, "{}", ran.told());
    };
    respelled("ADA@acme.example", "ada");
    respelled("Kay@Agency.example", "kay@agency.example");
    respelled("Zoe@acme.example", "zoe@acme.example");
    let expected = ROSTER.replace("email: ada@", "email: ADA@").replace("kay@agency", "Kay@Agency");
    assert_eq!(world.read("roster.yaml"), expected.replace("zoe@", "Zoe@"));
}
