//! Rosters that are right, and rosters with one mistake each, with the name of the mistake and who can see it.

/// Who can see a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// An editor with the schema.
    BySchema,
    /// Only the reader: the schema does not know what several places mean together.
    ByReading,
    /// Whoever parses the file, or nobody who sees it only as data.
    ByParser,
}

/// Rosters without any problem.
pub(super) const GOOD: &[&str] = &[
    "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
    "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {}, allow_empty: true } }\n",
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
];

/// Rosters with a mistake.
pub(super) const BAD: &[(&str, &[&str], Seen)] = &[
    (
        "acounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
        &["unknown-key"],
        Seen::BySchema,
    ),
    ("accounts: {}\n", &["no-accounts"], Seen::ByReading),
    ("# nothing\n", &["empty-file"], Seen::ByParser),
    ("hello\n", &["wrong-type"], Seen::BySchema),
    ("accounts: [acme]\n", &["wrong-type"], Seen::BySchema),
    ("accounts: { acme: sandbox }\n", &["wrong-type"], Seen::BySchema),
    ("accounts:\n", &["no-value"], Seen::BySchema),
    ("a: [\n", &["syntax"], Seen::ByParser),
    ("version: 1\n---\nversion: 1\n", &["several-documents"], Seen::ByParser),
    (
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        &["too-complex"],
        Seen::ByParser,
    ),
    (
        "version: 2\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["unsupported-version"],
        Seen::BySchema,
    ),
    (
        "version: one\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { Acme: { provider: sandbox, owner: f@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["account-name"],
        Seen::BySchema,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n",
        &["account-twice"],
        Seen::ByParser,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      Ada@acme.example: analyst\n",
        &["person-twice"],
        Seen::ByReading,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      ada@acme.example: analyst\n",
        &["person-twice"],
        Seen::ByParser,
    ),
    (
        "accounts:\n  acme:\n    provider: sandbox\n    owner: founder@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n    prune: none\n",
        &["duplicate-key"],
        Seen::ByParser,
    ),
    (
        "accounts: { acme: { owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["missing-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, prune: all, users: { ada@acme.example: admin } } }\n",
        &["missing-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all } }\n",
        &["missing-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users:  } }\n",
        &["no-value"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {} } }\n",
        &["no-users"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: [ada@acme.example] } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder, prune: all, users: { ada@acme.example: admin } } }\n",
        &["not-an-address"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: 7, prune: all, users: { ada@acme.example: admin } } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } } }\n",
        &["prune-missing"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: managed, users: { ada@acme.example: admin } } }\n",
        &["prune-managed"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: everyone, users: { ada@acme.example: admin } } }\n",
        &["unknown-word"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, catalogue: klaviyo } }\n",
        &["unknown-word"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, teams: {} } }\n",
        &["unknown-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, allow_empty: no } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, title: [a] } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, title: \"a\\nb\" } }\n",
        &["control-character"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: [''] } }\n",
        &["not-a-pattern"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: '*@vendor.example' } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, ignore: ['ada@*'] } }\n",
        &["ignored-listed"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { percent: 101 } } } }\n",
        &["not-a-percentage"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { percent: 2.5 } } } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: { at_least: -1 } } } }\n",
        &["negative"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { min_admins: 0 } } }\n",
        &["no-admins"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin }, guards: { max_losses: 3 } } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: klaviyo, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-too-short"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: hubspot, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["unknown-word"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { url: https://scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-kind-missing"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-incomplete"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["provider-incomplete"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: sandbox, url: https://scim.example }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["needless-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: scim.example, key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'http://scim.example', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'https://scim.example?a=b', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: 'https://me@scim.example', key: { env: KEY } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["bad-url"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: pk_123 }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: 123 }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-in-file"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: {} }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: A, file: b } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { env: pk-123 } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["variable-name"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { file: '' } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["empty-value"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { command: [] } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["empty-value"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: { kind: klaviyo, url: https://scim.example, key: { value: a } }, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-form", "unknown-key"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada: admin } } }\n",
        &["not-an-address"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: } } }\n",
        &["no-value"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: 7 } } }\n",
        &["wrong-type"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: {} } } }\n",
        &["role-missing"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: '' } } }\n",
        &["empty-role"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admn } } }\n",
        &["unknown-role"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: owner } } }\n",
        &["second-owner"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { founder@acme.example: admin } } }\n",
        &["owner-other-role"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: { kind: scim, url: https://scim.example, key: { env: KEY } }, prune: all, users: { ada@acme.example: owner } } }\n",
        &["owner-not-said"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, language: english } } } }\n",
        &["not-a-language"],
        Seen::BySchema,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, language: de } } } }\n",
        &["unknown-language"],
        Seen::ByReading,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { rôle: admin, role: admin } } } }\n",
        &["unknown-key"],
        Seen::BySchema,
    ),
    (
        "? [a, b]\n: 1\naccounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } } }\n",
        &["key-not-text"],
        Seen::ByParser,
    ),
    (
        "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: { role: admin, last_name: null } } } }\n",
        &["no-value"],
        Seen::BySchema,
    ),
];
