//! The account's own rules, as pure functions: which roles there are, and what may not happen to the Owner.

use super::RoleCatalogue;
use super::custom_role::CustomRole;
use super::folding::{fold, fold_name};
use super::language::Language;
use super::refusal::{Keyword, Refusal};
use super::store::ownership::Succession;
use super::user::{HeldRole, Profile, Status, User};

/// A role of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleEntry {
    /// The canonical value.
    pub(crate) slug: String,
    /// For people.
    pub(crate) title: String,
    /// What it allows, in a sentence.
    pub(crate) allows: String,
    /// The same in French.
    allows_in_french: String,
}

impl RoleEntry {
    /// What it allows, in a language.
    pub(crate) fn allows_in(&self, language: Language) -> &str {
        match language {
            Language::English => &self.allows,
            Language::French => &self.allows_in_french,
        }
    }
}

/// The roles of an account, highest first.
#[derive(Debug, Clone)]
pub(crate) struct Roles {
    entries: Vec<RoleEntry>,
    owner: &'static str,
    admin: &'static str,
    default: &'static str,
}

/// What is done to a user, which decides what becomes of a role that is not mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    /// POST.
    Create,
    /// PUT.
    Replace,
    /// PATCH.
    Patch,
}

const ACCOUNT: &[(&str, &str, &str, &str)] = &[
    ("owner", "Owner", "Everything, and closing the account.", "Tout, y compris fermer le compte."),
    (
        "admin",
        "Admin",
        "Full access: users, billing, API keys, domains.",
        "Accès complet : utilisateurs, facturation, clés API, domaines.",
    ),
    ("manager", "Manager", "All core features and API keys.", "Toutes les fonctions principales et les clés API."),
    (
        "analyst",
        "Analyst",
        "Seeing metrics, campaigns, flows, segments and reports.",
        "Consulter indicateurs, campagnes, flux, segments et rapports.",
    ),
    (
        "support",
        "Support",
        "Profiles, and what customer support needs.",
        "Les profils, et ce dont l'assistance a besoin.",
    ),
    (
        "campaign-coordinator",
        "Campaign Coordinator",
        "Content, and creating, scheduling and sending campaigns.",
        "Le contenu, et créer, planifier et envoyer des campagnes.",
    ),
    (
        "content-creator",
        "Content Creator",
        "Creating and editing templates and content.",
        "Créer et modifier modèles et contenus.",
    ),
];

const PORTFOLIO: &[(&str, &str, &str, &str)] = &[
    (
        "portfolio-owner",
        "Portfolio Owner",
        "Everything, and closing the portfolio.",
        "Tout, y compris fermer le portefeuille.",
    ),
    (
        "portfolio-admin",
        "Portfolio Admin",
        "Full access to the portfolio and its users.",
        "Accès complet au portefeuille et à ses utilisateurs.",
    ),
    (
        "portfolio-manager",
        "Portfolio Manager",
        "All core features of the portfolio.",
        "Toutes les fonctions principales du portefeuille.",
    ),
    (
        "portfolio-analyst",
        "Portfolio Analyst",
        "Seeing the reports of the portfolio.",
        "Consulter les rapports du portefeuille.",
    ),
];

impl Roles {
    /// The static roles of a catalogue.
    pub(crate) fn of(catalogue: RoleCatalogue) -> Self {
        let (table, owner, admin, default) = match catalogue {
            RoleCatalogue::Account => (ACCOUNT, "owner", "admin", "support"),
            RoleCatalogue::Portfolio => (PORTFOLIO, "portfolio-owner", "portfolio-admin", "portfolio-analyst"),
        };
        let entries = table.iter().map(|&(slug, title, allows, allows_in_french)| RoleEntry {
            slug: slug.to_owned(),
            title: title.to_owned(),
            allows: allows.to_owned(),
            allows_in_french: allows_in_french.to_owned(),
        });
        Self { entries: entries.collect(), owner, admin, default }
    }

    /// The same with custom roles, which come last.
    pub(crate) fn with_custom(mut self, custom: &[CustomRole]) -> Self {
        self.entries.extend(custom.iter().map(|role| RoleEntry {
            slug: role.slug.clone(),
            title: role.title.clone(),
            allows: role.allows(),
            allows_in_french: role.allows_in_french(),
        }));
        self
    }

