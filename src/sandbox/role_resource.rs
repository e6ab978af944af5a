//! A role as JSON, and JSON as the contents of a custom role.

use serde_json::{Value, json};

use super::attribute::Object;
use super::custom_role::{Contents, CustomRole};
use super::refusal::{Keyword, Refusal};
use super::resource::etag;
use super::rules::RoleEntry;
use crate::scim;

/// A role that every account of its kind has.
pub(crate) fn static_role_to_json(role: &RoleEntry, base: &str) -> Object {
    shown(json!({
        "schemas": [scim::ROLE, scim::ACCOUNT_ROLE],
        "id": role.slug,
        "value": role.slug,
        "display": role.title,
        "type": "static",
        "supported": true,
        scim::ACCOUNT_ROLE: { "description": role.allows },
        "meta": { "resourceType": "Role", "location": role_location(base, &role.slug) },
    }))
}

/// A role that this account made.
pub(crate) fn custom_role_to_json(role: &CustomRole, base: &str) -> Object {
    let CustomRole { slug, title, description, permissions, external_id, version, made, modified } = role;
    let mut resource = json!({
        "schemas": [scim::ROLE, scim::ACCOUNT_ROLE],
        "id": slug,
        "value": slug,
        "display": title,
        "type": "custom",
        "supported": true,
        scim::ACCOUNT_ROLE: { "permissions": permissions },
        "meta": {
            "resourceType": "Role",
            "created": made,
            "lastModified": modified,
            "location": role_location(base, slug),
            "version": etag(*version),
        },
    });
    if let Some(external_id) = external_id {
        resource["externalId"] = json!(external_id);
    }
    if !description.is_empty() {
        resource[scim::ACCOUNT_ROLE]["description"] = json!(description);
    }
    shown(resource)
}

/// Where a role stands.
pub(crate) fn role_location(base: &str, slug: &str) -> String {
    let slug: String = url::form_urlencoded::byte_serialize(slug.as_bytes()).collect();
    format!("{base}/Roles/{slug}")
}

/// What a resource in the schema's shape says of a role. Its read-only attributes are not looked at.
///
/// # Errors
///
/// 400 `invalidValue` where there is no name.
pub(crate) fn contents_from_json(resource: &Object) -> Result<Contents, Refusal> {
    let text = |object: &Object, name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let title = text(resource, "display")
        .ok_or_else(|| Refusal::bad(Keyword::InvalidValue, "`display` is required: the name of the role"))?;
    let empty = Object::new();
    let extension = resource.get(scim::ACCOUNT_ROLE).and_then(Value::as_object).unwrap_or(&empty);
    let permissions = extension.get("permissions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(Contents {
        title,
        description: text(extension, "description").unwrap_or_default(),
        permissions: permissions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        external_id: text(resource, "externalId"),
    })
}

fn shown(resource: Value) -> Object {
    match resource {
        Value::Object(resource) => resource,
        // What is written with braces is an object.
        _ => Object::new(),
    }
}
