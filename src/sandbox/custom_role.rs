//! Custom roles: what they are made of, and what may be called one. How they are kept is `store`'s business.

use super::refusal::{Keyword, Refusal};
use super::rules::Roles;

/// A role that the account's people made from permission sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomRole {
    /// The canonical value, made from the first title and kept when the title changes.
    pub(crate) slug: String,
    /// For people.
    pub(crate) title: String,
    /// What it is for.
    pub(crate) description: String,
    /// The permission sets, by their slugs.
    pub(crate) permissions: Vec<String>,
}

/// What a role is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PermissionSet {
    /// What is stored.
    pub(crate) slug: &'static str,
    /// For people.
    pub(crate) title: &'static str,
    /// What it allows.
    pub(crate) allows: &'static str,
}

/// All permission sets, in the order in which people read them.
pub(crate) const PERMISSION_SETS: &[PermissionSet] = &[
    set("content-view", "Content View", "See templates, images and other content."),
    set("content-edit", "Content Edit", "Create and edit templates, images and other content."),
    set("campaigns-view", "Campaigns View", "See campaigns."),
    set("campaigns-edit", "Campaigns Edit", "Create and schedule campaigns."),
    set("campaigns-send", "Campaigns Send", "Send campaigns."),
    set("flows-view", "Flows View", "See flows."),
    set("flows-edit", "Flows Edit", "Create, edit and switch flows on and off."),
    set("profiles-view", "Profiles View", "See profiles, lists and segments."),
    set("profiles-edit", "Profiles Edit", "Edit profiles, lists and segments."),
    set("profiles-export", "Profiles Export", "Export addresses."),
    set("reports-view", "Reports View", "See metrics and reports."),
    set("account-settings-view", "Account Settings View", "See the account's settings."),
    set("account-settings-edit", "Account Settings Edit", "Change the account's settings and domains."),
    set("api-keys-edit", "API Keys Edit", "Create and withdraw API keys."),
    set("billing-edit", "Billing Edit", "See and change plan and payment."),
    set("user-management-edit", "User Management Edit", "Invite, change and remove users."),
];

const LONGEST_TITLE: usize = 60;
const LONGEST_DESCRIPTION: usize = 300;

const fn set(slug: &'static str, title: &'static str, allows: &'static str) -> PermissionSet {
    PermissionSet { slug, title, allows }
}

impl CustomRole {
    /// A new role, with a name that none of the account's roles has.
    ///
    /// # Errors
    ///
    /// Where the name is empty, too long or taken, a permission set is unknown, or there is none.
    pub(crate) fn new(roles: &Roles, title: &str, description: &str, permissions: &[String]) -> Result<Self, Refusal> {
        let slug = slug(title);
        let role = Self { slug, title: title.to_owned(), description: String::new(), permissions: Vec::new() };
        if !role.slug.is_empty() && roles.find(&role.slug).is_some() {
            return Err(taken(title));
        }
        role.edited(roles, title, description, permissions)
    }

    /// The role with other contents. Its slug stays, so that nobody loses it.
    ///
    /// # Errors
    ///
    /// As for [`CustomRole::new`].
    pub(crate) fn edited(
        self,
        roles: &Roles,
        title: &str,
        description: &str,
        permissions: &[String],
    ) -> Result<Self, Refusal> {
        let (title, description) = (title.trim(), description.trim());
        if slug(title).is_empty() {
            return Err(invalid("a role needs a name with letters or digits"));
        }
        if title.chars().count() > LONGEST_TITLE || description.chars().count() > LONGEST_DESCRIPTION {
            let detail = format!("a name has at most {LONGEST_TITLE} characters, a description {LONGEST_DESCRIPTION}");
            return Err(invalid(detail));
        }
        if roles.find(title).or_else(|| roles.find(&slug(title))).is_some_and(|known| known.slug != self.slug) {
            return Err(taken(title));
        }
        let chosen = |set: &&PermissionSet| permissions.iter().any(|slug| slug == set.slug);
        let known: Vec<String> = PERMISSION_SETS.iter().filter(chosen).map(|set| set.slug.to_owned()).collect();
        if known.is_empty() {
            return Err(invalid("a role needs at least one permission set"));
        }
        if let Some(unknown) = permissions.iter().find(|slug| !known.contains(slug)) {
            return Err(invalid(format!("there is no permission set `{unknown}`")));
        }
        Ok(Self { title: title.to_owned(), description: description.to_owned(), permissions: known, ..self })
    }

    /// What the role allows, in a sentence.
    pub(crate) fn allows(&self) -> String {
        let titles = PERMISSION_SETS.iter().filter(|set| self.permissions.iter().any(|slug| slug == set.slug));
        let titles: Vec<&str> = titles.map(|set| set.title).collect();
        format!("{}.", titles.join(", "))
    }
}

/// `Lifecycle Marketer – EU` becomes `lifecycle-marketer-eu`.
fn slug(title: &str) -> String {
    let lower: String = title.chars().flat_map(char::to_lowercase).collect();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn taken(title: &str) -> Refusal {
    Refusal {
        status: 409,
        keyword: Some(Keyword::Uniqueness),
        detail: format!("there is a role named `{title}` already"),
    }
}

fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::bad(Keyword::InvalidValue, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::RoleCatalogue;

    fn make(roles: &Roles, title: &str, permissions: &[&str]) -> Result<CustomRole, String> {
        let permissions: Vec<String> = permissions.iter().map(|&slug| slug.to_owned()).collect();
        CustomRole::new(roles, title, "", &permissions).map_err(|refusal| refusal.detail)
    }

    #[test]
    fn a_name_becomes_a_slug_and_stays_unique_in_every_spelling() {
        let roles = Roles::of(RoleCatalogue::Account);
        let role = make(&roles, " Lifecycle Marketer – EU ", &["reports-view", "content-view"]).expect("a role");
        assert_eq!((role.slug.as_str(), role.title.as_str()), ("lifecycle-marketer-eu", "Lifecycle Marketer – EU"));
        assert_eq!(role.allows(), "Content View, Reports View.");
        let roles = roles.with_custom(std::slice::from_ref(&role));
        for title in ["lifecycle_marketer EU", "LIFECYCLE MARKETER – EU", "Content Creator", "OWNER"] {
            assert_eq!(make(&roles, title, &["content-view"]), Err(format!("there is a role named `{title}` already")));
        }
        let renamed = role.edited(&roles, "Lifecycle", "", &["content-edit".to_owned()]).expect("a role");
        assert_eq!((renamed.slug.as_str(), renamed.title.as_str()), ("lifecycle-marketer-eu", "Lifecycle"));
    }

    #[test]
    fn a_role_is_made_of_what_there_is() {
        let roles = Roles::of(RoleCatalogue::Account);
        assert_eq!(make(&roles, "–", &["content-view"]), Err("a role needs a name with letters or digits".to_owned()));
        assert_eq!(make(&roles, "Empty", &[]), Err("a role needs at least one permission set".to_owned()));
        let unknown = make(&roles, "Odd", &["content-view", "everything"]);
        assert_eq!(unknown, Err("there is no permission set `everything`".to_owned()));
        assert!(make(&roles, &"x".repeat(61), &["content-view"]).is_err());
    }
}
