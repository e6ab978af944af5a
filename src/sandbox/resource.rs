//! A user as JSON, and JSON as a profile.

use serde_json::{Value, json};

use super::attribute::Object;
use super::refusal::{Keyword, Refusal};
use super::user::{HeldRole, Profile, User};
use crate::scim;

/// How an account shows its users.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// The account's SCIM base URL, as the client knows it.
    pub(crate) base: String,
    /// Whether clients see what only the account knows.
    pub(crate) facts: Facts,
}

/// Whether users carry the extension with what only the account knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Facts {
    #[default]
    Shown,
    Hidden,
}

/// The resource that clients see.
pub(crate) fn user_to_json(user: &User, view: &View) -> Object {
    let base = &view.base;
    let mut resource = Object::new();
    let schemas = match view.facts {
        Facts::Shown => json!([scim::USER, scim::ACCOUNT_USER]),
        Facts::Hidden => json!([scim::USER]),
    };
    resource.insert("schemas".to_owned(), schemas);
    resource.insert("id".to_owned(), json!(user.id));
    profile_to_json(&user.profile, &mut resource);
    if view.facts == Facts::Shown {
        resource.insert(scim::ACCOUNT_USER.to_owned(), Value::Object(facts_to_json(user)));
    }
    resource.insert(
        "meta".to_owned(),
        json!({
            "resourceType": "User",
            "created": user.added,
            "lastModified": user.modified,
            "location": user_location(base, &user.id),
            "version": etag(user.version),
        }),
    );
    resource
}

fn facts_to_json(user: &User) -> Object {
    let mut account = Object::new();
    account.insert("status".to_owned(), json!(user.status().as_str()));
    account.insert("addedAt".to_owned(), json!(user.added));
    let dates =
        [("invitedAt", user.invited), ("invitationExpires", user.invitation_expires), ("lastLogin", user.last_login)];
    for (name, date) in dates {
        if let Some(date) = date {
            account.insert(name.to_owned(), json!(date));
        }
    }
    account
}

/// Where a user stands.
pub(crate) fn user_location(base: &str, id: &str) -> String {
    format!("{base}/Users/{id}")
}

/// The weak entity tag of a version (RFC 7644 section 3.14).
pub(crate) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// What a resource in the schema's shape says of a user. Its read-only attributes are not looked at.
///
/// # Errors
///
/// 400 `invalidValue` where `userName` is missing or the roles are not one role.
pub(crate) fn profile_from_json(resource: &Object) -> Result<Profile, Refusal> {
    let text = |object: &Object, name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let user_name = text(resource, "userName")
        .ok_or_else(|| Refusal::bad(Keyword::InvalidValue, "`userName` is required and cannot be empty"))?;
    let empty = Object::new();
    let name = resource.get("name").and_then(Value::as_object).unwrap_or(&empty);
    let role = match resource.get("roles").and_then(Value::as_array) {
        Some(elements) => one_role(elements)?,
        None => None,
    };
    Ok(Profile {
        user_name,
        external_id: text(resource, "externalId"),
        display_name: text(resource, "displayName"),
        given_name: text(name, "givenName"),
        family_name: text(name, "familyName"),
        formatted_name: text(name, "formatted"),
        active: resource.get("active").and_then(Value::as_bool),
        language: text(resource, "preferredLanguage"),
        role,
    })
}

fn one_role(elements: &[Value]) -> Result<Option<HeldRole>, Refusal> {
    let is_primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
    let element = match elements {
        [] => return Ok(None),
        [element] => element,
        several => {
            let mut primaries = several.iter().filter(is_primary);
            match (primaries.next(), primaries.next()) {
                (Some(primary), None) => primary,
                (None | Some(_), _) => {
                    return Err(Refusal::bad(
                        Keyword::InvalidValue,
                        "a user has exactly one role here: of several `roles`, one must be `primary`",
                    ));
                }
            }
        }
    };
    let text = |name: &str| element.get(name).and_then(Value::as_str).map(str::to_owned);
    let slug =
        text("value").ok_or_else(|| Refusal::bad(Keyword::InvalidValue, "an element of `roles` needs a `value`"))?;
    let primary = element.get("primary").and_then(Value::as_bool);
    Ok(Some(HeldRole { slug, display: text("display"), kind: text("type"), primary }))
}

fn profile_to_json(profile: &Profile, resource: &mut Object) {
    resource.insert("userName".to_owned(), json!(profile.user_name));
    for (name, text) in [("externalId", &profile.external_id), ("displayName", &profile.display_name)] {
        if let Some(text) = text {
            resource.insert(name.to_owned(), json!(text));
        }
    }
    let name = object([
        ("formatted", profile.formatted_name.as_ref().map(|text| json!(text))),
        ("familyName", profile.family_name.as_ref().map(|text| json!(text))),
        ("givenName", profile.given_name.as_ref().map(|text| json!(text))),
    ]);
    if !name.is_empty() {
        resource.insert("name".to_owned(), Value::Object(name));
    }
    if let Some(language) = &profile.language {
        resource.insert("preferredLanguage".to_owned(), json!(language));
    }
    if let Some(active) = profile.active {
        resource.insert("active".to_owned(), json!(active));
    }
    if let Some(role) = &profile.role {
        let element = object([
            ("value", Some(json!(role.slug))),
            ("display", role.display.as_ref().map(|text| json!(text))),
            ("type", role.kind.as_ref().map(|text| json!(text))),
            ("primary", role.primary.map(|flag| json!(flag))),
        ]);
        resource.insert("roles".to_owned(), Value::Array(vec![Value::Object(element)]));
    }
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Object {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
