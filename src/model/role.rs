//! Roles: their names, how names are compared, and which roles an account knows by itself.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::model::folded::Folded;

/// The name of a role, shown as written and compared without regard to case, spaces, hyphens (and dashes, which people
/// write for them) and underscores: `Campaign Coordinator`, `campaign-coordinator` and `CAMPAIGN_COORDINATOR` are one role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(Folded);

/// A text that cannot name a role: nothing is left of it once spaces, hyphens and underscores are gone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role needs a name")]
pub struct EmptyRoleName;

/// Which static roles an account has, from the highest to the lowest. Custom roles come on top of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Catalogue {
    /// An account: one brand, store or region.
    Account,
    /// A portfolio: an overview account over several linked accounts, with users and roles of its own.
    Portfolio,
    /// No catalogue is assumed: role names are what the server says.
    Any,
}

/// What a change of role does to what a person may do, as far as the catalogue's order tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shift {
    /// The new role stands higher or is the same.
    Higher,
    /// The new role stands lower: access is taken away.
    Lower,
    /// One of the two is not in the catalogue, or the server shows no role before, so nobody can tell; counted as taking
    /// access away.
    Unknown,
}

const ACCOUNT: &[&str] =
    &["owner", "admin", "manager", "analyst", "support", "campaign-coordinator", "content-creator"];
const ACCOUNT_FOLDED: &[&str] =
    &["owner", "admin", "manager", "analyst", "support", "campaigncoordinator", "contentcreator"];
const PORTFOLIO: &[&str] = &["portfolio-owner", "portfolio-admin", "portfolio-manager", "portfolio-analyst"];
const PORTFOLIO_FOLDED: &[&str] = &["portfolioowner", "portfolioadmin", "portfoliomanager", "portfolioanalyst"];

/// The roles a user holds in an account: none, one, or, on servers that allow it, several.
#[derive(Debug, Clone, Default)]
pub struct HeldRoles(Held);

/// Nearly everybody holds one, which takes no room of its own.
#[derive(Debug, Clone, Default)]
enum Held {
    #[default]
    None,
    One(RoleName),
    /// In the order of their names.
    Several(Box<[RoleName]>),
}

/// What a custom role says and permits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleDefinition {
    /// The name for people.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The permission sets, by the names the server has for them.
    pub permissions: BTreeSet<String>,
}

impl RoleName {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.shown()
    }

    /// The form that comparisons use: lower case, without spaces, hyphens and underscores.
    #[must_use]
    pub fn folded(&self) -> &str {
        self.0.folded()
    }
}

impl HeldRoles {
    /// Whether the user holds this role and no other.
    #[must_use]
    pub fn is_exactly(&self, role: &RoleName) -> bool {
        self.only() == Some(role)
    }

    /// Whether the user holds no role that the server shows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// The role, where the user holds exactly one.
    #[must_use]
    pub fn only(&self) -> Option<&RoleName> {
        match &self.0 {
            Held::One(role) => Some(role),
            Held::None | Held::Several(_) => None,
        }
    }

    /// The roles in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &RoleName> {
        self.all().iter()
    }

    fn all(&self) -> &[RoleName] {
        match &self.0 {
            Held::None => &[],
            Held::One(role) => std::slice::from_ref(role),
            Held::Several(roles) => roles,
        }
    }
}

impl FromIterator<RoleName> for HeldRoles {
    fn from_iter<I: IntoIterator<Item = RoleName>>(roles: I) -> Self {
        let mut roles = roles.into_iter();
        let Some(first) = roles.next() else { return Self::default() };
        let Some(second) = roles.next() else { return Self(Held::One(first)) };
        let mut several: Vec<RoleName> = [first, second].into_iter().chain(roles).collect();
        several.sort();
        several.dedup();
        Self(if several.len() == 1 { Held::One(several.remove(0)) } else { Held::Several(several.into()) })
    }
}

impl PartialEq for HeldRoles {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl Eq for HeldRoles {}

impl PartialOrd for HeldRoles {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HeldRoles {
    fn cmp(&self, other: &Self) -> Ordering {
        self.all().cmp(other.all())
    }
}

impl Catalogue {
    /// The static roles as people write them, highest first; empty for [`Catalogue::Any`].
    #[must_use]
    pub fn slugs(self) -> &'static [&'static str] {
        match self {
            Self::Account => ACCOUNT,
            Self::Portfolio => PORTFOLIO,
            Self::Any => &[],
        }
    }

