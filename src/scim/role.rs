//! A role as a resource of its own (IETF draft "SCIM Roles and Entitlements"), read from whatever servers really send.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::scim::lenient::{Lenient, Member, Shape, next, skip};

/// A role that users may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleResource {
    /// The server's identifier.
    pub id: Option<String>,
    /// What users hold who have it.
    pub value: Option<String>,
    /// Its name for people.
    pub display: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What kind of role it is.
    pub kind: Option<String>,
    /// What it permits; `None` where the server does not say.
    pub permissions: Option<Vec<String>>,
    /// Extensions by schema, with what they say of the same.
    pub extensions: BTreeMap<String, RoleExtension>,
}

/// What an extension says of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleExtension {
    /// What it is for.
    pub description: Option<String>,
    /// What it permits; `None` where the server does not say.
    pub permissions: Option<Vec<String>>,
}

/// A listing of roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolePage {
    /// How many there are in all.
    pub total_results: Option<usize>,
    /// The roles; `None` where the member was left out.
    pub resources: Option<Vec<RoleResource>>,
}

const MEMBERS: &[&str] = &["id", "value", "display", "description", "type", "permissions"];

impl<'de> Deserialize<'de> for RoleResource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = RoleResource;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a role")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RoleResource, A::Error> {
                let mut role = RoleResource::default();
                while let Some(member) = map.next_key::<Member<'de>>()? {
                    match member.among(MEMBERS) {
                        Some("id") => role.id = next(&mut map)?,
                        Some("value") => role.value = next(&mut map)?,
                        Some("display") => role.display = next(&mut map)?,
                        Some("description") => role.description = next(&mut map)?,
                        Some("type") => role.kind = next(&mut map)?,
                        Some("permissions") => role.permissions = next(&mut map)?,
                        None if member.is_extension() => {
                            role.extensions.insert(member.0.into_owned(), next(&mut map)?);
                        }
                        Some(_) | None => skip(&mut map)?,
                    }
                }
                Ok(role)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Shape for RoleExtension {
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut extension = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            match member.among(&["description", "permissions"]) {
                Some("description") => extension.description = next(&mut map)?,
                Some("permissions") => extension.permissions = next(&mut map)?,
                Some(_) | None => skip(&mut map)?,
            }
        }
        Ok(extension)
    }
}

/// The texts of a list; what is no text is left out.
impl Shape for Option<Vec<String>> {
    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut texts = Vec::new();
        while let Some(Lenient(text)) = list.next_element::<Lenient<Option<String>>>()? {
            texts.extend(text);
        }
        Ok(Some(texts))
    }
}

impl Shape for Option<Vec<RoleResource>> {
    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut roles = Vec::new();
        while let Some(role) = list.next_element()? {
            roles.push(role);
        }
        Ok(Some(roles))
    }
}

impl<'de> Deserialize<'de> for RolePage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = RolePage;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a listing")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RolePage, A::Error> {
                let mut page = RolePage::default();
                while let Some(member) = map.next_key::<Member<'de>>()? {
                    match member.among(&["totalResults", "Resources"]) {
                        Some("totalResults") => page.total_results = next(&mut map)?,
                        Some("Resources") => page.resources = next(&mut map)?,
                        Some(_) | None => skip(&mut map)?,
                    }
                }
                Ok(page)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_role_is_read_with_what_it_permits() {
        let page: RolePage = serde_json::from_value(json!({
            "totalResults": 1,
            "Resources": [{"id": 7, "value": "lead", "display": "Lead", "permissions": ["a", null, "b"],
                           "supported": true, "urn:x:Role": {"description": "Leads"}}],
        }))
        .expect("a page");
        let role = &page.resources.expect("roles")[0];
        assert_eq!((role.id.as_deref(), role.value.as_deref()), (Some("7"), Some("lead")));
        assert_eq!(role.permissions.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
        assert_eq!(role.extensions["urn:x:Role"].description.as_deref(), Some("Leads"));
        assert_eq!(serde_json::from_value::<RolePage>(json!({})).expect("a page").resources, None);
    }
}
