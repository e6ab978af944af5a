//! How servers that call themselves SCIM differ, as data.
//!
//! A preset says what is known in public of a service and what is guessed. Nothing here acts.

use crate::model::live::Status;
use crate::scim::ACCOUNT_USER;

/// What a client must know of a server beyond the RFCs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// What stands before the key in the `Authorization` header. A key that brings it along is not given it twice.
    pub key_scheme: String,
    /// How many users to ask for in one page; servers may send fewer.
    pub page_size: usize,
    /// What `active: false` means.
    pub inactive: Status,
    /// An attribute that says more of the user's status than `active` does, and wins over it.
    pub status: Option<ExtensionAttribute>,
    /// What is left of a user that was deleted.
    pub removed: Removed,
}

/// An attribute of a schema extension (RFC 7643 section 3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionAttribute {
    /// The extension's schema.
    pub schema: String,
    /// The attribute in it.
    pub attribute: String,
}

/// What is left of a user that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// Nothing: reading it answers 404 (RFC 7644 section 3.6).
    Gone,
    /// The user, with `active: false`; such a server never answers 404.
    Inactive,
}

impl Dialect {
    /// The RFCs to the letter: a bearer key, and `active: false` for whoever was deactivated.
    #[must_use]
    pub fn rfc() -> Self {
        Self {
            key_scheme: "Bearer".to_owned(),
            page_size: 200,
            inactive: Status::Deactivated,
            status: None,
            removed: Removed::Gone,
        }
    }

    /// Klaviyo. Its help pages give the header; they show people who did not accept their invitation among the
    /// inactive users, and nothing public tells those from deactivated ones, so inactive is taken as invited. Page size
    /// and what a removal leaves are guessed.
    #[must_use]
    pub fn klaviyo() -> Self {
        Self { key_scheme: "Klaviyo-API-Key".to_owned(), inactive: Status::Invited, ..Self::rfc() }
    }

    /// The embedded account service, which says a user's status in an extension and takes large pages.
    #[must_use]
    pub fn sandbox() -> Self {
        let status = ExtensionAttribute { schema: ACCOUNT_USER.to_owned(), attribute: "status".to_owned() };
        Self { page_size: 1000, status: Some(status), ..Self::rfc() }
    }
}
