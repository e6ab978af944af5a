//! What was seen of a server, and the dialect that follows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::probe::contradiction::Contradiction;
use crate::probe::inference::Inferred;
use crate::render::probe::{ProbeView, seen};

/// What was seen of a server, and the dialect that follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Probe {
    /// The account's name in the roster.
    pub account: String,
    /// `klaviyo`, `scim` or `sandbox`.
    pub provider: String,
    /// How many users were looked at.
    pub users: usize,
    /// What was asked, and how it was answered.
    pub seen: Vec<Chapter>,
    /// A user as JSON in which every value is masked; absent where nobody was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Where the server says one thing of itself and does another.
    pub contradictions: Vec<String>,
    /// What somebody who knows the service has to settle.
    pub to_settle: Vec<String>,
    /// Why a write test ended before its end; absent where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_off: Option<String>,
    /// Who could not be cleaned up after a write test.
    pub left_behind: Vec<String>,
    /// What to write under `dialect`; empty where the usual dialect fits.
    pub dialect: Vec<Setting>,
}

/// What was asked about one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chapter {
    /// The subject.
    pub about: String,
    /// The questions and their answers, in words.
    pub rows: Vec<Row>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// What was asked.
    pub asked: String,
    /// How it was answered.
    pub answered: String,
}

/// A key under `dialect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// The value as YAML, in one line.
    pub value: String,
    /// What it follows from; absent where it was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Probe {
    /// What there is to tell of one account's server.
    #[must_use]
    pub fn of(view: &ProbeView<'_>) -> Self {
        let ProbeView { name, provider, seen, inferred, usual: _ } = view;
        let Inferred { dialect: _, because: _, open } = inferred;
        let chapters = seen::chapters(seen).into_iter().map(|(about, rows)| Chapter {
            about: about.to_owned(),
            rows: rows.into_iter().map(|(asked, answered)| Row { asked, answered }).collect(),
        });
        let settings = view.dialect().into_iter().map(|(key, value, because)| Setting {
            key: key.to_owned(),
            value: value.to_string(),
            because: because.map(str::to_owned),
        });
        let trial = seen.trial.iter();
        Self {
            account: name.to_string(),
            provider: provider.to_string(),
            users: seen.anatomy.users,
            seen: chapters.collect(),
            sample: seen.single.as_ref().map(|single| single.masked.clone()),
            contradictions: Contradiction::all(seen).iter().map(ToString::to_string).collect(),
            to_settle: open.clone(),
            broken_off: trial.clone().find_map(|trial| trial.broken_off.clone()),
            left_behind: trial.flat_map(|trial| &trial.left_behind).map(ToString::to_string).collect(),
            dialect: settings.collect(),
        }
    }
}
