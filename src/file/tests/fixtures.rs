//! Rosters that are right, and rosters with one mistake each, with the name of the mistake and who can see it.

mod daemon;
mod dialects;
mod guards;
mod notifications;

/// Who can see a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SeenBy {
    /// An editor with the schema.
    Schema,
    /// Only the reader: the schema does not know what several places mean together.
    Reading,
    /// Whoever parses the file, or nobody who sees it only as data.
    Parser,
}

/// A roster, the names of its mistakes, and who can see them.
pub(super) type Bad = (String, &'static [&'static str], SeenBy);

/// Rosters without any problem.
pub(super) fn good() -> Vec<String> {
    let dialects = dialects::GOOD.iter().map(|part| dialects::roster(part));
    let guards = guards::GOOD.iter().map(|part| guards::roster(part));
    let daemon = daemon::GOOD.iter().map(|part| daemon::roster(part));
    let notifications = notifications::GOOD.iter().map(|part| notifications::roster(part));
    let parts = dialects.chain(guards).chain(daemon).chain(notifications);
    GOOD.iter().map(|text| (*text).to_owned()).chain(parts).collect()
}

/// Rosters with a mistake.
pub(super) fn bad() -> Vec<Bad> {
    let whole = BAD.iter().map(|(text, codes, seen)| ((*text).to_owned(), *codes, *seen));
    let dialects = dialects::BAD.iter().map(|(part, codes, seen)| (dialects::roster(part), *codes, *seen));
    let guards = guards::BAD.iter().map(|(part, codes, seen)| (guards::roster(part), *codes, *seen));
    let daemon = daemon::BAD.iter().map(|(part, codes, seen)| (daemon::roster(part), *codes, *seen));
    let notifications =
        notifications::BAD.iter().map(|(part, codes, seen)| (notifications::roster(part), *codes, *seen));
    let names = notifications::NAMES.iter().map(|(text, codes, seen)| ((*text).to_owned(), *codes, *seen));
    whole.chain(dialects).chain(guards).chain(daemon).chain(notifications).chain(names).collect()
}

const GOOD: &[&str] = &[
    "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {}, allow_empty: true } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: none, users: {} } }\n",
    "accounts: { acme: { provider: { kind: scim, url: https://scim.example, key: { env: KEY } }, prune: all, guards: { min_admins: 0 }, users: { ada@acme.example: Boss } } }\n",
    "defaults: { prune: none }\naccounts:\n  a: { provider: { kind: scim, url: https://scim.example, key: { env: A } }, users: { ada@acme.example: admin } }\n  b: { provider: { kind: scim, url: https://scim.example, key: { env: B } }, users: { ada@acme.example: admin } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, language: fr } } } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: portfolio-admin }, title: Acme, catalogue: portfolio } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { founder@acme.example: owner } } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: CAMPAIGN_COORDINATOR } } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { percent: 100, at_least: 0 }, min_admins: 3 } } }\n",
    "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
    "accounts: { acme: { provider: { kind: scim, url: 'http://127.0.0.1:8080/acme/scim/v2/', key: { command: [op, read, key] } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
    "accounts: { acme: { provider: { kind: sandbox }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
    "accounts: { acme: { provider: { kind: scim, url: https://scim.example, key: { file: a b } }, prune: all, users: { ada@acme.example: Anything At All } } }\n",
    "version: 1\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
    "defaults: { prune: none, language: en }\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, first_name: no, last_name: '7' } } } }\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: ['*@vendor.example'] } }\n",
    "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: acme_key_2 } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
];

