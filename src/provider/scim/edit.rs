//! What is written: the body that creates a user, and edits as a PATCH or merged into the whole user for a PUT.
//!
//! An attribute is always replaced as a whole: the one form of PATCH that servers agree on.

use serde_json::{Map, Value, json};

use crate::model::email::Email;
use crate::model::live::LiveUser;
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;
use crate::scim::USER;
use crate::scim::message::{PatchOperation, PatchRequest};

/// A new value for one attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// The one role.
    Role(RoleName),
    /// `active: true`.
    LetIn,
    /// `name.givenName`.
    FirstName(String),
    /// `name.familyName`.
    LastName(String),
}

impl Edit {
    /// The edits that give these names, where the user has others.
    pub(super) fn names(after: &Profile, user: &LiveUser) -> Vec<Self> {
        let Profile { first_name, last_name } = after;
        let first = first_name.clone().filter(|name| Some(name) != user.profile.first_name.as_ref());
        let last = last_name.clone().filter(|name| Some(name) != user.profile.last_name.as_ref());
        first.map(Self::FirstName).into_iter().chain(last.map(Self::LastName)).collect()
    }

    fn path(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Role(_) => ("roles", None),
            Self::LetIn => ("active", None),
            Self::FirstName(_) => ("name", Some("givenName")),
            Self::LastName(_) => ("name", Some("familyName")),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Role(role) => roles(role),
            Self::LetIn => Value::Bool(true),
            Self::FirstName(name) | Self::LastName(name) => Value::from(name.as_str()),
        }
    }
}

/// The body that creates a user.
pub(super) fn creation(email: &Email, role: &RoleName, profile: &Profile, language: Option<&Language>) -> Value {
    let mut user = json!({
        "schemas": [USER],
        "userName": email.as_str(),
        "emails": [{"value": email.as_str(), "type": "work", "primary": true}],
        "active": true,
        "roles": roles(role),
    });
    let Profile { first_name, last_name } = profile;
    for (name, value) in [("givenName", first_name), ("familyName", last_name)] {
        if let Some(value) = value {
            user["name"][name] = Value::from(value.as_str());
        }
    }
    if let Some(language) = language {
        user["preferredLanguage"] = Value::from(language.as_str());
    }
    user
}

/// The edits as a PATCH (RFC 7644 section 3.5.2).
pub(super) fn patch(edits: &[Edit]) -> Value {
    let operations = edits.iter().map(|edit| {
        let path = match edit.path() {
            (attribute, None) => attribute.to_owned(),
            (attribute, Some(part)) => format!("{attribute}.{part}"),
        };
        PatchOperation::replace(&path, edit.value())
    });
    json!(PatchRequest::of(operations.collect()))
}

/// The user as it was read, with the edits in it, for a PUT (RFC 7644 section 3.5.1). Every attribute stays, known here
/// or not; only `meta` goes, which is the server's own.
pub(super) fn merged(mut user: Map<String, Value>, edits: &[Edit]) -> Value {
    user.retain(|name, _| !name.eq_ignore_ascii_case("meta"));
    for edit in edits {
        let (attribute, part) = edit.path();
        let place = member(&mut user, attribute);
        match part {
            None => *place = edit.value(),
            Some(part) => {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                if let Some(object) = place.as_object_mut() {
                    *member(object, part) = edit.value();
                    // The text in full would contradict its parts now; a server makes it from them.
                    object.retain(|name, _| !name.eq_ignore_ascii_case("formatted"));
                }
            }
        }
    }
    Value::Object(user)
}

fn roles(role: &RoleName) -> Value {
    json!([{"value": role.as_str(), "primary": true}])
}

/// The member of this name, in whatever case the server writes it; a new one where there is none.
fn member<'a>(object: &'a mut Map<String, Value>, name: &str) -> &'a mut Value {
    let known = object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    object.entry(known.unwrap_or_else(|| name.to_owned())).or_insert(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_become_a_patch_of_whole_attributes() {
        let role = "manager".parse().expect("a role");
        assert_eq!(
            patch(&[Edit::LetIn, Edit::Role(role), Edit::LastName("Hopper".into())]),
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [
                    {"op": "replace", "path": "active", "value": true},
                    {"op": "replace", "path": "roles", "value": [{"value": "manager", "primary": true}]},
                    {"op": "replace", "path": "name.familyName", "value": "Hopper"},
                ],
            })
        );
    }

    #[test]
    fn a_merged_user_keeps_what_nobody_here_knows() {
        let user = json!({
            "id": "1", "UserName": "g@x.example", "Roles": [{"value": "analyst"}], "meta": {"version": "1"},
            "name": {"givenName": "Grace", "formatted": "Grace H."}, "urn:other:User": {"cost": 7},
        });
        let Value::Object(user) = user else { panic!("an object") };
        let role = "manager".parse().expect("a role");
        assert_eq!(
            merged(user, &[Edit::Role(role), Edit::LastName("Hopper".into()), Edit::LetIn]),
            json!({
                "id": "1", "UserName": "g@x.example", "Roles": [{"value": "manager", "primary": true}], "active": true,
                "name": {"givenName": "Grace", "familyName": "Hopper"}, "urn:other:User": {"cost": 7},
            })
        );
    }
}
