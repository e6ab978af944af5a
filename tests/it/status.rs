//! Who is in the file and who is in the account, side by side.

use insta::{assert_snapshot, with_settings};
use serde_json::json;

use crate::harness::{Scripted, World, http};
use crate::interface::repository;

const HEAD: &str = "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: none\n";
const USERS: &str = "    users:\n      ada@acme.example: admin\n      bob@acme.example: support\n      cyd@vendor.example: support\n      dee@acme.example: analyst\n";

/// An account whose file has changed since the one apply.
fn drifted() -> World {
    let world = World::with(&format!("{HEAD}{USERS}"));
    assert_eq!(world.run(&["apply", "--yes", "--actor", "kim"]).code, 0);
    let users = USERS
        .replace("      bob@acme.example: support\n", "")
        .replace("      cyd@vendor.example: support\n", "")
        .replace("dee@acme.example: analyst", "dee@acme.example: manager");
    let late = "      eve@acme.example: { role: support, starts: 2999-01-01 }\n      fay@acme.example: support\n";
    world.write("roster.yaml", format!("{HEAD}    ignore: ['*@vendor.example']\n{users}{late}"));
    world
}

macro_rules! assert_told {
    ($told:expr, @$snapshot:literal) => {
        with_settings!({ filters => vec![
            (r"\b[0-9a-f]{12}\b", "DIGITS"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "WHEN"),
            (r"(since|until|last login) 20\d\d-\d\d-\d\d", "$1 DAY"),
        ] }, { assert_snapshot!($told, @$snapshot) });
    };
}

#[test]
fn everybody_on_both_sides() {
    let world = drifted();
    assert_told!(world.told(&["status"]), @"
    exit 0
    --- stdout
    acme  sandbox  5 users  roster.yaml:2
        who                 in the file               in the account
      ~ dee@acme.example    manager                   analyst, invited, since DAY, until DAY  to do: change role
      ~ fay@acme.example    support                   –                                                 to do: invite
      ? bob@acme.example    –                         support, invited, since DAY, until DAY  unmanaged
      … ada@acme.example    admin                     admin, invited, since DAY, until DAY  invited
        cyd@vendor.example  –                         support, invited, since DAY, until DAY  ignored
      = eve@acme.example    support, from 1 Jan 2999  –                                                 in sync
      = owner@acme.example  –                         owner, active, last login DAY              in sync
      last change WHEN: apply DIGITS by kim, 4 done

    2 to change, 1 unmanaged, 1 invited, 1 ignored, 2 in sync.
    ");
    let untouched = world.run(&["history", "--format", "json"]).json()["deeds"].as_array().unwrap().len();
    assert_eq!(untouched, 4, "a look changes nothing");
}

#[test]
fn programs_get_what_the_schema_says() {
    let world = drifted();
    let told = world.run(&["status", "--format", "json"]);
    let schema = serde_json::from_str(&repository("schema/output.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert_eq!(validator.iter_errors(&told.json()).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    let account = &told.json()["accounts"][0];
    let standings =
        account["people"].as_array().unwrap().iter().map(|person| {
            (person["email"].as_str().unwrap().to_owned(), person["standing"].as_str().unwrap().to_owned())
        });
    let expected = [
        ("ada@acme.example", "pending"),
        ("bob@acme.example", "unmanaged"),
        ("cyd@vendor.example", "ignored"),
        ("dee@acme.example", "differs"),
        ("eve@acme.example", "in_sync"),
        ("fay@acme.example", "differs"),
        ("owner@acme.example", "in_sync"),
    ];
    let expected = expected.map(|(email, standing)| (email.to_owned(), standing.to_owned()));
    assert_eq!(standings.collect::<Vec<_>>(), expected);
    assert_eq!(account["last_run"]["actor"], "kim");
    assert_eq!(account["last_run"]["ended"], json!({ "done": 4, "failed": 0, "not_tried": 0, "held": 0 }));
    world.write("kept.json", &told.stdout);
    let (kept, shown) = (world.run(&["render", "kept.json"]), world.run(&["status"]));
    assert_eq!(kept.stdout, shown.stdout, "a kept answer is shown as it was");
    let masked = world.run(&["status", "--redact", "emails"]).stdout
        + &world.run(&["status", "--redact", "emails", "--format", "json"]).stdout;
    // Whole words: a digest may well have the letters of a name.
    let named = |word: &str| ["ada", "bob", "cyd", "dee", "kim"].contains(&word);
    assert!(!masked.split(|c: char| !c.is_ascii_alphanumeric()).any(named), "{masked}");
}

/// Status only reads, takes no account away from a run, and says what it could not see.
#[test]
fn an_account_that_cannot_be_read_is_said() {
    let server = Scripted::always(http("401 Unauthorized", "application/json", "{}"));
    let world = server.world("{ ada@acme.example: admin }");
    let told = world.run(&["status"]);
    assert_eq!(told.code, 1, "{}", told.told());
    assert!(
        told.stdout.contains("failed: ") && told.stdout.ends_with("1 account could not be read.\n"),
        "{}",
        told.told()
    );
    assert!(!world.path(".roster").exists());
    assert_eq!(world.run(&["status", "--account", "other"]).code, 64);
    world.write("roster.yaml", "accounts: 7");
    assert_eq!(world.run(&["status"]).code, 65);
}
