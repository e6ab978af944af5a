//! The past as programs get it: one document, written action by action, because a journal may hold years.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::event::{self, Ended, Intent, IntentNumber, Origin};
use crate::render::failure::Failure;
use crate::render::json::FORMAT_VERSION;
use crate::render::json::action::Action;

/// What `roster history --format json` has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "roster history")]
pub struct History {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The version of roster that wrote it.
    pub roster_version: String,
    /// Always `history`.
    pub command: String,
    /// The actions that were asked for, oldest first.
    pub deeds: Vec<Deed>,
    /// What ended the telling early; absent where everything is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The exit code of the process.
    pub exit_code: u8,
}

/// One action of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deed {
    /// The account.
    pub account: String,
    /// The number of its intent in the account's journal.
    pub number: i64,
    /// When it was about to be sent.
    pub at: Timestamp,
    /// The run.
    pub run: Run,
    /// What was sent.
    pub action: Action,
    /// What became of it; absent while nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// Where an action came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// The name of the run.
    pub id: String,
    /// `apply`, `undo` or `daemon`.
    pub command: String,
    /// Who asked for it.
    pub actor: String,
    /// The version of roster that ran.
    pub roster_version: String,
    /// The commit of the roster's files, with `-dirty` where they were changed since; absent where none was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The digest of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The digest of the plan whose held actions somebody consented to; absent where nobody had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// Why, in the words of whoever asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ending {
    /// When that was known.
    pub at: Timestamp,
    /// In a word.
    pub result: Became,
    /// What the server answered, where it was not what was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What became of an action, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub enum Became {
    /// It was carried out, and reading again showed so.
    #[serde(rename = "done")]
    Done,
    /// Somebody else had done it already.
    #[serde(rename = "was so already")]
    WasSo,
    /// It was tried, and it failed.
    #[serde(rename = "failed")]
    Failed,
    /// It was sent, and nobody knew whether it was stored.
    #[serde(rename = "unconfirmed")]
    Unconfirmed,
    /// The run ended before it could tell; a later one found that it was done.
    #[serde(rename = "found done")]
    FoundDone,
    /// The run ended before it could tell; a later one found that it was not done.
    #[serde(rename = "found not done")]
    FoundUndone,
    /// The run ended before it could tell, and no reading shows it.
    #[serde(rename = "never known")]
    NeverKnown,
}

/// A document that is being written.
pub struct Writer<'a> {
    out: &'a mut dyn Write,
    written: usize,
}

impl<'a> Writer<'a> {
    /// Begins a document.
    ///
    /// # Errors
    ///
    /// Where the sink does, as with every method here.
    pub fn begin(out: &'a mut dyn Write) -> io::Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        write!(
            out,
            r#"{{"format_version":"{FORMAT_VERSION}","roster_version":"{version}","command":"history","deeds":["#
        )?;
        Ok(Self { out, written: 0 })
    }

    /// Adds an action.
    ///
    /// # Errors
    ///
    /// See [`Writer::begin`].
    pub fn deed(&mut self, deed: &Deed) -> io::Result<()> {
        write!(self.out, "{}", if self.written == 0 { "\n" } else { ",\n" })?;
        self.written += 1;
        Ok(serde_json::to_writer(&mut *self.out, deed)?)
    }

    /// Ends the document.
    ///
    /// # Errors
    ///
    /// See [`Writer::begin`].
    pub fn end(self, exit_code: u8, error: Option<&Failure>) -> io::Result<()> {
        write!(self.out, "\n]")?;
        if let Some(error) = error {
            write!(self.out, r#","error":"#)?;
            serde_json::to_writer(&mut *self.out, error)?;
        }
        writeln!(self.out, r#","exit_code":{exit_code}}}"#)
    }
}

impl Deed {
    /// An action of the past as every output gets it.
    #[must_use]
    pub fn of(deed: &event::Deed) -> Self {
        let event::Deed { account, number: IntentNumber(number), at, origin, intent, ended } = deed;
        let Intent { action, is_loss, losses: _, position: _, before: _ } = intent;
        Self {
            account: account.to_string(),
            number: *number,
            at: *at,
            run: Run::of(origin),
            action: Action::past(action, *is_loss),
            ending: ended.as_ref().map(|(at, ended)| Ending::of(*at, ended)),
        }
    }
}

impl Run {
    /// A run as every output gets it.
    #[must_use]
    pub fn of(origin: &Origin) -> Self {
        let Origin { run, command, actor, version, revision, plan, consent, reason } = origin.clone();
        let [plan, consent] = [plan, consent].map(|digest| digest.map(|digest| digest.to_string()));
        Self { id: run.to_string(), command, actor, roster_version: version, commit: revision, plan, consent, reason }
    }
}

impl Ending {
    fn of(at: Timestamp, ended: &Ended) -> Self {
        let (result, answer) = match ended {
            Ended::Changed | Ended::Made(_) => (Became::Done, None),
            Ended::AlreadySo => (Became::WasSo, None),
            Ended::Failed(answer) => (Became::Failed, Some(answer.clone())),
            Ended::Unconfirmed(answer) => (Became::Unconfirmed, Some(answer.clone())),
            Ended::FoundDone => (Became::FoundDone, None),
            Ended::FoundUndone => (Became::FoundUndone, None),
            Ended::NeverKnown => (Became::NeverKnown, None),
        };
        Self { at, result, answer }
    }
}

impl Became {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::WasSo => "was so already",
            Self::Failed => "failed",
            Self::Unconfirmed => "unconfirmed",
            Self::FoundDone => "found done",
            Self::FoundUndone => "found not done",
            Self::NeverKnown => "never known",
        }
    }
}

/// The JSON Schema of [`History`], as `schema/history.schema.json` has it.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(History).to_value()
}
