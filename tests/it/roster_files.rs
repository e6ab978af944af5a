//! Good and bad roster files, a pair for each rule of the format: `bad/CODE.yaml` has one kind of mistake and the code of
//! it as its name, `good/CODE.yaml` is the same roster mended. `roster explain` shows both, and docs/diagnostics.md all of
//! them with what is said of each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use roster::file::explanation;
use roster::file::{self, Invalid, Loaded};

use crate::harness::World;
use crate::interface::repository;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/file/explanation").join(name)
}

/// The rosters of a folder, by name: a file, or a folder of files.
fn rosters(name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn code(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn codes(result: &Result<Loaded, Box<Invalid>>) -> Vec<&'static str> {
    let problems = match result {
        Ok(loaded) => &loaded.warnings,
        Err(invalid) => &invalid.problems,
    };
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.kind.code()).collect();
    codes.dedup();
    codes
}

#[test]
fn a_bad_file_has_the_mistake_it_is_named_for_and_no_other() {
    for path in rosters("bad") {
        assert_eq!(codes(&file::load(&path)), [code(&path)], "{}", path.display());
    }
}

#[test]
fn mended_it_has_none() {
    let name = |path: &PathBuf| path.file_name().unwrap().to_owned();
    let (bad, good) = (rosters("bad"), rosters("good"));
    assert_eq!(bad.iter().map(name).collect::<Vec<_>>(), good.iter().map(name).collect::<Vec<_>>());
    for path in good {
        assert_eq!(codes(&file::load(&path)), [""; 0], "{}", path.display());
    }
}

#[test]
fn every_file_belongs_to_an_explanation() {
    for path in rosters("bad") {
        let explanation = explanation::of(&code(&path)).unwrap_or_else(|| panic!("{}", path.display()));
        assert!(explanation.example.is_some(), "{} is not listed", path.display());
    }
}

/// What is said of every bad file, as a picture: the page has it from reading them.
#[test]
fn the_page_of_diagnostics_is_up_to_date() {
    let page = World::new().run(&["explain", "--all"]).stdout;
    assert!(page == repository("docs/diagnostics.md"), "docs/diagnostics.md is old: run `just generate`");
}

/// Nothing that may stand in a roster is missing on the page that says what may.
#[test]
fn the_reference_of_the_format_has_every_key() {
    let page = World::new().run(&["schema", "reference"]).stdout;
    assert!(page == repository("docs/format.md"), "docs/format.md is old: run `just generate`");
    let schema = file::schema::schema();
    let definitions = schema["$defs"].as_object().unwrap().values();
    let properties = definitions.chain([&schema]).filter_map(|definition| definition.get("properties")?.as_object());
    let keys: BTreeSet<&String> = properties.flat_map(|properties| properties.keys()).collect();
    assert!(keys.len() > 60, "{keys:?}");
    for key in keys {
        assert!(page.contains(&format!("- **`{key}`** (")), "{key}");
    }
}

#[test]
fn a_code_is_explained_at_the_terminal() {
    let world = World::new();
    assert_snapshot!(world.told(&["explain", "person-twice"]), @"
    exit 0
    --- stdout
    One person stands in an account twice: an address is the same in upper and lower case, and a short name is its address. International
    domains are the same in their own letters and as `xn--…`.

    ```yaml
    people:
      ada: { email: ada@acme.example, first_name: Ada, last_name: Lovelace }
      grace: grace@agency.example

    accounts:
      acme:
        provider: sandbox
        owner: founder@acme.example
        prune: all
        users:
          ada: admin
          Ada@Acme.example: analyst
    ```

    ```text
    error[person-twice]: `Ada@Acme.example` stands here twice
      --> roster.yaml:12:7
       |
    11 |       ada: admin
       |       --- first here
    12 |       Ada@Acme.example: analyst
       |       ^^^^^^^^^^^^^^^^
       |
       = help: keep one of the two: an address is the same in upper and lower case
    ```

    Mended:

    ```yaml
    people:
      ada: { email: ada@acme.example, first_name: Ada, last_name: Lovelace }
      grace: grace@agency.example

    accounts:
      acme:
        provider: sandbox
        owner: founder@acme.example
        prune: all
        users:
          ada: admin
    ```
    ");
    assert_snapshot!(world.told(&["explain", "file-missing"]), @"
    exit 0
    --- stdout
    The path on the command line leads to nothing. Without a path, `roster.yaml` of the working directory is read.

    ```text
    error[file-missing]: there is no file or folder `roster.yaml`
    help: name a roster file, or a folder of them
    ```
    ");
    assert_snapshot!(world.told(&["explain", "unknown-rule"]), @"
    exit 64
    --- stderr
    error: there is no code `unknown-rule`
      hint: did you mean `unknown-role`?
    ");
    assert_eq!(world.run(&["explain"]).code, 64);
}
