//! The core User (RFC 7643 section 4.1) and a page of users, read from whatever servers really send.
//!
//! Decoding is tolerant where a server's habit is harmless (booleans and numbers as strings, roles as plain strings,
//! `null` entries, attribute names in another case, attributes nobody asked for) and goes from bytes straight into these
//! types. What it means is decided elsewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// A user as a server sent it. What is missing, `null` or of an unexpected shape is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct User {
    /// The server's identifier; a number is taken as its digits.
    pub id: Option<String>,
    /// The login.
    pub user_name: Option<String>,
    /// `name.givenName`.
    pub given_name: Option<String>,
    /// `name.familyName`.
    pub family_name: Option<String>,
    /// Whether the user may sign in; `"True"` and `"False"` are understood.
    pub active: Option<bool>,
    /// The roles, in the server's order.
    pub roles: Vec<Role>,
    /// Extensions by schema: every member of an object whose name begins with `urn:`.
    pub extensions: BTreeMap<String, Value>,
}

/// One element of `roles`; a plain string is a role of that value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// The role's name or identifier.
    pub value: Option<String>,
    /// The role's name for people.
    pub display: Option<String>,
    /// Whether it is the user's main role.
    pub primary: bool,
}

/// A page of users (RFC 7644 section 3.4.2), without the members nothing is decided by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserPage {
    /// How many users there are in all, where the server says so.
    pub total_results: Option<usize>,
    /// The entries; `None` for one that was `null`. `None` for the whole where the server left the member out.
    pub resources: Option<Vec<Option<User>>>,
}

impl User {
    /// The text of an extension's attribute; names are compared without regard to case (RFC 7643 section 2.1).
    #[must_use]
    pub fn extension_text(&self, schema: &str, attribute: &str) -> Option<&str> {
        let (_, extension) = self.extensions.iter().find(|(name, _)| name.eq_ignore_ascii_case(schema))?;
        let (_, value) = extension.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute))?;
        value.as_str()
    }
}

/// The name of a member, borrowed from the bytes where it holds no escapes.
#[derive(serde::Deserialize)]
struct Member<'a>(#[serde(borrow)] Cow<'a, str>);

impl Member<'_> {
    /// Which of these names it is; names are compared without regard to case (RFC 7643 section 2.1).
    fn among(&self, known: &[&'static str]) -> Option<&'static str> {
        known.iter().copied().find(|name| name.eq_ignore_ascii_case(&self.0))
    }

    fn is_extension(&self) -> bool {
        self.0.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
    }
}

/// A value that is looked at for what it is: anything unexpected is skipped and leaves the default.
#[derive(Default)]
struct Lenient<T>(T);

/// How a type reads the shapes that mean something to it.
trait Shape: Default {
    fn text(_text: &str) -> Self {
        Self::default()
    }
    fn flag(_flag: bool) -> Self {
        Self::default()
    }
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de, T: Shape> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(std::marker::PhantomData<T>);
        impl<'de, T: Shape> Visitor<'de> for Any<T> {
            type Value = T;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any JSON value")
            }
            fn visit_str<E>(self, text: &str) -> Result<T, E> {
                Ok(T::text(text))
            }
            fn visit_bool<E>(self, flag: bool) -> Result<T, E> {
                Ok(T::flag(flag))
            }
            fn visit_u64<E>(self, number: u64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_unit<E>(self) -> Result<T, E> {
                Ok(T::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::map(map)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
                T::list(list)
            }
        }
        deserializer.deserialize_any(Any(std::marker::PhantomData)).map(Lenient)
    }
}

fn next<'de, T: Shape, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value::<Lenient<T>>().map(|Lenient(value)| value)
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

impl Shape for Option<String> {
    fn text(text: &str) -> Self {
        Some(text.to_owned())
    }
}

impl Shape for Option<usize> {
    fn text(text: &str) -> Self {
        text.trim().parse().ok()
    }
}

impl Shape for Option<bool> {
    fn text(text: &str) -> Self {
        match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    fn flag(flag: bool) -> Self {
        Some(flag)
    }
}

#[derive(Default)]
struct Name {
    given: Option<String>,
    family: Option<String>,
}

impl Shape for Name {
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut name = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            match member.among(&["givenName", "familyName"]) {
                Some("givenName") => name.given = next(&mut map)?,
                Some("familyName") => name.family = next(&mut map)?,
                Some(_) | None => skip(&mut map)?,
            }
        }
        Ok(name)
    }
}

