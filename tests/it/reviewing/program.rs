//! The review through the program, against the embedded service.

use insta::{assert_snapshot, with_settings};

use crate::harness::{Scripted, World, http};

const ROSTER: &str = "accounts:
  eu:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users: { ada@acme.example: admin, bob@acme.example: support, info@acme.example: support }
  us:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users: { ada@acme.example: admin, bob@acme.example: support }
";

/// Two accounts as the roster says.
fn applied() -> World {
    let world = World::with(ROSTER);
    let applied = world.run(&["apply", "--yes", "--actor", "kim"]);
    assert_eq!(applied.code, 0, "{}", applied.told());
    world
}

macro_rules! assert_told {
    ($told:expr, @$snapshot:literal) => {
        with_settings!({ filters => vec![
            (r"\b[0-9a-f]{12}\b", "DIGITS"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "WHEN"),
            (r"\d{4}-\d\d-\d\d", "DAY"),
        ] }, { assert_snapshot!($told, @$snapshot) });
    };
}

#[test]
fn what_to_look_at_and_on_request_who_has_what() {
    let world = applied();
    assert_told!(world.told(&["review"]), @"
    exit 0
    --- stdout
    medium  1
      eu  info@acme.example  looks like a mailbox that several people share

    4 people in 2 accounts, with access 7 times. Findings: 0 high, 1 medium, 0 low.
    ");
    assert_told!(world.run(&["review", "-v"]).stdout, @"
    eu  sandbox  whole  1 active, 3 invited, 0 deactivated, 2 admins  roster.yaml:2
      note: the roster says no home domains, so nobody was looked for who is from outside

    us  sandbox  whole  1 active, 2 invited, 0 deactivated, 2 admins  roster.yaml:7
      note: the roster says no home domains, so nobody was looked for who is from outside

    ada@acme.example
      eu  admin, invited
      us  admin, invited
    bob@acme.example
      eu  support, invited
      us  support, invited
    info@acme.example
      eu  support, invited
    owner@acme.example
      eu  owner
      us  owner

    medium  1
      eu  info@acme.example  looks like a mailbox that several people share
          hint: give each person a login of their own

    4 people in 2 accounts, with access 7 times. Findings: 0 high, 1 medium, 0 low.
    ");
    assert_eq!(world.run(&["review", "--fail-on", "medium"]).code, 3);
    assert_eq!(world.run(&["review", "--account", "us", "--fail-on", "medium"]).code, 0);
    assert_eq!(world.run(&["review", "--account", "other"]).code, 64);
    let untouched = world.run(&["history", "--format", "json"]).json()["deeds"].as_array().unwrap().len();
    assert_eq!(untouched, 5, "a review changes nothing");
}

/// Kept as JSON, a review is what the next one is compared with; the journal says who did it.
#[test]
fn what_changed_since_the_last_review_and_who_did_it() {
    let world = applied();
    assert_eq!(world.run(&["review", "--out", "before.json"]).code, 0);
    world.edit(
        "    users: { ada@acme.example: admin, bob@acme.example: support }\n",
        "    users: { ada@acme.example: manager, eve@acme.example: analyst }\n",
    );
    let applied = world.run(&["apply", "--yes", "--actor", "lee", "--reason", "OPS-7"]);
    assert_eq!(applied.code, 0, "{}", applied.told());
    assert_told!(world.told(&["review", "--since", "before.json"]), @"
    exit 0
    --- stdout
    medium  2
      eu  bob@acme.example   is nowhere else any more: left us
      eu  info@acme.example  looks like a mailbox that several people share

    changes  the review of WHEN
      us  ada@acme.example  role: admin → manager
          WHEN, apply DIGITS by lee: OPS-7
      us  bob@acme.example  went: support
          WHEN, apply DIGITS by lee: OPS-7
      us  eve@acme.example  came: analyst
          WHEN, apply DIGITS by lee: OPS-7

    5 people in 2 accounts, with access 7 times. Findings: 0 high, 2 medium, 0 low.
    ");
    let since = world.run(&["review", "--since", "1d", "--format", "json"]).json();
    assert_eq!(since["changes"]["compared_with"], "journal");
    assert_eq!(
        since["changes"]["list"].as_array().unwrap().len(),
        8,
        "five came before, and three things were done since"
    );
    assert_told!(world.told(&["review", "--since", "missing.json"]), @"
    exit 1
    --- stderr
    error: `missing.json` is no day such as DAY, no time such as 90d, and no file that can be read
      caused by: No such file or directory (os error 2)
    ");
    world.write("masked.json", world.run(&["review", "--redact", "emails", "--format", "json"]).stdout);
    assert_told!(world.told(&["review", "--since", "masked.json"]), @"
    exit 1
    --- stderr
    error: cannot compare with `masked.json`
      caused by: this review is masked, so nobody in it can be found again
      hint: keep a review without `--redact` to compare with, and mask the one that is shown
    ");
}

/// The exit code says that somebody was not looked at, whatever else was found.
#[test]
fn an_account_that_cannot_be_read_is_a_gap_that_is_told() {
    let server = Scripted::always(http("401 Unauthorized", "application/json", "{}"));
    let world = server.world("{ ada@acme.example: admin }");
    for format in ["table", "csv", "json", "markdown", "html"] {
        let told = world.run(&["review", "--format", format]);
        assert_eq!(told.code, 1, "{}", told.told());
        assert!(told.stdout.contains("could not be read"), "{format}: {}", told.told());
    }
    assert!(!world.path(".roster").exists(), "a review makes no state");
    world.write("roster.yaml", "accounts: 7");
    let invalid = world.run(&["review", "--format", "json"]);
    assert_eq!((invalid.code, invalid.json()["exit_code"].as_i64()), (65, Some(65)));
    assert_eq!(invalid.json()["problems"][0]["code"], "wrong-type");
}

/// The last good review is what the next one is compared with.
#[test]
fn where_nobody_was_seen_the_review_that_was_kept_stays() {
    let world = applied();
    let files = ["review.json", "review.csv", "review.html"];
    let kept = files.map(|file| {
        assert_eq!(world.run(&["review", "--out", file]).code, 0);
        world.read(file)
    });
    world.write("bad.yaml", "accounts: 7");
    for (file, kept) in files.iter().zip(&kept) {
        let invalid = world.run(&["review", "bad.yaml", "--out", file]);
        assert!(invalid.code == 65 && invalid.stderr.contains("was not written"), "{}", invalid.told());
        let mistyped = world.run(&["review", "--since", "2026-11-3O", "--out", file]);
        assert!(mistyped.code == 1 && mistyped.stderr.contains("was not written"), "{}", mistyped.told());
        assert_eq!(world.read(file), *kept);
    }
    let table = world.run(&["review", "bad.yaml", "--format", "csv"]);
    assert_eq!((table.code, table.stdout.as_str()), (65, ""));
}

/// A file is written whole or not at all, in the form that its name ends with.
#[test]
fn a_review_is_kept_in_a_file() {
    let world = applied();
    for (file, begins) in [
        ("review.html", "<!doctype html>"),
        ("review.csv", "account,email"),
        ("review.json", "{"),
        ("review.md", "# Access review"),
        ("review.txt", "medium"),
    ] {
        let ran = world.run(&["review", "--out", file]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.told());
        assert!(world.read(file).starts_with(begins), "{file}");
    }
    assert!(world.run(&["review", "--out", "review.HTML"]).code == 0 && world.read("review.HTML").starts_with("<!doc"));
    assert_eq!(world.run(&["review", "--out", "missing/review.html"]).code, 1);
    let masked = world.run(&["review", "-v", "--redact", "emails"]).stdout;
    assert!(!["ada", "bob"].iter().any(|name| masked.contains(name)), "{masked}");
}
