//! A refusal: what the service answers where a request cannot be carried out (RFC 7644 section 3.12).
//!
//! A value, not a response: the pure parts make refusals, `http` turns them into bytes.

use crate::scim;
use crate::scim::message::ErrorBody;

/// An error of the SCIM protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The keyword of the RFC's table, where one fits.
    pub(crate) keyword: Option<Keyword>,
    /// What is wrong, for people.
    pub(crate) detail: String,
}

/// The keywords of RFC 7644 table 9, and of RFC 9865 for cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    InvalidCursor,
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    Uniqueness,
}

impl Keyword {
    fn as_str(self) -> &'static str {
        match self {
            Self::InvalidCursor => "invalidCursor",
            Self::InvalidFilter => "invalidFilter",
            Self::InvalidPath => "invalidPath",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidValue => "invalidValue",
            Self::Mutability => "mutability",
            Self::NoTarget => "noTarget",
            Self::Uniqueness => "uniqueness",
        }
    }
}

impl Refusal {
    /// A refusal that the RFC's table has no keyword for.
    pub(crate) fn plain(status: u16, detail: impl Into<String>) -> Self {
        Self { status, keyword: None, detail: detail.into() }
    }

    /// 400, with a keyword.
    pub(crate) fn bad(keyword: Keyword, detail: impl Into<String>) -> Self {
        Self { status: 400, keyword: Some(keyword), detail: detail.into() }
    }

    /// 404 for a user.
    pub(crate) fn no_user(id: &str) -> Self {
        Self::plain(404, format!("there is no user `{id}`"))
    }

    /// 409 for a `userName` that is taken.
    pub(crate) fn taken(user_name: &str) -> Self {
        Self {
            status: 409,
            keyword: Some(Keyword::Uniqueness),
            detail: format!("another user of this account has the userName `{user_name}`"),
        }
    }

    /// The body that says so.
    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody {
            schemas: vec![scim::ERROR.to_owned()],
            status: self.status.to_string(),
            scim_type: self.keyword.map(|keyword| keyword.as_str().to_owned()),
            detail: self.detail.clone(),
        }
    }
}
