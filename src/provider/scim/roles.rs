//! The roles that an account lists as resources of their own, at `/Roles`.

use std::collections::BTreeMap;

use crate::model::dialect::Dialect;
use crate::model::dialect::role::{NamedBy, RoleElements, RolePlace, RoleResources};
use crate::model::live::{LiveRole, RoleId, RoleOrigin};
use crate::model::note::Note;
use crate::model::role::{RoleDefinition, RoleName};
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::Expected;
use crate::provider::scim::http::Asking;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::target::Target;
use crate::scim::role::{RolePage, RoleResource};

/// The roles of an account, by the names they have here.
pub(super) type Roles = BTreeMap<RoleName, LiveRole>;

/// A role, and what stands in a user who has it.
struct Listed {
    value: String,
    role: LiveRole,
}

/// Whether users cannot be understood before the roles are known.
pub(super) fn come_first(learned: &Learned) -> bool {
    let dialect = learned.dialect();
    names_users_roles(dialect) || dialect.role_resources != RoleResources::None && !learned.expected().roles.is_empty()
}

/// Whether only the listing tells which roles users have.
fn names_users_roles(dialect: &Dialect) -> bool {
    matches!(&dialect.role, RolePlace::Elements(RoleElements { named_by: NamedBy::Listing, .. }))
}

/// Reads the roles, where the dialect says that there are any to read.
///
/// # Errors
///
/// Where users cannot be understood without them. Otherwise that they are missing is a note.
pub(super) async fn read(http: &Asking, learned: &Learned) -> Result<Option<Roles>, ProviderError> {
    let dialect = learned.dialect();
    if dialect.role_resources == RoleResources::None && !names_users_roles(dialect) {
        return Ok(None);
    }
    match listed(http, dialect).await {
        Ok(listed) => {
            let named = named(listed, dialect, learned.expected());
            let values = named.iter().map(|(name, Listed { value, .. })| (value.clone(), name.clone()));
            learned.listed_roles(values.collect());
            Ok(Some(named.into_iter().map(|(name, Listed { role, .. })| (name, role)).collect()))
        }
        Err(error) if come_first(learned) || error.concerns_whole_account() || error.is_outage() => Err(error),
        Err(_) => {
            learned.found(Note::NoRoleResources);
            Ok(None)
        }
    }
}

async fn listed(http: &Asking, dialect: &Dialect) -> Result<Vec<Listed>, ProviderError> {
    let answer = http.get(Target::Roles).await?;
    let RolePage { total_results: _, resources } = answer.read()?;
    let Some(resources) = resources else {
        return Err(answer.malformed(Fault::Undecodable, format!("it lists no roles: `{}`", answer.excerpt())));
    };
    Ok(resources.into_iter().filter_map(|resource| understood(resource, dialect)).collect())
}

/// The role, or `None` where it has no id or nothing that users could hold.
fn understood(resource: RoleResource, dialect: &Dialect) -> Option<Listed> {
    let RoleResource { id, value, display, mut description, kind, mut permissions, extensions } = resource;
    if let RoleResources::Managed(Some(schema)) = &dialect.role_resources {
        let extension = extensions.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(schema.as_str()));
        if let Some((_, extension)) = extension {
            (description, permissions) = (extension.description, extension.permissions);
        }
    }
    let id = id.or_else(|| value.clone())?;
    let held = if names_users_roles(dialect) { Some(id.clone()) } else { value.or_else(|| display.clone()) };
    let value = held.filter(|held| !held.trim().is_empty())?;
    // A server that says what a role permits, and not of which kind it is, has people who made it.
    let is_custom = kind.map_or(permissions.is_some(), |kind| kind.eq_ignore_ascii_case("custom"));
    let definition = RoleDefinition {
        title: display.unwrap_or_else(|| value.clone()),
        description: description.unwrap_or_default(),
        permissions: permissions.unwrap_or_default().into_iter().collect(),
    };
    let origin = if is_custom { RoleOrigin::Custom } else { RoleOrigin::Static };
    Some(Listed { value, role: LiveRole { id: RoleId::observed(&id)?, origin, definition } })
}

/// Gives each role the name it has here: the file's for a role that has that name or, where none has, that title; or else
/// what the server calls it.
fn named(listed: Vec<Listed>, dialect: &Dialect, Expected { roles, .. }: &Expected) -> BTreeMap<RoleName, Listed> {
    let by_id = names_users_roles(dialect);
    let own_name = |one: &Listed| dialect.role_names.read(if by_id { &one.role.definition.title } else { &one.value });
    let taken: Vec<RoleName> = listed.iter().filter_map(own_name).filter(|name| roles.contains_key(name)).collect();
    let titled = |title: &str| {
        let wanted = title.parse::<RoleName>();
        let mut free = roles.iter().filter(|(name, _)| !taken.contains(name));
        free.find(|(_, title)| title.parse::<RoleName>() == wanted).map(|(name, _)| name.clone())
    };
    let mut named = BTreeMap::new();
    for one in listed {
        let Some(own) = own_name(&one) else { continue };
        let name = if roles.contains_key(&own) { own } else { titled(&one.role.definition.title).unwrap_or(own) };
        named.entry(name).or_insert(one);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;
    use serde_json::json;

    fn roles(dialect: &Dialect, expected: &[(&str, &str)]) -> String {
        let page: RolePage = serde_json::from_value(json!({"Resources": [
            {"id": "1", "value": "admin", "display": "Admin", "type": "static"},
            {"id": "2", "value": "lifecycle-marketer-eu", "display": "Lifecycle Marketer – EU", "type": "custom",
             crate::scim::ACCOUNT_ROLE: {"description": "Mails", "permissions": ["content-view"]}},
            {"id": "3", "value": "editor", "display": "Text Editor"},
            {"id": "4"},
        ]}))
        .expect("a page");
        let resources = page.resources.expect("roles").into_iter();
        let listed = resources.filter_map(|resource| understood(resource, dialect)).collect();
        let pair = |(name, title): &(&str, &str)| (name.parse().expect("a role"), (*title).to_owned());
        let expected = Expected { roles: expected.iter().map(pair).collect(), ..Expected::default() };
        let named = named(listed, dialect, &expected).into_iter();
        let words = named.map(|(name, Listed { value, role })| {
            format!("{name} {value} {:?} {:?}", role.origin, role.definition.permissions)
        });
        words.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_role_is_called_what_the_file_calls_it() {
        let sandbox = Preset::Sandbox.dialect();
        insta::assert_snapshot!(roles(&sandbox, &[("lifecycle-marketer", "Lifecycle Marketer – EU"), ("editor", "Writer")]), @r#"
        admin admin Static {}
        editor editor Static {}
        lifecycle-marketer lifecycle-marketer-eu Custom {"content-view"}
        "#);
        let unknown = roles(&sandbox, &[]);
        assert!(unknown.contains("lifecycle-marketer-eu lifecycle-marketer-eu Custom"), "{unknown}");
    }

    #[test]
    fn where_users_hold_ids_roles_are_called_by_their_titles() {
        let elements = RoleElements {
            named_by: NamedBy::Listing,
            list: crate::model::dialect::role::RoleList::Roles,
            primary: crate::model::dialect::role::Primary::LeftOut,
            kind: None,
        };
        let dialect = Dialect { role: RolePlace::Elements(elements), ..Dialect::rfc() };
        assert!(roles(&dialect, &[]).contains("Admin 1 Static {}"));
    }
}
