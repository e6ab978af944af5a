//! The limits on what one plan may change, as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::shape::Field;

/// How much all accounts together may change before it needs somebody's consent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`guards` of all accounts")]
#[schemars(rename = "GuardsOverAll")]
pub(in crate::file) struct OverAll {
    /// How many users may lose access in one run over all its accounts. Left out, it is 25 percent, and at least 10.
    pub max_losses_total: Field<LossLimit>,
    /// Accounts that are meant to be gone from the roster. The daemon keeps to the roster before where more than one account,
    /// and at least a quarter of all, are gone at once and do not stand here.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "examples": ["acme-eu"] }))]
    pub dropped: Field<Vec<Field<String>>>,
}

/// How much one plan may change before it needs somebody's consent, and what no plan may do.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`guards`")]
pub(in crate::file) struct Guards {
    /// How many users may lose access in one plan. Left out, it is 25 percent, and at least 3.
    pub max_losses: Field<LossLimit>,
    /// How many users may lose access within 24 hours. Left out, it is twice `max_losses`.
    pub max_losses_per_day: Field<LossLimit>,
    /// How many active Owners and Admins there must be at any moment. Left out, it is 1.
    #[schemars(range(min = 0))]
    pub min_admins: Field<i64>,
    /// How many Owners and Admins there may be, invited ones included. Left out, any number.
    #[schemars(range(min = 1))]
    pub max_admins: Field<i64>,
    /// Addresses that lose nothing, besides those of `defaults`; `*` stands for any run of characters.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "pattern": r"^\S*[@*]\S*$", "examples": ["ceo@acme.example"] }))]
    pub protect: Field<Vec<Field<String>>>,
    /// The domains that people may be let in from, such as `acme.example` or `*.acme.example`. Left out, all of them.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "pattern": r"^[^\s@]+$", "examples": ["acme.example"] }))]
    pub domains: Field<Vec<Field<String>>>,
    /// What people from outside may have.
    pub external: Field<External>,
    /// Whether somebody who goes and somebody alike who comes are held, because they may be one person with a new address.
    /// Left out, they are.
    pub lookalike: Field<bool>,
    /// How often one person's access may be changed within 24 hours. Left out, it is 4 times.
    #[schemars(range(min = 1))]
    pub flapping: Field<i64>,
}

/// How many losses are too many: more than the larger of the two.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a limit on losses")]
pub(in crate::file) struct LossLimit {
    /// A share of the users, 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Field<i64>,
    /// A number that is allowed whatever the share comes to.
    #[schemars(range(min = 0))]
    pub at_least: Field<i64>,
}

/// What people from outside may have.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`external`")]
pub(in crate::file) struct External {
    /// The domains that are not outside. It stands here or in `defaults`.
    #[schemars(extend("minItems" = 1, "items" = { "type": "string", "minLength": 1, "pattern": r"^[^\s@]+$", "examples": ["acme.example"] }))]
    pub home: Field<Vec<Field<String>>>,
    /// The highest role for people from outside. A role that cannot be compared with it is too high.
    #[schemars(length(min = 1))]
    pub highest_role: Field<String>,
    /// Whether access of people from outside must say when it `expires`.
    pub must_expire: Field<bool>,
    /// How long access of people from outside may last, from its first day or, where that is past, from today, to its last. It
    /// must have one then.
    #[schemars(pattern(r"^\s*([0-9]+\s*[A-Za-z]+,?\s*)+$"), extend("examples" = ["90d", "26w"]))]
    pub longest: Field<String>,
}
