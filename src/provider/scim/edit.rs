//! What is written to change a user: new values for whole attributes, the one form that servers agree on.
//!
//! How they are sent, as a PATCH or merged into the whole user for a PUT, is [`patch`](crate::provider::scim::patch)'s.

use serde_json::{Map, Value, json};

use crate::model::dialect::Dialect;
use crate::model::dialect::reading::Login;
use crate::model::dialect::role::{NamedBy, Primary, RoleElements, RolePlace};
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status};
use crate::model::person::Profile;
use crate::model::role::{HeldRoles, RoleName};
use crate::provider::scim::compare::{Access, Wanted};
use crate::provider::scim::learned::Learned;

/// A new value for one attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// Where an attribute stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the core.
    Core(String),
    /// A part of an attribute of the core.
    Part(&'static str, &'static str),
    /// In an extension of this schema.
    Extension(String, String),
}

/// A role that cannot be written, because the server would not know which one is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnknownRole;

impl Edit {
    /// The edits that make a user as wanted, and no others. `raw` is the user as the server has it.
    pub(super) fn towards(
        wanted: &Wanted<'_>,
        user: &LiveUser,
        raw: &Map<String, Value>,
        learned: &Learned,
    ) -> Result<Vec<Self>, UnknownRole> {
        let Wanted { login, roles, profile, access } = wanted;
        let dialect = learned.dialect();
        let mut edits = Vec::new();
        if let Some(to) = login.filter(|login| **login != user.email) {
            edits.extend(new_address(to, &user.email, raw, dialect));
        }
        match access {
            Access::Exactly(Status::Active) if user.status != Status::Active => edits.push(Self::active(true)),
            Access::Exactly(Status::Deactivated) if user.status != Status::Deactivated => {
                edits.push(Self::active(false));
            }
            _ => {}
        }
        let role = roles.as_ref().filter(|roles| **roles != user.roles).and_then(HeldRoles::only);
        if let Some(role) = role {
            edits.extend(Self::role(role, raw, learned)?);
        }
        if let Some(Profile { first_name, last_name }) = profile {
            let new = |wanted: &Option<String>, has: &Option<String>| wanted.clone().filter(|_| wanted != has);
            let name = |part, name: String| Self { place: Place::Part("name", part), value: Value::from(name) };
            edits.extend(new(first_name, &user.profile.first_name).map(|text| name("givenName", text)));
            edits.extend(new(last_name, &user.profile.last_name).map(|text| name("familyName", text)));
        }
        Ok(edits)
    }

    fn core(attribute: &str, value: impl Into<Value>) -> Self {
        Self { place: Place::Core(attribute.to_owned()), value: value.into() }
    }

    fn active(active: bool) -> Self {
        Self::core("active", active)
    }

    /// The one role, where the dialect has it; none where roles stand nowhere.
    pub(super) fn role(
        role: &RoleName,
        raw: &Map<String, Value>,
        learned: &Learned,
    ) -> Result<Option<Self>, UnknownRole> {
        let dialect = learned.dialect();
        let listed = learned.role_value(role);
        let text = listed.as_deref().unwrap_or(dialect.role_names.written(role));
        Ok(match &dialect.role {
            RolePlace::Elements(elements) => {
                let element = element(role, elements, learned)?;
                let others = others(raw, elements);
                Some(Self::core(elements.list.attribute(), Value::Array([vec![element], others].concat())))
            }
            RolePlace::Texts(list) => Some(Self::core(list.attribute(), json!([text]))),
            RolePlace::Attribute(path) => {
                let attribute = path.attribute.to_string();
                let place = match &path.schema {
                    None => Place::Core(attribute),
                    Some(schema) => Place::Extension(schema.to_string(), attribute),
                };
                Some(Self { place, value: Value::from(text) })
            }
            RolePlace::Nowhere => None,
        })
    }

    /// The attribute it replaces, as a path of RFC 7644 section 3.5.2.
    pub(super) fn path(&self) -> String {
        match &self.place {
            Place::Core(attribute) => attribute.clone(),
            Place::Part(attribute, part) => format!("{attribute}.{part}"),
            Place::Extension(schema, attribute) => format!("{schema}:{attribute}"),
        }
    }
}

/// A role as an element of a list.
fn element(role: &RoleName, place: &RoleElements, learned: &Learned) -> Result<Value, UnknownRole> {
    let RoleElements { list: _, named_by, primary, kind } = place;
    let text = learned.dialect().role_names.written(role);
    let mut element = match named_by {
        NamedBy::Value => json!({"value": learned.role_value(role).as_deref().unwrap_or(text)}),
        NamedBy::Display => match learned.role_value(role) {
            Some(value) => json!({"value": value, "display": text}),
            None => json!({"display": text}),
        },
        NamedBy::Listing => json!({"value": learned.role_value(role).ok_or(UnknownRole)?}),
    };
    if let Some(kind) = kind {
        element["type"] = Value::from(kind.as_str());
    }
    if *primary == Primary::Marked {
        element["primary"] = Value::Bool(true);
    }
    Ok(element)
}

/// The elements of a list that are no roles, because they are of another type: they stay.
fn others(raw: &Map<String, Value>, RoleElements { list, kind, .. }: &RoleElements) -> Vec<Value> {
    let Some(kind) = kind else { return Vec::new() };
    let elements = member(raw, list.attribute()).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_role = |element: &&Value| {
        let has = element.as_object().and_then(|element| member(element, "type")).and_then(Value::as_str);
        has.is_some_and(|has| has.eq_ignore_ascii_case(kind))
    };
    elements.iter().filter(|element| !is_role(element)).cloned().collect()
}

