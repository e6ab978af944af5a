//! `roster fmt`.

use insta::assert_snapshot;

use crate::harness::World;

const UNUSUAL: &str = "accounts:\n    acme:\n        users: {}\n        # whose it is\n        owner: o@x.example\n        provider: sandbox   \n\n\ndefaults: { prune: none }\n";

#[test]
fn files_are_checked_and_written() {
    let world = World::new();
    world.write("a/roster.yaml", UNUSUAL);
    world.write("b/roster.yaml", "accounts: {}\n");
    assert_snapshot!(world.told(&["fmt", "--check", "a/roster.yaml", "b"]), @"
    exit 2
    --- stdout
    --- a/a/roster.yaml
    +++ b/a/roster.yaml
    @@ -1,9 +1,7 @@
    +defaults: { prune: none }
     accounts:
    -    acme:
    -        users: {}
    -        # whose it is
    -        owner: o@x.example
    -        provider: sandbox   
    -
    -
    -defaults: { prune: none }
    +  acme:
    +    provider: sandbox
    +    # whose it is
    +    owner: o@x.example
    +    users: {}
    --- stderr
    1 file not in the usual form: `roster fmt` without `--check` writes them so
    ");
    assert_eq!(world.read("a/roster.yaml"), UNUSUAL);
    assert_snapshot!(world.told(&["fmt", "a/roster.yaml", "b"]), @"
    exit 0
    --- stderr
    Written: a/roster.yaml
    ");
    assert_snapshot!(world.told(&["fmt", "--check", "a/roster.yaml", "b"]), @"exit 0");
    assert_snapshot!(world.read("a/roster.yaml"), @"
    defaults: { prune: none }
    accounts:
      acme:
        provider: sandbox
        # whose it is
        owner: o@x.example
        users: {}
    ");
    assert_eq!(world.run(&["validate", "a"]).code, 0);
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let world = World::new();
    world.write("good.yaml", UNUSUAL);
    world.write("bad.yaml", "accounts: [\n");
    assert_snapshot!(world.told(&["fmt", "good.yaml", "bad.yaml"]), @"
    exit 1
    --- stderr
    error: `bad.yaml` is not one document of YAML with lines that end as usual
      hint: `roster validate` shows what is wrong with it
    ");
    assert_snapshot!(world.told(&["fmt", "none.yaml"]), @"
    exit 65
    --- stderr
    error[file-missing]: there is no file or folder `none.yaml`
    help: name a roster file, or a folder of them
    ");
    assert_eq!(world.read("good.yaml"), UNUSUAL, "all are read before one is written");
}

#[test]
fn the_examples_are_in_the_usual_form() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let folders = std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|folder| folder.join("roster.yaml").is_file()) {
        let told = World::new().told(&["fmt", "--check", folder.to_str().unwrap()]);
        assert_eq!(told, "exit 0\n");
    }
}

#[test]
fn a_file_of_the_newest_version_has_nothing_to_upgrade_and_one_of_an_unknown_version_is_left() {
    let world = World::new();
    world.write("old.yaml", "accounts:\n    acme: {}\n");
    world.write("new.yaml", "version: 1\naccounts: {}\n");
    assert_snapshot!(world.told(&["fmt", "--upgrade", "old.yaml", "new.yaml"]), @"
    exit 0
    --- stderr
    Written: old.yaml
    Nothing to upgrade: version 1 of the format is the only one.
    ");
    assert_eq!(world.read("old.yaml"), "accounts:\n  acme: {}\n", "no version means the first one, now and later");
    world.write("later.yaml", "version: 2\naccounts:\n    acme: {}\n");
    assert_snapshot!(world.told(&["fmt", "--upgrade", "later.yaml"]), @"
    exit 65
    --- stderr
    error[unsupported-version]: this is roster format 2, and this program knows format 1
     --> later.yaml:1:10
      |
    1 | version: 2
      |          ^
      |
      = help: it was written for a newer roster: use that one to read it
    ");
    assert_eq!(world.read("later.yaml"), "version: 2\naccounts:\n    acme: {}\n");
}

/// Two names of one file, and a roster that includes another one that is named, too: each file is written once.
#[test]
fn a_file_with_two_names_is_written_once() {
    let world = World::with("include: [sub/a.yaml]\n");
    world.write("sub/a.yaml", "people:\n    ada: ada@acme.example   \n");
    std::os::unix::fs::symlink("a.yaml", world.path("sub/b.yaml")).unwrap();
    let ran = world.run(&["fmt", "roster.yaml", "sub/a.yaml", "sub"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, "Written: sub/a.yaml\n"), "{}", ran.told());
    assert_eq!(world.run(&["fmt", "--check", "roster.yaml", "sub"]).code, 0);
    assert!(std::fs::symlink_metadata(world.path("sub/b.yaml")).unwrap().is_symlink());
    assert_eq!(std::fs::read_dir(world.path("sub")).unwrap().count(), 2, "nothing is left beside them");
}

/// Neither a folder nor a line of `include` shows a file of this machine to whoever may write into the roster's folder.
#[test]
fn a_link_out_of_the_folder_shows_nothing() {
    let world = World::new();
    world.write("secret.txt", "aws_key: s3cret-value\n");
    world.write("in/roster.yaml", "include: [b.yaml]\n");
    std::os::unix::fs::symlink("../secret.txt", world.path("in/b.yaml")).unwrap();
    for roster in ["in", "in/roster.yaml"] {
        let ran = world.run(&["validate", roster]);
        assert_eq!(ran.code, 65, "{}", ran.told());
        assert!(ran.told().contains("lead") && !ran.told().contains("s3cret-value"), "{}", ran.told());
    }
}
