//! Somebody leaves: what that takes away, what is left, and who would not go.

use insta::assert_snapshot;

use crate::editing::people::ROSTER;
use crate::harness::World;

#[test]
#[expect(clippy::too_many_lines, reason = "one story, with all that is shown at each step")]
fn somebody_leaves() {
    let world = World::with(ROSTER);
    assert_snapshot!(world.told(&["offboard", "kay@agency.example", "--dry-run"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -6,7 +6,7 @@
       grace: grace@agency.example
     
     teams:
    -  design: [grace, kay@agency.example]
    +  design: [grace]
     
     accounts:
       acme-eu:
    @@ -22,4 +22,4 @@
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { zoe@acme.example: admin }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      - remove  kay@agency.example  content-creator  not in the file

    acme-us  sandbox  3 users  roster.yaml:22
      - remove  kay@agency.example  support  not in the file

    2 to remove in 2 accounts.

    note: kay@agency.example was content-creator by the team design in acme-eu; support in acme-us; a member of design
    note: kay@agency.example holds nothing any more by this roster
    Not written, by --dry-run: roster.yaml
    "#);
    assert_snapshot!(world.told(&["offboard", "zoe@acme.example", "ada"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -2,7 +2,6 @@
     defaults: { prune: all }
     
     people:
    -  ada:   { email: ada@acme.example, first_name: Ada }   # the founder
       grace: grace@agency.example
     
     teams:
    @@ -13,13 +12,9 @@
         provider: sandbox
         owner: founder@acme.example
         teams: { design: content-creator }
    -    users:
    -      ada: admin          # since 2019
    -      zoe@acme.example:
    -        role: analyst
    -        expires: 2099-01-31
    +    users: {}
     
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { "kay@agency.example": support }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:11
      - remove  ada@acme.example  admin    not in the file
      - remove  zoe@acme.example  analyst  not in the file

    acme-us  sandbox  3 users  roster.yaml:17
      - remove  zoe@acme.example  admin  not in the file

    3 to remove in 2 accounts.

    note: zoe@acme.example was admin in acme-us; analyst in acme-eu
    note: ada@acme.example was admin in acme-eu
    note: ada@acme.example is the Owner of acme-us: hand that over in the account, then change `owner`
    note: ada@acme.example is still named in roster.yaml:19
    note: zoe@acme.example holds nothing any more by this roster
    Written: roster.yaml
    "#);
    assert_snapshot!(world.told(&["offboard", "grace", "--keep-person"]), @"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -5,7 +5,7 @@
       grace: grace@agency.example
     
     teams:
    -  design: [grace, kay@agency.example]
    +  design: [kay@agency.example]
     
     accounts:
       acme-eu:
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  3 users  roster.yaml:11
      - remove  grace@agency.example  content-creator  not in the file

    1 to remove in 1 account.

    note: grace@agency.example was content-creator by the team design in acme-eu; a member of design
    note: grace@agency.example is still named in roster.yaml:5
    note: grace@agency.example holds nothing any more by this roster
    Written: roster.yaml
    ");
}

/// Where nobody is taken out by roster, and where a guard would not let somebody go.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, with all that is shown at each step")]
fn who_would_not_go_is_told() {
    let world = World::with(&ROSTER.replace("defaults: { prune: all }", "defaults: { prune: none }"));
    assert_snapshot!(world.told(&["offboard", "zoe@acme.example", "--dry-run"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -15,11 +15,8 @@
         teams: { design: content-creator }
         users:
           ada: admin          # since 2019
    -      zoe@acme.example:
    -        role: analyst
    -        expires: 2099-01-31
     
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { "kay@agency.example": support }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  in sync  roster.yaml:12
      1 unmanaged: not in the file, and `prune` leaves them in
    acme-us  sandbox  3 users  in sync  roster.yaml:19
      1 unmanaged: not in the file, and `prune` leaves them in

    Nothing to do: all 2 accounts are as the roster says.

    note: zoe@acme.example was admin in acme-us; analyst in acme-eu
    note: zoe@acme.example stays in acme-eu, acme-us until somebody removes them there, because of `prune: none`
    note: zoe@acme.example holds nothing any more by this roster
    Not written, by --dry-run: roster.yaml
    "#);
    let guarded = "defaults: { prune: all, guards: { protect: [zoe@acme.example] } }";
    let world = World::with(&ROSTER.replace("defaults: { prune: all }", guarded));
    assert_snapshot!(world.told(&["offboard", "zoe@acme.example", "--dry-run"]), @r#"
    exit 0
    --- stdout
    --- a/roster.yaml
    +++ b/roster.yaml
    @@ -15,11 +15,8 @@
         teams: { design: content-creator }
         users:
           ada: admin          # since 2019
    -      zoe@acme.example:
    -        role: analyst
    -        expires: 2099-01-31
     
       acme-us:
         provider: sandbox
         owner: ada@acme.example
    -    users: { zoe@acme.example: admin, "kay@agency.example": support }
    +    users: { "kay@agency.example": support }
    --- stderr
    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  5 users  roster.yaml:12
      ! remove  zoe@acme.example  analyst  held, not in the file
      protect (held, 1 action): whoever is protected loses nothing: zoe@acme.example
        hint: put the lines back; or, if it is meant, take the people out of what protects them: `guards: { protect }` and `--protect-file`

    acme-us  sandbox  3 users  roster.yaml:19
      ! remove  zoe@acme.example  admin  held, not in the file
      protect (held, 1 action): whoever is protected loses nothing: zoe@acme.example
        hint: put the lines back; or, if it is meant, take the people out of what protects them: `guards: { protect }` and `--protect-file`

    2 held.

    note: zoe@acme.example was admin in acme-us; analyst in acme-eu
    note: zoe@acme.example is still named in roster.yaml:2
    note: zoe@acme.example holds nothing any more by this roster
    Not written, by --dry-run: roster.yaml
    "#);
}
