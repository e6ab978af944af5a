//! Where a role stands in a user, and what it is called there.

use std::collections::BTreeMap;

use crate::model::dialect::{AttributePath, SchemaName};
use crate::model::role::RoleName;

/// Where the role stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolePlace {
    /// In elements of a list, as objects.
    Elements(RoleElements),
    /// In elements of a list, as plain texts.
    Texts(RoleList),
    /// As a single text.
    Attribute(AttributePath),
    /// Nowhere: the server has no roles, or does not show them.
    Nowhere,
}

/// The list that holds roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleList {
    /// `roles`.
    Roles,
    /// `entitlements`.
    Entitlements,
}

/// A list of objects that are roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleElements {
    /// Which list.
    pub list: RoleList,
    /// Which part of an element is the role's name.
    pub named_by: NamedBy,
    /// Whether the one role is marked as the primary one.
    pub primary: Primary,
    /// The `type` of an element that is a role. Elements of another type are none; one that is written has it.
    pub kind: Option<String>,
}

/// Which part of an element is the role's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// `value`, or `display` where there is none.
    Value,
    /// `display`; `value` is an identifier that only the server understands, taken from users who have the role.
    Display,
    /// `value` is the id of a role that `/Roles` lists with its name.
    Listing,
}

/// Whether the one role is marked as the primary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primary {
    /// `primary: true` is written.
    Marked,
    /// It is left out.
    LeftOut,
}

/// Whether the account's roles are resources of their own, at `/Roles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleResources {
    /// They are not.
    None,
    /// They are listed there.
    Listed,
    /// They are listed, made, changed and deleted there. What they are for and what they permit stands in the extension of
    /// this schema, or, without one, beside the name.
    Managed(Option<SchemaName>),
}

/// What the server calls the roles that the file names: for each the text that is written, and others that mean the same
/// when they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleNames(BTreeMap<RoleName, Vec<String>>);

/// One text that would mean two roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` would be `{one}` and `{other}`")]
pub struct AmbiguousRole {
    /// The text.
    pub text: String,
    /// One role.
    pub one: RoleName,
    /// Another.
    pub other: RoleName,
}

impl RoleList {
    /// The attribute's name.
    #[must_use]
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Entitlements => "entitlements",
        }
    }
}

impl RoleNames {
    /// These spellings, of which the first of each is written. Roles without any are spelled as they are.
    ///
    /// # Errors
    ///
    /// Where one text would mean two roles.
    pub fn new(spellings: BTreeMap<RoleName, Vec<String>>) -> Result<Self, AmbiguousRole> {
        let mut meant: BTreeMap<RoleName, &RoleName> = BTreeMap::new();
        for (role, texts) in &spellings {
            for text in texts {
                let Ok(spelling) = text.parse::<RoleName>() else { continue };
                if let Some(one) = meant.insert(spelling, role)
                    && one != role
                {
                    return Err(AmbiguousRole { text: text.clone(), one: one.clone(), other: role.clone() });
                }
            }
        }
        Ok(Self(spellings))
    }

    /// The text that is written for a role.
    #[must_use]
    pub fn written<'a>(&'a self, role: &'a RoleName) -> &'a str {
        self.0.get(role).and_then(|texts| texts.first()).map_or(role.as_str(), String::as_str)
    }

    /// The role that a text means; `None` where it is blank. Texts are compared as names of roles are.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<RoleName> {
        let spelling: RoleName = text.parse().ok()?;
        let means =
            |texts: &[String]| texts.iter().any(|text| text.parse().is_ok_and(|known: RoleName| known == spelling));
        let known = self.0.iter().find(|(_, texts)| means(texts)).map(|(role, _)| role.clone());
        Some(known.unwrap_or(spelling))
    }

    /// The roles and their spellings.
    pub fn iter(&self) -> impl Iterator<Item = (&RoleName, &[String])> {
        self.0.iter().map(|(role, texts)| (role, texts.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> RoleName {
        name.parse().expect("a role")
    }

    #[test]
    fn a_role_is_written_one_way_and_read_in_several() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let spellings = [(role("owner"), texts(&["enterprise_owner", "981df190-8801-4618-a08a-d91f6206c954"]))];
        let names = RoleNames::new(spellings.into()).expect("spellings");
        assert_eq!(names.written(&role("Owner")), "enterprise_owner");
        assert_eq!(names.written(&role("Team Lead")), "Team Lead");
        assert_eq!(names.read("Enterprise Owner"), Some(role("owner")));
        assert_eq!(names.read("981DF190-8801-4618-A08A-D91F6206C954"), Some(role("owner")));
        assert_eq!((names.read("user"), names.read(" ")), (Some(role("user")), None));
        let twice = [(role("a"), texts(&["x"])), (role("b"), texts(&["X"]))];
        assert_eq!(RoleNames::new(twice.into()).expect_err("two").to_string(), "`X` would be `a` and `b`");
    }
}
