//! The roster that accounts are held to, what became of the files since, and how it outlives the daemon.

use std::collections::BTreeMap;
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
use crate::schedule::{Pace, Restraint, Settings};

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
        let Desired { accounts, max_losses_total, notifications } = desired;
        let accounts = accounts.into_iter().map(|(name, desired)| {
            let settings = settings(&desired, origin, usual);
            let wanted = Wanted { desired, settings, max_losses_total, revision: revision.clone() };
            (name, Arc::new(wanted))
        });
        let (accounts, digest) = (accounts.collect(), sources.digest());
        Self { digest, origin, revision, accounts, notifications, sources }
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
