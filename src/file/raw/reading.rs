//! The part of `provider.dialect` that is about how users are shown. Its comments are the reference text of the schema
//! too.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::shape::Field;

/// How the listing is divided.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`single`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Paging {
    /// Not at all.
    #[serde(rename = "$scalar")]
    Short(Single),
    /// Into pages.
    #[serde(rename = "$mapping")]
    Long(Pages),
}

/// Not at all.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`single`")]
pub(in crate::file) enum Single {
    /// One answer holds everybody.
    Single,
}

/// How pages are asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`paging`")]
pub(in crate::file) struct Pages {
    /// How the next page is named.
    pub by: Field<PagesBy>,
    /// How many users to ask for; servers may send fewer. 0 leaves it to the server.
    #[schemars(range(min = 0, max = 100_000))]
    pub size: Field<i64>,
    /// When the listing is taken to be at its end.
    pub end: Field<End>,
}

/// How the next page is named.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`auto`, `index` or `cursor`")]
pub(in crate::file) enum PagesBy {
    /// By cursor where the first answer has one, by index otherwise.
    Auto,
    /// By the place of its first user: `startIndex`.
    Index,
    /// By the cursor that the page before gives.
    Cursor,
}

/// When the listing is taken to be at its end.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`proven` or `total`")]
pub(in crate::file) enum End {
    /// Once a page past the total brings nobody new, which takes one more request.
    Proven,
    /// Once as many users came as the server counts.
    Total,
}

/// What the listing is worth.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`full`, `partial` or `none`")]
pub(in crate::file) enum Listing {
    /// It shows everybody.
    Full,
    /// It may leave people out, so nobody is taken out because of it.
    Partial,
    /// There is none: the people in this file are looked up one by one, and nobody is taken out.
    None,
}

/// Which attribute is the login.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`user-name` or `email`")]
pub(in crate::file) enum Login {
    /// `userName`.
    UserName,
    /// The primary address of `emails`, or else the first.
    Email,
}

/// How the server is asked for one login.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`user-name`, `external-id`, `email` or `listing`")]
pub(in crate::file) enum LookUp {
    /// By `userName`.
    UserName,
    /// By `externalId`, which is given the address of whoever is invited.
    ExternalId,
    /// By `emails.value`.
    Email,
    /// Not at all: the listing is read.
    Listing,
}

/// How somebody who was invited looks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`never`, `inactive`, `absent`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Pending {
    /// By the core's attributes.
    #[serde(rename = "$scalar")]
    Short(PendingWord),
    /// By an attribute that says so.
    #[serde(rename = "$mapping")]
    Long(StatusAttribute),
}

/// How somebody who was invited looks, by the core's attributes.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`never`, `inactive` or `absent`")]
pub(in crate::file) enum PendingWord {
    /// Nobody is ever pending: whoever is created can sign in.
    Never,
    /// `active: false`; there are no deactivated users, or nothing tells them apart.
    Inactive,
    /// They are not listed until they came.
    Absent,
}

/// An attribute that says where a user stands.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`pending`")]
#[schemars(extend("required" = ["attribute"]))]
pub(in crate::file) struct StatusAttribute {
    /// The attribute.
    #[schemars(pattern("^[A-Za-z][A-Za-z0-9$_-]*$"))]
    pub attribute: Field<String>,
    /// The schema extension that it is in; left out, it is in the core.
    #[schemars(pattern("^[Uu][Rr][Nn]:[!-~]+$"))]
    pub schema: Field<String>,
    /// What it says of somebody who is invited. Left out, it is `invited` or `pending`.
    pub invited: Field<Vec<Field<String>>>,
    /// What it says of somebody who was deactivated. Left out, it is `deactivated` or `suspended`.
    pub deactivated: Field<Vec<Field<String>>>,
}

/// Where the dates of a user's life stand.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`dates`")]
pub(in crate::file) struct Dates {
    /// When the newest invitation was sent.
    pub invited: Field<Place>,
    /// When it ends.
    pub invitation_expires: Field<Place>,
    /// When the user last signed in.
    pub last_login: Field<Place>,
    /// When the user was added. Left out, it is `meta.created`.
    pub added: Field<Place>,
}

/// Where a text stands in a user.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "an attribute")]
#[schemars(extend("required" = ["attribute"]))]
pub(in crate::file) struct Place {
    /// The attribute.
    #[schemars(pattern("^[A-Za-z][A-Za-z0-9$_-]*$"))]
    pub attribute: Field<String>,
    /// The schema extension that it is in; left out, it is in the core.
    #[schemars(pattern("^[Uu][Rr][Nn]:[!-~]+$"))]
    pub schema: Field<String>,
}

