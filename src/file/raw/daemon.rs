//! How the daemon keeps an account, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::shape::Field;

/// How the daemon keeps an account. `roster plan` and `roster apply` do not look at it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`daemon`")]
pub(in crate::file) struct Daemon {
    /// How long after one look at the account the next one comes; at least a minute. Left out, it is what the daemon's
    /// command line says.
    #[schemars(pattern(r"^\s*([0-9]+\s*[A-Za-z]+,?\s*)+$"), extend("examples" = ["10m", "1h"]))]
    pub interval: Field<String>,
    /// Whether differences are only reported.
    pub observe: Field<bool>,
    /// That the account rests: it is neither read nor changed.
    pub suspend: Field<Suspend>,
    /// When the account may be changed. Outside, differences are only reported.
    pub windows: Field<Windows>,
}

/// That an account rests.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`suspend`")]
#[schemars(extend("required" = ["reason"]))]
pub(in crate::file) struct Suspend {
    /// Why, for whoever wonders.
    #[schemars(pattern(r"\S"))]
    pub reason: Field<String>,
    /// When it ends by itself: a moment such as `2026-12-01T06:00:00Z`, or a day, which it lasts to the end of in UTC. Left
    /// out, it lasts until this is taken out of the file.
    #[schemars(pattern(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$"), extend("examples" = ["2026-12-01T06:00:00Z", "2026-12-01"]))]
    pub until: Field<String>,
}

/// When an account may be changed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`windows`")]
pub(in crate::file) struct Windows {
    /// The time zone whose clock the windows go by, such as `Europe/Paris`. Left out, it is UTC.
    #[schemars(pattern(r"^\S+$"), extend("examples" = ["Europe/Paris", "UTC"]))]
    pub zone: Field<String>,
    /// Changes are made within these: days of the week, hours, both, or days of the calendar. Left out, always.
    #[schemars(extend("items" = { "type": "string", "minLength": 3, "examples": ["mon-fri 08:00-18:00", "sat,sun", "22:00-06:00"] }))]
    pub allow: Field<Vec<Field<String>>>,
    /// No changes are made within these, whatever `allow` says.
    #[schemars(extend("items" = { "type": "string", "minLength": 3, "examples": ["2026-12-24..2027-01-02", "fri 16:00-24:00"] }))]
    pub deny: Field<Vec<Field<String>>>,
}
