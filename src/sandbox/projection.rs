//! `attributes` and `excludedAttributes`: which part of a resource an answer holds (RFC 7644 section 3.9).

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::attribute::{Object, Place, ResourceSchema, Returned};
use super::refusal::{Keyword, Refusal};
use super::resource::{Shown, Shows, View, user_to_json};
use super::user::User;

/// Which part of a resource is answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Projection {
    /// All that is answered by default.
    #[default]
    Default,
    /// All there is, because the core schema and every extension were named.
    Everything,
    /// What is named, and what every answer holds.
    Only(Vec<Name>),
    /// All but what is named.
    Without(Vec<Name>),
}

/// A resource, or a part of one, ready to be written.
#[derive(Debug)]
pub(crate) enum Part<'u> {
    /// A user, which is made into JSON only where it is written.
    User(&'u User, &'u View, Shows),
    /// What a projection left.
    Some(Object),
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::User(user, view, shows) => Shown::of(user, view, *shows).serialize(serializer),
            Self::Some(object) => object.serialize(serializer),
        }
    }
}

/// Something that was named: an extension, an attribute, or a sub-attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    extension: Option<&'static str>,
    attribute: Option<&'static str>,
    sub: Option<&'static str>,
}

/// What becomes of an attribute.
enum Keep {
    All,
    None,
    /// Of its sub-attributes, those that pass.
    Some(Vec<&'static str>),
    /// Of its sub-attributes, those that are not here.
    AllBut(Vec<&'static str>),
}

impl Projection {
    /// Reads the two parameters. Names that nothing bears are passed over.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where both are given: they exclude each other.
    pub(crate) fn read(only: &[String], without: &[String], schema: &ResourceSchema) -> Result<Self, Refusal> {
        let names = |texts: &[String]| texts.iter().filter_map(|text| name(text.trim(), schema)).collect();
        match (only.is_empty(), without.is_empty()) {
            (true, true) => Ok(Self::Default),
            (false, true) => Ok(Self::only(names(only), schema)),
            (true, false) => Ok(Self::Without(names(without))),
            (false, false) => Err(Refusal::bad(
                Keyword::InvalidValue,
                "`attributes` and `excludedAttributes` exclude each other: send one of them",
            )),
        }
    }

    /// The part of a user that is answered.
    pub(crate) fn show<'u>(&self, user: &'u User, view: &'u View, schema: &ResourceSchema) -> Part<'u> {
        match self {
            Self::Default => Part::User(user, view, Shows::ByDefault),
            Self::Everything => Part::User(user, view, Shows::Everything),
            Self::Only(_) | Self::Without(_) => Part::Some(self.apply(user_to_json(user, view), schema)),
        }
    }

    fn only(names: Vec<Name>, schema: &ResourceSchema) -> Self {
        let whole = |extension| names.contains(&Name { extension, attribute: None, sub: None });
        if whole(None) && schema.extensions.iter().all(|extension| whole(Some(extension.urn))) {
            Self::Everything
        } else {
            Self::Only(names)
        }
    }

    /// The part of a whole resource that is answered.
    pub(crate) fn apply(&self, resource: Object, schema: &ResourceSchema) -> Object {
        let members = resource.into_iter().filter_map(|(key, value)| self.apply_to_member(key, value, schema));
        let mut part: Object = members.collect();
        // The schemas of what is there (RFC 7643 section 3).
        if let Some(Value::Array(mut urns)) = part.remove("schemas") {
            let is_there =
                |urn: &Value| urn.as_str().is_none_or(|urn| schema.extension(urn).is_none() || part.contains_key(urn));
            urns.retain(is_there);
            part.insert("schemas".to_owned(), Value::Array(urns));
        }
        part
    }

    fn apply_to_member(&self, key: String, value: Value, schema: &ResourceSchema) -> Option<(String, Value)> {
        let Some(extension) = schema.extension(&key) else {
            let kept = trim(value, self.keep(None, &key, schema))?;
            return Some((key, kept));
        };
        let Value::Object(members) = value else { return None };
        let kept: Object = members
            .into_iter()
            .filter_map(|(name, value)| {
                let keep = self.keep(Some(extension.urn), &name, schema);
                Some((name, trim(value, keep)?))
            })
            .collect();
        (!kept.is_empty()).then_some((key, Value::Object(kept)))
    }

    fn keep(&self, extension: Option<&str>, attribute: &str, schema: &ResourceSchema) -> Keep {
        let returned = schema.find(extension, attribute, None).map(|place| place.attribute.returned);
        if returned == Some(Returned::Always) {
            return Keep::All;
        }
        let concerns = |name: &&Name| {
            name.extension == extension && name.attribute.is_none_or(|named| named.eq_ignore_ascii_case(attribute))
        };
        let (names, listed) = match self {
            Self::Everything => return Keep::All,
            Self::Default | Self::Without(_) if returned == Some(Returned::Request) => return Keep::None,
            Self::Default => return Keep::All,
            Self::Only(names) => (names, true),
            Self::Without(names) => (names, false),
        };
        let concerned: Vec<&Name> = names.iter().filter(concerns).collect();
        let whole = concerned.iter().any(|name| name.sub.is_none());
        let subs: Vec<&'static str> = concerned.iter().filter_map(|name| name.sub).collect();
        match (listed, whole, subs.is_empty()) {
            (true, true, _) | (false, false, true) => Keep::All,
            (true, false, true) | (false, true, _) => Keep::None,
            (true, false, false) => Keep::Some(subs),
            (false, false, false) => Keep::AllBut(subs),
        }
    }
}

fn name(text: &str, schema: &ResourceSchema) -> Option<Name> {
    if text.eq_ignore_ascii_case(schema.core.urn) {
        return Some(Name { extension: None, attribute: None, sub: None });
    }
    if let Some(extension) = schema.extension(text) {
        return Some(Name { extension: Some(extension.urn), attribute: None, sub: None });
    }
    let Place { extension, attribute, sub } = schema.find_text(text)?;
    Some(Name { extension, attribute: Some(attribute.name), sub: sub.map(|sub| sub.name) })
}

fn trim(value: Value, keep: Keep) -> Option<Value> {
    let passes: Box<dyn Fn(&str) -> bool> = match keep {
        Keep::All => return Some(value),
        Keep::None => return None,
        Keep::Some(subs) => Box::new(move |name| subs.contains(&name)),
        Keep::AllBut(subs) => Box::new(move |name| !subs.contains(&name)),
    };
    match value {
        Value::Object(members) => {
            let kept: Object = members.into_iter().filter(|(name, _)| passes(name)).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(elements) => {
            let kept = elements.into_iter().filter_map(|element| match element {
                Value::Object(members) => {
                    Some(Value::Object(members.into_iter().filter(|(name, _)| passes(name)).collect()))
                }
                _ => None,
            });
            Some(Value::Array(kept.collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sandbox::RoleCatalogue;
    use crate::sandbox::attribute::account_user::account_user;
    use crate::sandbox::resource::Facts;
    use crate::sandbox::rules::Roles;

    const ACCOUNT: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";

    fn projected(only: &[&str], without: &[&str]) -> Value {
        let schema = account_user(&Roles::of(RoleCatalogue::Account), Facts::Shown);
        let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let resource = json!({
            "schemas": ["urn:x", ACCOUNT], "id": "1", "userName": "ada",
            "name": { "givenName": "Ada", "familyName": "L" }, "roles": [{ "value": "admin", "primary": true }],
            ACCOUNT: { "reason": "Q4", "status": "active", "addedAt": "2026" },
        });
        let Value::Object(resource) = resource else { panic!("an object") };
        let projection = Projection::read(&texts(only), &texts(without), &schema).expect("one of the two");
        Value::Object(projection.apply(resource, &schema))
    }

    #[test]
    fn what_is_named_is_answered_with_what_always_is() {
        assert_eq!(projected(&["USERNAME"], &[]), json!({ "schemas": ["urn:x"], "id": "1", "userName": "ada" }));
        assert_eq!(
            projected(&["name.givenName", "roles.value", "nickName"], &[]),
            json!({ "schemas": ["urn:x"], "id": "1", "name": { "givenName": "Ada" }, "roles": [{ "value": "admin" }] })
        );
        assert_eq!(
            projected(&[&format!("{ACCOUNT}:status"), "urn:ietf:params:scim:schemas:core:2.0:User:userName"], &[]),
            json!({ "schemas": ["urn:x", ACCOUNT], "id": "1", "userName": "ada", ACCOUNT: { "status": "active" } })
        );
    }

    #[test]
    fn what_is_shown_on_request_has_to_be_named() {
        assert_eq!(projected(&[], &[])[ACCOUNT], json!({ "reason": "Q4" }));
        assert_eq!(projected(&[], &["name"])[ACCOUNT], json!({ "reason": "Q4" }));
        let facts = json!({ "reason": "Q4", "status": "active", "addedAt": "2026" });
        assert_eq!(
            projected(&[ACCOUNT], &[]),
            json!({ "schemas": ["urn:x", ACCOUNT], "id": "1", ACCOUNT: facts.clone() })
        );
        let everything = projected(&["urn:ietf:params:scim:schemas:core:2.0:User", ACCOUNT], &[]);
        assert_eq!((&everything["userName"], &everything[ACCOUNT]), (&json!("ada"), &facts));
    }

    #[test]
    fn what_is_excluded_is_left_out_but_for_what_always_is_answered() {
        assert_eq!(
            projected(&[], &["id", "name", "roles.primary", ACCOUNT]),
            json!({ "schemas": ["urn:x"], "id": "1", "userName": "ada", "roles": [{ "value": "admin" }] })
        );
    }
}
