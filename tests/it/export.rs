//! From a live account to its first file: what `export` prints, put into the file, leaves nothing to plan.

use insta::assert_snapshot;

use crate::harness::{Scripted, World, http};

const FULL: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin
      zoe@acme.example: { role: support, first_name: 'no', last_name: \"O'Hara: x\" }
";

#[test]
fn what_is_exported_and_put_in_the_file_leaves_nothing_to_do() {
    let world = World::with(FULL);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let head = "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n";
    world.write("roster.yaml", format!("{head}    prune: none\n    users: {{}}\n"));
    let exported = world.run(&["export", "acme"]);
    assert_snapshot!(exported.stdout, @r#"
    users:
      ada@acme.example: admin
      owner@acme.example: owner
      zoe@acme.example:
        role: support
        first_name: "no"
        last_name: "O'Hara: x"
    "#);
    world.write("roster.yaml", format!("{head}    prune: all\n{}", exported.stdout));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn whoever_the_file_cannot_hold_is_left_out_and_named() {
    let page = r#"{"totalResults":4,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"Editor"}]},
        {"id":"2","userName":"svc-01","active":true,"roles":[{"value":"Bot"}]},
        {"id":"3","userName":"bob@acme.example","active":true},
        {"id":"4","userName":"eve@acme.example","active":true,"roles":["owner"]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    assert_snapshot!(server.world("{}").told(&["export", "acme"]), @r"
    exit 3
    --- stdout
        users:
          ada@acme.example: Editor
          # left out: bob@acme.example: has no role in the account
          # left out: eve@acme.example: is Owner in the account and not in the file: check `owner`
          # left out: svc-01: the login is not an e-mail address
    --- stderr
    warning[no-users]: the account `acme` lists no users
     --> roster.yaml:8:5
      |
    8 |     users: {}
      |     ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account

    left out: bob@acme.example: has no role in the account
    left out: eve@acme.example: is Owner in the account and not in the file: check `owner`
    left out: svc-01: the login is not an e-mail address
    ");
}

#[test]
fn a_list_that_may_lack_somebody_is_not_written() {
    let page =
        r#"{"totalResults":9,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":["admin"]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    assert_snapshot!(server.world("{}").told(&["export", "acme"]), @r"
    exit 3
    --- stderr
    warning[no-users]: the account `acme` lists no users
     --> roster.yaml:8:5
      |
    8 |     users: {}
      |     ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account

      failed: the account was not proven whole: the server counts 9 and listed 1
        hint: run the same command again; if it stays, the server's listing cannot be trusted with removals
    ");
}

/// Whoever was deactivated would be let in again by standing in the file.
#[test]
fn whoever_was_deactivated_is_not_listed() {
    let page = r#"{"totalResults":2,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":["admin"]},
        {"id":"2","userName":"bob@acme.example","active":false,"roles":["admin"]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    let ran = server.world("{}").run(&["export", "acme"]);
    assert_snapshot!(ran.stdout, @r"
    users:
      ada@acme.example: admin
      # left out: bob@acme.example: is deactivated; listed, they would be let in again
    ");
    assert_eq!(ran.code, 3);
}
