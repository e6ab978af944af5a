//! Rosters as YAML, accounts as lines, reviews as lines. Only this file knows the signatures of `review`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use roster::file::source::Sources;
use roster::file::{self, Loaded};
use roster::guard::{self, Review as Guarded};
use roster::model::account_name::AccountName;
use roster::model::capabilities::Capabilities;
use roster::model::desired::Desired;
use roster::model::email::Email;
use roster::model::ledger::Ledger;
use roster::model::live::{Dates, Doubt, LiveUser, Snapshot};
use roster::model::situation::Situation;
use roster::plan;
use roster::render::account::{AccountView, State};
use roster::render::failure::Failure;
use roster::render::json::plan::Roster;
use roster::render::json::review::Review;
use roster::review::rules::Rules;
use roster::review::{AccessReview, Departures, Evidence, Seen, review};

use crate::story::{doubtful, noon};

/// The day on which all of it happens.
pub(crate) const TODAY: &str = "2026-12-01";

/// A roster and its accounts as they were read.
pub(crate) struct Scene {
    pub(crate) desired: Desired,
    pub(crate) live: BTreeMap<AccountName, Option<Snapshot>>,
    pub(crate) departures: Departures,
}

/// A roster whose accounts are at places that nobody asks: what stands under `accounts`, without providers and owners.
pub(crate) fn roster(yaml: &str) -> Loaded {
    let mut lines = String::new();
    for line in yaml.lines() {
        lines.push_str(line);
        lines.push('\n');
        let is_account = line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
        if is_account && lines.contains("\naccounts:\n") {
            lines.push_str("    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n");
        }
    }
    file::read(Sources::from_texts([("roster.yaml", lines.as_str())])).expect("a valid roster")
}

impl Scene {
    /// Accounts by name, each as lines; see [`user`]. Those of the roster that are not among them could not be read.
    pub(crate) fn new(yaml: &str, accounts: &[(&str, &str)]) -> Self {
        let desired = roster(yaml).desired;
        let lines: BTreeMap<&str, &str> = accounts.iter().copied().collect();
        let live = desired.accounts.keys().map(|name| {
            let snapshot = lines.get(name.as_str()).map(|lines| snapshot(lines, []));
            (name.clone(), snapshot)
        });
        Self { live: live.collect(), desired, departures: Departures::new() }
    }

    /// The same, with an account whose reading is in doubt.
    pub(crate) fn in_doubt(mut self, account: &str, lines: &str, doubt: Doubt) -> Self {
        self.live.insert(account.parse().unwrap(), Some(snapshot(lines, [doubt])));
        self
    }

    /// The same, where the journal says that somebody was taken out of an account.
    pub(crate) fn after(mut self, email: &str, account: &str) -> Self {
        let left: &mut BTreeSet<AccountName> = self.departures.entry(email.parse::<Email>().unwrap()).or_default();
        left.insert(account.parse().unwrap());
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen<'_>> {
        let accounts = self.desired.accounts.iter();
        accounts.map(|(name, desired)| Seen { name, desired, live: self.live[name].as_ref() }).collect()
    }

    pub(crate) fn review(&self) -> AccessReview {
        self.of(&self.seen())
    }

    pub(crate) fn of(&self, accounts: &[Seen<'_>]) -> AccessReview {
        let (rules, departures) = (Rules::default(), &self.departures);
        review(&Evidence { accounts, departures, rules: &rules, now: noon(TODAY) })
    }

    /// What was found, a line each.
    pub(crate) fn told(&self) -> String {
        let review = self.review();
        let line = |finding: &roster::review::finding::Finding| {
            let who = finding.person.as_ref().map(|person| format!(" {person}")).unwrap_or_default();
            format!("{:?} {}{who}: {}\n", finding.severity, finding.account, finding.reason)
        };
        review.findings.iter().map(line).collect()
    }

    /// The document that every form is made from.
    pub(crate) fn document(&self) -> Review {
        let failure = Failure {
            message: "the account cannot be read".to_owned(),
            causes: vec!["GET /Users was answered with 401".to_owned()],
            hint: Some("make a new key".to_owned()),
        };
        let guarded = self.guarded();
        let view = |(name, desired)| {
            let state = match (&self.live[name], guarded.get(name)) {
                (Some(live), Some(review)) => State::Planned { live, review },
                (_, _) => State::Unread(&failure),
            };
            AccountView { name, desired, state }
        };
        let views: Vec<AccountView<'_>> = self.desired.accounts.iter().map(view).collect();
        Review {
            roster: Some(Roster { path: "roster.yaml".to_owned(), digest: "0123456789abcdef".to_owned() }),
            commit: Some("4f2a9c0d1e5b6a7f8091a2b3c4d5e6f708192a3b".to_owned()),
            ..Review::of(&self.review(), &views, &Rules::default(), noon(TODAY))
        }
    }

    fn guarded(&self) -> BTreeMap<AccountName, Guarded> {
        let ledger = Ledger::default();
        let of = |(name, desired)| {
            let live: &Snapshot = self.live[name].as_ref()?;
            let capabilities = Capabilities::default();
            let situation = Situation { desired, live, ledger: &ledger, capabilities, now: noon(TODAY) };
            Some((AccountName::clone(name), guard::review(plan::plan(&situation), &situation)))
        };
        self.desired.accounts.iter().filter_map(of).collect()
    }
}

/// An account as [`doubtful`] reads it, a line a user, with days behind it: `login=`, `added=`, `invited=` and `until=`. Whoever
/// is active and says nothing signed in yesterday.
fn snapshot(lines: &str, doubts: impl IntoIterator<Item = Doubt>) -> Snapshot {
    let mut dates: BTreeMap<Email, Dates> = BTreeMap::new();
    let mut plain = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (days, words): (Vec<&str>, Vec<&str>) = line.split_whitespace().partition(|word| word.contains('='));
        let mut said = Dates { last_login: Some(noon("2026-11-30")), ..Dates::default() };
        for (name, day) in days.iter().filter_map(|day| day.split_once('=')) {
            let at: Option<Timestamp> = (day != "never").then(|| noon(day));
            match name {
                "login" => said.last_login = at,
                "added" => said.added = at,
                "invited" => said.invited = at,
                "until" => said.invitation_expires = at,
                other => panic!("{other} is no date"),
            }
        }
        if words.contains(&"invited") {
            said.last_login = None;
        }
        dates.insert(Email::observed(words[0]).unwrap(), said);
        plain.push_str(&words.join(" "));
        plain.push('\n');
    }
    let read = doubtful(&plain, []);
    let users = read.users().values().map(|user| LiveUser { dates: dates[&user.email], ..user.clone() });
    Snapshot::assemble(users.collect(), doubts.into_iter().collect())
}