/// Where the role stands.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`roles`, `role-texts`, `entitlements`, `entitlement-texts`, `nowhere`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Role {
    /// By a word.
    #[serde(rename = "$scalar")]
    Short(RoleWord),
    /// In detail.
    #[serde(rename = "$mapping")]
    Long(RolePlace),
}

/// Where the role stands, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    expecting = "`roles`, `role-texts`, `entitlements`, `entitlement-texts` or `nowhere`"
)]
pub(in crate::file) enum RoleWord {
    /// In `roles`, as objects with a `value`.
    Roles,
    /// In `roles`, as plain texts.
    RoleTexts,
    /// In `entitlements`, as objects with a `value`.
    Entitlements,
    /// In `entitlements`, as plain texts.
    EntitlementTexts,
    /// Nowhere: roles are not managed over SCIM.
    Nowhere,
}

/// Where the role stands, in detail.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`role`")]
#[schemars(extend("required" = ["attribute"]))]
pub(in crate::file) struct RolePlace {
    /// `roles` or `entitlements` for a list of objects; any other attribute is a single text, as `userType`.
    #[schemars(pattern("^[A-Za-z][A-Za-z0-9$_-]*$"))]
    pub attribute: Field<String>,
    /// The schema extension that it is in; left out, it is in the core. What is in an extension is a single text.
    #[schemars(pattern("^[Uu][Rr][Nn]:[!-~]+$"))]
    pub schema: Field<String>,
    /// Of a list: the `type` of an element that is a role.
    #[schemars(length(min = 1))]
    pub r#type: Field<String>,
    /// Of a list: whether `primary: true` is written. Left out, it is.
    pub primary: Field<Primary>,
    /// Of a list: which part of an element is the role's name. Left out, it is the `value`.
    pub named_by: Field<NamedBy>,
}

/// Whether the role is marked as the primary one.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`marked` or `left-out`")]
pub(in crate::file) enum Primary {
    /// `primary: true` is written.
    Marked,
    /// It is left out.
    LeftOut,
}

/// Which part of an element is the role's name.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`value`, `display` or `listing`")]
pub(in crate::file) enum NamedBy {
    /// `value`, or `display` where there is none.
    Value,
    /// `display`; `value` is an id that is taken from other users with the role.
    Display,
    /// `value` is the id of a role that the server lists at `/Roles`.
    Listing,
}

/// What a role is called on the server.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "a text, or a list of texts")]
#[schemars(untagged)]
pub(in crate::file) enum Spellings {
    /// What it is called.
    #[serde(rename = "$scalar")]
    One(#[schemars(length(min = 1))] String),
    /// What it is called; the first is written.
    #[serde(rename = "$list")]
    Several(#[schemars(length(min = 1))] Vec<Field<String>>),
}

/// Whether the account's roles are resources of their own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`none`, `listed`, `managed`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum RoleResources {
    /// By a word.
    #[serde(rename = "$scalar")]
    Short(RoleResourcesWord),
    /// In detail.
    #[serde(rename = "$mapping")]
    Long(ManagedRoles),
}

/// Whether the account's roles are resources of their own, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`none`, `listed` or `managed`")]
pub(in crate::file) enum RoleResourcesWord {
    /// They are not.
    None,
    /// They are listed at `/Roles`.
    Listed,
    /// They are listed, made, changed and deleted there, with `description` and `permissions` beside the name.
    Managed,
}

/// Roles that are listed, made, changed and deleted at `/Roles`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`role_resources`")]
#[schemars(extend("required" = ["schema"]))]
pub(in crate::file) struct ManagedRoles {
    /// The schema extension that holds `description` and `permissions`.
    #[schemars(pattern("^[Uu][Rr][Nn]:[!-~]+$"))]
    pub schema: Field<String>,
}

/// Where the language stands.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "`preferred-language`, `locale`, `nowhere`, or a mapping")]
#[schemars(untagged)]
pub(in crate::file) enum Language {
    /// By a word.
    #[serde(rename = "$scalar")]
    Short(LanguageWord),
    /// In detail.
    #[serde(rename = "$mapping")]
    Long(LanguagePlace),
}

/// Where the language stands, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`preferred-language`, `locale` or `nowhere`")]
pub(in crate::file) enum LanguageWord {
    /// In `preferredLanguage`.
    PreferredLanguage,
    /// In `locale`.
    Locale,
    /// Nowhere.
    Nowhere,
}

/// Where the language stands, in detail.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "`language`")]
#[schemars(extend("required" = ["at"]))]
pub(in crate::file) struct LanguagePlace {
    /// The attribute.
    pub at: Field<LanguageWord>,
    /// The languages that the server takes, as it spells them. Left out, any will do.
    #[schemars(extend("items" = { "type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$" }))]
    pub known: Field<Vec<Field<String>>>,
}