    /// Whether a person may have this role by the catalogue alone.
    #[must_use]
    pub fn knows(self, role: &RoleName) -> bool {
        self == Self::Any || self.position(role).is_some()
    }

    /// The one of the two that this is not; `None` for [`Catalogue::Any`].
    #[must_use]
    pub fn other(self) -> Option<Self> {
        match self {
            Self::Account => Some(Self::Portfolio),
            Self::Portfolio => Some(Self::Account),
            Self::Any => None,
        }
    }

    /// Whether this is the Owner's role. By either name: a file that takes an account for a portfolio must not make its
    /// Owner somebody like any other.
    #[must_use]
    pub fn is_owner(self, role: &RoleName) -> bool {
        matches!(role.folded(), "owner" | "portfolioowner")
    }

    /// Whether one of these is the Owner's role.
    #[must_use]
    pub fn holds_owner(self, roles: &HeldRoles) -> bool {
        roles.iter().any(|role| self.is_owner(role))
    }

    /// Whether this role may manage users whatever else is set up: the Owner's and the Admin's, by either name.
    #[must_use]
    pub fn is_administrative(self, role: &RoleName) -> bool {
        match role.folded() {
            "admin" | "portfolioadmin" => true,
            "administrator" => self == Self::Any,
            _ => self.is_owner(role),
        }
    }

    /// Whether one of these may manage users whatever else is set up.
    #[must_use]
    pub fn holds_administrative(self, roles: &HeldRoles) -> bool {
        roles.iter().any(|role| self.is_administrative(role))
    }

    /// What going from the roles held to a single one does to a person's access.
    ///
    /// Static roles compare by their place in the catalogue. A role nobody ranked is below Owner and Admin, which may
    /// do everything, and incomparable with the rest; so is holding several, and so is holding none that is shown: it may
    /// only be hidden.
    #[must_use]
    pub fn shift(self, from: &HeldRoles, to: &RoleName) -> Shift {
        if from.is_exactly(to) {
            return Shift::Higher;
        }
        let before = from.only().and_then(|role| self.position(role));
        if let (Some(before), Some(after)) = (before, self.position(to)) {
            return if after <= before { Shift::Higher } else { Shift::Lower };
        }
        match (self.holds_administrative(from), self.is_administrative(to)) {
            (false, true) => Shift::Higher,
            (true, false) => Shift::Lower,
            (false, false) | (true, true) => Shift::Unknown,
        }
    }

    /// Where a role stands among those of the catalogue, the highest first; one that nobody ranked comes last, and under
    /// [`Catalogue::Any`] behind the Owner's and the Admin's.
    #[must_use]
    pub fn rank(self, role: &RoleName) -> usize {
        match self {
            Self::Any => usize::from(!self.is_owner(role)) + usize::from(!self.is_administrative(role)),
            Self::Account | Self::Portfolio => self.position(role).unwrap_or(usize::MAX),
        }
    }

    /// How far from the top a static role stands.
    fn position(self, role: &RoleName) -> Option<usize> {
        let folded = match self {
            Self::Account => ACCOUNT_FOLDED,
            Self::Portfolio => PORTFOLIO_FOLDED,
            Self::Any => &[],
        };
        folded.iter().position(|name| *name == role.folded())
    }
}

fn fold(text: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}');
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(counts) {
        // Nearly all are, and each user of a large account has one.
        if c.is_ascii() { folded.push(c.to_ascii_lowercase()) } else { folded.extend(c.to_lowercase()) }
    }
    folded
}

impl FromStr for RoleName {
    type Err = EmptyRoleName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = text.trim();
        let folded = fold(shown);
        if folded.is_empty() { Err(EmptyRoleName) } else { Ok(Self(Folded::new(shown, &folded))) }
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Display for HeldRoles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return formatter.pad("no role");
        }
        let names: Vec<&str> = self.iter().map(RoleName::as_str).collect();
        formatter.pad(&names.join(" + "))
    }
}

