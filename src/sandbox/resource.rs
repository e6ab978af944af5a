//! A user as JSON, and JSON as a profile.

use jiff::Timestamp;
use serde::Serialize;
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

/// How much of a user is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shows {
    /// What every client sees that asks for nothing in particular.
    ByDefault,
    /// That, and what is shown on request.
    Everything,
}

/// The resource that clients see, borrowed from the user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown<'u> {
    schemas: &'static [&'static str],
    id: &'u str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'u str>,
    user_name: &'u str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<ShownName<'u>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_language: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<[ShownRole<'u>; 1]>,
    #[serde(rename = "urn:roster:params:scim:schemas:extension:account:2.0:User")]
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<ShownExtension<'u>>,
    meta: Meta,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownName<'u> {
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'u str>,
}

#[derive(Debug, Serialize)]
struct ShownRole<'u> {
    value: &'u str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<&'u str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary: Option<bool>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownExtension<'u> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
    created: Timestamp,
    last_modified: Timestamp,
    location: String,
    version: String,
}

impl<'u> Shown<'u> {
    /// The user as this view shows it.
    pub(crate) fn of(user: &'u User, view: &View, shows: Shows) -> Self {
        let extension = ShownExtension::of(user, view, shows);
        let profile = &user.profile;
        let name = ShownName {
            formatted: profile.formatted_name.as_deref(),
            family_name: profile.family_name.as_deref(),
            given_name: profile.given_name.as_deref(),
        };
        let is_named = name.formatted.or(name.family_name).or(name.given_name).is_some();
        Self {
            schemas: if extension.is_some() { &[scim::USER, scim::ACCOUNT_USER] } else { &[scim::USER] },
            id: &user.id,
            external_id: profile.external_id.as_deref(),
            user_name: &profile.user_name,
            display_name: profile.display_name.as_deref(),
            name: is_named.then_some(name),
            preferred_language: profile.language.as_deref(),
            active: profile.active,
            roles: profile.role.as_ref().map(|role| [ShownRole::of(role)]),
            extension,
            meta: Meta {
                resource_type: "User",
                created: user.added,
                last_modified: user.modified,
                location: user_location(&view.base, &user.id),
                version: etag(user.version),
            },
        }
    }
}

impl<'u> ShownRole<'u> {
    fn of(role: &'u HeldRole) -> Self {
        Self { value: &role.slug, display: role.display.as_deref(), kind: role.kind.as_deref(), primary: role.primary }
    }
}

impl<'u> ShownExtension<'u> {
    /// `None` where there is nothing in it.
    fn of(user: &'u User, view: &View, shows: Shows) -> Option<Self> {
        let reason = user.profile.reason.as_deref();
        match (view.facts, shows) {
            (Facts::Hidden, _) => None,
            (Facts::Shown, Shows::ByDefault) => reason.map(|reason| Self { reason: Some(reason), ..Self::default() }),
            (Facts::Shown, Shows::Everything) => Some(Self {
                reason,
                status: Some(user.status().as_str()),
                added_at: Some(user.added),
                invited_at: user.invited,
                invitation_expires: user.invitation_expires,
                last_login: user.last_login,
            }),
        }
    }
}

/// All of the resource as a JSON object, for what works on JSON.
pub(crate) fn user_to_json(user: &User, view: &View) -> Object {
    match serde_json::to_value(Shown::of(user, view, Shows::Everything)) {
        Ok(Value::Object(resource)) => resource,
        // A struct with text keys is an object.
        Ok(_) | Err(_) => Object::new(),
    }
}

/// What is the same in the resources of all users.
pub(crate) fn common_to_json(view: &View) -> Object {
    let schemas = match view.facts {
        Facts::Shown => json!([scim::USER, scim::ACCOUNT_USER]),
        Facts::Hidden => json!([scim::USER]),
    };
    let meta = json!({ "resourceType": "User" });
    [("schemas", schemas), ("meta", meta)].map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
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
    let extension = resource.get(scim::ACCOUNT_USER).and_then(Value::as_object).unwrap_or(&empty);
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
        reason: text(extension, "reason"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_has_its_name() {
        let added = Timestamp::UNIX_EPOCH;
        let user = User {
            id: "1".to_owned(),
            version: 1,
            profile: Profile { user_name: "ada".to_owned(), ..Profile::default() },
            added,
            modified: added,
            invited: None,
            invitation_expires: None,
            accepted: None,
            last_login: None,
        };
        let view = View { base: "http://localhost/acme/scim/v2".to_owned(), facts: Facts::Shown };
        assert!(user_to_json(&user, &view).contains_key(scim::ACCOUNT_USER));
    }
}
