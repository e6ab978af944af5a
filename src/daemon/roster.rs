//! The roster that accounts are held to, what became of the files since, and how it outlives the daemon.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::daemon::account::diary::Wanted;
use crate::file::problem::{Problem, Severity};
use crate::file::source::Sources;
use crate::file::{self, Invalid, Loaded};
use crate::model::account_name::AccountName;
use crate::model::desired::{Desired, DesiredAccount};
use crate::model::digest::Digest;
use crate::model::notification::Target;
use crate::model::upkeep::Upkeep;
use crate::render::json;
use crate::render::words::count;
use crate::schedule::{Pace, Restraint, Settings};

/// What part of the accounts may be gone at once: one in so many is too much, unless it is one account alone.
const QUARTER: usize = 4;

/// What accounts are held to.
#[derive(Debug, Clone)]
pub(crate) struct Roster {
    /// The digest of its files.
    pub(crate) digest: Digest,
    /// How it is known.
    pub(crate) origin: RosterOrigin,
    /// The commit it is from.
    pub(crate) revision: Option<String>,
    /// The accounts.
    pub(crate) accounts: BTreeMap<AccountName, Arc<Wanted>>,
    /// The accounts that are meant to be gone.
    dropped: BTreeSet<AccountName>,
    /// Who is told of what changes, by name.
    pub(crate) notifications: BTreeMap<String, Target>,
    /// Its files, so that they outlive the daemon.
    sources: Sources,
}

/// How the daemon knows a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterOrigin {
    /// It read the files.
    Read,
    /// An earlier daemon read them, and left it in the state.
    Remembered,
}

/// What holds for every account that does not say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// How long after one pass the next one begins.
    pub interval: SignedDuration,
    /// Whether accounts are only looked at, whatever the roster says.
    pub watching: Watching,
    /// The numbers behind everything else.
    pub pace: Pace,
}

/// Whether accounts are changed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// Differences are reported.
    Only,
    /// Differences are put right, where the roster says no other.
    AndChanging,
}

/// The files of a roster, as they are remembered.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    folder: PathBuf,
    files: Vec<(String, String)>,
    revision: Option<String>,
}

impl Roster {
    /// The roster that was read.
    pub(crate) fn read(loaded: Loaded, revision: Option<String>, usual: &Usual) -> Self {
        Self::of(loaded, revision, RosterOrigin::Read, usual)
    }

    /// The roster that an earlier daemon left; nothing where its text cannot be understood any more.
    pub(crate) fn remembered(text: &str, usual: &Usual) -> Option<Self> {
        let Kept { folder, files, revision } = serde_json::from_str(text).ok()?;
        let loaded = file::read(Sources::of_folder(folder, files)).ok()?;
        Some(Self::of(loaded, revision, RosterOrigin::Remembered, usual))
    }

    /// The text by which it is remembered.
    pub(crate) fn text(&self) -> Option<String> {
        let files = self.sources.files().iter().map(|file| (file.name().to_owned(), file.text().to_owned()));
        let folder = self.sources.directory().to_owned();
        serde_json::to_string(&Kept { folder, files: files.collect(), revision: self.revision.clone() }).ok()
    }

    fn of(loaded: Loaded, revision: Option<String>, origin: RosterOrigin, usual: &Usual) -> Self {
        let Loaded { desired, warnings: _, sources, directory: _ } = loaded;
        let Desired { accounts, max_losses_total, dropped, notifications } = desired;
        let accounts = accounts.into_iter().map(|(name, desired)| {
            let settings = settings(&desired, origin, usual);
            let wanted = Wanted { desired, settings, max_losses_total, revision: revision.clone() };
            (name, Arc::new(wanted))
        });
        let (accounts, digest) = (accounts.collect(), sources.digest());
        Self { digest, origin, revision, accounts, dropped, notifications, sources }
    }

    /// The accounts of the roster before that this one has no more.
    pub(crate) fn without(&self, before: &Self) -> BTreeSet<AccountName> {
        before.accounts.keys().filter(|name| !self.accounts.contains_key(*name)).cloned().collect()
    }

    /// Why this cannot be meant: accounts of the roster before are gone, as from half of a file. One account may go by itself;
    /// several, and at least a quarter of all, only where the roster says so.
    pub(crate) fn half_of(&self, before: &Self) -> Option<String> {
        let gone: BTreeSet<AccountName> = &self.without(before) - &self.dropped;
        let all = before.accounts.len();
        let names = gone.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        (gone.len() > 1 && gone.len() * QUARTER >= all).then(|| {
            format!(
                "{} of {} are gone at once: {names}; where that is meant, name them under `guards: {{ dropped: [] }}` at the \
                 top of the roster, or take one out after the other",
                gone.len(),
                count(all, "account")
            )
        })
    }

    /// How many people have access by it, each account's counted.
    pub(crate) fn users(&self) -> usize {
        self.accounts.values().map(|wanted| wanted.desired.users.len()).sum()
    }
}

/// How an account is kept. What may be old is only compared with.
fn settings(desired: &DesiredAccount, origin: RosterOrigin, usual: &Usual) -> Settings {
    let Upkeep { interval, observe, suspension, windows } = desired.upkeep.clone();
    let observe = match (origin, usual.watching, observe) {
        (RosterOrigin::Remembered, _, _) => Some(Restraint::Remembered),
        (_, Watching::Only, _) | (_, _, Some(true)) => Some(Restraint::Asked),
        (_, Watching::AndChanging, Some(false) | None) => None,
    };
    Settings { interval: interval.unwrap_or(usual.interval), observe, suspension, windows, pace: usual.pace }
}

/// What is wrong with files that cannot be used, a line each.
pub(crate) fn problems(invalid: &Invalid) -> Vec<String> {
    let Invalid { problems, sources } = invalid;
    let errors: Vec<Problem> =
        problems.iter().filter(|problem| problem.severity() == Severity::Error).cloned().collect();
    let line = |problem: json::Problem| match problem.at {
        Some(json::Place { file, line, column }) => format!("{file}:{line}:{column}: {}", problem.message),
        None => problem.message,
    };
    json::Problem::all(&errors, sources).into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(accounts: usize, head: &str) -> Roster {
        let one =
            |number| format!("a{number}: {{ provider: sandbox, owner: o@acme.example, prune: all, users: {{}} }}");
        let accounts = (0..accounts).map(one).collect::<Vec<_>>().join(", ");
        let text = format!("{head}accounts: {{ {accounts} }}");
        let loaded = file::read(Sources::from_texts([("roster.yaml", text)])).expect("a roster");
        let (interval, watching, pace) = (SignedDuration::from_mins(10), Watching::AndChanging, Pace::default());
        Roster::read(loaded, None, &Usual { interval, watching, pace })
    }

    #[test]
    fn a_roster_is_half_of_another_where_several_accounts_and_a_quarter_are_gone() {
        let is_half = |now: &Roster, before| now.half_of(&roster(before, "")).is_some();
        assert!(!is_half(&roster(2, ""), 2));
        assert!(!is_half(&roster(1, ""), 2), "one account may go");
        assert!(is_half(&roster(1, ""), 3));
        assert!(is_half(&roster(6, ""), 8));
        assert!(!is_half(&roster(7, ""), 9), "less than a quarter");
        let said = roster(6, "guards: { dropped: [a6, a7] }\n");
        assert!(!is_half(&said, 8));
        assert_eq!(said.without(&roster(8, "")).len(), 2);
        assert!(is_half(&said, 12), "four more are gone");
    }
}
