//! Which column of the database holds which attribute.

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
    Text,
    /// The end of an address, which begins alike for all resources.
    Address,
    /// Zero or one.
    Truth,
    /// Milliseconds since 1970.
    Moment,
    /// Something where any of the sub-attributes is there.
    Parts,
}

/// Whether a column always holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Sometimes,
}

/// The column of an attribute; `None` for what is the same in all resources.
pub(crate) fn column(location: Location) -> Option<Column> {
    use Holds::{Address, Moment, Parts, Text, Truth};
    use Presence::{Always, Sometimes};
    let of = |sql, holds, presence| Some(Column { sql, holds, presence });
    match (location.extension, location.attribute, location.sub) {
        (None, "id", None) => of("id", Text, Always),
        (None, "userName", None) => of("user_name_folded", Text, Always),
        (None, "externalId", None) => of("external_id", Text, Sometimes),
        (None, "displayName", None) => of("display_name_folded", Text, Sometimes),
        (None, "name", None) => of("coalesce(given_name, family_name, formatted_name)", Parts, Sometimes),
        (None, "name", Some("givenName")) => of("given_name_folded", Text, Sometimes),
        (None, "name", Some("familyName")) => of("family_name_folded", Text, Sometimes),
        (None, "name", Some("formatted")) => of("formatted_name_folded", Text, Sometimes),
        (None, "preferredLanguage", None) => of("language_folded", Text, Sometimes),
        (None, "active", None) => of("active", Truth, Sometimes),
        (None, "roles", None | Some("value")) => of("role", Text, Sometimes),
        (None, "roles", Some("display")) => of("role_display_folded", Text, Sometimes),
        (None, "roles", Some("type")) => of("role_type_folded", Text, Sometimes),
        (None, "roles", Some("primary")) => of("role_primary", Truth, Sometimes),
        (None, "meta", Some("created")) => of("added", Moment, Always),
        (None, "meta", Some("lastModified")) => of("modified", Moment, Always),
        (None, "meta", Some("location")) => of("id", Address, Always),
        (None, "meta", Some("version")) => of("('W/\"' || version || '\"')", Text, Always),
        (Some(scim::ACCOUNT_USER), attribute, None) => match attribute {
            "reason" => of("reason_folded", Text, Sometimes),
            "status" => of(
                "CASE WHEN active = 0 THEN 'deactivated' WHEN accepted IS NOT NULL THEN 'active' ELSE 'invited' END",
                Text,
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
