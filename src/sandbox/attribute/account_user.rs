//! The User of this service: what it stores of RFC 7643's core User, and the extension for what only the account knows.

use super::{Attribute, Kind, Plurality, Required, ResourceSchema, Schema};
use crate::sandbox::language::Language;
use crate::sandbox::resource::Facts;
use crate::sandbox::rules::Roles;
use crate::scim;

/// The schema of the users of an account with these roles.
pub(crate) fn account_user(roles: &Roles, facts: Facts) -> ResourceSchema {
    let extensions = match facts {
        Facts::Shown => vec![extension()],
        Facts::Hidden => Vec::new(),
    };
    ResourceSchema::new("/Users", core(roles), extensions)
}

fn core(roles: &Roles) -> Schema {
    // The values that a client may write, which the owner's role is not.
    let slugs = roles.assignable().map(|entry| entry.slug.clone()).collect();
    let entries = roles.entries().iter();
    let names = entries.flat_map(|entry| [&entry.title, &entry.slug].map(|name| (name.as_str(), entry.slug.as_str())));
    let name = vec![
        Attribute::new("formatted", Kind::Text, "The full name, as it is shown."),
        Attribute::new("familyName", Kind::Text, "The family name."),
        Attribute::new("givenName", Kind::Text, "The given name."),
    ];
    let role = vec![
        Attribute::new("value", Kind::Text, "The role: one of the account's roles.").canonical(slugs).named(names),
        Attribute::new("display", Kind::Text, "The role, for people."),
        Attribute::new("type", Kind::Text, "A label of the client's."),
        Attribute::new("primary", Kind::Boolean, "Whether this is the main role: there is but one."),
    ];
    Schema {
        urn: scim::USER,
        name: "User",
        description: "A user of an account.",
        required: Required::Yes,
        attributes: vec![
            Attribute {
                uniqueness: "server",
                ..Attribute::new("userName", Kind::Text, "The login, unique in the account whatever its case.")
                    .required()
            },
            Attribute::new("displayName", Kind::Text, "The name that is shown."),
            Attribute::new("name", Kind::Complex(name), "The user's name."),
            Attribute::new("preferredLanguage", Kind::Text, "The language of the invitation and of the first login.")
                .canonical(Language::ALL.map(|language| language.tag().to_owned()).to_vec()),
            Attribute::new("active", Kind::Boolean, "False for a user who was deactivated."),
            Attribute::new("roles", Kind::Complex(role), "The user's role: exactly one.").many(Plurality::ManyKeepOne),
        ],
    }
}

fn extension() -> Schema {
    let statuses = ["invited", "active", "deactivated"].map(str::to_owned).to_vec();
    let known = |name, kind, description| Attribute::new(name, kind, description).read_only().on_request();
    let date = |name, description| known(name, Kind::DateTime, description);
    Schema {
        urn: scim::ACCOUNT_USER,
        name: "AccountUser",
        description: "What the account knows of a user beyond the core.",
        required: Required::No,
        attributes: vec![
            Attribute::new("reason", Kind::Text, "Why the user has access, in the words of who gave it."),
            known("status", Kind::Text, "Where the user stands in the account.").canonical(statuses),
            date("invitedAt", "When the newest invitation was sent."),
            date("invitationExpires", "When the newest invitation ends."),
            date("lastLogin", "When the user last logged in."),
            date("addedAt", "When the user was added."),
        ],
    }
}
