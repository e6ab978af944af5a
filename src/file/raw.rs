//! The roster file as it is written. These types read the file, and their comments are the reference text of the
//! schema, so they speak to the people who write rosters.
//!
//! What the values mean together does not belong here: see [`lower`](crate::file::lower).

pub(super) mod daemon;
pub(super) mod dialect;
pub(super) mod guards;
pub(super) mod notifications;
pub(super) mod reading;
pub(super) mod writing;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::file::raw::daemon::Daemon;
use crate::file::raw::dialect::Dialect;
use crate::file::raw::guards::{Guards, OverAll};
use crate::file::raw::notifications::Target;
use crate::file::shape::{Entries, Field};

/// The users and roles of SaaS accounts as they should be. Everything a roster leaves out is not touched.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a roster")]
#[schemars(title = "roster")]
pub(super) struct Roster {
    /// The version of this format. There is one: 1.
    #[schemars(extend("const" = 1))]
    pub version: Field<i64>,
    /// Files that belong to the roster, too: paths, from the folder of this file and never out of it, in which `*` stands
    /// for any characters of a name and `**` for any folders.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "pattern": "^[^/]", "examples": ["accounts/*.yaml"] }))]
    pub include: Field<Vec<Field<String>>>,
    /// What an account does not say itself. One file of a roster may say it, and it holds for all of them.
    pub defaults: Field<Defaults>,
    /// People by a short name, which may stand wherever an address may. A short name is 1 to 64 lower-case letters,
    /// digits, `.`, `-` and `_`, a letter or digit first.
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$" }))]
    pub people: Field<Entries<Person>>,
    /// People who get access together, by the team's name: short names and addresses.
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$" }))]
    pub teams: Field<Entries<Vec<Field<String>>>>,
    /// How much all accounts together may change. One file of a roster may say it, and it holds for all of them.
    pub guards: Field<OverAll>,
    /// Whom the daemon tells of what changes, by a name of your choice. One file of a roster may say it, and it holds for all
    /// of them; see docs/notifications.md.
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$" }))]
    pub notifications: Field<Entries<Target>>,
    /// The accounts by name. A name is 1 to 64 lower-case letters, digits, `-` and `_`, a letter or digit first.
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" }))]
    pub accounts: Field<Entries<Account>>,
}

