//! Roles: their names, how names are compared, and which roles an account knows by itself.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The name of a role, shown as written and compared without regard to case, spaces, hyphens and underscores:
/// `Campaign Coordinator`, `campaign-coordinator` and `CAMPAIGN_COORDINATOR` are one role.
#[derive(Debug, Clone)]
pub struct RoleName {
    shown: Box<str>,
    folded: Box<str>,
}

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
    /// The new role stands higher, or there was no role before.
    Higher,
    /// The new role stands lower: access is taken away.
    Lower,
    /// One of the two is not in the catalogue, so nobody can tell; counted as taking access away.
    Unknown,
}

const ACCOUNT: &[&str] =
    &["owner", "admin", "manager", "analyst", "support", "campaign-coordinator", "content-creator"];
const PORTFOLIO: &[&str] = &["portfolio-owner", "portfolio-admin", "portfolio-manager", "portfolio-analyst"];

impl RoleName {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form that comparisons use: lower case, without spaces, hyphens and underscores.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether this is the Owner's role, of an account or of a portfolio.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        matches!(&*self.folded, "owner" | "portfolioowner")
    }

    /// Whether this role may manage users whatever else is set up: Owner and Admin, of an account or of a portfolio.
    #[must_use]
    pub fn is_administrative(&self) -> bool {
        self.is_owner() || self.is_admin()
    }

    fn is_admin(&self) -> bool {
        matches!(&*self.folded, "admin" | "portfolioadmin")
    }
}

impl Catalogue {
    /// The slugs of the static roles, highest first; empty for [`Catalogue::Any`].
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
        self == Self::Any || position(self.slugs(), role).is_some()
    }

    /// What going from one role to another does to a person's access.
    ///
    /// Static roles compare by their place in the catalogue. A role nobody ranked is below Owner and Admin, which may
    /// do everything, and incomparable with the rest.
    #[must_use]
    pub fn shift(self, from: Option<&RoleName>, to: &RoleName) -> Shift {
        let Some(from) = from else { return Shift::Higher };
        let ladders: &[&[&str]] = match self {
            Self::Account => &[ACCOUNT],
            Self::Portfolio => &[PORTFOLIO],
            Self::Any => &[ACCOUNT, PORTFOLIO],
        };
        for ladder in ladders {
            if let (Some(before), Some(after)) = (position(ladder, from), position(ladder, to)) {
                return if after < before { Shift::Higher } else { Shift::Lower };
            }
        }
        match (from.is_administrative(), to.is_administrative()) {
            (false, true) => Shift::Higher,
            (true, false) => Shift::Lower,
            (false, false) | (true, true) => Shift::Unknown,
        }
    }
}

fn position(ladder: &[&str], role: &RoleName) -> Option<usize> {
    ladder.iter().position(|slug| fold(slug) == *role.folded)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

impl FromStr for RoleName {
    type Err = EmptyRoleName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = text.trim();
        let folded = fold(shown);
        if folded.is_empty() { Err(EmptyRoleName) } else { Ok(Self { shown: shown.into(), folded: folded.into() }) }
    }
}

impl PartialEq for RoleName {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for RoleName {}

impl PartialOrd for RoleName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RoleName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for RoleName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.shown)
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
        assert_ne!(role("analyst"), role("analysts"));
        assert_eq!(" -_ ".parse::<RoleName>(), Err(EmptyRoleName));
    }

    #[test]
    fn a_change_that_takes_access_away_is_known_by_the_order() {
        let account = Catalogue::Account;
        assert_eq!(account.shift(Some(&role("analyst")), &role("Manager")), Shift::Higher);
        assert_eq!(account.shift(Some(&role("admin")), &role("manager")), Shift::Lower);
        assert_eq!(account.shift(None, &role("support")), Shift::Higher);
    }

    #[test]
    fn a_role_nobody_ranked_is_below_admin_and_unknown_otherwise() {
        let account = Catalogue::Account;
        assert_eq!(account.shift(Some(&role("Lifecycle Marketer")), &role("admin")), Shift::Higher);
        assert_eq!(account.shift(Some(&role("admin")), &role("Lifecycle Marketer")), Shift::Lower);
        assert_eq!(account.shift(Some(&role("Lifecycle Marketer")), &role("support")), Shift::Unknown);
        assert_eq!(Catalogue::Any.shift(Some(&role("portfolio-manager")), &role("portfolio-analyst")), Shift::Lower);
    }
}