    /// All of them, highest first; custom ones last.
    pub(crate) fn entries(&self) -> &[RoleEntry] {
        &self.entries
    }

    /// Those that can be given to a user, highest first.
    pub(crate) fn assignable(&self) -> impl Iterator<Item = &RoleEntry> {
        self.entries.iter().filter(|entry| entry.slug != self.owner)
    }

    /// The role that a name means, whatever its case, spaces, hyphens and underscores.
    pub(crate) fn find(&self, name: &str) -> Option<&RoleEntry> {
        let folded = fold_name(name);
        self.entries.iter().find(|entry| fold_name(&entry.slug) == folded || fold_name(&entry.title) == folded)
    }

    /// Whether a user holds the Owner's role.
    pub(crate) fn is_owner(&self, profile: &Profile) -> bool {
        profile.role.as_ref().is_some_and(|role| role.slug == self.owner)
    }

    /// What changes hands with the ownership.
    pub(crate) fn succession(&self) -> Succession {
        Succession { owner: held(self.owner), former: held(self.admin) }
    }

    /// Checks that a user can become the Owner.
    ///
    /// # Errors
    ///
    /// 400 `mutability` for the Owner, and for whoever is not active.
    pub(crate) fn check_heir(&self, user: &User) -> Result<(), Refusal> {
        if self.is_owner(&user.profile) {
            return Err(Refusal::bad(Keyword::Mutability, "this user is the Owner already"));
        }
        match user.status() {
            Status::Active => Ok(()),
            Status::Invited | Status::Deactivated => {
                Err(Refusal::bad(Keyword::Mutability, "only an active user can become the Owner"))
            }
        }
    }

    /// What people call a role; its slug where there is no such role any more.
    pub(crate) fn title(&self, slug: &str) -> String {
        self.find(slug).map_or(slug, |entry| &entry.title).to_owned()
    }

    /// The role of who is invited without one.
    pub(crate) fn default_slug(&self) -> &'static str {
        self.default
    }

    /// The Owner's role.
    pub(crate) fn owner(&self) -> HeldRole {
        held(self.owner)
    }

    /// The canonical value of a role that a client named.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` with the roles there are.
    pub(crate) fn canonical(&self, name: &str) -> Result<&str, Refusal> {
        self.find(name).map(|entry| entry.slug.as_str()).ok_or_else(|| {
            let known: Vec<&str> = self.entries.iter().map(|entry| entry.slug.as_str()).collect();
            Refusal::bad(
                Keyword::InvalidValue,
                format!("this account has no role `{name}`; its roles are: {}", known.join(", ")),
            )
        })
    }

    /// Checks a profile that is about to be stored and fills in the role where the client did not say one.
    ///
    /// # Errors
    ///
    /// Where there is no such role, or the Owner would lose what makes an Owner, or somebody else would become one.
    pub(crate) fn settle(
        &self,
        write: Write,
        before: Option<&Profile>,
        mut after: Profile,
    ) -> Result<Profile, Refusal> {
        check_name(before, &after)?;
        if let Some(role) = &mut after.role {
            let kept = before.and_then(|before| before.role.as_ref()).is_some_and(|held| held.slug == role.slug);
            if !kept {
                role.slug = self.canonical(&role.slug)?.to_owned();
            }
        }
        if let Some(tag) = &after.language
            && before.is_none_or(|before| before.language != after.language)
        {
            Language::read(tag)?;
        }
        let was_owner = before.is_some_and(|profile| self.is_owner(profile));
        if after.role.is_none() && write != Write::Patch {
            after.role = Some(if was_owner { self.owner() } else { held(self.default) });
        }
        match (was_owner, self.is_owner(&after)) {
            (true, false) => Err(Refusal::bad(
                Keyword::Mutability,
                "the Owner keeps the owner role: only the Owner can hand ownership over, in the account itself",
            )),
            (false, true) => Err(Refusal::bad(
                Keyword::Mutability,
                "nobody can be given the owner role here: only the Owner can hand ownership over, in the account itself",
            )),
            (true, true) if after.active == Some(false) => {
                Err(Refusal::bad(Keyword::Mutability, "the Owner of an account cannot be deactivated"))
            }
            (true, true) if before.is_some_and(|before| fold(&before.user_name) != fold(&after.user_name)) => {
                Err(Refusal::bad(
                    Keyword::Mutability,
                    "the Owner keeps the userName: with another one, somebody else would be the Owner",
                ))
            }
            (true, true) | (false, false) => Ok(after),
        }
    }

    /// Checks that a user may be deleted.
    ///
    /// # Errors
    ///
    /// 400 `mutability` for the Owner.
    pub(crate) fn check_delete(&self, profile: &Profile) -> Result<(), Refusal> {
        if self.is_owner(profile) {
            return Err(Refusal::bad(Keyword::Mutability, "the Owner of an account cannot be deleted"));
        }
        Ok(())
    }
}

