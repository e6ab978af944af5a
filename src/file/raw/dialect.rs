//! `provider.dialect` as it is written. Its comments are the reference text of the schema too.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::raw::reading::{
    Dates, Language, Listing, Login, LookUp, Paging, Pending, Role, RoleResources, Spellings,
};
use crate::file::raw::writing::{Create, Facet, Rate, Resend, TakeOut, Update, Versions};
use crate::file::shape::{Entries, Field};

/// How a server differs from the RFCs: the name of a service whose dialect is known, or that and what differs from it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "a dialect's name, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Dialect {
    /// A service whose dialect is known.
    #[serde(rename = "$scalar")]
    Short(Preset),
    /// What differs from a known dialect.
    #[serde(rename = "$mapping")]
    Long(Box<Differences>),
}

/// A service whose dialect is known. None was tried against the vendor's own service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "a dialect's name")]
pub(in crate::file) enum Preset {
    /// The RFCs to the letter.
    Rfc,
    /// Klaviyo.
    Klaviyo,
    /// The account service inside roster, where it runs alone.
    Sandbox,
    /// Slack.
    Slack,
    /// GitHub Enterprise with managed users.
    GithubEnterprise,
    /// AWS IAM Identity Center.
    AwsIdentityCenter,
    /// Atlassian.
    Atlassian,
    /// Databricks, for an account.
    Databricks,
    /// Zulip.
    Zulip,
    /// Sentry.
    Sentry,
    /// PagerDuty.
    Pagerduty,
    /// LaunchDarkly.
    Launchdarkly,
    /// Miro.
    Miro,
    /// Datadog.
    Datadog,
}

/// What differs from a known dialect. What is left out is as there.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a dialect")]
pub(in crate::file) struct Differences {
    /// The dialect that the rest differs from. Left out, it is that of the `kind`: `klaviyo`, or `rfc` for `scim`.
    pub like: Field<Preset>,
    /// How the key is sent.
    pub auth: Field<Auth>,
    /// Other headers that every request has. Nothing secret may stand here.
    #[schemars(extend("propertyNames" = { "pattern": r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }))]
    pub headers: Field<Entries<String>>,
    /// What bodies are said to be: `application/scim+json` or `application/json`. Answers are understood as either.
    pub media_type: Field<MediaType>,
    /// The path of the users below the base URL.
    #[schemars(extend("pattern" = "^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*$", "examples" = ["Users"]))]
    pub users_path: Field<String>,
    /// What of an id is percent-encoded in an address.
    pub id_escaping: Field<Escaping>,
    /// Whether the server is asked what it can do.
    pub discovery: Field<Discovery>,
    /// How the listing is divided into pages.
    pub paging: Field<Paging>,
    /// What the listing is worth.
    pub listing: Field<Listing>,
    /// Which attribute is the login.
    pub login: Field<Login>,
    /// How the server is asked for one login.
    pub look_up: Field<LookUp>,
    /// The schemas that are named in `attributes` wherever users are read, for a server that shows some of it on request
    /// only. What is not named is then not shown.
    pub ask_for: Field<Vec<Field<String>>>,
    /// How somebody who was invited and has not come yet looks.
    pub pending: Field<Pending>,
    /// Where the dates of a user's life stand.
    pub dates: Field<Dates>,
    /// Where the role stands.
    pub role: Field<Role>,
    /// What the server calls the roles that this file names. Of several texts the first is written, and all are
    /// understood. A role that is not here is called what it is called here.
    pub role_names: Field<Entries<Spellings>>,
    /// Whether the account's roles are resources of their own, at `/Roles`.
    pub role_resources: Field<RoleResources>,
    /// Where the language stands.
    pub language: Field<Language>,
    /// What a new user is made of.
    pub create: Field<Create>,
    /// How a user is changed.
    pub update: Field<Update>,
    /// Whether a write names the version it was made from, with `If-Match`.
    pub versions: Field<Versions>,
    /// What is not compared after a write, because the server keeps it otherwise.
    pub not_compared: Field<Vec<Field<Facet>>>,
    /// How somebody is taken out, and what stays of them.
    pub take_out: Field<TakeOut>,
    /// How an invitation is sent again.
    pub resend: Field<Resend>,
    /// How many requests there may be. All accounts with the same key share it.
    pub rate: Field<Rate>,
    /// How many of them may be writes.
    pub write_rate: Field<Rate>,
    /// How many requests may be under way at once.
    #[schemars(range(min = 1, max = 64))]
    pub at_once: Field<i64>,
    /// How often a request is sent again where that is safe.
    #[schemars(range(min = 0, max = 20))]
    pub retries: Field<i64>,
    /// How many seconds a request may take.
    #[schemars(range(min = 1, max = 3600))]
    pub timeout: Field<i64>,
    /// How many seconds the server may ask to wait; asked for more, the request fails.
    #[schemars(range(min = 1, max = 3600))]
    pub longest_wait: Field<i64>,
}

/// How the key is sent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`auth`")]
pub(in crate::file) struct Auth {
    /// The header that carries the key.
    #[schemars(pattern(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"), extend("examples" = ["Authorization"]))]
    pub header: Field<String>,
    /// The word before the key. `none` sends the key alone.
    #[schemars(pattern(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"), extend("examples" = ["Bearer", "none"]))]
    pub scheme: Field<String>,
}

/// What bodies are said to be.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`scim` or `json`")]
pub(in crate::file) enum MediaType {
    /// `application/scim+json`.
    Scim,
    /// `application/json`.
    Json,
}

/// What of an id is percent-encoded.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`strict` or `sparing`")]
pub(in crate::file) enum Escaping {
    /// Everything but letters, digits, `-`, `.`, `_` and `~`.
    Strict,
    /// Not `@`, `:`, `+` and other characters that may stand in a path, for servers that do not decode.
    Sparing,
}

/// Whether the server is asked what it can do.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`use` or `ignore`")]
pub(in crate::file) enum Discovery {
    /// It is asked, and need not answer.
    Use,
    /// It is not asked.
    Ignore,
}