/// The edits that give a user another address: wherever the old one stands.
fn new_address(to: &Email, from: &Email, raw: &Map<String, Value>, dialect: &Dialect) -> Vec<Edit> {
    let is_old = |value: Option<&Value>| {
        value.and_then(Value::as_str).and_then(Email::observed).is_some_and(|address| address == *from)
    };
    let mut edits = Vec::new();
    for attribute in ["userName", "externalId"] {
        let is_login = attribute == "userName" && dialect.login == Login::UserName;
        if is_login || is_old(member(raw, attribute)) {
            edits.push(Edit::core(attribute, to.as_str()));
        }
    }
    let addresses = member(raw, "emails").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut changed = addresses.clone();
    for address in &mut changed {
        let Some(object) = address.as_object_mut() else { continue };
        let name = object.keys().find(|name| name.eq_ignore_ascii_case("value")).cloned();
        if let Some(name) = name.filter(|name| is_old(object.get(name))) {
            object.insert(name, Value::from(to.as_str()));
        }
    }
    if changed != addresses {
        edits.push(Edit::core("emails", changed));
    } else if dialect.login == Login::Email {
        edits.push(Edit::core("emails", json!([{"value": to.as_str(), "primary": true}])));
    }
    edits
}

/// The member of this name, in whatever case the server writes it (RFC 7643 section 2.1).
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;
    use crate::model::dialect::role::RoleList;
    use crate::provider::scim::Expected;

    fn learned(dialect: Dialect) -> Learned {
        Learned::about(dialect, Expected::default())
    }

    fn raw(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    fn written(dialect: Dialect, user: Value) -> Option<(String, Value)> {
        let role = "Admin".parse().expect("a role");
        let edit = Edit::role(&role, &raw(user), &learned(dialect)).expect("a known role");
        edit.map(|edit| (edit.path(), edit.value))
    }

    #[test]
    fn a_role_is_written_where_the_dialect_has_it() {
        let (path, value) = written(Dialect::rfc(), json!({})).expect("an edit");
        assert_eq!((path.as_str(), value), ("roles", json!([{"value": "Admin", "primary": true}])));
        let licence = json!({"type": "licence", "value": "full"});
        let user = json!({"Roles": [{"type": "Base", "value": "user"}, licence]});
        let (_, value) = written(Preset::Pagerduty.dialect(), user).expect("an edit");
        assert_eq!(value, json!([{"value": "Admin", "type": "base"}, licence]));
        let (path, value) = written(Preset::Launchdarkly.dialect(), json!({})).expect("an edit");
        assert_eq!(path, "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role");
        assert_eq!(value, json!("Admin"));
        assert_eq!(written(Preset::Slack.dialect(), json!({})), None);
        let texts = Dialect { role: RolePlace::Texts(RoleList::Entitlements), ..Dialect::rfc() };
        assert_eq!(written(texts, json!({})).expect("an edit").1, json!(["Admin"]));
    }

    #[test]
    fn a_role_that_the_server_knows_by_an_id_is_written_by_it() {
        let named = |named_by| {
            let elements = RoleElements { list: RoleList::Roles, named_by, primary: Primary::LeftOut, kind: None };
            learned(Dialect { role: RolePlace::Elements(elements), ..Dialect::rfc() })
        };
        let admin = "admin".parse().expect("a role");
        let value =
            |learned: &Learned| Edit::role(&admin, &Map::new(), learned).map(|edit| edit.map(|edit| edit.value));
        let display = named(NamedBy::Display);
        assert_eq!(value(&display), Ok(Some(json!([{"display": "admin"}]))));
        display.saw_values([(admin.clone(), "7f0a".to_owned())].into());
        assert_eq!(value(&display), Ok(Some(json!([{"value": "7f0a", "display": "admin"}]))));
        assert_eq!(value(&named(NamedBy::Listing)), Err(UnknownRole));
    }

    #[test]
    fn an_address_is_changed_wherever_it_stands() {
        let email = |text: &str| Email::observed(text).expect("a login");
        let (from, to) = (email("old@x.example"), email("new@x.example"));
        let user = raw(json!({
            "userName": "Old@x.example", "externalId": "17",
            "emails": [{"value": "other@x.example"}, {"value": "old@X.example", "primary": true}],
        }));
        let edits = |dialect: &Dialect, user| {
            let edits = new_address(&to, &from, user, dialect);
            edits.into_iter().map(|edit| (edit.path(), edit.value)).collect::<Vec<_>>()
        };
        let changed = json!([{"value": "other@x.example"}, {"value": "new@x.example", "primary": true}]);
        assert_eq!(
            edits(&Dialect::rfc(), &user),
            [("userName".to_owned(), json!("new@x.example")), ("emails".to_owned(), changed)]
        );
        let github = raw(json!({"userName": "old_acme", "externalId": "old@x.example"}));
        assert_eq!(
            edits(&Preset::GithubEnterprise.dialect(), &github),
            [
                ("externalId".to_owned(), json!("new@x.example")),
                ("emails".to_owned(), json!([{"value": "new@x.example", "primary": true}])),
            ]
        );
    }
}
