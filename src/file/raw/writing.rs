//! The part of `provider.dialect` that is about writing and its pace. Its comments are the reference text of the schema
//! too.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::shape::Field;

/// What a new user is made of: `userName`, the names, the role, the language, and what stands here.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`create`")]
pub(in crate::file) struct Create {
    /// What is sent besides.
    pub with: Field<Vec<Field<Created>>>,
    /// The `type` of the address in `emails`; `none` leaves it out.
    #[schemars(length(min = 1), extend("examples" = ["work"]))]
    pub email_type: Field<String>,
    /// Whether a new user needs a first and a last name.
    pub names: Field<Names>,
}

/// What may be sent with a new user.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`active`, `emails`, `display-name`, `formatted-name` or `external-id`")]
pub(in crate::file) enum Created {
    /// `active: true`.
    Active,
    /// `emails`, with the address as the primary one.
    Emails,
    /// `displayName`: the names, or the address where there are none.
    DisplayName,
    /// `name.formatted`: the same.
    FormattedName,
    /// `externalId`: the address.
    ExternalId,
}

/// Whether a new user needs names.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`optional` or `required`")]
pub(in crate::file) enum Names {
    /// They are sent where this file has them.
    Optional,
    /// Without both nobody is invited.
    Required,
}

/// How a user is changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`patch`, `put`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Update {
    /// By a word.
    #[serde(rename = "$scalar")]
    Short(UpdateWord),
    /// By PATCH of a certain shape.
    #[serde(rename = "$mapping")]
    Long(PatchShape),
}

/// How a user is changed, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`patch` or `put`")]
pub(in crate::file) enum UpdateWord {
    /// By PATCH. Where the server says that it knows none, by PUT.
    Patch,
    /// By reading the user and replacing it as a whole.
    Put,
}

/// What a PATCH looks like. It always replaces whole attributes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`update`")]
pub(in crate::file) struct PatchShape {
    /// How an operation says what it is about.
    pub paths: Field<PatchPaths>,
    /// How many operations a request has.
    pub operations: Field<Operations>,
    /// How `op` is written.
    pub case: Field<OperationCase>,
}

/// How an operation says what it is about.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`named` or `in-value`")]
pub(in crate::file) enum PatchPaths {
    /// By a `path`.
    Named,
    /// By the members of `value`.
    InValue,
}

/// How many operations a request has.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`together` or `one-each`")]
pub(in crate::file) enum Operations {
    /// As many as there are changes.
    Together,
    /// One: each change is a request.
    OneEach,
}

/// How `op` is written.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`lower` or `capital`")]
pub(in crate::file) enum OperationCase {
    /// `replace`.
    Lower,
    /// `Replace`.
    Capital,
}

/// Whether a write names the version it was made from.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`send` or `ignore`")]
pub(in crate::file) enum Versions {
    /// Where the server gave one.
    Send,
    /// Never, because the server's are of no use.
    Ignore,
}

/// Something about a user that is compared after a write.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`role`, `first-name`, `last-name` or `status`")]
pub(in crate::file) enum Facet {
    /// The role.
    Role,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// Whether the user can sign in.
    Status,
}

/// How somebody is taken out.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    expecting = "`delete`, `soft-delete`, `deactivate`, `deactivate-deletes` or `deactivate-then-delete`"
)]
pub(in crate::file) enum TakeOut {
    /// DELETE, and the user is gone.
    Delete,
    /// DELETE, and the user stays as an inactive one.
    SoftDelete,
    /// `active: false`, and the user stays as an inactive one.
    Deactivate,
    /// `active: false`, and the user is gone.
    DeactivateDeletes,
    /// `active: false`, then DELETE.
    DeactivateThenDelete,
}

/// How an invitation is sent again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`never`, `recreate`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Resend {
    /// By a word.
    #[serde(rename = "$scalar")]
    Short(ResendWord),
    /// By a request.
    #[serde(rename = "$mapping")]
    Long(ResendBy),
}

/// How an invitation is sent again, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`never` or `recreate`")]
pub(in crate::file) enum ResendWord {
    /// It cannot be.
    Never,
    /// By deleting the invited user and inviting them again.
    Recreate,
}

/// By which request an invitation is sent again.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`resend`")]
#[schemars(extend("required" = ["post"]))]
pub(in crate::file) struct ResendBy {
    /// A POST without a body to this path, relative to the base URL; `{id}` stands for the user's id.
    #[schemars(extend("pattern" = "^[A-Za-z0-9._~{}-][A-Za-z0-9._~:/{}-]*$", "examples" = ["Users/{id}/invitation"]))]
    pub post: Field<String>,
}

/// So many requests in so many seconds.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a rate")]
#[schemars(extend("required" = ["requests", "seconds"]))]
pub(in crate::file) struct Rate {
    /// How many requests.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub requests: Field<i64>,
    /// In how many seconds.
    #[schemars(range(min = 1, max = 86_400))]
    pub seconds: Field<i64>,
    /// How many of them at once, after a pause. Left out, it is 1.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub burst: Field<i64>,
}
