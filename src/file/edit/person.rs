//! Who is meant, and what an entry says of them.

use std::str::FromStr;

use jiff::civil::Date;

use crate::file::edit::content::{Content, New};
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;

/// Somebody as the command line calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By a short name under `people`.
    Name(String),
    /// By an address.
    Address(Email),
}

/// A text that calls nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither an address nor a short name")]
pub struct Nobody {
    text: String,
}

/// What an entry says of somebody in an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The role. An entry needs one.
    pub role: Option<RoleName>,
    /// The names.
    pub profile: Profile,
    /// The language of the invitation.
    pub language: Option<Language>,
    /// The first day of access.
    pub starts: Option<Date>,
    /// The last day of access.
    pub expires: Option<Date>,
    /// Former addresses.
    pub formerly: Vec<Email>,
    /// Why.
    pub reason: Option<String>,
}

/// A person with a short name, as `people` has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The short name.
    pub name: String,
    /// The address.
    pub email: Email,
    /// The names.
    pub profile: Profile,
    /// The language of invitations.
    pub language: Option<Language>,
    /// Former addresses.
    pub formerly: Vec<Email>,
}

/// A key of an entry that may be taken out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// `first_name`
    FirstName,
    /// `last_name`
    LastName,
    /// `language`
    Language,
    /// `starts`
    Starts,
    /// `expires`
    Expires,
    /// `formerly`
    Formerly,
    /// `reason`
    Reason,
}

impl FromStr for Who {
    type Err = Nobody;

    fn from_str(text: &str) -> Result<Self, Nobody> {
        let nobody = || Nobody { text: text.to_owned() };
        if text.contains('@') {
            return text.parse().map(Self::Address).map_err(|_| nobody());
        }
        let first = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let rest = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
        if first && text.len() <= 64 && text.bytes().all(rest) {
            Ok(Self::Name(text.to_owned()))
        } else {
            Err(nobody())
        }
    }
}

impl Details {
    /// An entry that says the role and nothing else.
    #[must_use]
    pub fn of_role(role: RoleName) -> Self {
        Self { role: Some(role), ..Self::default() }
    }

    /// What is said, in the order in which it stands.
    pub(super) fn entries(&self) -> Vec<New> {
        let Self { role, profile: Profile { first_name, last_name }, language, starts, expires, formerly, reason } =
            self;
        let day = |day: &Option<Date>| day.map(|day| day.to_string());
        let texts = [
            ("role", role.as_ref().map(RoleName::to_string)),
            ("first_name", first_name.clone()),
            ("last_name", last_name.clone()),
            ("language", language.as_ref().map(Language::to_string)),
            ("starts", day(starts)),
            ("expires", day(expires)),
        ];
        let mut entries = texts_of(texts);
        entries.extend(addresses("formerly", formerly));
        entries.extend(texts_of([("reason", reason.clone())]));
        entries
    }
}

impl Person {
    pub(super) fn content(&self) -> Content {
        let Self { name: _, email, profile: Profile { first_name, last_name }, language, formerly } = self;
        let mut entries = texts_of([
            ("email", Some(email.to_string())),
            ("first_name", first_name.clone()),
            ("last_name", last_name.clone()),
            ("language", language.as_ref().map(Language::to_string)),
        ]);
        entries.extend(addresses("formerly", formerly));
        if entries.len() == 1 { Content::Text(email.to_string()) } else { Content::Mapping(entries) }
    }
}

impl Detail {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Language => "language",
            Self::Starts => "starts",
            Self::Expires => "expires",
            Self::Formerly => "formerly",
            Self::Reason => "reason",
        }
    }
}

/// Addresses under this key, where there are any.
pub(super) fn addresses(key: &str, addresses: &[Email]) -> Option<New> {
    let list = || addresses.iter().map(Email::to_string).collect();
    (!addresses.is_empty()).then(|| New::entry(key, Content::List(list())))
}

fn texts_of<const N: usize>(texts: [(&str, Option<String>); N]) -> Vec<New> {
    texts.into_iter().filter_map(|(key, text)| Some(New::entry(key, Content::Text(text?)))).collect()
}
