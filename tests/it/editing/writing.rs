//! What is on disk afterwards: the right file of a folder, all files or none, links and modes as they were.

use std::os::unix::fs::{PermissionsExt, symlink};

use insta::assert_snapshot;

use crate::harness::World;

const EU: &str =
    "accounts:\r\n  acme-eu:\r\n    provider: sandbox\r\n    owner: o@x.example\r\n    users:\r\n      ada: admin";
const US: &str =
    "accounts: { acme-us: { provider: sandbox, owner: o@x.example, users: { ada: admin, bob@x.example: support } } }\n";
const PEOPLE: &str = "defaults: { prune: all }\npeople:\n  ada: ada@x.example\n  zoe: zoe@x.example\n";

fn folder() -> World {
    let world = World::new();
    world.write("rosters/eu.yaml", EU);
    world.write("rosters/us.yaml", US);
    world.write("rosters/people.yaml", PEOPLE);
    world
}

#[test]
fn the_right_files_of_a_folder_are_edited_byte_for_byte() {
    let world = folder();
    assert_snapshot!(world.told(&["offboard", "ada@x.example", "--roster", "rosters"]), @r"
    exit 0
    --- stdout
    --- a/rosters/eu.yaml
    +++ b/rosters/eu.yaml
    @@ -2,5 +2,4 @@
       acme-eu:
         provider: sandbox
         owner: o@x.example
    -    users:
    -      ada: admin
    \ No newline at end of file
    +    users: {}
    \ No newline at end of file
    --- a/rosters/people.yaml
    +++ b/rosters/people.yaml
    @@ -1,4 +1,3 @@
     defaults: { prune: all }
     people:
    -  ada: ada@x.example
       zoe: zoe@x.example
    --- a/rosters/us.yaml
    +++ b/rosters/us.yaml
    @@ -1 +1 @@
    -accounts: { acme-us: { provider: sandbox, owner: o@x.example, users: { ada: admin, bob@x.example: support } } }
    +accounts: { acme-us: { provider: sandbox, owner: o@x.example, users: { bob@x.example: support } } }
    --- stderr
    warning[no-users]: the account `acme-eu` lists no users
     --> rosters/eu.yaml:5:5
      |
    5 |     users: {}
      |     ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account

    In accounts that are as the roster said before, a plan would then be:

    acme-eu  sandbox  2 users  rosters/eu.yaml:2
      ! remove  ada@x.example  admin  held, not in the file
      empty (refused, nothing happens here): the file lists no users for this account
        hint: if everybody is to leave, write `allow_empty: true`

    acme-us  sandbox  3 users  rosters/us.yaml:1
      - remove  ada@x.example  admin  not in the file

    1 to remove in 1 of 2 accounts; 1 held; 1 account refused.

    note: ada@x.example was admin in acme-eu, acme-us
    note: ada@x.example holds nothing any more by this roster
    Written: rosters/eu.yaml, rosters/people.yaml, rosters/us.yaml
    ");
    assert_eq!(world.read("rosters/eu.yaml"), EU.replace("users:\r\n      ada: admin", "users: {}"));
    assert_eq!(world.read("rosters/us.yaml"), US.replace("ada: admin, ", ""));
    assert_eq!(world.read("rosters/people.yaml"), PEOPLE.replace("  ada: ada@x.example\n", ""));
    assert_eq!(
        world.run(&["user", "add", "zoe", "--account", "acme-eu", "--role", "admin", "--roster", "rosters"]).code,
        0
    );
    assert_eq!(world.read("rosters/eu.yaml"), EU.replace("ada", "zoe"));
}

#[test]
fn what_is_shown_is_a_patch() {
    let world = folder();
    let shown = world.run(&["offboard", "ada", "--roster", "rosters", "--dry-run"]);
    assert_eq!(world.read("rosters/us.yaml"), US, "nothing is written");
    world.write("offboard.patch", &shown.stdout);
    let patched =
        std::process::Command::new("git").args(["apply", "offboard.patch"]).current_dir(world.path("")).status();
    assert!(patched.unwrap().success());
    let patched = ["eu", "us", "people"].map(|name| world.read(&format!("rosters/{name}.yaml")));
    let world = folder();
    assert_eq!(world.run(&["offboard", "ada", "--roster", "rosters"]).stdout, shown.stdout);
    assert_eq!(patched, ["eu", "us", "people"].map(|name| world.read(&format!("rosters/{name}.yaml"))));
}

/// Whichever way the roster was named, and wherever in the repository `git apply` is run.
#[test]
fn a_patch_names_files_as_their_repository_does() {
    let world = folder();
    std::fs::create_dir_all(world.path(".git")).unwrap();
    let rosters = world.path("rosters");
    let shown = [format!("{}", rosters.display()), "rosters/../rosters".to_owned(), "rosters".to_owned()]
        .map(|roster| world.run(&["offboard", "ada", "--roster", &roster, "--dry-run"]).stdout);
    assert!(shown[0].contains("--- a/rosters/us.yaml\n+++ b/rosters/us.yaml\n"), "{}", shown[0]);
    assert_eq!((&shown[0], &shown[0]), (&shown[1], &shown[2]));
}

#[test]
fn a_link_stays_a_link_and_a_mode_a_mode() {
    let world = folder();
    symlink("rosters/us.yaml", world.path("linked.yaml")).unwrap();
    world.write(
        "rosters/us.yaml",
        US.replace("ada: admin", "ada@x.example: admin").replace("owner:", "prune: all, owner:"),
    );
    std::fs::set_permissions(world.path("rosters/us.yaml"), std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(
        world.run(&["user", "remove", "bob@x.example", "--account", "acme-us", "--roster", "linked.yaml"]).code,
        0
    );
    assert!(std::fs::symlink_metadata(world.path("linked.yaml")).unwrap().is_symlink());
    assert!(!world.read("rosters/us.yaml").contains("bob"));
    let mode = std::fs::metadata(world.path("rosters/us.yaml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let world = folder();
    std::fs::hard_link(world.path("rosters/us.yaml"), world.path("elsewhere")).unwrap();
    let told = world.run(&["offboard", "ada", "--roster", "rosters"]);
    assert_snapshot!(told.stderr.lines().rev().take(3).collect::<Vec<_>>().join("\n"), @"
      hint: use a symbolic link, which is followed
    error: `rosters/us.yaml` has another name too, by a hard link that writing would break
    note: ada@x.example holds nothing any more by this roster
    ");
    assert_eq!(told.code, 1);
    let texts = ["eu", "us", "people"].map(|name| world.read(&format!("rosters/{name}.yaml")));
    assert_eq!(texts, [EU, US, PEOPLE]);
}
