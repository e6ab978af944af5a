//! What people should know of a server: where it says one thing and does another, and what is done instead.

use std::fmt;

/// Something about a server that is shown to whoever runs a plan. It changes nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// It says that it knows no PATCH, where the dialect has users changed by one.
    SaysNoPatch,
    /// It refused a PATCH of some attributes.
    RefusedPatch {
        /// Which, as paths.
        attributes: String,
    },
    /// It refused a filter.
    RefusedFilter,
    /// It finds nobody by a filter who is there.
    BlindFilter,
    /// It lists everybody, whatever the filter.
    IgnoredFilter,
    /// It names the index of its pages and refuses to be asked by one; it gives cursors too.
    RefusedIndex,
    /// It refuses writes that name the version it gave, although nothing changed.
    UselessVersions,
    /// It says that its users are at another path.
    UsersElsewhere {
        /// The path of the dialect.
        path: String,
        /// What it says.
        said: String,
    },
    /// Its schema has no attribute where the dialect expects the role.
    NoRoleInSchema {
        /// The attribute.
        attribute: String,
    },
    /// None of its users has a role where the dialect expects it.
    NobodyHasRole {
        /// Where.
        place: String,
        /// How many users there are.
        users: usize,
    },
    /// It keeps whom it deletes as an inactive user.
    KeepsDeleted,
    /// It does not list its roles, although the dialect expects them.
    NoRoleResources,
    /// By the dialect it shows nobody's role.
    KeepsNoRoles,
    /// By the dialect it knows nobody's language.
    KeepsNoLanguages,
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SaysNoPatch => {
                write!(
                    formatter,
                    "the server says that it knows no PATCH; users are replaced as a whole (`update: put`)"
                )
            }
            Self::RefusedPatch { attributes } => {
                write!(formatter, "the server takes no PATCH of {attributes}; the user is replaced as a whole")
            }
            Self::RefusedFilter => write!(formatter, "the server refuses filters; the listing is read instead"),
            Self::BlindFilter => {
                write!(formatter, "the server's filter does not find a user who is there; the listing is read instead")
            }
            Self::IgnoredFilter => write!(formatter, "the server ignores filters; the listing is read instead"),
            Self::RefusedIndex => {
                write!(
                    formatter,
                    "the server refuses pages by index; its cursors are followed (`paging: {{ by: cursor }}`)"
                )
            }
            Self::UselessVersions => write!(
                formatter,
                "the server refuses the version it gave itself; writes name none any more (`versions: ignore`)"
            ),
            Self::UsersElsewhere { path, said } => write!(
                formatter,
                "the server says that its users are at `{said}`, and the dialect has them at `{path}` (`users_path`)"
            ),
            Self::NoRoleInSchema { attribute } => write!(
                formatter,
                "the server's schema has no `{attribute}`, where the dialect expects the role (`role`)"
            ),
            Self::NobodyHasRole { place, users } => write!(
                formatter,
                "none of the {users} users has a role at `{place}`, where the dialect expects it (`role`)"
            ),
            Self::KeepsDeleted => {
                write!(formatter, "the server keeps whom it deletes as inactive users (`take_out: soft-delete`)")
            }
            Self::NoRoleResources => {
                write!(formatter, "the server does not list its roles, and the dialect says it does (`role_resources`)")
            }
            Self::KeepsNoRoles => write!(
                formatter,
                "the server keeps no roles (`role: nowhere`); who is in is looked after, and nobody's role"
            ),
            Self::KeepsNoLanguages => {
                write!(formatter, "the server keeps no languages (`language: nowhere`); invitations come in its own")
            }
        }
    }
}
