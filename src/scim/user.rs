//! The core User (RFC 7643 section 4.1) and a page of users, read from whatever servers really send.
//!
//! Decoding is tolerant where a server's habit is harmless (booleans and numbers as strings, roles as plain strings,
//! `null` entries, attribute names in another case, attributes nobody asked for) and goes from bytes straight into these
//! types. What it means is decided elsewhere.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::scim::element::Element;
use crate::scim::lenient::{Member, Shape, next, skip};

/// How many users one page has at most. A user takes far more room here than the two bytes that an entry may have, and as
/// many users as this are larger in JSON than any answer may be.
const MOST_ENTRIES: usize = 250_000;

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
    /// The addresses, in the server's order.
    pub emails: Vec<Element>,
    /// The roles, in the server's order.
    pub roles: Vec<Element>,
    /// The entitlements, in the server's order.
    pub entitlements: Vec<Element>,
    /// `meta.created`.
    pub created: Option<String>,
    /// The other attributes of the core that are plain texts or numbers.
    pub texts: Texts,
    /// Extensions by schema, which is every member whose name begins with `urn:`; of each the attributes that are plain
    /// texts or numbers.
    pub extensions: Vec<(String, Texts)>,
}

/// Attributes that are plain texts or numbers, as they came: few, so that a list is smaller than a map and searched as fast.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts(Vec<(String, String)>);

/// A page of users (RFC 7644 section 3.4.2), without the members nothing is decided by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserPage {
    /// How many users there are in all, where the server says so.
    pub total_results: Option<usize>,
    /// The place of the first entry, where the server says so.
    pub start_index: Option<usize>,
    /// What the next page is asked for by (RFC 9865), where there is one.
    pub next_cursor: Option<String>,
    /// The entries; `None` for one that was `null`. `None` for the whole where the server left the member out.
    pub resources: Option<Vec<Option<User>>>,
}

impl User {
    /// A plain text or number: an extension's attribute, or without a schema one of the core that has no field here.
    /// Names are compared without regard to case (RFC 7643 section 2.1).
    #[must_use]
    pub fn text(&self, schema: Option<&str>, attribute: &str) -> Option<&str> {
        let texts = match schema {
            None => &self.texts,
            Some(schema) => &self.extensions.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(schema))?.1,
        };
        texts.get(attribute)
    }
}

impl Texts {
    /// Of several with one name the last counts, as everywhere in JSON.
    fn get(&self, attribute: &str) -> Option<&str> {
        let (_, text) = self.0.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(attribute))?;
        Some(text)
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

#[derive(Default)]
struct Meta {
    created: Option<String>,
}

impl Shape for Meta {
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut meta = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            match member.among(&["created"]) {
                Some(_) => meta.created = next(&mut map)?,
                None => skip(&mut map)?,
            }
        }
        Ok(meta)
    }
}

/// The attributes of an extension.
impl Shape for Texts {
    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut texts = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            if let Some(text) = next::<Option<String>, _>(&mut map)? {
                texts.0.push((member.0.into_owned(), text));
            }
        }
        Ok(texts)
    }
}

/// The members of a user that have a field of their own.
const MEMBERS: &[&str] = &["id", "userName", "name", "active", "emails", "roles", "entitlements", "meta"];

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
                    match member.among(MEMBERS) {
                        Some("id") => user.id = next(&mut map)?,
                        Some("userName") => user.user_name = next(&mut map)?,
                        Some("name") => {
                            let Name { given, family } = next(&mut map)?;
                            (user.given_name, user.family_name) = (given, family);
                        }
                        Some("active") => user.active = next(&mut map)?,
                        Some("emails") => user.emails = next(&mut map)?,
                        Some("roles") => user.roles = next(&mut map)?,
                        Some("entitlements") => user.entitlements = next(&mut map)?,
                        Some("meta") => {
                            let Meta { created } = next(&mut map)?;
                            user.created = created;
                        }
                        None if member.is_extension() => {
                            user.extensions.push((member.0.into_owned(), next(&mut map)?));
                        }
                        Some(_) | None => {
                            if let Some(text) = next(&mut map)? {
                                user.texts.0.push((member.0.into_owned(), text));
                            }
                        }
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
            if users.len() == MOST_ENTRIES {
                return Err(de::Error::custom(format_args!("it lists more than {MOST_ENTRIES} users at once")));
            }
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
                    match member.among(&["totalResults", "startIndex", "nextCursor", "Resources"]) {
                        Some("totalResults") => page.total_results = next(&mut map)?,
                        Some("startIndex") => page.start_index = next(&mut map)?,
                        Some("nextCursor") => page.next_cursor = next(&mut map)?,
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
    use serde_json::{Value, json};

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
            "urn:example:2.0:User": {"cost": {"centre": 12}, "status": "invited"},
            "meta": {"version": "W/\"1\"", "created": "2026-01-02T03:04:05Z"},
        }));
        assert_eq!(read.id.as_deref(), Some("2819c223"));
        assert_eq!((read.given_name.as_deref(), read.family_name.as_deref()), (Some("Ada"), Some("Lovelace")));
        assert_eq!(read.active, Some(true));
        let (value, display) = (Some("admin".into()), Some("Admin".into()));
        let admin = Element { value, display, kind: None, primary: true, unread: false };
        assert_eq!(read.roles, [admin]);
        assert_eq!(read.emails[0].value.as_deref(), Some("ada@acme.example"));
        assert_eq!(read.text(None, "preferredlanguage"), Some("fr"));
        assert_eq!(read.created.as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(read.text(Some("URN:example:2.0:user"), "Status"), Some("invited"));
        assert_eq!(read.text(Some("urn:example:2.0:User"), "cost"), None);
    }

    #[test]
    fn a_small_answer_does_not_become_a_large_one() {
        let page = |entries: &str| serde_json::from_str::<UserPage>(&format!("{{\"Resources\":[{entries}null]}}"));
        let words = |page: Result<UserPage, serde_json::Error>| page.expect_err("too many").to_string();
        assert!(page(&"{},".repeat(MOST_ENTRIES - 1)).is_ok());
        assert!(words(page(&"{},".repeat(MOST_ENTRIES))).starts_with("it lists more than 250000 users at once"));
        let roles = format!("{{\"roles\":[{}0]}},", "0,".repeat(1_000));
        assert!(words(page(&roles)).starts_with("a list of one user has more than 1000 elements"));
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
        let unread: Vec<_> = read.roles.iter().map(|role| role.unread).collect();
        assert_eq!(unread, [false, false, false, true]);
        for odd in [json!([{"value": {"name": "admin"}}]), json!([{"display": ["admin"]}]), json!([true])] {
            assert!(user(&json!({"roles": odd})).roles[0].unread, "{odd}");
        }
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
