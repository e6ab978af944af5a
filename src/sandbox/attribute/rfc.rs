//! A schema of the RFC's own examples, for tests that repeat them.

use super::{Attribute, Kind, Plurality, Required, ResourceSchema, Schema};

/// What the examples of RFC 7644 sections 3.4.2.2 and 3.5.2 speak of, users and groups in one.
pub(crate) fn examples() -> ResourceSchema {
    let text = |name| Attribute::new(name, Kind::Text, "");
    let flag = Attribute::new("primary", Kind::Boolean, "");
    let many = |name, subs| Attribute::new(name, Kind::Complex(subs), "").many(Plurality::Many);
    let contact = vec![text("value"), text("display"), text("type"), flag.clone()];
    let address = ["type", "streetAddress", "locality", "region", "postalCode", "country", "formatted"].map(text);
    let core = Schema {
        urn: crate::scim::USER,
        name: "User",
        description: "",
        required: Required::Yes,
        attributes: vec![
            text("userName"),
            text("title"),
            text("userType"),
            text("nickName"),
            Attribute::new("name", Kind::Complex(vec![text("familyName"), text("givenName")]), ""),
            many("emails", contact.clone()),
            many("ims", contact),
            many("addresses", address.into_iter().chain([flag]).collect()),
            many("members", vec![text("value"), text("display"), text("$ref")]),
        ],
    };
    ResourceSchema::new("/Users", core, Vec::new())
}
