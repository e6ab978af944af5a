//! What only files and folders can be: missing, unreadable, in another encoding, several.

use std::fs;
use std::path::Path;

use crate::file::load;
use crate::file::tests::{as_json, codes, validator};
use crate::model::desired::{KeyReference, Provider};
use crate::model::notification::Address;

const ACME: &str =
    "accounts:\n  acme: { provider: sandbox, owner: f@acme.example, prune: all, users: { ada@acme.example: admin } }\n";
const BETA: &str =
    "accounts:\n  beta: { provider: sandbox, owner: f@beta.example, users: { ada@beta.example: admin } }\n";

#[test]
fn a_folder_is_one_roster() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("acme.yaml", ACME),
        ("beta.yml", BETA),
        ("defaults.yaml", "defaults: { prune: none }\n"),
        (".hidden.yaml", "not: a roster\n"),
        ("notes.txt", "not a roster\n"),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    fs::create_dir(folder.path().join("more.yaml")).expect("a folder");
    let loaded = load(folder.path()).expect("a roster");
    let names: Vec<&str> = loaded.desired.accounts.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["acme", "beta"]);
    assert_eq!(loaded.directory, folder.path());
}

#[test]
fn a_file_stands_in_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("roster.yaml");
    let text = "\u{feff}accounts:\r\n  acme:\r\n    provider: { kind: scim, url: https://scim.example, key: { file: k } }\r\n    prune: all\r\n    users: { ada@acme.example: agent }\r\n";
    fs::write(&path, text).expect("a file");
    let loaded = load(&path).expect("a roster");
    assert_eq!(loaded.directory, folder.path());
    let account = loaded.desired.accounts.values().next().expect("an account");
    assert_eq!((account.place.line, account.place.column), (2, 3));
    let Provider::Remote(remote) = &account.provider else { panic!("a remote provider") };
    assert_eq!(remote.key, KeyReference::File(folder.path().join("k")));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(codes(&load(folder.path())), ["no-rosters"]);
    assert_eq!(codes(&load(&folder.path().join("roster.yaml"))), ["file-missing"]);
    assert_eq!(codes(&load(Path::new("/dev/null"))), ["not-a-file"]);

    fs::write(folder.path().join("a.yaml"), b"accounts: \xff\n").expect("a file");
    fs::write(folder.path().join("b.yaml"), "acounts: {}\n").expect("a file");
    std::os::unix::fs::symlink(folder.path().join("gone"), folder.path().join("c.yaml")).expect("a link");
    assert_eq!(codes(&load(folder.path())), ["not-utf-8", "file-unreadable", "unknown-key"]);
}

#[test]
fn the_largest_file_has_a_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("roster.yaml");
    fs::File::create(&path).and_then(|file| file.set_len((64 << 20) + 1)).expect("a sparse file");
    assert_eq!(codes(&load(&path)), ["file-too-large"]);
}

#[test]
fn defaults_hold_for_the_folder_and_stand_once() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yaml"), format!("defaults: {{ prune: none }}\n{ACME}")).expect("a file");
    fs::write(folder.path().join("b.yaml"), format!("defaults: {{ prune: all }}\n{BETA}")).expect("a file");
    assert_eq!(codes(&load(folder.path())), ["defaults-twice"]);
}

#[test]
fn what_holds_for_all_accounts_is_said_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let over_all = |percent: u8| format!("guards: {{ max_losses_total: {{ percent: {percent} }} }}\n");
    fs::write(folder.path().join("a.yaml"), format!("{}{ACME}", over_all(7))).expect("a file");
    fs::write(folder.path().join("b.yaml"), format!("defaults: {{ prune: all }}\n{BETA}")).expect("a file");
    let limit = load(folder.path()).expect("a roster").desired.max_losses_total;
    assert_eq!((limit.percent, limit.at_least), (7, 10));
    fs::write(folder.path().join("b.yaml"), format!("{}defaults: {{ prune: all }}\n{BETA}", over_all(9)))
        .expect("a file");
    assert_eq!(codes(&load(folder.path())), ["guards-twice"]);
}

