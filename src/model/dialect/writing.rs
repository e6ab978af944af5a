//! How a server wants its users changed.

use std::collections::BTreeSet;

use crate::model::dialect::{fixed, name};

/// What a new user is made of. `userName` is always sent, and the role and the language where they have a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// What is sent besides.
    pub with: BTreeSet<Created>,
    /// The `type` of the address in `emails`.
    pub email_type: Option<String>,
    /// Whether a new user needs a first and a last name.
    pub names: Names,
}

/// What may be sent with a new user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Created {
    /// `active: true`.
    Active,
    /// `emails`, with the address as the primary one.
    Emails,
    /// `displayName`: the names, or the address where there are none.
    DisplayName,
    /// `name.formatted`: the same.
    FormattedName,
    /// `externalId`: the address.
    ExternalId,
}

/// Whether a new user needs a first and a last name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// They are sent where the file has them.
    Optional,
    /// Without both nobody is created; the invitation fails before it is sent.
    Required,
}

/// How a user is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// By PATCH (RFC 7644 section 3.5.2).
    Patch(PatchShape),
    /// By reading the user and replacing it as a whole (RFC 7644 section 3.5.1).
    Put,
}

/// What a PATCH looks like. It always replaces whole attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatchShape {
    /// How an operation says what it is about.
    pub paths: PatchPaths,
    /// How many operations a request has.
    pub operations: Operations,
    /// How `op` is written.
    pub case: OperationCase,
}

/// How an operation says what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchPaths {
    /// By a `path`, one attribute each.
    Named,
    /// By the members of `value`, without a `path`.
    InValue,
}

/// How many operations a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operations {
    /// As many as there are changes.
    Together,
    /// One: each change is a request.
    OneEach,
}

/// How `op` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationCase {
    /// `replace`.
    Lower,
    /// `Replace`.
    Capital,
}

/// Whether a write names the version it was made from (RFC 7644 section 3.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// With `If-Match`, where the server gave one.
    Sent,
    /// Never, because the server's are of no use.
    Ignored,
}

/// Something about a user that is compared after a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// The role.
    Role,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// Whether the user can sign in.
    Status,
}

/// How somebody is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakingOut {
    /// DELETE, and the user is gone.
    Delete,
    /// DELETE, and the user stays as an inactive one.
    SoftDelete,
    /// `active: false`, and the user stays as an inactive one.
    Deactivate,
    /// `active: false`, and the user is gone.
    DeactivateDeletes,
    /// `active: false`, then DELETE, because the server deletes nobody who is active.
    DeactivateThenDelete,
}

/// How an invitation is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resend {
    /// It cannot be.
    Never,
    /// By deleting the invited user and creating them again, which gives them another id.
    Recreate,
    /// By a POST without a body.
    Post(ResendPath),
}

/// Where an invitation is sent again: a path relative to the base URL in which `{id}` stands for the user's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResendPath(Box<str>);

fixed!(ResendPath);

name!(ResendPath, "a path with `{id}` in it, such as `Users/{id}/invitation`", |text| {
    let plain = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':'))
    };
    text.matches("{id}").count() == 1
        && !text.starts_with('/')
        && text.split('/').all(|part| part == "{id}" || !part.is_empty() && part != "." && plain(part))
        && !text.split('/').next().is_some_and(|first| first.contains(':'))
});

impl TakingOut {
    /// Whether whoever is taken out stays as an inactive user, so that an inactive one is as far out as can be.
    #[must_use]
    pub fn keeps_user(self) -> bool {
        match self {
            Self::SoftDelete | Self::Deactivate => true,
            Self::Delete | Self::DeactivateDeletes | Self::DeactivateThenDelete => false,
        }
    }
}

impl Default for PatchShape {
    fn default() -> Self {
        Self { paths: PatchPaths::Named, operations: Operations::Together, case: OperationCase::Lower }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_sent_again_on_the_same_server() {
        for good in ["Users/{id}/invitation", "../../users/{id}/invitation", "{id}"] {
            assert!(good.parse::<ResendPath>().is_ok(), "{good}");
        }
        for bad in
            ["Users/invitation", "https://x.example/{id}", "//x.example/{id}", "/a/{id}", "a/{id}/{id}", "a?{id}"]
        {
            assert!(bad.parse::<ResendPath>().is_err(), "{bad}");
        }
    }
}