impl Shape for Role {
    fn text(text: &str) -> Self {
        Self { value: Some(text.to_owned()), display: None, primary: false }
    }

    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut role = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            match member.among(&["value", "display", "primary"]) {
                Some("value") => role.value = next(&mut map)?,
                Some("display") => role.display = next(&mut map)?,
                Some("primary") => role.primary = next::<Option<bool>, _>(&mut map)?.unwrap_or(false),
                Some(_) | None => skip(&mut map)?,
            }
        }
        Ok(role)
    }
}

impl Shape for Vec<Role> {
    fn text(text: &str) -> Self {
        vec![Role::text(text)]
    }

    fn map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Role::map(map).map(|role| vec![role])
    }

    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut roles = Self::new();
        while let Some(Lenient(role)) = list.next_element::<Lenient<Role>>()? {
            roles.push(role);
        }
        Ok(roles)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = User;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a user")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<User, A::Error> {
                let mut user = User::default();
                while let Some(member) = map.next_key::<Member<'de>>()? {
                    match member.among(&["id", "userName", "name", "active", "roles"]) {
                        Some("id") => user.id = next(&mut map)?,
                        Some("userName") => user.user_name = next(&mut map)?,
                        Some("name") => {
                            let Name { given, family } = next(&mut map)?;
                            (user.given_name, user.family_name) = (given, family);
                        }
                        Some("active") => user.active = next(&mut map)?,
                        Some("roles") => user.roles = next(&mut map)?,
                        None if member.is_extension() => {
                            user.extensions.insert(member.0.into_owned(), map.next_value()?);
                        }
                        Some(_) | None => skip(&mut map)?,
                    }
                }
                Ok(user)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Shape for Option<Vec<Option<User>>> {
    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut users = Vec::new();
        while let Some(user) = list.next_element()? {
            users.push(user);
        }
        Ok(Some(users))
    }
}

impl<'de> Deserialize<'de> for UserPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = UserPage;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a listing")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UserPage, A::Error> {
                let mut page = UserPage::default();
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

    fn user(value: &Value) -> User {
        serde_json::from_slice(value.to_string().as_bytes()).expect("a user")
    }

    #[test]
    fn a_user_is_read_by_the_book() {
        let read = user(&json!({
            "schemas": [crate::scim::USER], "id": "2819c223", "userName": "ada@acme.example",
            "name": {"formatted": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"},
            "active": true, "preferredLanguage": "fr", "emails": [{"value": "ada@acme.example"}],
            "roles": [{"value": "admin", "display": "Admin", "primary": true}],
            "urn:example:2.0:User": {"status": "invited"}, "meta": {"version": "W/\"1\""},
        }));
        assert_eq!(read.id.as_deref(), Some("2819c223"));
        assert_eq!((read.given_name.as_deref(), read.family_name.as_deref()), (Some("Ada"), Some("Lovelace")));
        assert_eq!(read.active, Some(true));
        let admin = Role { value: Some("admin".into()), display: Some("Admin".into()), primary: true };
        assert_eq!(read.roles, [admin]);
        assert_eq!(read.extension_text("URN:example:2.0:user", "Status"), Some("invited"));
    }

    #[test]
    fn what_servers_do_to_a_user_is_understood() {
        let read = user(&json!({
            "ID": 17, "username": "ada", "active": "False", "name": "Ada Lovelace", "locale": {"odd": [1]},
            "roles": ["admin", null, {"value": 5, "primary": "True"}, [7]], "preferredLanguage": null,
        }));
        assert_eq!(
            (read.id.as_deref(), read.user_name.as_deref(), read.active),
            (Some("17"), Some("ada"), Some(false))
        );
        assert_eq!(read.given_name, None);
        let values: Vec<_> = read.roles.iter().map(|role| (role.value.as_deref(), role.primary)).collect();
        assert_eq!(values, [(Some("admin"), false), (None, false), (Some("5"), true), (None, false)]);
        assert_eq!(user(&json!({"roles": "owner"})).roles[0].value.as_deref(), Some("owner"));
    }

    #[test]
    fn a_page_may_lack_anything_and_hold_null() {
        let page = |value: Value| serde_json::from_value::<UserPage>(value).expect("a page");
        assert_eq!(page(json!({})), UserPage::default());
        assert_eq!(page(json!({"totalResults": "3", "Resources": null})).total_results, Some(3));
        assert_eq!(page(json!({"totalResults": -1})).total_results, None);
        let resources = page(json!({"Resources": [null, {"id": "1"}]})).resources.expect("entries");
        assert_eq!((resources.len(), resources[0].is_none()), (2, true));
        assert!(serde_json::from_str::<UserPage>("[]").is_err());
    }
}
