//! What the page shows, in the words it shows it in. The template escapes it; what a reader would not see is made visible here.

use std::collections::BTreeMap;

use askama::Template;
use jiff::Timestamp;

use crate::render::escape;
use crate::render::failure::Failure;
use crate::render::json::action::Status;
use crate::render::json::review::{self, Reading, Review, Rules, Severity, Unknown};
use crate::render::review::chart::Chart;
use crate::render::review::html::matrix::{self, Key};
use crate::render::review::html::{SCRIPT, STYLE};
use crate::render::review::words;
use crate::render::text::history::{moment, shortened};
use crate::render::words::grouped;

/// How many bars a chart has at most.
const BARS: usize = 8;

#[derive(Template)]
#[template(path = "review/page.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    failure: Option<Failure>,
    at: Option<String>,
    roster: Option<String>,
    commit: Option<String>,
    sentence: String,
    rules: Rules,
    masked: bool,
    gaps: Vec<Gap>,
    numbers: Vec<(&'static str, String)>,
    charts: Vec<Chart>,
    findings: Vec<Finding>,
    changes: Option<Changes>,
    accounts: Vec<Account>,
    keys: Vec<Key>,
    people: Vec<matrix::Row>,
}

/// An account that was not seen whole.
struct Gap {
    account: String,
    why: String,
}

struct Finding {
    severity: &'static str,
    /// Sorts the most severe first.
    rank: usize,
    account: String,
    who: String,
    name: Option<String>,
    message: String,
    hint: String,
}

struct Changes {
    since: String,
    rows: Vec<Change>,
    not_compared: Option<String>,
}

struct Change {
    account: String,
    who: String,
    what: String,
    by: String,
}

struct Account {
    name: String,
    title: Option<String>,
    seen: &'static str,
    class: &'static str,
    is_read: bool,
    active: usize,
    invited: usize,
    deactivated: usize,
    admins: usize,
    findings: usize,
    unknown: String,
}

impl Page {
    pub(super) fn of(review: &Review, policy: String) -> Self {
        let matrix::Matrix { keys, rows } = matrix::of(review);
        Self {
            policy,
            style: STYLE,
            script: SCRIPT,
            failure: review.error.as_ref().map(failure),
            at: review.reviewed_at.map(moment),
            roster: review.roster.as_ref().map(|roster| shown(&roster.path)),
            commit: review.commit.as_ref().map(|commit| shown(&shortened(commit))),
            sentence: words::sentence(&review.summary),
            rules: review.rules.clone(),
            masked: review.masked,
            gaps: review.accounts.iter().filter_map(Gap::of).collect(),
            numbers: numbers(review),
            charts: charts(review),
            findings: findings(review),
            changes: review.changes.as_ref().map(Changes::of),
            accounts: accounts(review),
            keys,
            people: rows,
        }
    }
}

/// Text as a reader should see it: what turns or hides text becomes visible.
pub(super) fn shown(text: &str) -> String {
    escape::terminal(text).into_owned()
}

fn failure(Failure { message, causes, hint }: &Failure) -> Failure {
    Failure {
        message: shown(message),
        causes: causes.iter().map(|cause| shown(cause)).collect(),
        hint: hint.as_deref().map(shown),
    }
}

impl Gap {
    fn of(account: &review::Account) -> Option<Self> {
        let why = match account.reading {
            Reading::Whole => return None,
            Reading::NotProvenWhole => account.doubts.join("; "),
            Reading::Unread => {
                let message = account.error.iter().map(|failure| failure.message.clone());
                let causes = account.error.iter().flat_map(|failure| failure.causes.iter().cloned());
                message.chain(causes).collect::<Vec<_>>().join(": ")
            }
        };
        let why = format!("{}, {}", words::reading(account), shown(&why));
        Some(Self { account: shown(&account.name), why })
    }
}

fn numbers(review: &Review) -> Vec<(&'static str, String)> {
    let review::Totals { accounts, unread: _, not_whole: _, people, access, high, medium, low } = review.summary;
    let numbers = [
        ("Accounts", accounts),
        ("People", people),
        ("Accesses", access),
        ("Findings: high", high),
        ("medium", medium),
        ("low", low),
    ];
    numbers.map(|(name, number)| (name, grouped(number))).into()
}

