//! The words that every form of a review has.

use std::collections::BTreeMap;

use crate::render::json::action::Status;
use crate::render::json::history::Run;
use crate::render::json::review::{
    Access, Account, Changes, Compared, Difference, Finding, Person, Reading, Review, Totals, What,
};
use crate::render::line::roles;
use crate::render::text::history::{moment, shortened};
use crate::render::words::{count, grouped};

/// The whole review in a sentence or two.
pub(super) fn sentence(totals: &Totals) -> String {
    let Totals { accounts, unread, not_whole, people, access, high, medium, low } = totals;
    let findings = [(high, "high"), (medium, "medium"), (low, "low")];
    let findings = findings.map(|(number, word)| format!("{} {word}", grouped(*number))).join(", ");
    let people = if *people == 1 { "1 person".to_owned() } else { format!("{} people", grouped(*people)) };
    let access = if *access == 1 { "once".to_owned() } else { format!("{} times", grouped(*access)) };
    let unread = (*unread > 0).then(|| format!(" {} could not be read.", count(*unread, "account")));
    let not_whole = (*not_whole > 0).then(|| {
        let were = if *not_whole == 1 { "was" } else { "were" };
        format!(" {} {were} not proven whole.", count(*not_whole, "account"))
    });
    let gaps: String = [unread, not_whole].into_iter().flatten().collect();
    format!("{people} in {}, with access {access}. Findings: {findings}.{gaps}", count(*accounts, "account"))
}

/// What was found about each access: that is an account and an address there, so that two logins of one person are two.
pub(super) struct ByAccess<'a>(BTreeMap<(&'a str, &'a str), Vec<&'a Finding>>);

impl<'a> ByAccess<'a> {
    pub(super) fn of(review: &'a Review) -> Self {
        let mut by: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
        for finding in &review.findings {
            if let Some(login) = finding.login.as_ref().or(finding.email.as_ref()) {
                by.entry((&finding.account, login)).or_default().push(finding);
            }
        }
        Self(by)
    }

    /// What was found about this access of a person.
    pub(super) fn about(&self, person: &'a Person, access: &'a Access) -> &[&'a Finding] {
        let login = access.login.as_ref().unwrap_or(&person.email);
        self.0.get(&(access.account.as_str(), login.as_str())).map_or(&[], Vec::as_slice)
    }
}

/// Who a finding is about, and by which login where the person has another one there; `None` where it is about the account.
pub(super) fn who(Finding { email, login, .. }: &Finding) -> Option<String> {
    let email = email.as_ref()?;
    Some(login.as_ref().map_or_else(|| email.clone(), |login| format!("{email} as {login}")))
}

/// What somebody has, in a few words: `admin`, `analyst, invited`.
pub(super) fn held(access: &Access) -> String {
    let mut held = roles(&access.roles);
    if access.status != Status::Active {
        held.push_str(", ");
        held.push_str(access.status.word());
    }
    held
}

/// How an account was read.
pub(super) fn reading(account: &Account) -> &'static str {
    match account.reading {
        Reading::Whole => "whole",
        Reading::NotProvenWhole => "not proven whole",
        Reading::Unread => "not read",
    }
}

/// What a difference is, in a few words: `came: admin`, `role: analyst → admin`.
pub(super) fn difference(Difference { what, before, after, .. }: &Difference) -> String {
    match what {
        What::Came => format!("came: {}", roles(after)),
        What::Went => format!("went: {}", roles(before)),
        What::Role => format!("role: {} → {}", roles(before), roles(after)),
        What::Moved => format!("address: was {}", before.join(", ")),
    }
}

/// Who did it, who consented, why, and at which commit.
pub(super) fn by(difference: &Difference) -> String {
    let (Some(at), Some(run)) = (difference.at, &difference.by) else {
        return "nothing in the journal: done by other means, or not remembered here".to_owned();
    };
    let Run { id, command, actor, roster_version: _, commit, plan: _, consent, reason } = run;
    let commit = commit.as_ref().map(|commit| format!(", commit {}", shortened(commit)));
    let consent = consent.as_ref().map(|plan| format!(", with consent to {}", shortened(plan)));
    let reason = reason.as_ref().map(|reason| format!(": {reason}"));
    let rest: String = [commit, consent, reason].into_iter().flatten().collect();
    format!("{}, {command} {id} by {actor}{rest}", moment(at))
}

/// What the changes are since.
pub(super) fn since(changes: &Changes) -> String {
    let whence = match changes.compared_with {
        Compared::Review => "the review of",
        Compared::Journal => "what roster did, by the journal, since",
    };
    format!("{whence} {}", moment(changes.since))
}
