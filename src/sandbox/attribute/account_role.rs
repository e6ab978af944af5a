//! The Role of this service: what the IETF draft "SCIM Roles and Entitlements" says of a role, and the extension for what
//! an account's own roles are made of.

use super::{Attribute, Kind, Plurality, Required, ResourceSchema, Schema};
use crate::sandbox::custom_role::PERMISSION_SETS;
use crate::scim;

/// The schema of the roles of an account.
pub(crate) fn account_role() -> ResourceSchema {
    ResourceSchema::new("/Roles", core(), vec![extension()])
}

fn core() -> Schema {
    let kinds = ["static", "custom"].map(str::to_owned).to_vec();
    Schema {
        urn: scim::ROLE,
        name: "Role",
        description: "A role that users of the account can hold.",
        required: Required::Yes,
        attributes: vec![
            Attribute::new("value", Kind::Text, "What stands in the `roles` of a user.").read_only(),
            Attribute {
                uniqueness: "server",
                ..Attribute::new("display", Kind::Text, "The name, unique in the account in whatever spelling.")
                    .required()
            },
            Attribute::new("type", Kind::Text, "Whether every account has it, or this one made it.")
                .read_only()
                .canonical(kinds),
            Attribute::new("supported", Kind::Boolean, "Whether it can be given to users.").read_only(),
        ],
    }
}

fn extension() -> Schema {
    let sets = PERMISSION_SETS.iter().map(|set| set.slug.to_owned()).collect();
    Schema {
        urn: scim::ACCOUNT_ROLE,
        name: "AccountRole",
        description: "What a role of the account is for, and what it is made of.",
        required: Required::Yes,
        attributes: vec![
            Attribute::new("description", Kind::Text, "What the role is for."),
            Attribute::new("permissions", Kind::Text, "The permission sets. Static roles are not made of any.")
                .many(Plurality::Many)
                .canonical(sets)
                .required(),
        ],
    }
}