fn charts(review: &Review) -> Vec<Chart> {
    let mut kinds: BTreeMap<&str, (Severity, usize)> = BTreeMap::new();
    for finding in &review.findings {
        let (severity, number) = kinds.entry(&finding.reason).or_insert((finding.severity, 0));
        (*severity, *number) = ((*severity).min(finding.severity), *number + 1);
    }
    let kinds =
        kinds.into_iter().map(|(reason, (severity, number))| (reason.replace('_', " "), severity.word(), number));
    let mut roles: BTreeMap<String, usize> = BTreeMap::new();
    for access in review.people.iter().flat_map(|person| &person.access) {
        *roles.entry(shown(&crate::render::line::roles(&access.roles))).or_default() += 1;
    }
    let roles = roles.into_iter().map(|(role, number)| (role, "", number));
    [
        Chart::of("Findings by kind", most(kinds.collect())),
        Chart::of("Accesses by role", most(roles.collect())),
        Chart::of("Last sign-in of active users", logins(review)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The largest, and what the others come to.
fn most(mut numbers: Vec<(String, &'static str, usize)>) -> Vec<(String, &'static str, usize)> {
    numbers.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
    if numbers.len() > BARS {
        let rest = numbers.split_off(BARS - 1);
        numbers.push((format!("{} others", rest.len()), "low", rest.iter().map(|(_, _, number)| number).sum()));
    }
    numbers
}

fn logins(review: &Review) -> [(String, &'static str, usize); 5] {
    let days = |at: Timestamp| review.reviewed_at.map_or(0, |now| now.duration_since(at).as_hours() / 24);
    let mut numbers = [0; 5];
    let people = review.people.iter().flat_map(|person| &person.access);
    for access in people.filter(|access| access.status == Status::Active) {
        let place = match access.last_login.map(days) {
            None => 4,
            Some(..=30) => 0,
            Some(31..=90) => 1,
            Some(91..=365) => 2,
            Some(366..) => 3,
        };
        numbers[place] += 1;
    }
    let labels = [
        ("30 days", ""),
        ("31 to 90 days", ""),
        ("91 to 365 days", "medium"),
        ("longer ago", "high"),
        ("never, or not told", "low"),
    ];
    let mut of = numbers.into_iter();
    labels.map(|(label, class)| (label.to_owned(), class, of.next().unwrap_or_default()))
}

fn findings(review: &Review) -> Vec<Finding> {
    let names: BTreeMap<&str, Option<&str>> =
        review.people.iter().map(|person| (person.email.as_str(), person.name.as_deref())).collect();
    let shown_finding = |finding: &review::Finding| {
        let review::Finding { severity, reason: _, account, email, login: _, message, hint } = finding;
        let name = email.as_deref().and_then(|email| names.get(email).copied().flatten());
        Finding {
            severity: severity.word(),
            rank: Severity::ALL.iter().position(|known| known == severity).unwrap_or_default(),
            account: shown(account),
            who: words::who(finding).map_or_else(|| "the account".to_owned(), |who| shown(&who)),
            name: name.map(shown),
            message: shown(message),
            hint: shown(hint),
        }
    };
    review.findings.iter().map(shown_finding).collect()
}

impl Changes {
    fn of(changes: &review::Changes) -> Self {
        let row = |change: &review::Difference| Change {
            account: shown(&change.account),
            who: shown(&change.email),
            what: shown(&words::difference(change)),
            by: shown(&words::by(change)),
        };
        Self {
            since: words::since(changes),
            rows: changes.list.iter().map(row).collect(),
            not_compared: (!changes.not_compared.is_empty()).then(|| shown(&changes.not_compared.join(", "))),
        }
    }
}

fn accounts(review: &Review) -> Vec<Account> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    review.findings.iter().for_each(|finding| *numbers.entry(&finding.account).or_default() += 1);
    let account = |account: &review::Account| Account {
        name: shown(&account.name),
        title: account.title.as_deref().map(shown),
        seen: words::reading(account),
        class: if account.reading == Reading::Whole { "whole" } else { "high" },
        is_read: account.reading != Reading::Unread,
        active: account.active,
        invited: account.invited,
        deactivated: account.deactivated,
        admins: account.admins,
        findings: numbers.get(account.name.as_str()).copied().unwrap_or_default(),
        unknown: account.unknown.iter().map(|unknown: &Unknown| unknown.words()).collect::<Vec<_>>().join("; "),
    };
    review.accounts.iter().map(account).collect()
}
