//! Roles: which ones there are, and who may have them.

use std::collections::HashMap;

use crate::file::draft::{Draft, DraftAccount};
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem};
use crate::file::suggest::nearest;
use crate::model::role::{Catalogue, RoleName};

pub(super) fn roles_are_known(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        let catalogue = match account.catalogue {
            Catalogue::Account => "an account",
            Catalogue::Portfolio => "a portfolio",
            Catalogue::Any => continue,
        };
        let given = account.users.iter().filter_map(|user| user.role.as_ref());
        for role in given.chain(&account.guards.highest_role) {
            if !account.catalogue.knows(&role.value) && !account.makes(&role.value) {
                let custom = account.roles.iter().flatten().map(|role| role.name.as_str());
                let known: Vec<String> =
                    account.catalogue.slugs().iter().copied().chain(custom).map(str::to_owned).collect();
                let near = nearest(role.value.as_str(), known.iter().map(String::as_str)).map(str::to_owned);
                let kind = Kind::UnknownRole { role: role.value.to_string(), catalogue, near, known };
                problems.push(Problem::at(role.at, kind));
            }
        }
    }
}

impl DraftAccount {
    /// Whether this is one of its custom roles.
    fn makes(&self, wanted: &RoleName) -> bool {
        self.roles.iter().flatten().any(|role| role.name == *wanted)
    }
}

/// A custom role has a name and a title of its own, and none that every account has.
pub(super) fn custom_roles_are_new(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        let (mut names, mut titles) = (HashMap::new(), HashMap::new());
        for role in account.roles.iter().flatten() {
            if is_static(account.catalogue, &role.name) {
                problems.push(Problem::at(role.at, Kind::StaticRole { role: role.name.to_string() }));
            }
            if let Some(earlier) = names.insert(&role.name, role.at) {
                let kind = Kind::NameTwice { of: "role", name: role.name.to_string() };
                problems.push(Problem::at(role.at, kind).with_related(earlier, "first here"));
                continue;
            }
            let Ok(title) = role.definition.title.parse::<RoleName>() else { continue };
            if title != role.name && is_static(account.catalogue, &title) {
                problems.push(Problem::at(role.at, Kind::StaticRole { role: title.to_string() }));
            }
            if let Some(earlier) = titles.insert(title, role) {
                let (first, second) = (earlier.name.to_string(), role.name.to_string());
                let kind = Kind::TitleTwice { first, second };
                problems.push(Problem::at(role.at, kind).with_related(earlier.at, "first here"));
            }
        }
    }
}

/// Whether an account has this role without anybody making it; under `any`, only the ones that are known everywhere.
fn is_static(catalogue: Catalogue, role: &RoleName) -> bool {
    match catalogue {
        Catalogue::Any => catalogue.is_administrative(role),
        Catalogue::Account | Catalogue::Portfolio => catalogue.knows(role),
    }
}
