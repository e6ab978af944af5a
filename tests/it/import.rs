//! From a live account into a file that is there: `import` and `adopt` write who is missing, and keep every byte else.

use insta::assert_snapshot;

use crate::harness::{Sandbox, World};

const BEFORE: &str = "\
# Who may do what.
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin   # the boss
      bob@acme.example: support
      kay@agency.example: { role: analyst, first_name: Kay }

# The end.
";

/// An account in which three people are, and a file that lists one of them. Nothing remembers who let them in.
fn world(prune: &str) -> World {
    let world = World::with(BEFORE);
    assert_eq!(world.run(&["apply", "--yes", "--state", "none"]).code, 0);
    let listed = BEFORE.lines().filter(|line| !line.contains("bob@") && !line.contains("kay@"));
    let listed: String = listed.map(|line| format!("{line}\n")).collect();
    world.write("roster.yaml", listed.replace("prune: all", &format!("prune: {prune}")));
    world
}

fn text(world: &World) -> String {
    world.read("roster.yaml")
}

#[test]
fn whoever_is_in_the_account_and_not_in_the_file_is_imported() {
    let world = world("all");
    let before = text(&world);
    let tried = world.run(&["import", "acme", "--dry-run"]);
    assert_eq!((tried.code, text(&world)), (0, before.clone()), "{}", tried.told());
    assert!(tried.stdout.contains("+      bob@acme.example: support"), "{}", tried.told());
    let imported = world.run(&["import", "acme"]);
    assert_eq!(imported.code, 0, "{}", imported.told());
    let after = text(&world);
    let mut lines = after.lines();
    assert!(before.lines().all(|line| lines.any(|other| other == line)), "a line is not as it was: {after}");
    assert!(after.contains("first_name: Kay"), "{after}");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    let again = world.run(&["import", "acme"]);
    assert_eq!((again.code, text(&world)), (0, after), "{}", again.told());
}

/// Whoever is imported is there already: nobody is invited by it.
#[test]
fn what_would_follow_is_told_of_the_account_as_it_was_read() {
    let tried = world("all").run(&["import", "acme", "--dry-run"]);
    assert_snapshot!(tried.stderr, @"
    In accounts that are as they were just read, a plan would then be:

    acme  sandbox  4 users  in sync  roster.yaml:3
    Nothing to do: the account is as the roster says.

    Not written, by --dry-run: roster.yaml
    ");
}

/// Somebody with a short name is written by it, and what `people` says of them is not said again.
#[test]
fn whoever_has_a_short_name_is_imported_by_it() {
    let world = world("all");
    world.write("roster.yaml", text(&world) + "people:\n  kay: { email: KAY@agency.example, first_name: Kay }\n");
    let imported = world.run(&["import", "acme"]);
    assert_eq!(imported.code, 0, "{}", imported.told());
    assert!(text(&world).contains("\n      kay: analyst"), "{}", text(&world));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn what_is_adopted_is_the_rosters_to_take_out_again() {
    let world = world("managed");
    let plan = world.run(&["plan", "--detailed-exitcode", "-v"]);
    assert_eq!(plan.code, 0, "nobody is the roster's: {}", plan.told());
    let adopted = world.run(&["adopt", "acme", "bob@acme.example"]);
    assert_eq!(adopted.code, 0, "{}", adopted.told());
    assert!(
        adopted.stderr.contains("`prune: managed` removes whoever of them leaves the file again"),
        "{}",
        adopted.told()
    );
    let after = text(&world);
    assert!(after.contains("bob@acme.example: support") && !after.contains("kay@"), "{after}");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    let without: String = after.lines().filter(|line| !line.contains("bob@")).map(|line| format!("{line}\n")).collect();
    world.write("roster.yaml", without);
    let plan = world.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.code, 5, "{}", plan.told());
    assert!(plan.stdout.contains("bob@acme.example") && !plan.stdout.contains("kay@"), "{}", plan.told());
}

#[test]
fn everybody_can_be_adopted_at_once_and_nobody_who_is_not_there() {
    let world = world("none");
    let unknown = world.run(&["adopt", "acme", "eve@acme.example"]);
    assert_eq!(unknown.code, 64, "{}", unknown.told());
    assert!(unknown.stderr.contains("nobody called eve@acme.example is in `acme`"), "{}", unknown.told());
    assert_eq!(world.run(&["adopt", "acme"]).code, 64);
    let adopted = world.run(&["adopt", "acme", "--all"]);
    assert_eq!(adopted.code, 0, "{}", adopted.told());
    assert!(adopted.stderr.contains("`prune: none` removes nobody"), "{}", adopted.told());
    assert!(text(&world).contains("kay@agency.example"));
}

/// The file that an account stands in is the one that is written.
#[test]
fn in_a_folder_the_right_file_is_written() {
    let world = world("all");
    let roster = text(&world);
    std::fs::remove_file(world.path("roster.yaml")).unwrap();
    world.write("accounts/acme.yaml", &roster);
    world.write("accounts/other.yaml", roster.replace("acme:", "other:").replace("# Who may do what.", "# Others."));
    std::fs::rename(world.path(".roster"), world.path("accounts/.roster")).unwrap();
    let other = world.read("accounts/other.yaml");
    let imported = world.run(&["import", "acme", "--roster", "accounts"]);
    assert_eq!(imported.code, 0, "{}", imported.told());
    assert!(world.read("accounts/acme.yaml").contains("bob@acme.example"));
    assert_eq!(world.read("accounts/other.yaml"), other);
}

/// Whoever stands in the file already becomes the roster's, too, where pruning asks.
#[test]
fn whoever_was_imported_can_be_adopted_later() {
    let world = world("managed");
    assert_eq!(world.run(&["import", "acme"]).code, 0);
    let imported = text(&world);
    let without = |name: &str| {
        imported.lines().filter(|line| !line.contains(name)).map(|line| format!("{line}\n")).collect::<String>()
    };
    world.write("roster.yaml", without("bob@"));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0, "an import owns nobody");
    world.write("roster.yaml", &imported);
    let adopted = world.run(&["adopt", "acme", "--all"]);
    assert_eq!((adopted.code, text(&world)), (0, imported.clone()), "{}", adopted.told());
    world.write("roster.yaml", without("bob@"));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 5);
}