/// What an account does not say itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`defaults`")]
pub(super) struct Defaults {
    /// The language of invitations.
    #[schemars(pattern(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), extend("examples" = ["en-US", "fr"]))]
    pub language: Field<String>,
    /// Which users who are not listed are removed.
    pub prune: Field<Prune>,
    /// How much one plan may change.
    pub guards: Field<Guards>,
    /// How long an invitation is waited for, and how often it is sent.
    pub invitations: Field<Invitations>,
    /// How users are taken out.
    pub removal: Field<Removal>,
    /// How the daemon keeps accounts.
    pub daemon: Field<Daemon>,
    /// Addresses that are never touched and never counted, in any account; an account adds its own.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "pattern": r"^\S+$", "examples": ["*@vendor.example"] }))]
    pub ignore: Field<Vec<Field<String>>>,
}

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "an address, or a mapping with an `email`")]
#[schemars(untagged)]
pub(super) enum Person {
    /// The address.
    #[serde(rename = "$scalar")]
    Short(#[schemars(email, pattern(r"^[^@\s]+@[^@\s]+$"))] String),
    /// The address, and more about the person.
    #[serde(rename = "$mapping")]
    Long(PersonDetails),
}

/// The address, and more about the person.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a person")]
#[schemars(extend("required" = ["email"]))]
pub(super) struct PersonDetails {
    /// The address the person signs in with.
    #[schemars(email, pattern(r"^[^@\s]+@[^@\s]+$"))]
    pub email: Field<String>,
    /// The given name. Left out, the account's is left alone.
    #[schemars(pattern(r"\S"))]
    pub first_name: Field<String>,
    /// The family name. Left out, the account's is left alone.
    #[schemars(pattern(r"\S"))]
    pub last_name: Field<String>,
    /// The language of invitations.
    #[schemars(pattern(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), extend("examples" = ["en-US", "fr"]))]
    pub language: Field<String>,
    /// Addresses the person had before: a user who still has one of them is given the new one, and not replaced.
    #[schemars(extend("items" = { "type": "string", "format": "email", "pattern": r"^[^@\s]+@[^@\s]+$" }))]
    pub formerly: Field<Vec<Field<String>>>,
}

/// How long an invitation is waited for, and how often it is sent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`invitations`")]
pub(super) struct Invitations {
    /// The age from which on an invitation is sent again. Left out, only one that has ended is.
    #[schemars(pattern(r"^\s*([0-9]+\s*[A-Za-z]+,?\s*)+$"), extend("examples" = ["7d", "36h", "2w"]))]
    pub resend_after: Field<String>,
    /// How many invitations one person gets, the first included. Left out, it is 3.
    #[schemars(range(min = 1), extend("default" = 3))]
    pub give_up_after: Field<i64>,
}

/// How users are taken out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`removal`")]
pub(super) struct Removal {
    /// How long a user stays deactivated before being removed, where the server can deactivate. Left out, users are
    /// removed at once.
    #[schemars(pattern(r"^\s*([0-9]+\s*[A-Za-z]+,?\s*)+$"), extend("examples" = ["7d", "36h", "2w"]))]
    pub grace: Field<String>,
}

/// One account: one brand, store or region, or a portfolio over several.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "an account")]
#[schemars(extend(
    "required" = ["provider"],
    "anyOf" = [{ "required": ["users"] }, { "required": ["teams"] }],
    "if" = { "properties": { "provider": { "type": "object", "properties": { "kind": { "const": "scim" } } } } },
    "else" = { "required": ["owner"] },
))]
pub(super) struct Account {
    /// A name for people.
    pub title: Field<String>,
    /// How the account is reached.
    pub provider: Field<Provider>,
    /// Which static roles the account has: those of an `account`, those of a `portfolio`, or `any` role that the server
    /// knows. Left out, it is `any` for a provider of kind `scim` and `account` for the others.
    pub catalogue: Field<Catalogue>,
    /// The address of the account's Owner. It must match the account, and roster never changes it. Only an account of
    /// kind `scim` may leave it out.
    #[schemars(email, pattern(r"^[^@\s]+@[^@\s]+$"))]
    pub owner: Field<String>,
    /// Which users who are not listed are removed. It has no default: it stands here or in `defaults`.
    pub prune: Field<Prune>,
    /// The language of invitations, where nobody says another. Left out, it is that of `defaults`.
    #[schemars(pattern(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), extend("examples" = ["en-US", "fr"]))]
    pub language: Field<String>,
    /// Addresses that are never touched and never counted, besides those of `defaults`; `*` stands for any run of
    /// characters.
    #[schemars(extend("items" = { "type": "string", "minLength": 1, "pattern": r"^\S+$", "examples": ["*@vendor.example"] }))]
    pub ignore: Field<Vec<Field<String>>>,
    /// Whether an account without users is meant. Without it, a roster that lists nobody is refused.
    pub allow_empty: Field<bool>,
    /// How much one plan may change. What is not said here is taken from `defaults`.
    pub guards: Field<Guards>,
    /// How long an invitation is waited for, and how often it is sent. What is not said here is taken from `defaults`.
    pub invitations: Field<Invitations>,
    /// How users are taken out. Left out, it is as `defaults` say.
    pub removal: Field<Removal>,
    /// How the daemon keeps the account. What is not said here is taken from `defaults`.
    pub daemon: Field<Daemon>,
    /// The custom roles the account should have. Left out, they are not managed; `{}` means none.
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub roles: Field<Entries<Role>>,
    /// Teams that have access: the team, and the role every member gets. A member's own entry under `users` wins.
    pub teams: Field<Entries<String>>,
    /// Who should be in the account: a short name or an address, and the role or more about the user. `{}` means nobody,
    /// and needs `allow_empty: true`.
    #[schemars(extend("propertyNames" = { "pattern": r"^([^@\s]+@[^@\s]+|[a-z0-9][a-z0-9._-]{0,63})$" }))]
    pub users: Field<Entries<User>>,
}

/// How an account is reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "a provider")]
#[schemars(untagged)]
pub(super) enum Provider {
    /// The embedded account service, for trying out: no key, no network.
    #[serde(rename = "$scalar")]
    Short(#[schemars(extend("const" = "sandbox"))] ProviderKind),
    /// A server, and the key to it.
    #[serde(rename = "$mapping")]
    Long(Box<Server>),
}

/// A server, and the key to it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a provider")]
#[schemars(extend(
    "required" = ["kind"],
    "if" = { "properties": { "kind": { "const": "sandbox" } } },
    "then" = { "properties": { "url": false, "key": false, "ca": false, "dialect": false } },
    "else" = { "required": ["url", "key"] },
))]
pub(super) struct Server {
    /// Whose server it is.
    pub kind: Field<ProviderKind>,
    /// The SCIM base URL, which `/Users` is appended to. It is `https:`; `http:` is for this machine only.
    #[schemars(extend("format" = "uri", "pattern" = "^[Hh][Tt][Tt][Pp][Ss]?://[^@?#\\s]+$", "examples" = ["https://scim.example/v2"]))]
    pub url: Field<String>,
    /// Where the key is to be had. The key itself never stands in a roster file.
    #[schemars(with = "KeyPlace")]
    pub key: Field<Key>,
    /// The path of a PEM file with certificate authorities that are trusted besides the system's; relative to the folder
    /// of this roster file.
    #[schemars(length(min = 1), extend("examples" = ["certificates/internal.pem"]))]
    pub ca: Field<String>,
    /// How the server differs from the RFCs; see docs/dialects.md.
    pub dialect: Field<Dialect>,
    /// Whom the key belongs to, where that is a user of the account: the guard `self` keeps them in.
    #[schemars(email, pattern(r"^[^@\s]+@[^@\s]+$"))]
    pub identity: Field<String>,
}