#[test]
fn who_is_told_is_said_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |name: &str| format!("notifications: {{ {name}: {{ kind: slack, url: {{ file: chat }} }} }}\n");
    fs::write(folder.path().join("a.yaml"), format!("{}{ACME}", told("ops"))).expect("a file");
    fs::write(folder.path().join("b.yaml"), format!("defaults: {{ prune: all }}\n{BETA}")).expect("a file");
    let targets = load(folder.path()).expect("a roster").desired.notifications;
    let chat = Address::Secret(KeyReference::File(folder.path().join("chat")));
    assert_eq!(
        targets.into_iter().map(|(name, target)| (name, target.url)).collect::<Vec<_>>(),
        [("ops".to_owned(), chat)]
    );
    fs::write(folder.path().join("b.yaml"), format!("{}defaults: {{ prune: all }}\n{BETA}", told("sec")))
        .expect("a file");
    assert_eq!(codes(&load(folder.path())), ["notifications-twice"]);
}

#[test]
fn a_file_that_cannot_be_read_may_hold_the_defaults() {
    // The first is no YAML, the second no roster, the third no UTF-8.
    for broken in [b"defaults: { prune: all\n".as_slice(), b"[defaults]\n", b"defaults: { prune: all } # \xff\n"] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.yaml"), broken).expect("a file");
        fs::write(folder.path().join("b.yaml"), BETA).expect("a file");
        let found = codes(&load(folder.path()));
        assert!(found.len() == 1 && found != ["prune-missing"], "{found:?}");
    }
}

#[test]
fn a_file_brings_in_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("accounts/more")).expect("folders");
    fs::write(at("roster.yaml"), "include: [accounts/*.yaml]\ndefaults: { prune: none }\n").expect("a file");
    // It includes in turn, from where it stands; and itself, which is the same as not.
    fs::write(at("accounts/acme.yaml"), format!("include: [more/*.yaml, '*.yaml']\n{ACME}")).expect("a file");
    fs::write(at("accounts/more/beta.yaml"), BETA).expect("a file");
    let loaded = load(&at("roster.yaml")).expect("a roster");
    assert_eq!(loaded.desired.accounts.keys().map(|name| name.as_str()).collect::<Vec<_>>(), ["acme", "beta"]);
    assert_eq!(loaded.directory, folder.path());
    let place = &loaded.desired.accounts.last_key_value().expect("an account").1.place;
    assert_eq!((&*place.file, place.line), (&*at("accounts/more/beta.yaml").display().to_string(), 2));
    // The same text in other places is another roster.
    let before = loaded.sources.digest();
    fs::rename(at("accounts/more/beta.yaml"), at("accounts/beta.yaml")).expect("moved");
    fs::write(at("accounts/more/none.yaml"), "version: 1\n").expect("a file");
    assert_ne!(load(&at("roster.yaml")).expect("a roster").sources.digest(), before);
}

#[test]
fn what_is_included_stays_below_and_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |include: &str| {
        fs::write(folder.path().join("roster.yaml"), format!("include: {include}\n{BETA}")).expect("a file");
        codes(&load(&folder.path().join("roster.yaml")))
    };
    // Nothing is guessed of what could not be read: it may say how to prune.
    assert_eq!(read("[/etc/passwd]"), ["bad-include"]);
    assert_eq!(read("[../roster.yaml, accounts/*.yaml]"), ["bad-include", "bad-include"]);
    assert_eq!(read("accounts/*.yaml"), ["wrong-type"]);
    fs::write(folder.path().join("a.yaml"), b"\xff").expect("a file");
    assert_eq!(read("[a.yaml]"), ["not-utf-8"]);
    fs::write(folder.path().join("a.yaml"), ACME).expect("a file");
    assert_eq!(read("[a.yaml]"), ["prune-missing"]);
}

#[test]
fn every_example_is_a_roster() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for example in
        fs::read_dir(examples).expect("examples").flatten().filter(|entry| entry.path().join("roster.yaml").is_file())
    {
        let loaded = load(&example.path()).unwrap_or_else(|invalid| panic!("{:?}", invalid.problems));
        assert_eq!(loaded.warnings, [], "{:?}", example.path());
        for source in loaded.sources.files() {
            assert!(validator().is_valid(&as_json(source.text())), "{}", source.name());
            let modeline =
                source.text().lines().next().and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
            let schema = source.directory().join(modeline.expect("a line for editors"));
            assert!(schema.ends_with("schema/roster.schema.json") && schema.is_file(), "{}", source.name());
        }
        seen += 1;
    }
    assert!(seen >= 5, "{seen} examples");
}
