//! The limits the guards hold plans to, as the file sets them.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::model::desired::access::Term;
use crate::model::desired::pattern::AddressPattern;
use crate::model::domain::DomainPattern;
use crate::model::email::Email;
use crate::model::role::RoleName;

/// The limits the guards hold one account's plan to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardPolicy {
    /// How many losses one plan may carry.
    pub max_losses: LossLimit,
    /// How many losses the plans of 24 hours may carry together.
    pub max_losses_per_day: LossLimit,
    /// How many active Owners and Admins there must be at any moment.
    pub min_admins: usize,
    /// How many Owners and Admins there may be once the plan is carried out; `None` means any number.
    pub max_admins: Option<usize>,
    /// Whoever loses nothing.
    pub protect: BTreeSet<AddressPattern>,
    /// The domains that people may be let in from; empty means all.
    pub domains: BTreeSet<DomainPattern>,
    /// What people from elsewhere may have; `None` means what everybody may have.
    pub external: Option<ExternalPolicy>,
    /// Whether somebody who goes and somebody alike who comes are taken for one person with a new address.
    pub lookalike: bool,
    /// How often one person's access may be changed in 24 hours.
    pub flapping: usize,
}

/// How many losses are too many: more than the larger of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LossLimit {
    /// A share of the managed users, 0 to 100.
    pub percent: u8,
    /// A number that is allowed whatever the share comes to.
    pub at_least: usize,
}

/// What people from outside the home domains may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalPolicy {
    /// Whoever has an address in one of these is at home.
    pub home: BTreeSet<DomainPattern>,
    /// The highest role for everybody else; `None` means any.
    pub highest_role: Option<RoleName>,
    /// Whether everybody else's access must have an end.
    pub must_expire: bool,
    /// How long everybody else's access may last, which must have an end then; `None` means any time.
    pub longest: Option<SignedDuration>,
}

impl Default for GuardPolicy {
    fn default() -> Self {
        let max_losses = LossLimit::default();
        Self {
            max_losses,
            max_losses_per_day: max_losses.over_a_day(),
            min_admins: 1,
            max_admins: None,
            protect: BTreeSet::new(),
            domains: BTreeSet::new(),
            external: None,
            lookalike: true,
            flapping: 4,
        }
    }
}

impl Default for LossLimit {
    fn default() -> Self {
        Self { percent: 25, at_least: 3 }
    }
}

impl LossLimit {
    /// The usual limit over all accounts of a run: one person who leaves ten of them is no mistake.
    pub const IN_ALL: Self = Self { percent: 25, at_least: 10 };

    /// The most losses allowed among this many managed users.
    #[must_use]
    pub fn among(self, managed: usize) -> usize {
        let Self { percent, at_least } = self;
        at_least.max(managed.saturating_mul(usize::from(percent)) / 100)
    }

    /// The usual limit for a day where one plan may carry this: twice as much. So a plan within its limit that was
    /// interrupted can always be finished the same day.
    #[must_use]
    pub fn over_a_day(self) -> Self {
        let Self { percent, at_least } = self;
        Self { percent: percent.saturating_mul(2).min(100), at_least: at_least.saturating_mul(2) }
    }
}

impl ExternalPolicy {
    /// Whether this address is from outside.
    #[must_use]
    pub fn concerns(&self, email: &Email) -> bool {
        !self.home.iter().any(|home| home.matches(email))
    }

    /// Whether access from outside must have an end: what never ends is longer than whatever is the longest.
    #[must_use]
    pub fn needs_end(&self) -> bool {
        self.must_expire || self.longest.is_some()
    }

    /// The latest last day for access from outside, counted from its first day or, where that is past, from today; `None` means
    /// any day.
    #[must_use]
    pub fn latest(&self, term: Term, today: Date) -> Option<Date> {
        let first = term.starts.map_or(today, |starts| starts.max(today));
        first.checked_add(self.longest?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_from_outside_is_counted_from_its_first_day_or_from_today() {
        let latest = |longest: i64, starts: Option<&str>| {
            let longest = Some(SignedDuration::from_hours(longest));
            let policy = ExternalPolicy { home: BTreeSet::new(), highest_role: None, must_expire: false, longest };
            let day = |text: &str| text.parse::<Date>().expect("a day");
            assert!(policy.needs_end());
            policy.latest(Term { starts: starts.map(day), expires: None }, day("2026-12-01")).map(|day| day.to_string())
        };
        assert_eq!(latest(48, None).as_deref(), Some("2026-12-03"));
        assert_eq!(latest(36, None).as_deref(), Some("2026-12-02"));
        assert_eq!(latest(48, Some("2026-12-31")).as_deref(), Some("2027-01-02"));
        assert_eq!(latest(48, Some("2020-12-31")).as_deref(), Some("2026-12-03"));
        assert_eq!(latest(i64::MAX / 3600, None), None, "longer than there are days");
    }

    #[test]
    fn small_accounts_may_lose_a_few_and_large_ones_a_share() {
        let limit = LossLimit { percent: 25, at_least: 3 };
        assert_eq!([0, 4, 14, 100].map(|managed| limit.among(managed)), [3, 3, 3, 25]);
        assert_eq!(limit.over_a_day(), LossLimit { percent: 50, at_least: 6 });
        assert_eq!(LossLimit { percent: 80, at_least: 0 }.over_a_day(), LossLimit { percent: 100, at_least: 0 });
    }
}
