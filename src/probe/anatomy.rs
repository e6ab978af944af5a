//! What users look like: which attributes they have, and where role, status, language and login stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::dialect::AttributePath;
use crate::model::dialect::role::RoleList;

/// What users look like, all that were looked at together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anatomy {
    /// How many were looked at.
    pub users: usize,
    /// Entries that are `null`, or have no `id`.
    pub nameless: usize,
    /// Every attribute that was seen, as a path such as `name.givenName` or `roles[].value`.
    pub attributes: BTreeMap<String, AttributeSeen>,
    /// The lists that roles may stand in.
    pub role_lists: BTreeMap<RoleList, RoleListSeen>,
    /// Attributes that are a single text and are called something with `role`.
    pub role_texts: BTreeMap<AttributePath, TextSeen>,
    /// Attributes that are a single text and are called something with `status` or `state`.
    pub status_texts: BTreeMap<AttributePath, TextSeen>,
    /// Attributes that are a single moment in time, `meta` left out, and how many users have each.
    pub moments: BTreeMap<AttributePath, usize>,
    /// The values of `preferredLanguage`.
    pub preferred_languages: TextSeen,
    /// The values of `locale`.
    pub locales: TextSeen,
    /// What `active` says.
    pub active: ActiveSeen,
    /// What logins look like.
    pub logins: LoginsSeen,
}

/// An attribute, and how many users have it in which form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeSeen {
    /// How many users.
    pub users: usize,
    /// The forms.
    pub forms: BTreeSet<Form>,
}

/// What a value is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// An empty list.
    Empty,
}

/// A single text: the values, and how many users have each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextSeen {
    /// The values; not more than a few dozen of them.
    pub values: BTreeMap<String, usize>,
}

/// A list that roles may stand in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleListSeen {
    /// How many users have at least one element.
    pub users: usize,
    /// The most elements that a user has.
    pub most: usize,
    /// Elements that are plain texts.
    pub texts: usize,
    /// Elements that are objects.
    pub objects: usize,
    /// Elements that say whether they are the primary one.
    pub with_primary: usize,
    /// The `type` of elements.
    pub kinds: TextSeen,
    /// What elements are called: `value`, or the text itself.
    pub values: TextSeen,
    /// What elements are called for people: `display`.
    pub displays: TextSeen,
    /// Values that look like identifiers rather than names.
    pub identifiers: usize,
}

/// What `active` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActiveSeen {
    /// Users with `true`.
    pub yes: usize,
    /// Users with `false`.
    pub no: usize,
    /// Users without it.
    pub unsaid: usize,
    /// Users with a text such as `"True"`, counted above as well.
    pub as_text: usize,
}

/// What logins look like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoginsSeen {
    /// Users whose `userName` is an address.
    pub addresses: usize,
    /// Users whose `userName` is something else.
    pub others: usize,
    /// Users without `userName`.
    pub missing: usize,
    /// Users with an address in `emails`.
    pub emails: usize,
    /// Users whose address in `emails` is another than their `userName`.
    pub other_emails: usize,
}

impl TextSeen {
    /// How many users have a value.
    #[must_use]
    pub fn users(&self) -> usize {
        self.values.values().sum()
    }
}
