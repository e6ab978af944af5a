//! Custom roles: what they are made of, and what may be called one. How they are kept is `store`'s business.

use jiff::Timestamp;

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
    /// The permission sets, by their slugs, in the order of [`PERMISSION_SETS`].
    pub(crate) permissions: Vec<String>,
    /// `externalId`: the client's own id of the role.
    pub(crate) external_id: Option<String>,
    /// One at first, one more with every change: the ETag.
    pub(crate) version: i64,
    /// When it was made.
    pub(crate) made: Timestamp,
    /// When it was last changed.
    pub(crate) modified: Timestamp,
}

/// What people write of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// For people.
    pub(crate) title: String,
    /// What it is for.
    pub(crate) description: String,
    /// The permission sets, by their slugs, in any order.
    pub(crate) permissions: Vec<String>,
    /// `externalId`.
    pub(crate) external_id: Option<String>,
}

/// What a role is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PermissionSet {
    /// What is stored.
    pub(crate) slug: &'static str,
    /// For people.
    pub(crate) title: &'static str,
    /// The same in French, the other language of the service's mails.
    title_in_french: &'static str,
    /// What it allows.
    pub(crate) allows: &'static str,
}

/// All permission sets, in the order in which people read them.
pub(crate) const PERMISSION_SETS: &[PermissionSet] = &[
    set("content-view", "Content View", "Voir les contenus", "See templates, images and other content."),
    set(
        "content-edit",
        "Content Edit",
        "Modifier les contenus",
        "Create and edit templates, images and other content.",
    ),
    set("campaigns-view", "Campaigns View", "Voir les campagnes", "See campaigns."),
    set("campaigns-edit", "Campaigns Edit", "Modifier les campagnes", "Create and schedule campaigns."),
    set("campaigns-send", "Campaigns Send", "Envoyer les campagnes", "Send campaigns."),
    set("flows-view", "Flows View", "Voir les flux", "See flows."),
    set("flows-edit", "Flows Edit", "Modifier les flux", "Create, edit and switch flows on and off."),
    set("profiles-view", "Profiles View", "Voir les profils", "See profiles, lists and segments."),
    set("profiles-edit", "Profiles Edit", "Modifier les profils", "Edit profiles, lists and segments."),
    set("profiles-export", "Profiles Export", "Exporter les profils", "Export addresses."),
    set("reports-view", "Reports View", "Voir les rapports", "See metrics and reports."),
    set("account-settings-view", "Account Settings View", "Voir les réglages du compte", "See the account's settings."),
    set(
        "account-settings-edit",
        "Account Settings Edit",
        "Modifier les réglages du compte",
        "Change the account's settings and domains.",
    ),
    set("api-keys-edit", "API Keys Edit", "Gérer les clés API", "Create and withdraw API keys."),
    set("billing-edit", "Billing Edit", "Gérer la facturation", "See and change plan and payment."),
    set("user-management-edit", "User Management Edit", "Gérer les utilisateurs", "Invite, change and remove users."),
];

const LONGEST_TITLE: usize = 60;
const LONGEST_DESCRIPTION: usize = 300;

const fn set(
    slug: &'static str,
    title: &'static str,
    title_in_french: &'static str,
    allows: &'static str,
) -> PermissionSet {
    PermissionSet { slug, title, title_in_french, allows }
}

impl CustomRole {
    /// A new role, with a name that none of the account's roles has.
    ///
    /// # Errors
    ///
    /// Where the name is empty, too long or taken, a permission set is unknown, or there is none.
    pub(crate) fn new(roles: &Roles, contents: &Contents, at: Timestamp) -> Result<Self, Refusal> {
        let slug = slug(&contents.title);
        if !slug.is_empty() && roles.find(&slug).is_some() {
            return Err(taken(&contents.title));
        }
        Ok(Self { made: at, modified: at, ..settled(roles, slug, contents)? })
    }

    /// The role with other contents. Its slug stays, so that nobody loses it.
    ///
    /// # Errors
    ///
    /// As for [`CustomRole::new`].
    pub(crate) fn edited(&self, roles: &Roles, contents: &Contents, at: Timestamp) -> Result<Self, Refusal> {
        let Self { slug, version, made, modified, .. } = self.clone();
        let same = Self { version, made, modified, ..settled(roles, slug, contents)? };
        Ok(if same == *self { same } else { Self { modified: at, ..same } })
    }

