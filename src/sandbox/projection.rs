//! `attributes` and `excludedAttributes`: which part of a resource an answer holds (RFC 7644 section 3.9).

use serde_json::Value;

use super::attribute::{Object, Place, ResourceSchema, Returned};
use super::refusal::{Keyword, Refusal};

/// Which part of a resource is answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Projection {
    /// All that is answered by default, which is everything.
    #[default]
    Default,
    /// What is named, and what every answer holds.
    Only(Vec<Name>),
    /// All but what is named.
    Without(Vec<Name>),
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
            (false, true) => Ok(Self::Only(names(only))),
            (true, false) => Ok(Self::Without(names(without))),
            (false, false) => Err(Refusal::bad(
                Keyword::InvalidValue,
                "`attributes` and `excludedAttributes` exclude each other: send one of them",
            )),
        }
    }

    /// The part of a resource that is answered.
    pub(crate) fn apply(&self, resource: Object, schema: &ResourceSchema) -> Object {
        if *self == Self::Default {
            return resource;
        }
        resource.into_iter().filter_map(|(key, value)| self.apply_to_member(key, value, schema)).collect()
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
        let always =
            schema.find(extension, attribute, None).is_some_and(|place| place.attribute.returned == Returned::Always);
        if always {
            return Keep::All;
        }
        let concerns = |name: &&Name| {
            name.extension == extension && name.attribute.is_none_or(|named| named.eq_ignore_ascii_case(attribute))
        };
        let (names, listed) = match self {
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
            "schemas": ["urn:x"], "id": "1", "userName": "ada", "name": { "givenName": "Ada", "familyName": "L" },
            "roles": [{ "value": "admin", "primary": true }], ACCOUNT: { "status": "active", "addedAt": "2026" },
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
            json!({ "schemas": ["urn:x"], "id": "1", "userName": "ada", ACCOUNT: { "status": "active" } })
        );
    }

    #[test]
    fn what_is_excluded_is_left_out_but_for_what_always_is_answered() {
        assert_eq!(
            projected(&[], &["id", "name", "roles.primary", ACCOUNT]),
            json!({ "schemas": ["urn:x"], "id": "1", "userName": "ada", "roles": [{ "value": "admin" }] })
        );
    }
}
