//! From live accounts to their first file: what `export` prints leaves nothing to plan.

use insta::assert_snapshot;

use crate::harness::{Ran, Sandbox, Scripted, World, http};

/// What a run says, whatever the day.
fn told(ran: &Ran) -> String {
    without_days(&ran.told())
}

fn without_days(text: &str) -> String {
    let text = text.split_once(" were on ").map_or(text.to_owned(), |(before, rest)| {
        format!("{before} were on TODAY.{}", rest.split_once('.').unwrap().1)
    });
    let lines = text.lines().map(|line| match line.split_once("  # ") {
        Some((before, comment)) if comment.starts_with("invited ") => {
            format!("{before}  # invited THEN, until LATER\n")
        }
        Some((before, comment)) if comment.starts_with("last login ") => format!("{before}  # last login THEN\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

const FULL: &str = "\
defaults: { language: en-US, guards: { max_losses: { percent: 40, at_least: 3 } } }
accounts:
  acme:
    title: 'Acme: the store'
    provider: sandbox
    owner: owner@acme.example
    prune: all
    roles:
      lifecycle-marketer: { title: Lifecycle Marketer, permissions: [content-view, flows-edit] }
    users:
      ada@acme.example: admin
      zoe@acme.example: { role: support, first_name: 'no', last_name: \"O'Hara: x\" }
      kay@agency.example: { role: lifecycle-marketer, language: fr }
";

#[test]
fn what_is_exported_leaves_nothing_to_do() {
    let world = World::with(FULL);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let exported = world.run(&["export", "acme"]);
    assert_snapshot!(told(&exported), @r#"
    exit 0
    --- stdout
    # Accounts as they were on TODAY. Days are in UTC.

    defaults: { language: en-US, guards: { max_losses: { percent: 40, at_least: 3 } } }

    accounts:
      acme:
        title: "Acme: the store"
        provider: sandbox
        owner: owner@acme.example
        prune: all
        roles:
          lifecycle-marketer: { title: Lifecycle Marketer, permissions: [content-view, flows-edit] }
        users:
          owner@acme.example: owner  # last login THEN
          ada@acme.example: admin    # invited THEN, until LATER
          zoe@acme.example: { role: support, first_name: "no", last_name: "O'Hara: x" }  # invited THEN, until LATER
          kay@agency.example: { role: lifecycle-marketer, language: fr }  # invited THEN, until LATER
    "#);
    world.write("roster.yaml", exported.stdout);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

/// Four people of an agency are in three accounts with the same roles, and one of them has a name wherever she is.
const AGENCY: &str = "\
people:
  ada: { email: ada@agency.example, first_name: Ada, last_name: Lovelace }
accounts:
  eu: { provider: sandbox, owner: o@eu.example, prune: all, users: { ada: support, b@agency.example: support, c@agency.example: support, d@agency.example: support, eu@eu.example: admin } }
  uk: { provider: sandbox, owner: o@uk.example, prune: all, users: { ada: analyst, b@agency.example: analyst, c@agency.example: analyst, d@agency.example: analyst } }
  us: { provider: sandbox, owner: o@us.example, prune: all, users: { ada: support, b@agency.example: support, c@agency.example: support, d@agency.example: admin } }
";

#[test]
fn people_and_teams_that_recur_over_accounts_are_said_once() {
    let world = World::with(AGENCY);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let exported = world.run(&["export", "--out", "found.yaml"]);
    assert_snapshot!(told(&exported), @"exit 0");
    let found = std::fs::read_to_string(world.path("found.yaml")).unwrap();
    assert_snapshot!(without_days(&found), @"
    # Accounts as they were on TODAY. Days are in UTC.

    people:
      ada: { email: ada@agency.example, first_name: Ada, last_name: Lovelace }

    teams:
      agency:
        - ada
        - b@agency.example
        - c@agency.example

    accounts:
      eu:
        provider: sandbox
        owner: o@eu.example
        prune: all
        teams:
          agency: support  # 3 of them invited
        users:
          o@eu.example: owner        # last login THEN
          eu@eu.example: admin       # invited THEN, until LATER
          d@agency.example: support  # invited THEN, until LATER
      uk:
        provider: sandbox
        owner: o@uk.example
        prune: all
        teams:
          agency: analyst  # 3 of them invited
        users:
          o@uk.example: owner        # last login THEN
          d@agency.example: analyst  # invited THEN, until LATER
      us:
        provider: sandbox
        owner: o@us.example
        prune: all
        teams:
          agency: support  # 3 of them invited
        users:
          o@us.example: owner      # last login THEN
          d@agency.example: admin  # invited THEN, until LATER
    ");
    assert_eq!(world.run(&["plan", "found.yaml", "--detailed-exitcode"]).code, 0);
    assert_snapshot!(world.told(&["export", "--out", "found.yaml"]), @"
    exit 64
    --- stderr
    error: `found.yaml` is there already
      hint: choose a name that is free; `roster import` puts an account into a file that is there
    ");
}

/// An account that no file knows yet is described on the command line.
#[test]
fn a_first_file_comes_out_of_a_url_and_a_key() {
    let world = World::new().set("ACME_KEY", "embedded-key");
    let sandbox = Sandbox::start(&world, &["--key", "embedded-key", "--core-only"]);
    let server = ["--kind", "klaviyo", "--url", &sandbox.base, "--key-env", "ACME_KEY", "--dialect", "sandbox"];
    let arguments = [&["export", "acme"], &server[..], &["--owner", "owner@acme.example"]].concat();
    let exported = world.run(&arguments);
    assert_snapshot!(told(&exported), @r#"
    exit 0
    --- stdout
    # Accounts as they were on TODAY. Days are in UTC.

    accounts:
      acme:
        provider:
          kind: klaviyo
          url: "http://127.0.0.1:PORT/acme/scim/v2"
          key: { env: ACME_KEY }
          dialect: { like: sandbox }
        owner: owner@acme.example
        prune: none
        users:
          owner@acme.example: owner
    "#);
    world.write("roster.yaml", exported.stdout);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);

    let another = [&["export", "acme"], &server[..], &["--owner", "somebody@acme.example"]].concat();
    assert_snapshot!(world.told(&another), @"
    exit 3
    --- stderr
      failed: the file says the Owner is somebody@acme.example, the account says owner@acme.example
        hint: check `url` and `key`: this may be another account; if the Owner has changed, correct `owner`
    ");
    let nobody = [&["export", "acme"], &server[..]].concat();
    assert_eq!(world.run(&nobody).code, 64);
    assert_snapshot!(world.told(&["export", "acme", "--kind", "scim", "--url", "ftp://x.example", "--key-env", "ACME_KEY"]), @r#"
    exit 64
    --- stderr
    error[bad-url]: this is not a web address
     --> the command line:3:34
      |
    3 |     provider: { kind: scim, url: "ftp://x.example", key: { env: ACME_KEY } }
      |                                  ^^^^^^^^^^^^^^^^^
      |
      = help: write a URL such as `https://scim.example/v2`
    "#);
}

#[test]
fn whoever_the_file_cannot_hold_is_left_out_and_named() {
    let page = r#"{"totalResults":5,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"Editor"}]},
        {"id":"2","userName":"svc-01","active":true,"roles":[{"value":"Bot"}]},
        {"id":"3","userName":"bob@acme.example","active":true},
        {"id":"5","userName":"ivo@acme.example","active":true,"roles":["owner"]},
        {"id":"4","userName":"eve@acme.example","active":false,"roles":["Editor"]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    assert_snapshot!(told(&server.world("{}").run(&["export", "acme"])), @r#"
    exit 3
    --- stdout
    # Accounts as they were on TODAY. Days are in UTC.

    accounts:
      acme:
        provider: { kind: scim, url: "http://127.0.0.1:PORT/v2", key: { env: ACME_KEY } }
        prune: all
        owner: ivo@acme.example
        users:
          ivo@acme.example: owner
          ada@acme.example: Editor
          # left out: eve@acme.example (Editor): is deactivated; listed, they would be let in again
          # left out: svc-01 (Bot): the login is not an e-mail address
          # left out: bob@acme.example: has no role in the account
    --- stderr
    warning[no-users]: the account `acme` lists no users
     --> roster.yaml:8:5
      |
    8 |     users: {}
      |     ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account

    left out: eve@acme.example: is deactivated; listed, they would be let in again
    left out: svc-01: the login is not an e-mail address
    left out: bob@acme.example: has no role in the account
    "#);
}

#[test]
fn a_list_that_may_lack_somebody_is_not_written() {
    let page =
        r#"{"totalResults":9,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":["admin"]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    assert_snapshot!(server.world("{}").told(&["export", "acme"]), @"
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

/// One account that cannot be read keeps nobody from the others, and the file says what it lacks.
#[test]
fn an_account_that_cannot_be_read_is_named_in_the_file() {
    let server = Scripted::always(http("403 Forbidden", "application/json", "{}"));
    let world = server.world("{ ada@acme.example: admin }");
    world.edit(
        "accounts:\n",
        "accounts:\n  here: { provider: sandbox, owner: o@here.example, prune: none, users: {} }\n",
    );
    assert_snapshot!(told(&world.run(&["export"])), @"
    exit 1
    --- stdout
    # Accounts as they were on TODAY. Days are in UTC.

    accounts:
      here:
        provider: sandbox
        owner: o@here.example
        prune: none
        users:
          o@here.example: owner  # last login THEN
      # acme is missing: GET http://127.0.0.1:PORT/v2/Users?count=200: the server forbids this (HTTP 403)
    --- stderr
    acme
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the server forbids this (HTTP 403)
        hint: check what `key` may do: it has to read and change users
    ");
}

/// Long lists are divided by role.
#[test]
fn a_long_list_says_where_the_next_role_begins() {
    let people: String =
        (0..11).map(|number| format!("      p{number:02}@x.example: {}\n", ["support", "admin"][number % 2])).collect();
    let world = World::with(&format!(
        "accounts:\n  acme:\n    provider: sandbox\n    owner: o@x.example\n    prune: all\n    users:\n{people}"
    ));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let stdout = world.run(&["export"]).stdout;
    let headings: Vec<&str> = stdout.lines().filter(|line| line.starts_with("      # ")).collect();
    assert_eq!(headings, ["      # owner: 1 person", "      # admin: 5 people", "      # support: 6 people"]);
}