    /// What people wrote of it.
    pub(crate) fn contents(&self) -> Contents {
        let Self { title, description, permissions, external_id, .. } = self.clone();
        Contents { title, description, permissions, external_id }
    }

    /// What the role allows, in a sentence.
    pub(crate) fn allows(&self) -> String {
        self.sentence(|set| set.title)
    }

    /// The same in French.
    pub(crate) fn allows_in_french(&self) -> String {
        self.sentence(|set| set.title_in_french)
    }

    fn sentence(&self, title: impl Fn(&PermissionSet) -> &'static str) -> String {
        let sets = PERMISSION_SETS.iter().filter(|set| self.permissions.iter().any(|slug| slug == set.slug));
        format!("{}.", sets.map(title).collect::<Vec<_>>().join(", "))
    }
}

/// A role of these contents, without its dates, and without the version that it gets when it is stored.
fn settled(roles: &Roles, slug: String, contents: &Contents) -> Result<CustomRole, Refusal> {
    let Contents { title, description, permissions, external_id } = contents;
    let (title, description) = (title.trim(), description.trim());
    if self::slug(title).is_empty() {
        return Err(invalid("a role needs a name with letters or digits"));
    }
    if title.chars().count() > LONGEST_TITLE || description.chars().count() > LONGEST_DESCRIPTION {
        let detail = format!("a name has at most {LONGEST_TITLE} characters, a description {LONGEST_DESCRIPTION}");
        return Err(invalid(detail));
    }
    if roles.find(title).or_else(|| roles.find(&self::slug(title))).is_some_and(|known| known.slug != slug) {
        return Err(taken(title));
    }
    if let Some(unknown) = permissions.iter().find(|slug| !PERMISSION_SETS.iter().any(|set| set.slug == **slug)) {
        return Err(invalid(format!("there is no permission set `{unknown}`")));
    }
    let chosen = |set: &&PermissionSet| permissions.iter().any(|slug| slug == set.slug);
    let permissions: Vec<String> = PERMISSION_SETS.iter().filter(chosen).map(|set| set.slug.to_owned()).collect();
    if permissions.is_empty() {
        return Err(invalid("a role needs at least one permission set"));
    }
    Ok(CustomRole {
        slug,
        title: title.to_owned(),
        description: description.to_owned(),
        permissions,
        external_id: external_id.clone(),
        version: 0,
        made: Timestamp::UNIX_EPOCH,
        modified: Timestamp::UNIX_EPOCH,
    })
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

    fn contents(title: &str, permissions: &[&str]) -> Contents {
        let permissions = permissions.iter().map(|&slug| slug.to_owned()).collect();
        Contents { title: title.to_owned(), permissions, ..Contents::default() }
    }

    fn make(roles: &Roles, title: &str, permissions: &[&str]) -> Result<CustomRole, String> {
        let made = CustomRole::new(roles, &contents(title, permissions), Timestamp::UNIX_EPOCH);
        made.map_err(|refusal| refusal.detail)
    }

    #[test]
    fn a_name_becomes_a_slug_and_stays_unique_in_every_spelling() {
        let roles = Roles::of(RoleCatalogue::Account);
        let role = make(&roles, " Lifecycle Marketer – EU ", &["reports-view", "content-view"]).expect("a role");
        assert_eq!((role.slug.as_str(), role.title.as_str()), ("lifecycle-marketer-eu", "Lifecycle Marketer – EU"));
        assert_eq!(role.allows(), "Content View, Reports View.");
        assert_eq!(role.allows_in_french(), "Voir les contenus, Voir les rapports.");
        let roles = roles.with_custom(std::slice::from_ref(&role));
        for title in ["lifecycle_marketer EU", "LIFECYCLE MARKETER – EU", "Content Creator", "OWNER"] {
            assert_eq!(make(&roles, title, &["content-view"]), Err(format!("there is a role named `{title}` already")));
        }
        let later = Timestamp::MAX;
        assert_eq!(role.edited(&roles, &role.contents(), later), Ok(role.clone()), "nothing changed");
        let renamed = role.edited(&roles, &contents("Lifecycle", &["content-edit"]), later).expect("a role");
        assert_eq!((renamed.slug.as_str(), renamed.title.as_str()), ("lifecycle-marketer-eu", "Lifecycle"));
        assert_eq!((renamed.made, renamed.modified), (role.made, later));
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
