//! Which column of the database holds which attribute, and how far it can answer for it.

use super::filter::Location;
use crate::scim;

/// A column, or an expression over columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// The SQL.
    pub(crate) sql: &'static str,
    /// What it holds.
    pub(crate) holds: Holds,
    /// Whether it can be empty.
    pub(crate) presence: Presence,
}

/// What a column holds of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text in the form in which it is compared.
    ComparedText,
    /// Text as written. The database folds ASCII only, which is enough for sorting and not for comparing.
    WrittenText,
    /// Zero or one.
    Truth,
    /// Milliseconds since 1970.
    Moment,
}

/// Whether a column always holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Sometimes,
}

/// The column of an attribute; `None` where there is none, as for what is the same in all resources.
pub(crate) fn column(location: Location) -> Option<Column> {
    use Holds::{ComparedText, Moment, Truth, WrittenText};
    use Presence::{Always, Sometimes};
    let of = |sql, holds, presence| Some(Column { sql, holds, presence });
    match (location.extension, location.attribute, location.sub) {
        (None, "id", None) => of("id", ComparedText, Always),
        (None, "userName", None) => of("user_name_folded", ComparedText, Always),
        (None, "externalId", None) => of("external_id", ComparedText, Sometimes),
        (None, "roles", None | Some("value")) => of("role", ComparedText, Sometimes),
        (None, "active", None) => of("active", Truth, Sometimes),
        (None, "meta", Some("created")) => of("added", Moment, Always),
        (None, "meta", Some("lastModified")) => of("modified", Moment, Always),
        (None, "displayName", None) => of("display_name", WrittenText, Sometimes),
        (None, "name", Some("givenName")) => of("given_name", WrittenText, Sometimes),
        (None, "name", Some("familyName")) => of("family_name", WrittenText, Sometimes),
        (None, "name", Some("formatted")) => of("formatted_name", WrittenText, Sometimes),
        (None, "preferredLanguage", None) => of("language", WrittenText, Sometimes),
        (Some(scim::ACCOUNT_USER), attribute, None) => match attribute {
            "reason" => of("reason", WrittenText, Sometimes),
            "status" => of(
                "CASE WHEN active = 0 THEN 'deactivated' WHEN accepted IS NOT NULL THEN 'active' ELSE 'invited' END",
                ComparedText,
                Always,
            ),
            "invitedAt" => of("invited", Moment, Sometimes),
            "invitationExpires" => of("invitation_expires", Moment, Sometimes),
            "lastLogin" => of("last_login", Moment, Sometimes),
            "addedAt" => of("added", Moment, Always),
            _ => None,
        },
        (_, _, _) => None,
    }
}
