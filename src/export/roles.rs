//! The custom roles of an account as the file declares them.

use std::collections::BTreeMap;

use crate::model::desired::DesiredAccount;
use crate::model::live::{LiveRole, RoleOrigin, Snapshot};
use crate::model::role::{Catalogue, RoleDefinition, RoleName};
use crate::model::visible;

/// Every custom role of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared(pub BTreeMap<RoleName, RoleDefinition>);

impl Declared {
    /// The custom roles that the account lists, or that the file declares where the account lists none. `None` where the
    /// file must not speak of them: one that it does not declare would be deleted, so it declares all of them or none.
    pub(super) fn of(desired: &DesiredAccount, live: &Snapshot) -> Option<Self> {
        let Some(listed) = live.roles() else { return Self::of_file(desired) };
        let custom = listed.iter().filter(|(_, role)| role.origin == RoleOrigin::Custom);
        let declared: BTreeMap<RoleName, RoleDefinition> =
            custom.map(|(name, LiveRole { definition, .. })| (name.clone(), definition.clone())).collect();
        let all = declared.iter().all(|(name, definition)| is_declarable(desired.catalogue, name, definition));
        let any = !declared.is_empty() || desired.roles.is_some();
        (any && all && have_titles_of_their_own(&declared)).then_some(Self(declared))
    }

    /// The custom roles that the file declares.
    pub(super) fn of_file(desired: &DesiredAccount) -> Option<Self> {
        let declared = desired.roles.as_ref()?;
        Some(Self(declared.iter().map(|(name, role)| (name.clone(), role.definition.clone())).collect()))
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn makes(&self, role: &RoleName) -> bool {
        self.0.contains_key(role)
    }
}

/// Whether a file may declare a role and would say of it just what the account does.
fn is_declarable(catalogue: Catalogue, name: &RoleName, definition: &RoleDefinition) -> bool {
    let RoleDefinition { title, description, permissions } = definition;
    let is_kept = |text: &str| text.trim() == text && visible::is_plain(text);
    let is_said = |text: &str| !text.is_empty() && is_kept(text);
    let is_new = |role: &RoleName| match catalogue {
        Catalogue::Any => !catalogue.is_administrative(role),
        Catalogue::Account | Catalogue::Portfolio => !catalogue.knows(role),
    };
    is_said(name.as_str())
        && is_new(name)
        && is_said(title)
        && title.parse().is_ok_and(|title| is_new(&title))
        && is_kept(description)
        && !permissions.is_empty()
        && permissions.iter().all(|permission| is_said(permission))
}

fn have_titles_of_their_own(declared: &BTreeMap<RoleName, RoleDefinition>) -> bool {
    let mut titles: Vec<RoleName> = declared.values().filter_map(|role| role.title.parse().ok()).collect();
    titles.sort();
    titles.windows(2).all(|pair| pair[0] != pair[1])
}
