//! `roster probe` against the embedded service, right and wrong: what it sees, what follows, and that the key stays hidden.

use insta::assert_snapshot;

use crate::harness::{Sandbox, Scripted, World, http};

const KEY: &str = "probe-key-4711";

/// A world whose account has three people in it and lives in a service with these arguments.
fn world(arguments: &[&str]) -> (World, Sandbox) {
    let world = World::new().set("K", KEY);
    let common = ["--key", KEY, "--data", "data"];
    let settled = Sandbox::start(&world, &common);
    write_roster(&world, &settled);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(settled.stop(), 0);
    let sandbox = Sandbox::start(&world, &[&common, arguments].concat());
    write_roster(&world, &sandbox);
    (world, sandbox)
}

fn write_roster(world: &World, Sandbox { base, .. }: &Sandbox) {
    let provider = format!("{{ kind: scim, url: '{base}', key: {{ env: K }} }}");
    let users = "{ ada@acme.example: admin, grace@acme.example: analyst }";
    world.write(
        "roster.yaml",
        format!("accounts:\n  acme:\n    provider: {provider}\n    owner: owner@acme.example\n    prune: none\n    users: {users}\n"),
    );
}

/// What `probe` says between two of its headings.
fn told(arguments: &[&str], from: &str, to: &str) -> String {
    let (world, _sandbox) = world(arguments);
    let ran = world.run(&["probe", "acme"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    let rest = ran.stdout.split_once(from).unwrap_or_else(|| panic!("`{from}` in {}", ran.stdout)).1;
    rest.split(to).next().unwrap().trim_end().to_owned()
}

#[test]
fn a_service_by_the_book() {
    assert_snapshot!(told(&["--core-only"], "acme  scim", "one of them"), @"
      3 users

    what it says
      /ServiceProviderConfig  PATCH yes, filters yes, versions yes, bulk yes, pages by index yes, pages by cursor yes, 1000 users at most, 1000 users on a page
      /Schemas                6 attributes of users, 0 in extensions
      /Roles                  Owner, Admin, Manager, Analyst, Support, Campaign Coordinator, Content Creator

    what it does
      GET /Users                     3 of 3
      startIndex=1&count=2           2 of 3
      startIndex=2&count=1           1 of 3
      count=1000                     3 of 3
      startIndex past the last user  0 of 3
      userName eq                    the one it is about
      userName eq, in other case     the one it is about
      userName eq, about nobody      nobody
      a user it does not have        HTTP 404: there is no user `ffffffff-ffff-4fff-bfff-ffffffffffff`
      versions                       the same when nothing changed

    what users are made of
      active             3 of 3  boolean
      id                 3 of 3  text
      meta.created       3 of 3  text
      meta.lastModified  3 of 3  text
      meta.location      3 of 3  text
      meta.resourceType  3 of 3  text
      meta.version       3 of 3  text
      roles[].primary    3 of 3  boolean
      roles[].value      3 of 3  text: admin, analyst, owner
      schemas[]          3 of 3  text
      userName           3 of 3  text
    ");
}

#[test]
fn one_user_is_shown_and_cannot_be_recognised() {
    let sample = told(&["--core-only"], "every value masked", "\n\n");
    let user: serde_json::Value = serde_json::from_str(&sample).unwrap();
    assert_eq!(user["userName"], "xxxxx@xxxx.xxxxxxx");
    assert_eq!(user["roles"][0]["value"], "owner");
    assert!(!sample.contains("acme") && !sample.contains("127"), "{sample}");
}

#[test]
fn what_an_extension_says_is_found() {
    assert_snapshot!(told(&[], "what to write under `provider`", "no such line"), @r#"

    dialect:
      # an extension is shown only where it is named
      ask_for: ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:roster:params:scim:schemas:extension:account:2.0:User"]
      # an attribute says where users stand: active, invited
      pending: { attribute: status, schema: "urn:roster:params:scim:schemas:extension:account:2.0:User", invited: [invited], deactivated: [deactivated] }
      # attributes that are moments are called so
      dates: { invited: { attribute: invitedAt, schema: "urn:roster:params:scim:schemas:extension:account:2.0:User" }, invitation_expires: { attribute: invitationExpires, schema: "urn:roster:params:scim:schemas:extension:account:2.0:User" }, last_login: { attribute: lastLogin, schema: "urn:roster:params:scim:schemas:extension:account:2.0:User" }, added: { attribute: addedAt, schema: "urn:roster:params:scim:schemas:extension:account:2.0:User" } }
      # `/Roles` lists them
      role_resources: listed
    "#);
}

#[test]
fn small_pages_and_refused_filters_are_seen() {
    let faults = ["--core-only", "--fault", "clamp 2 on GET /Users", "--fault", "status 501 nth 7 on GET /Users"];
    assert_snapshot!(told(&faults, "what it does", "what users are made of"), @"

    GET /Users                     2 of 3
    startIndex=1&count=2           2 of 3
    startIndex=2&count=1           1 of 3
    count=1000                     2 of 3
    startIndex past the last user  0 of 3
    userName eq                    the one it is about
    userName eq, in other case     HTTP 501: a fault that was asked for
    userName eq, about nobody      nobody
    a user it does not have        HTTP 404: there is no user `ffffffff-ffff-4fff-bfff-ffffffffffff`
    versions                       the same when nothing changed
    ");
}

#[test]
fn a_listing_that_repeats_its_pages_is_told_of() {
    assert_snapshot!(told(&["--fault", "repeat-page on GET /Users"], "what does not fit together", "what to write"), @"

    - past the last user it sends the first ones again
    ");
}

/// Whatever is asked for, in text, as JSON, and with every request in the log.
#[test]
fn the_key_is_never_shown() {
    let (world, _sandbox) = world(&[]);
    for arguments in [&["probe", "acme", "-vv"][..], &["probe", "acme", "-vv", "--format", "json"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.told());
        assert!(!ran.told().contains(KEY), "{}", ran.told());
        assert!(ran.stderr.contains("/acme/scim/v2/Users"), "{}", ran.told());
    }
}

/// A probe writes nothing: the service would refuse anything but a GET.
#[test]
fn a_probe_only_reads() {
    let (world, _sandbox) = world(&["--read-only"]);
    assert_eq!(world.run(&["probe", "acme"]).code, 0);
}

/// Whoever has the address may be among those who were not seen.
#[test]
fn a_write_test_writes_nothing_while_the_listing_is_in_doubt() {
    let page = r#"{"totalResults":3,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"admin"}]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    let ran = server.world("{ ada@acme.example: admin }").run(&["probe", "acme", "--write-test", "t@acme.example"]);
    assert_eq!(ran.code, 1, "{}", ran.told());
    assert!(ran.stderr.contains("whether `t@acme.example` is in the account cannot be told"), "{}", ran.told());
    assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{:?}", server.seen());
}

#[test]
fn a_role_that_looks_like_the_key_is_not_shown() {
    let page = r#"{"totalResults":1,"Resources":[{"id":"1","userName":"ada@acme.example","roles":[{"value":"very-secret-key"}]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    let ran = server.world("{ ada@acme.example: admin }").run(&["probe", "acme"]);
    assert!(ran.stdout.contains("roles[].value") && !ran.told().contains("very-secret-key"), "{}", ran.told());
}

#[test]
fn a_server_that_cannot_be_asked_is_an_error() {
    let (world, sandbox) = world(&[]);
    assert_eq!(sandbox.stop(), 0);
    assert_snapshot!(world.told(&["probe", "acme"]), @"
    exit 1
    --- stderr
      failed: GET http://127.0.0.1:PORT/acme/scim/v2/ServiceProviderConfig: no answer
        caused by: Connection refused (os error 111)
        hint: check `url` in the roster, and that this machine can reach it
    ");
    assert_snapshot!(world.told(&["probe", "acme-uk"]), @"
    exit 64
    --- stderr
    error: the roster has no account `acme-uk`
      hint: the roster has: acme
    ");
    let told = world.run(&["probe", "acme", "--format", "json"]).json();
    assert_eq!((told["exit_code"].as_i64(), told["command"].as_str()), (Some(1), Some("probe")));
    assert!(told["error"]["message"].as_str().unwrap().contains("/ServiceProviderConfig"), "{told}");
}
