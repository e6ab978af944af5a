//! The limits on what one plan may change.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::file::draft::{DraftGuards, Located};
use crate::file::lower::Lowering;
use crate::file::problem::{Kind, Problem};
use crate::file::protection;
use crate::file::raw::guards as raw;
use crate::file::shape::Field;
use crate::file::span::Span;
use crate::model::account_name::AccountName;
use crate::model::desired::guards::{ExternalPolicy, GuardPolicy, LossLimit};
use crate::model::desired::pattern::AddressPattern;
use crate::model::domain::DomainPattern;
use crate::model::role::RoleName;

/// The limits, as far as they are said, in an account or in `defaults`.
#[derive(Debug, Default, Clone)]
pub(super) struct Guards {
    max_losses: Losses,
    max_losses_per_day: Losses,
    min_admins: Option<Located<usize>>,
    max_admins: Option<Located<usize>>,
    protect: BTreeSet<AddressPattern>,
    domains: Option<BTreeSet<DomainPattern>>,
    external: Option<External>,
    lookalike: Option<bool>,
    flapping: Option<usize>,
}

/// A limit of losses, as far as it is said.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Losses {
    percent: Option<u8>,
    at_least: Option<usize>,
}

/// What people from outside may have, as far as it is said.
#[derive(Debug, Clone)]
struct External {
    at: Span,
    home: Option<BTreeSet<DomainPattern>>,
    highest_role: Option<Located<RoleName>>,
    must_expire: Option<bool>,
    longest: Option<SignedDuration>,
}

impl Losses {
    fn over(self, defaults: Self) -> Self {
        Self { percent: self.percent.or(defaults.percent), at_least: self.at_least.or(defaults.at_least) }
    }

    /// This limit, and where it says nothing the usual one.
    pub(super) fn or(self, usual: LossLimit) -> LossLimit {
        let Self { percent, at_least } = self;
        LossLimit { percent: percent.unwrap_or(usual.percent), at_least: at_least.unwrap_or(usual.at_least) }
    }
}

impl External {
    fn over(self, defaults: Option<&Self>) -> Self {
        let Self { at, home, highest_role, must_expire, longest } = self;
        Self {
            at,
            home: home.or_else(|| defaults.and_then(|said| said.home.clone())),
            highest_role: highest_role.or_else(|| defaults.and_then(|said| said.highest_role.clone())),
            must_expire: must_expire.or_else(|| defaults.and_then(|said| said.must_expire)),
            longest: longest.or_else(|| defaults.and_then(|said| said.longest)),
        }
    }
}

