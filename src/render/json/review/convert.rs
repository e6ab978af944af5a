//! From a review to what the format says: every field taken apart, so that a new one is not forgotten.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::account_name::AccountName;
use crate::model::event::Deed;
use crate::model::live::Dates;
use crate::model::role::HeldRoles;
use crate::render::account::{AccountView, State};
use crate::render::failure::Failure;
use crate::render::json::Place;
use crate::render::json::action::Status;
use crate::render::json::history::Run;
use crate::render::json::review::{
    Access, Account, Changes, Compared, Declared, Difference, Finding, Person, Reading, Review, Rules, Severity,
    Totals, Unknown, What,
};
use crate::review::access::{Declared as Says, Listed};
use crate::review::account::{Reading as Read, Unknown as NotTold};
use crate::review::finding::Severity as Matters;
use crate::review::{AccessReview, access, account, changes, finding, people, rules};

impl Review {
    /// What was found, of accounts as they were seen.
    #[must_use]
    pub fn of(review: &AccessReview, views: &[AccountView<'_>], rules: &rules::Rules, at: Timestamp) -> Self {
        let AccessReview { accounts, people, findings } = review;
        let named: BTreeMap<&AccountName, &AccountView<'_>> = views.iter().map(|view| (view.name, view)).collect();
        let shown = accounts.iter().filter_map(|(name, account)| Some(Account::of(account, named.get(name)?)));
        Self {
            reviewed_at: Some(at),
            rules: Rules::of(rules),
            summary: Totals::of(review),
            accounts: shown.collect(),
            people: people.iter().map(Person::of).collect(),
            findings: findings.iter().map(Finding::of).collect(),
            ..Self::new()
        }
    }
}

impl Rules {
    fn of(rules: &rules::Rules) -> Self {
        let rules::Rules { dormant_after, unaccepted_after, ends_within, max_admins } = rules;
        let days = |duration: &SignedDuration| duration.as_hours() / 24;
        Self {
            dormant_after_days: days(dormant_after),
            unaccepted_after_days: days(unaccepted_after),
            ends_within_days: days(ends_within),
            max_admins: *max_admins,
        }
    }
}

impl Totals {
    fn of(AccessReview { accounts, people, findings }: &AccessReview) -> Self {
        let read = |wanted: fn(&Read) -> bool| accounts.values().filter(|account| wanted(&account.reading)).count();
        let number = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            accounts: accounts.len(),
            unread: read(|reading| matches!(reading, Read::Unread)),
            not_whole: read(|reading| matches!(reading, Read::Doubted(_))),
            people: people.len(),
            access: people.iter().map(|person| person.access.len()).sum(),
            high: number(Matters::High),
            medium: number(Matters::Medium),
            low: number(Matters::Low),
        }
    }
}

impl Account {
    fn of(account: &account::Account, view: &AccountView<'_>) -> Self {
        let account::Account { reading, active, invited, deactivated, admins, unknown } = account;
        let AccountView { name, desired, state } = view;
        let error = match state {
            State::Unread(failure) => Some(Failure::clone(failure)),
            State::Planned { .. } | State::Applied { .. } => None,
        };
        let (reading, doubts) = match reading {
            Read::Whole => (Reading::Whole, Vec::new()),
            Read::Doubted(doubts) => (Reading::NotProvenWhole, doubts.iter().map(ToString::to_string).collect()),
            Read::Unread => (Reading::Unread, Vec::new()),
        };
        Self {
            name: name.to_string(),
            title: desired.title.clone(),
            provider: desired.provider.to_string(),
            at: Place::of(&desired.place),
            reading,
            error,
            doubts,
            unknown: unknown.iter().map(|unknown| Unknown::of(*unknown)).collect(),
            active: *active,
            invited: *invited,
            deactivated: *deactivated,
            admins: *admins,
        }
    }
}

impl Unknown {
    fn of(unknown: NotTold) -> Self {
        match unknown {
            NotTold::Logins => Self::Logins,
            NotTold::Invitations => Self::Invitations,
            NotTold::Roles => Self::Roles,
            NotTold::Home => Self::Home,
        }
    }
}

impl Person {
    fn of(person: &people::Person) -> Self {
        let people::Person { email, formerly, known_by: _, name, access } = person;
        Self {
            email: email.to_string(),
            formerly: formerly.iter().map(ToString::to_string).collect(),
            name: name.clone(),
            access: access
                .iter()
                .map(|access| Access {
                    login: (access.login != *email).then(|| access.login.to_string()),
                    ..Access::of(access)
                })
                .collect(),
        }
    }
}

impl Access {
    fn of(access: &access::Access) -> Self {
        let access::Access { account, login: _, roles: held, administers, status, dates, declared } = access;
        let Dates { added, invited, invitation_expires, last_login } = *dates;
        let listed = access.listed();
        Self {
            account: account.to_string(),
            login: None,
            roles: roles(held),
            administers: *administers,
            status: Status::of(*status),
            added,
            invited,
            invitation_expires,
            last_login,
            declared: Declared::of(declared),
            declared_role: listed.map(|Listed { role, .. }| role.to_string()),
            team: listed.and_then(|Listed { team, .. }| team.clone()),
            expires: listed.and_then(|Listed { term, .. }| term.expires),
            reason: listed.and_then(|Listed { reason, .. }| reason.clone()),
            at: listed.map(|Listed { place, .. }| Place::of(place)),
        }
    }
}

impl Declared {
    fn of(declared: &Says) -> Self {
        match declared {
            Says::Owner => Self::Owner,
            Says::Listed(_) => Self::Listed,
            Says::Ignored => Self::Ignored,
            Says::Nowhere => Self::Unmanaged,
        }
    }
}

impl Finding {
    fn of(finding: &finding::Finding) -> Self {
        let finding::Finding { severity, account, person, login, reason } = finding;
        Self {
            severity: Severity::of(*severity),
            reason: reason.code().to_owned(),
            account: account.to_string(),
            email: person.as_ref().map(ToString::to_string),
            login: login.as_ref().filter(|login| person.as_ref() != Some(login)).map(ToString::to_string),
            message: reason.to_string(),
            hint: reason.hint().into_owned(),
        }
    }
}

impl Severity {
    fn of(severity: Matters) -> Self {
        match severity {
            Matters::High => Self::High,
            Matters::Medium => Self::Medium,
            Matters::Low => Self::Low,
        }
    }
}

impl Changes {
    /// What is different since a moment.
    #[must_use]
    pub fn of(changes: &changes::Changes<'_>, since: Timestamp, compared_with: Compared) -> Self {
        let changes::Changes { list, not_compared } = changes;
        Self {
            since,
            compared_with,
            list: list.iter().map(Difference::of).collect(),
            not_compared: not_compared.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Difference {
    fn of(difference: &changes::Difference<'_>) -> Self {
        let changes::Difference { account, login, what, by } = difference;
        let (what, before, after) = match what {
            changes::What::Came { roles: to } => (What::Came, Vec::new(), roles(to)),
            changes::What::Went { roles: from } => (What::Went, roles(from), Vec::new()),
            changes::What::Role { from, to } => (What::Role, roles(from), roles(to)),
            changes::What::Moved { from } => (What::Moved, vec![from.to_string()], Vec::new()),
        };
        Self {
            account: account.to_string(),
            email: login.to_string(),
            what,
            before,
            after,
            at: by.map(|Deed { at, .. }| *at),
            by: by.map(|Deed { origin, .. }| Run::of(origin)),
        }
    }
}

fn roles(held: &HeldRoles) -> Vec<String> {
    held.iter().map(ToString::to_string).collect()
}