/// Whose server an account is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`klaviyo`, `scim` or `sandbox`")]
pub(super) enum ProviderKind {
    /// Klaviyo's SCIM server.
    Klaviyo,
    /// Any other SCIM 2.0 server.
    Scim,
    /// The embedded account service, for trying out.
    Sandbox,
}

/// What stands under `key`: a place, or by mistake the key itself, which is never kept.
#[derive(Debug, Deserialize)]
#[serde(expecting = "where the key is to be had")]
pub(super) enum Key {
    #[serde(rename = "$scalar")]
    Pasted(IgnoredAny),
    #[serde(rename = "$mapping")]
    Place(KeyPlace),
}

/// Where a key is to be had: exactly one of the three.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "the place of a key")]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(super) struct KeyPlace {
    /// The name of an environment variable.
    #[schemars(pattern(r"^[A-Za-z_][A-Za-z0-9_]*$"), extend("examples" = ["ACME_SCIM_KEY"]))]
    pub env: Field<String>,
    /// The path of a file that holds nothing else; relative to the folder of this roster file.
    #[schemars(length(min = 1))]
    pub file: Field<String>,
    /// A program and its arguments, run without a shell; what it prints is the key.
    #[schemars(length(min = 1))]
    pub command: Field<Vec<Field<String>>>,
}

/// Which static roles an account has.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`account`, `portfolio` or `any`")]
pub(super) enum Catalogue {
    /// Owner, Admin, Manager, Analyst, Support, Campaign Coordinator, Content Creator.
    Account,
    /// Portfolio Owner, Portfolio Admin, Portfolio Manager, Portfolio Analyst.
    Portfolio,
    /// Whatever the server knows, custom roles too.
    Any,
}

/// Which users who are not listed are removed.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`all`, `managed` or `none`")]
pub(super) enum Prune {
    /// All of them, but for the Owner and those ignored.
    All,
    /// Those whom roster let in; the others are shown as unmanaged. Without a state that remembers them, none.
    Managed,
    /// None: they are shown as unmanaged.
    None,
}

/// A custom role: permission sets under a name of its own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a custom role")]
#[schemars(extend("required" = ["permissions"]))]
pub(super) struct Role {
    /// The name for people. Left out, it is the name it has here.
    #[schemars(pattern(r"\S"))]
    pub title: Field<String>,
    /// What it is for.
    pub description: Field<String>,
    /// The permission sets, by the names the account has for them, such as `content-view`.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true, "items" = { "type": "string", "pattern": r"^\S+$", "examples": ["content-view"] }))]
    pub permissions: Field<Vec<Field<String>>>,
}

/// One person's access to one account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "a role, or a mapping with a `role`")]
#[schemars(untagged)]
pub(super) enum User {
    /// The role, such as `admin`. Case, spaces, hyphens and underscores do not count.
    #[serde(rename = "$scalar")]
    Short(#[schemars(length(min = 1))] String),
    /// The role, and more about the user.
    #[serde(rename = "$mapping")]
    Long(Box<UserDetails>),
}

/// The role, and more about the user.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a user")]
#[schemars(extend("required" = ["role"]))]
pub(super) struct UserDetails {
    /// The role, such as `admin`. Case, spaces, hyphens and underscores do not count.
    #[schemars(length(min = 1))]
    pub role: Field<String>,
    /// The given name. Left out, the account's is left alone.
    #[schemars(pattern(r"\S"))]
    pub first_name: Field<String>,
    /// The family name. Left out, the account's is left alone.
    #[schemars(pattern(r"\S"))]
    pub last_name: Field<String>,
    /// The language of the invitation. A user may change it later, so it is set once.
    #[schemars(pattern(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), extend("examples" = ["en-US", "fr"]))]
    pub language: Field<String>,
    /// The first day of access, in UTC: nothing happens before.
    #[schemars(extend("format" = "date", "pattern" = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples" = ["2026-12-01"]))]
    pub starts: Field<String>,
    /// The last day of access, which ends with it, in UTC.
    #[schemars(extend("format" = "date", "pattern" = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples" = ["2027-01-31"]))]
    pub expires: Field<String>,
    /// Addresses the person had before: a user who still has one of them is given the new one, and not replaced.
    #[schemars(extend("items" = { "type": "string", "format": "email", "pattern": r"^[^@\s]+@[^@\s]+$" }))]
    pub formerly: Field<Vec<Field<String>>>,
    /// Why the person has access, for whoever reviews it.
    #[schemars(pattern(r"\S"))]
    pub reason: Field<String>,
}