const BAD: &[(&str, &[&str], SeenBy)] = &[
    (
        "defaults: { prune: none }\naccounts:\n  a: { provider: { kind: scim, url: https://scim.example, key: { env: KEY } }, users: { ada@acme.example: admin } }\n  b: { provider: { kind: scim, url: 'https://scim.example/', key: { env: KEY } }, users: { ada@acme.example: admin } }\n",
        &["same-account"],
        SeenBy::Reading,
    ),
    (
        "acounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
        &["unknown-key"],
        SeenBy::Schema,
    ),
    ("accounts: {}\n", &["no-accounts"], SeenBy::Reading),
    ("# nothing\n", &["empty-file"], SeenBy::Parser),
    ("hello\n", &["wrong-type"], SeenBy::Schema),
    ("accounts: [acme]\n", &["wrong-type"], SeenBy::Schema),
    ("accounts: { acme: sandbox }\n", &["wrong-type"], SeenBy::Schema),
    ("accounts:\n", &["no-value"], SeenBy::Schema),
    ("a: [\n", &["syntax"], SeenBy::Parser),
    ("version: 1\n---\nversion: 1\n", &["several-documents"], SeenBy::Parser),
    (
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        &["too-complex"],
        SeenBy::Parser,
    ),
    (
        "version: 2\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["unsupported-version"],
        SeenBy::Schema,
    ),
    (
        "version: one\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { Acme: { provider: sandbox, owner: f@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["account-name"],
        SeenBy::Schema,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
        &["account-twice"],
        SeenBy::Parser,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      Ada@acme.example: analyst\n",
        &["person-twice"],
        SeenBy::Reading,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      ada@acme.example: analyst\n",
        &["person-twice"],
        SeenBy::Parser,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n    prune: none\n",
        &["duplicate-key"],
        SeenBy::Parser,
    ),
    (
        "accounts: { acme: { owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["missing-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, prune: all, users: { ada@acme.example: admin } } }\n",
        &["missing-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all } }\n",
        &["missing-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users:  } }\n",
        &["no-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {} } }\n",
        &["no-users"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: [ada@acme.example] } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder, prune: all, users: { ada@acme.example: admin } } }\n",
        &["not-an-address"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: 7, prune: all, users: { ada@acme.example: admin } } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } } }\n",
        &["prune-missing"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: everyone, users: { ada@acme.example: admin } } }\n",
        &["unknown-word"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, catalogue: klaviyo } }\n",
        &["unknown-word"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, allow_empty: no } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, title: [a] } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, title: \"a\\nb\" } }\n",
        &["control-character"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: [''] } }\n",
        &["not-a-pattern"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: '*@vendor.example' } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: ['ada@*'] } }\n",
        &["ignored-listed"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { percent: 101 } } } }\n",
        &["not-a-percentage"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { percent: 2.5 } } } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { at_least: -1 } } } }\n",
        &["negative"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { min_admins: 0 } } }\n",
        &["no-admins"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: 3 } } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: klaviyo, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-too-short"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: hubspot, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["unknown-word"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { url: https://scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-kind-missing"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-incomplete"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-incomplete"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: sandbox, url: https://scim.example }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["needless-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'http://scim.example', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'https://scim.example?a=b', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'https://me@scim.example', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: pk_123 }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: 123 }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: {} }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: A, file: b } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: pk-123 } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["variable-name"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { file: '' } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["empty-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { command: [] } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["empty-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { value: a } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form", "unknown-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada: admin } } }\n",
        &["not-an-address"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: } } }\n",
        &["no-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: 7 } } }\n",
        &["wrong-type"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: {} } } }\n",
        &["role-missing"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: '' } } }\n",
        &["empty-role"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admn } } }\n",
        &["unknown-role"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: owner } } }\n",
        &["second-owner"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { founder@acme.example: admin } } }\n",
        &["owner-other-role"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: scim, url: https://scim.example, key: { env: KEY } }, prune: all, users: { ada@acme.example: owner } } }\n",
        &["owner-not-said"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, language: english } } } }\n",
        &["not-a-language"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, language: de } } } }\n",
        &["unknown-language"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { rôle: admin, role: admin } } } }\n",
        &["unknown-key"],
        SeenBy::Schema,
    ),
    (
        "? [a, b]\n: 1\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-not-text"],
        SeenBy::Parser,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, last_name: null } } } }\n",
        &["no-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: pk_0123abcd } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["variable-like-key"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: a0123456789abcdef01234 } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["variable-like-key"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { file: pk_0123abcd } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { command: [pk_0123abcd] } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { pk_0123abcd } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form", "unknown-key"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: { kind: pk_0123abcd, url: https://scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        SeenBy::Schema,
    ),
    (
        "defaults: &all { prune: all }\naccounts: { acme: { <<: *all, provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } } }\n",
        &["merge-key"],
        SeenBy::Parser,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, first_name: '' } } } }\n",
        &["empty-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, last_name: ' ' } } } }\n",
        &["empty-value"],
        SeenBy::Schema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, last_name: \"a\\tb\" } } } }\n",
        &["control-character"],
        SeenBy::Reading,
    ),
    (
        "accounts: { acme: { provider: { kind: sandbox, dialect: slack }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["needless-key"],
        SeenBy::Schema,
    ),
];
