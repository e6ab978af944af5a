//! How servers that call themselves SCIM differ, as data: one enum a situation, so that what cannot be cannot be said.
//!
//! Nothing here acts; the client in `provider` does what a dialect says. What is known of a service stands in
//! [`preset`].

pub mod pace;
pub mod preset;
pub mod reading;
pub mod role;
pub mod wire;
pub mod writing;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::dialect::pace::{Pace, Patience};
use crate::model::dialect::reading::{Dates, Discovery, LanguagePlace, Listing, Login, LookUp, Paging, Pending};
use crate::model::dialect::role::{RoleNames, RolePlace, RoleResources};
use crate::model::dialect::wire::{Authentication, HeaderName, HeaderText, MediaType, Paths};
use crate::model::dialect::writing::{Creation, Facet, Resend, TakingOut, Update, Versions};

/// What a client must know of a server beyond the RFCs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// How the key is sent.
    pub authentication: Authentication,
    /// What is sent along with every request.
    pub headers: BTreeMap<HeaderName, HeaderText>,
    /// What bodies are said to be.
    pub media_type: MediaType,
    /// How addresses are made from the base URL.
    pub paths: Paths,
    /// Whether the server is asked what it can do.
    pub discovery: Discovery,
    /// How the listing is divided.
    pub paging: Paging,
    /// What the listing is worth.
    pub listing: Listing,
    /// Which attribute is the login.
    pub login: Login,
    /// How the server is asked for one login.
    pub look_up: LookUp,
    /// What is named in `attributes` wherever users are read (RFC 7644 section 3.9), for a server that shows some of it on
    /// request only; empty for what a server shows by itself.
    pub ask_for: Vec<SchemaName>,
    /// How somebody who was invited and has not come yet looks.
    pub pending: Pending,
    /// Where the dates of a user's life stand.
    pub dates: Dates,
    /// Where the role stands.
    pub role: RolePlace,
    /// What the server calls the roles that the file names.
    pub role_names: RoleNames,
    /// Whether the account's roles are resources of their own.
    pub role_resources: RoleResources,
    /// Where the language stands.
    pub language: LanguagePlace,
    /// What a new user is made of.
    pub creation: Creation,
    /// How a user is changed.
    pub update: Update,
    /// Whether a write names the version it was made from.
    pub versions: Versions,
    /// What is not compared after a write, because the server keeps it otherwise.
    pub not_compared: BTreeSet<Facet>,
    /// How somebody is taken out.
    pub taking_out: TakingOut,
    /// How an invitation is sent again.
    pub resend: Resend,
    /// How fast the server may be asked.
    pub pace: Pace,
    /// How long and how often the client tries.
    pub patience: Patience,
}

/// A single text in a user: an attribute of the core, or of a schema extension (RFC 7643 section 3.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributePath {
    /// The extension's schema; none for an attribute of the core.
    pub schema: Option<SchemaName>,
    /// The attribute.
    pub attribute: AttributeName,
}

/// The name of an attribute (RFC 7643 section 2.1): a letter, then letters, digits, `$`, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributeName(Box<str>);

/// The name of a schema, which is a URN (RFC 7643 section 3.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaName(Box<str>);

/// A text that is not what a name or a path in a dialect looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct NotInDialect {
    /// The text.
    pub text: String,
    /// What it should be.
    pub what: &'static str,
}

impl AttributePath {
    /// An attribute of the core.
    #[must_use]
    pub fn core(attribute: AttributeName) -> Self {
        Self { schema: None, attribute }
    }
}

impl std::fmt::Display for AttributePath {
    /// As a path of RFC 7644 section 3.10.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { schema, attribute } = self;
        match schema {
            Some(schema) => write!(formatter, "{schema}:{attribute}"),
            None => write!(formatter, "{attribute}"),
        }
    }
}

/// What a name is made of, written once for all the small names a dialect has.
macro_rules! name {
    ($type:ty, $what:literal, |$text:ident| $is_one:expr) => {
        impl $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::model::dialect::NotInDialect;

            fn from_str($text: &str) -> Result<Self, Self::Err> {
                if $is_one {
                    Ok(Self($text.into()))
                } else {
                    Err($crate::model::dialect::NotInDialect { text: $text.to_owned(), what: $what })
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(&self.0)
            }
        }
    };
}
pub(crate) use name;

/// Names that presets hold; a test reads every one of them as the file would.
macro_rules! fixed {
    ($($type:ty),+) => {
        $(impl $type {
            pub(in $crate::model::dialect) fn fixed(text: &'static str) -> Self {
                Self(text.into())
            }
        })+
    };
}
pub(crate) use fixed;

fixed!(AttributeName, SchemaName);

name!(AttributeName, "the name of an attribute", |text| {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'-' | b'_'))
});

name!(SchemaName, "a schema, which begins with `urn:`", |text| {
    let (start, rest) = text.split_at_checked(4).unwrap_or_default();
    start.eq_ignore_ascii_case("urn:") && !rest.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_rfc_says() {
        assert!("sentryOrgRole".parse::<AttributeName>().is_ok());
        for bad in ["", "7up", "roles.value", "a b", "urn:x"] {
            assert!(bad.parse::<AttributeName>().is_err(), "{bad}");
        }
        assert!("urn:example:User".parse::<SchemaName>().is_ok());
        for bad in ["", "urn:", "example", "urn:a b"] {
            assert!(bad.parse::<SchemaName>().is_err(), "{bad}");
        }
    }
}