/// Checks a `userName` that is new; one that is there already may be as it is.
fn check_name(before: Option<&Profile>, after: &Profile) -> Result<(), Refusal> {
    let name = &after.user_name;
    if name.trim().is_empty() {
        return Err(Refusal::bad(Keyword::InvalidValue, "`userName` is required and cannot be empty"));
    }
    if name.trim() != name && before.is_none_or(|before| before.user_name != *name) {
        // Else two users could be told apart by nobody who reads.
        return Err(Refusal::bad(Keyword::InvalidValue, "`userName` cannot begin or end with white space"));
    }
    Ok(())
}

/// A role as the account itself gives it.
pub(crate) fn held(slug: &str) -> HeldRole {
    HeldRole { slug: slug.to_owned(), display: None, kind: None, primary: Some(true) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(role: Option<&str>) -> Profile {
        Profile { user_name: "ada".to_owned(), role: role.map(held), ..Profile::default() }
    }

    #[test]
    fn a_role_is_known_in_every_spelling_and_stored_in_one() {
        let roles = Roles::of(RoleCatalogue::Account);
        let settled = roles.settle(Write::Create, None, profile(Some("CAMPAIGN_Coordinator"))).expect("a known role");
        assert_eq!(settled.role.expect("a role").slug, "campaign-coordinator");
    }

    #[test]
    fn an_unknown_role_is_refused_with_the_roles_there_are() {
        let refusal = Roles::of(RoleCatalogue::Portfolio).canonical("admin").expect_err("not a portfolio's role");
        assert_eq!(refusal.keyword, Some(Keyword::InvalidValue));
        assert_eq!(
            refusal.detail,
            "this account has no role `admin`; its roles are: portfolio-owner, portfolio-admin, portfolio-manager, \
             portfolio-analyst"
        );
    }

    #[test]
    fn who_comes_without_a_role_gets_the_default_one() {
        let settle = |catalogue| Roles::of(catalogue).settle(Write::Create, None, profile(None)).expect("fine").role;
        assert_eq!(settle(RoleCatalogue::Account), Some(held("support")));
        assert_eq!(settle(RoleCatalogue::Portfolio), Some(held("portfolio-analyst")));
    }

    #[test]
    fn the_owner_stays_the_owner() {
        let roles = Roles::of(RoleCatalogue::Account);
        let owner = profile(Some("owner"));
        let keyword = |write, after: Profile| {
            roles.settle(write, Some(&owner), after).expect_err("the Owner is protected").keyword
        };
        assert_eq!(keyword(Write::Replace, profile(Some("admin"))), Some(Keyword::Mutability));
        assert_eq!(keyword(Write::Patch, profile(None)), Some(Keyword::Mutability));
        assert_eq!(keyword(Write::Patch, Profile { active: Some(false), ..owner.clone() }), Some(Keyword::Mutability));
        assert!(roles.check_delete(&owner).is_err());
        assert_eq!(roles.settle(Write::Replace, Some(&owner), profile(None)).expect("unsaid").role, owner.role);
    }

    #[test]
    fn nobody_else_becomes_the_owner() {
        let roles = Roles::of(RoleCatalogue::Account);
        assert!(roles.settle(Write::Create, None, profile(Some("Owner"))).is_err());
        assert!(roles.settle(Write::Patch, Some(&profile(Some("admin"))), profile(Some("owner"))).is_err());
    }
}
