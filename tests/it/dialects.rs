//! Dialects: what stands in a roster, in the presets, in the schema and on the page is one and the same.

use roster::file::source::Sources;
use roster::model::desired::Provider;
use roster::model::dialect::Dialect;
use roster::model::dialect::preset::Preset;
use roster::render::dialect::{differences, settings};
use roster::render::yaml::Value;

use crate::harness::World;
use crate::interface::repository;

/// A roster whose one account has this under `dialect`.
fn roster(dialect: &str) -> String {
    format!(
        "accounts: {{ acme: {{ provider: {{ kind: scim, url: https://scim.example/v2, key: {{ env: K }}, dialect: {dialect} }}, prune: all, users: {{ a@x.example: admin }} }} }}\n"
    )
}

fn read(dialect: &str) -> Dialect {
    let text = roster(dialect);
    let loaded = roster::file::read(Sources::from_texts([("roster.yaml", text.as_str())]))
        .unwrap_or_else(|invalid| panic!("{text}: {:?}", invalid.problems));
    let (_, account) = loaded.desired.accounts.into_iter().next().unwrap();
    let Provider::Remote(remote) = account.provider else { panic!("a remote account") };
    *remote.dialect
}

fn yaml(settings: Vec<(&'static str, Value)>) -> String {
    let entries: Vec<String> = settings.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// Nothing of a dialect is lost on its way into a roster and back, so a preset can be written out and changed.
#[test]
fn a_dialect_that_is_written_down_is_read_as_the_same() {
    for preset in Preset::ALL {
        let dialect = preset.dialect();
        assert_eq!(read(preset.slug()), dialect, "{preset:?}");
        assert_eq!(read(&yaml(settings(&dialect))), dialect, "{preset:?}");
        assert_eq!(read(&yaml(differences(&dialect, &Dialect::rfc()))), dialect, "{preset:?}");
    }
}

/// Every key that no preset uses, too.
#[test]
fn every_key_of_a_dialect_is_written_and_read() {
    let all = read(
        "{ like: slack, auth: { header: X-Auth, scheme: none }, headers: { X-Origin: 'acme sync', User-Agent: a/1 },
           media_type: json, users_path: v1/people, id_escaping: sparing, discovery: ignore,
           paging: { by: cursor, size: 0, end: total }, listing: none, login: email, look_up: listing,
           pending: { attribute: state, schema: 'urn:x:y', invited: [new], deactivated: ['off'] },
           dates: { added: { attribute: since }, last_login: { attribute: seen, schema: 'urn:x:y' } },
           role: { attribute: entitlements, type: base, primary: left-out, named_by: listing },
           role_names: { admin: [adm, Boss], member: m }, role_resources: managed, language: { at: locale, known: [de, fr] },
           create: { with: [external-id], email_type: none, names: required },
           update: { paths: in-value, operations: one-each, case: capital }, versions: ignore,
           not_compared: [role, status], take_out: deactivate-then-delete, resend: { post: 'Users/{id}/again' },
           rate: { requests: 5, seconds: 1 }, write_rate: { requests: 1, seconds: 2, burst: 3 }, at_once: 2, retries: 0,
           timeout: 9, longest_wait: 8 }",
    );
    assert_eq!(read(&yaml(settings(&all))), all);
    for other in [
        "{ role_resources: { schema: 'urn:x:Role' } }",
        "{ paging: single, pending: absent, role: role-texts, update: put, resend: recreate, language: nowhere }",
        "{ pending: inactive, role: entitlement-texts, role_names: { a: b }, update: patch, login: user-name }",
        "{ role: { attribute: userType }, look_up: email, take_out: deactivate-deletes }",
        "{ role: entitlements, look_up: external-id, listing: partial, pending: never }",
    ] {
        let dialect = read(other);
        assert_eq!(read(&yaml(settings(&dialect))), dialect, "{other}");
    }
    let keys: Vec<&str> = settings(&all).into_iter().map(|(key, _)| key).collect();
    let schema: serde_json::Value = serde_json::from_str(&repository("schema/roster.schema.json")).unwrap();
    let described = schema["$defs"]["Differences"]["properties"].as_object().unwrap();
    let forgotten: Vec<_> = described.keys().filter(|key| *key != "like" && !keys.contains(&key.as_str())).collect();
    assert_eq!(forgotten, Vec::<&String>::new());
}

#[test]
fn the_page_of_dialects_is_up_to_date() {
    let page = World::new().run(&["dialects"]).stdout;
    assert!(page == repository("docs/dialects.md"), "docs/dialects.md is old: run `just generate`");
}

/// What the page shows is what a roster may say.
#[test]
fn the_examples_on_the_page_are_valid() {
    let page = World::new().run(&["dialects"]).stdout;
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() > Preset::ALL.len(), "{}", blocks.len());
    for block in blocks {
        let indented: String = block.lines().map(|line| format!("      {line}\n")).collect();
        let provider = match block.strip_prefix("provider:\n") {
            Some(_) => block.lines().map(|line| format!("    {line}\n")).collect(),
            None => format!(
                "    provider:\n      kind: scim\n      url: https://scim.example\n      key: {{ env: K }}\n{indented}"
            ),
        };
        let text = format!("accounts:\n  acme:\n{provider}    prune: all\n    users: {{ a@x.example: admin }}\n");
        let read = roster::file::read(Sources::from_texts([("roster.yaml", text.as_str())]));
        assert!(read.is_ok(), "{text}: {:?}", read.map_err(|invalid| invalid.problems));
    }
}