/// An account that the roster does not have yet, at a service of its own.
#[test]
fn a_new_account_is_written_whole() {
    let world = World::with(BEFORE).set("ACME_KEY", "embedded-key");
    let sandbox = Sandbox::start(&world, &["--key", "embedded-key", "--core-only"]);
    let described = |name: &str, url: &str| {
        let arguments =
            ["import", name, "--kind", "klaviyo", "--url", url, "--key-env", "ACME_KEY", "--dialect", "sandbox"];
        [&arguments[..], &["--owner", "owner@acme.example", "--ignore", "*@vendor.example"]].concat().join("\n")
    };
    let run =
        |arguments: &str, more: &[&str]| world.run(&[&arguments.split('\n').collect::<Vec<_>>()[..], more].concat());
    let ada = format!(
        "accounts:\n  other:\n    provider: {{ kind: scim, url: \"{}\", key: {{ env: ACME_KEY }} }}\n    catalogue: account\n    owner: owner@acme.example\n    prune: all\n    users: {{ ada@acme.example: admin, kay@agency.example: {{ role: analyst, first_name: Kay }} }}\n",
        sandbox.base
    );
    world.write("other.yaml", ada);
    let filled = world.run(&["apply", "other.yaml", "--yes", "--state", "none"]);
    assert_eq!(filled.code, 0, "{}", filled.told());

    let there = run(&described("acme", &sandbox.base), &[]);
    assert!(
        there.code == 1 && there.stderr.contains("there is an account `acme` already, at roster.yaml:3"),
        "{}",
        there.told()
    );
    let tried = run(&described("acme-us", &sandbox.base), &["--dry-run"]);
    assert_eq!((tried.code, text(&world).as_str()), (0, BEFORE), "{}", tried.told());
    let added = run(&described("acme-us", &sandbox.base), &[]);
    assert_eq!(added.code, 0, "{}", added.told());
    let after = text(&world);
    let (kept, new) = (after.split_once("  acme-us:").unwrap().0, after.split_once("  acme-us:").unwrap().1);
    assert!(BEFORE.starts_with(kept), "{after}");
    let new = new.replace(&sandbox.base, "BASE");
    let new: String = new.lines().map(|line| format!("{}\n", line.split("  # ").next().unwrap())).collect();
    assert_snapshot!(new, @r#"

        provider:
          kind: klaviyo
          url: BASE
          key:
            env: ACME_KEY
          dialect:
            like: sandbox
        owner: owner@acme.example
        prune: none
        ignore: ["*@vendor.example"]
        users:
          owner@acme.example: owner
          ada@acme.example: admin
          kay@agency.example:
            role: analyst
            first_name: Kay

    # The end.
    "#);
    let plan = world.run(&["plan", "--account", "acme-us", "--detailed-exitcode"]);
    assert_eq!(plan.code, 0, "{}", plan.told());
    assert!(!after.contains("embedded-key"));
    let wrong = run(&described("acme-eu", "ftp://x.example"), &[]);
    assert_eq!((wrong.code, text(&world)), (65, after), "{}", wrong.told());
}

/// Of several files one is named; a file with no accounts is none that could be meant without a word.
#[test]
fn a_new_account_has_one_file_that_is_meant() {
    let world = World::new().set("ACME_KEY", "embedded-key");
    let sandbox = Sandbox::start(&world, &["--key", "embedded-key", "--core-only"]);
    world.write("all/a.yaml", BEFORE);
    world.write("all/b.yaml", BEFORE.replace("  acme:", "  other:"));
    world.write("all/people.yaml", "people:\n  owner: owner@acme.example\n");
    let described = [
        "import",
        "acme-us",
        "--roster",
        "all",
        "--kind",
        "klaviyo",
        "--url",
        &sandbox.base,
        "--key-env",
        "ACME_KEY",
        "--dialect",
        "sandbox",
        "--owner",
        "owner@acme.example",
    ];
    assert_snapshot!(world.told(&described), @"
    exit 64
    --- stderr
    error: several files of the roster hold accounts
      hint: name one with `--in`: all/a.yaml, all/b.yaml; or give the account a file of its own with `roster export --out`
    ");
    let added = world.run(&[&described[..], &["--in", "all/../all/b.yaml"]].concat());
    assert_eq!(added.code, 0, "{}", added.told());
    assert_eq!(world.read("all/a.yaml"), BEFORE);
    assert!(world.read("all/b.yaml").contains("\n      owner: owner\n"), "{}", world.read("all/b.yaml"));
    let unknown = world.run(&[&described[..], &["--in", "all/c.yaml"]].concat());
    assert!(unknown.code == 64 && unknown.stderr.contains("the roster has no file `all/c.yaml`"), "{}", unknown.told());
}