impl fmt::Display for Catalogue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Account => "account",
            Self::Portfolio => "portfolio",
            Self::Any => "any",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> RoleName {
        name.parse().expect("a role name")
    }

    #[test]
    fn one_role_has_many_spellings() {
        assert_eq!(role("Campaign Coordinator"), role("CAMPAIGN_COORDINATOR"));
        assert_eq!(role("campaign-coordinator").folded(), "campaigncoordinator");
        assert_eq!(role("Lifecycle Marketer – EU"), role("lifecycle-marketer-eu"));
        assert_ne!(role("analyst"), role("analysts"));
        assert_eq!(" -_ ".parse::<RoleName>(), Err(EmptyRoleName));
    }

    fn held(names: &[&str]) -> HeldRoles {
        names.iter().map(|name| role(name)).collect()
    }

    #[test]
    fn whoever_may_do_everything_is_known_whatever_the_catalogue() {
        for catalogue in [Catalogue::Account, Catalogue::Portfolio, Catalogue::Any] {
            for name in ["owner", "Portfolio Owner", "admin", "portfolio-admin"] {
                assert!(catalogue.is_administrative(&role(name)), "{name} of {catalogue}");
                assert_eq!(
                    catalogue.is_owner(&role(name)),
                    name.to_lowercase().ends_with("owner"),
                    "{name} of {catalogue}"
                );
            }
            assert_eq!(catalogue.is_administrative(&role("administrator")), catalogue == Catalogue::Any);
            assert!(!catalogue.is_administrative(&role("portfolio-manager")));
        }
        assert_eq!(Catalogue::Portfolio.shift(&held(&["admin"]), &role("portfolio-analyst")), Shift::Lower);
    }

    #[test]
    fn slugs_are_what_they_fold_to() {
        for (slugs, folded) in [(ACCOUNT, ACCOUNT_FOLDED), (PORTFOLIO, PORTFOLIO_FOLDED)] {
            assert_eq!(slugs.iter().map(|slug| fold(slug)).collect::<Vec<_>>(), folded);
        }
    }

    #[test]
    fn a_change_that_takes_access_away_is_known_by_the_order() {
        let account = Catalogue::Account;
        assert_eq!(account.shift(&held(&["analyst"]), &role("Manager")), Shift::Higher);
        assert_eq!(account.shift(&held(&["admin"]), &role("manager")), Shift::Lower);
        assert_eq!(account.shift(&held(&[]), &role("support")), Shift::Unknown);
        assert_eq!(account.shift(&held(&[]), &role("admin")), Shift::Higher);
    }

    #[test]
    fn a_role_nobody_ranked_is_below_admin_and_unknown_otherwise() {
        let account = Catalogue::Account;
        assert_eq!(account.shift(&held(&["Lifecycle Marketer"]), &role("admin")), Shift::Higher);
        assert_eq!(account.shift(&held(&["admin"]), &role("Lifecycle Marketer")), Shift::Lower);
        assert_eq!(account.shift(&held(&["Lifecycle Marketer"]), &role("support")), Shift::Unknown);
        assert_eq!(Catalogue::Any.shift(&held(&["support"]), &role("analyst")), Shift::Unknown);
        assert_eq!(Catalogue::Any.shift(&held(&["support"]), &role("Support")), Shift::Higher);
    }

    #[test]
    fn whoever_holds_several_roles_may_lose_one_by_getting_another() {
        let account = Catalogue::Account;
        assert_eq!(account.shift(&held(&["analyst", "admin"]), &role("manager")), Shift::Lower);
        assert_eq!(account.shift(&held(&["analyst", "support"]), &role("manager")), Shift::Unknown);
        assert_eq!(account.shift(&held(&["analyst", "support"]), &role("admin")), Shift::Higher);
        assert!(account.holds_administrative(&held(&["analyst", "admin"])));
        assert_eq!(held(&["analyst", "admin"]).to_string(), "admin + analyst");
    }

    #[test]
    fn one_role_in_two_spellings_is_one_role() {
        let twice = held(&["Support", "support"]);
        assert_eq!((&twice, twice.only()), (&held(&["support"]), Some(&role("support"))));
        assert_eq!((held(&[]).to_string().as_str(), held(&[]).only()), ("no role", None));
        assert!(held(&["b", "a"]).is_exactly(&role("a")) == held(&["b", "a"]).is_empty());
        assert!(held(&["b"]) < held(&["b", "c"]) && held(&["b", "a"]) < held(&["b"]));
    }
}
