//! What every mistake is called, and that the schema and the reader agree on what a roster is.

mod fixtures;

mod folders;

use serde_json::Value;

use super::*;
use crate::file::tests::fixtures::{SeenBy, bad, good};
use crate::model::desired::{KeyReference, Provider};

fn read_one(text: &str) -> Result<Loaded, Box<Invalid>> {
    read(Sources::from_texts([("roster.yaml", text)]))
}

fn codes(result: &Result<Loaded, Box<Invalid>>) -> Vec<&'static str> {
    let problems = match result {
        Ok(loaded) => &loaded.warnings,
        Err(invalid) => &invalid.problems,
    };
    problems.iter().map(|problem| problem.kind.code()).collect()
}

/// Whether the schema accepts a text that is YAML.
fn schema_accepts(validator: &jsonschema::Validator, text: &str) -> bool {
    validator.is_valid(&as_json(text))
}

fn as_json(text: &str) -> Value {
    serde_saphyr::from_str_with_options(text, syntax::options()).expect("YAML")
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::options().build(&schema::schema()).expect("a valid schema")
}

#[test]
fn every_mistake_has_its_name() {
    for (text, expected, _) in bad() {
        assert_eq!(codes(&read_one(&text)), expected, "{text}");
    }
}

#[test]
fn good_rosters_have_no_problem() {
    for text in good() {
        assert_eq!(codes(&read_one(&text)), [""; 0], "{text}");
    }
}

#[test]
fn the_schema_and_the_reader_agree() {
    let validator = validator();
    for text in good() {
        assert!(schema_accepts(&validator, &text), "{text}");
    }
    for (text, _, seen) in bad() {
        match seen {
            SeenBy::Schema => assert!(!schema_accepts(&validator, &text), "the schema accepts {text}"),
            SeenBy::Reading => assert!(schema_accepts(&validator, &text), "the schema refuses {text}"),
            SeenBy::Parser => {}
        }
    }
}

#[test]
fn every_kind_of_mistake_is_shown_by_a_fixture() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/roster_files/bad")).expect("files");
    let files = files.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()));
    let inline = bad().into_iter().flat_map(|(_, codes, _)| codes.iter().map(|code| (*code).to_owned()));
    let shown: BTreeSet<String> = inline.chain(files).collect();
    // These need files, which `folders` makes; and the last is serde's own words, which nothing of ours leads to.
    let elsewhere = [
        "file-missing",
        "file-unreadable",
        "file-too-large",
        "no-rosters",
        "not-a-file",
        "not-utf-8",
        "defaults-twice",
        "guards-twice",
        "notifications-twice",
        "protects-nobody",
        "wrong-shape",
    ];
    let missing = Kind::codes().iter().filter(|code| !shown.contains(**code) && !elsewhere.contains(code));
    assert_eq!(missing.collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn every_check_finds_something() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/roster_files/bad")).expect("files");
    let files = files.map(|entry| Sources::open(&entry.expect("a file").path()).0);
    let inline = bad().into_iter().map(|(text, _, _)| Sources::from_texts([("roster.yaml", text)]));
    let rosters: Vec<Sources> = inline.chain(files).collect();
    for (name, check) in CHECKS {
        let found = rosters.iter().any(|sources| {
            let source = &sources.files()[0];
            let Ok(root) = syntax::parse(source, 0) else { return false };
            let mut ignored = Vec::new();
            let roster = shape::read(&root, 0, source.text(), &BTreeSet::new(), &mut ignored);
            let draft = lower::lower(&[roster], sources, &mut ignored);
            let mut problems = Vec::new();
            check(&draft, &mut problems);
            !problems.is_empty()
        });
        assert!(found, "nothing fails: {name}");
    }
}

#[test]
fn what_a_roster_says_is_what_is_desired() {
    let loaded = read_one(
        "defaults: { language: fr, prune: none, guards: { max_losses: { percent: 10 } } }
accounts:
  acme:
    provider: { kind: scim, url: https://scim.example/v2, key: { file: secrets/key } }
    ignore: ['*@Vendor.example']
    guards: { min_admins: 2 }
    users:
      Ada@acme.example: Team Lead
      grace@acme.example: { role: agent, last_name: ' No ', language: en }
",
    )
    .expect("a roster");
    let (name, account) = loaded.desired.accounts.first_key_value().expect("an account");
    let Provider::Remote(remote) = &account.provider else { panic!("a remote provider") };
    assert_eq!((name.as_str(), remote.url.as_str()), ("acme", "https://scim.example/v2"));
    assert_eq!(remote.key, KeyReference::File("secrets/key".into()));
    assert_eq!((account.guards.max_losses.percent, account.guards.max_losses.at_least), (10, 3));
    assert_eq!(account.guards.min_admins, 2);
    let users: Vec<String> = account
        .users
        .iter()
        .map(|(email, user)| {
            let language = user.language.as_ref().expect("a language");
            format!("{email} {} {language} {:?} {}", user.role, user.profile.last_name, user.place)
        })
        .collect();
    assert_eq!(
        users,
        ["Ada@acme.example Team Lead fr None roster.yaml:8", "grace@acme.example agent en Some(\"No\") roster.yaml:9",]
    );
}