impl Lowering<'_> {
    /// The limits of an account: its own, and where it says nothing those of `defaults`, and else the usual ones.
    pub(super) fn guards(&mut self, written: &Field<raw::Guards>, defaults: &Guards) -> DraftGuards {
        let own = self.said_guards(written);
        let usual = GuardPolicy::default();
        let max_losses = own.max_losses.over(defaults.max_losses).or(usual.max_losses);
        let (min, max) = (own.min_admins.or(defaults.min_admins), own.max_admins.or(defaults.max_admins));
        self.admins_can_be(min, max);
        let external = match (own.external, &defaults.external) {
            (Some(own), defaults) => Some(own.over(defaults.as_ref())),
            (None, defaults) => defaults.clone(),
        };
        let highest_role = external.as_ref().and_then(|external| external.highest_role.clone());
        let policy = GuardPolicy {
            max_losses,
            max_losses_per_day: own.max_losses_per_day.over(defaults.max_losses_per_day).or(max_losses.over_a_day()),
            min_admins: min.map_or(usual.min_admins, |min| min.value),
            max_admins: max.map(|max| max.value),
            // A line more in an account must not unprotect whom `defaults` protect.
            protect: own.protect.into_iter().chain(defaults.protect.iter().cloned()).collect(),
            domains: own.domains.or_else(|| defaults.domains.clone()).unwrap_or_default(),
            external: external.and_then(|external| self.external_policy(external)),
            lookalike: own.lookalike.or(defaults.lookalike).unwrap_or(usual.lookalike),
            flapping: own.flapping.or(defaults.flapping).unwrap_or(usual.flapping),
        };
        DraftGuards { policy, no_admins: min.filter(|min| min.value == 0).map(|min| min.at), highest_role }
    }

    /// The limits as they are said in one place.
    pub(super) fn said_guards(&mut self, written: &Field<raw::Guards>) -> Guards {
        let Some((guards, _)) = written.written() else { return Guards::default() };
        let raw::Guards {
            max_losses,
            max_losses_per_day,
            min_admins,
            max_admins,
            protect,
            domains,
            external,
            lookalike,
            flapping,
        } = guards;
        Guards {
            max_losses: self.losses(max_losses),
            max_losses_per_day: self.losses(max_losses_per_day),
            min_admins: self.count(min_admins, "min_admins"),
            max_admins: self.at_least_one(max_admins, "max_admins"),
            protect: self.protected(protect),
            domains: self.domains(domains),
            external: external.written().map(|(external, at)| self.external(external, at)),
            lookalike: lookalike.written().map(|(on, _)| *on),
            flapping: self.at_least_one(flapping, "flapping").map(|limit| limit.value),
        }
    }

    /// The limit over all accounts, and those that are meant to be gone, which one file of a roster may say.
    pub(super) fn over_all(&mut self, files: &[Field<super::raw::Roster>]) -> (LossLimit, BTreeSet<AccountName>) {
        let mut said = super::read(files).filter_map(|file| file.guards.written());
        let Some((raw::OverAll { max_losses_total, dropped }, first)) = said.next() else {
            return (LossLimit::IN_ALL, BTreeSet::new());
        };
        for (_, at) in said {
            self.problems.push(Problem::at(at, Kind::GuardsTwice).with_related(first, "first here"));
        }
        let dropped = self.parsed_list(dropped).into_iter().map(|name| name.value).collect();
        (self.losses(max_losses_total).or(LossLimit::IN_ALL), dropped)
    }

    fn losses(&mut self, written: &Field<raw::LossLimit>) -> Losses {
        let Some((raw::LossLimit { percent, at_least }, _)) = written.written() else { return Losses::default() };
        let share = percent.written().and_then(|(value, at)| {
            let share = u8::try_from(*value).ok().filter(|share| *share <= 100);
            if share.is_none() {
                self.report(at, Kind::NotAPercentage { value: *value });
            }
            share
        });
        Losses { percent: share, at_least: self.count(at_least, "at_least").map(|count| count.value) }
    }

    fn count(&mut self, written: &Field<i64>, key: &'static str) -> Option<Located<usize>> {
        let (value, at) = written.written()?;
        let count = usize::try_from(*value).ok();
        if count.is_none() {
            self.report(at, Kind::Negative { key, value: *value });
        }
        Some(Located { value: count?, at })
    }

    fn at_least_one(&mut self, written: &Field<i64>, key: &'static str) -> Option<Located<usize>> {
        let (value, at) = written.written()?;
        let count = usize::try_from(*value).ok().filter(|count| *count > 0);
        if count.is_none() {
            self.report(at, Kind::LessThanOne { key });
        }
        Some(Located { value: count?, at })
    }

    /// No account has at least three Admins and at most two.
    fn admins_can_be(&mut self, min: Option<Located<usize>>, max: Option<Located<usize>>) {
        let minimum = min.map_or(GuardPolicy::default().min_admins, |min| min.value);
        if let Some(max) = max
            && max.value < minimum
        {
            let problem = Problem::at(max.at, Kind::AdminLimits { minimum, maximum: max.value });
            self.problems.push(match min {
                Some(min) => problem.with_related(min.at, "the least"),
                None => problem,
            });
        }
    }

    /// A pattern that no address can match would protect nobody, and nobody would notice.
    fn protected(&mut self, written: &Field<Vec<Field<String>>>) -> BTreeSet<AddressPattern> {
        let listed = written.written().map(|(listed, _)| listed.as_slice()).unwrap_or_default();
        let mut protected = BTreeSet::new();
        for (text, at) in listed.iter().filter_map(Field::written) {
            match protection::protecting(text) {
                Some(pattern) => drop(protected.insert(pattern)),
                None => self.report(at, Kind::NotAPattern { text: text.clone() }),
            }
        }
        protected
    }

    fn domains(&mut self, written: &Field<Vec<Field<String>>>) -> Option<BTreeSet<DomainPattern>> {
        written.written()?;
        Some(self.parsed_list(written).into_iter().map(|domain| domain.value).collect())
    }

    fn external(&mut self, external: &raw::External, at: Span) -> External {
        let raw::External { home, highest_role, must_expire, longest } = external;
        External {
            at,
            home: self.domains(home),
            highest_role: self.parsed(highest_role),
            must_expire: must_expire.written().map(|(must, _)| *must),
            longest: self.duration(longest, SignedDuration::is_positive),
        }
    }

    /// Without a home everybody is from outside, which nobody means.
    fn external_policy(&mut self, external: External) -> Option<ExternalPolicy> {
        let External { at, home, highest_role, must_expire, longest } = external;
        let home = home.filter(|home| !home.is_empty());
        if home.is_none() {
            self.report(at, Kind::HomeMissing);
        }
        Some(ExternalPolicy {
            home: home?,
            highest_role: highest_role.map(|role| role.value),
            must_expire: must_expire.unwrap_or(false),
            longest,
        })
    }
}
