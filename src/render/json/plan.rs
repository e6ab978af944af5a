//! What a plan is known by, and what it was made from.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::json::history::Run;

/// What a plan is known by, and what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The digest of everything it would do and of everything it holds: what `--approve` consents to. The same plan has
    /// the same digest in every run and on every machine.
    pub digest: String,
    /// How many held actions would be carried out if somebody consented to it.
    #[serde(default)]
    pub consentable: usize,
    /// The roster it was made from.
    pub roster: Roster,
    /// The accounts that were asked for; empty where it was all of them.
    pub selection: Vec<String>,
    /// The file that names who loses nothing; absent where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protect_file: Option<String>,
    /// The files and folders of the policies it was held to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The run that it takes back; absent where it is what the roster asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<Run>,
    /// When it was made.
    pub created: Timestamp,
    /// When it may be applied no more; absent where it was not saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// The digest of this whole document without this member, so that nobody edits it by hand; absent where it was not
    /// saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// The roster a plan was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Roster {
    /// The file or folder, as it was named on the command line.
    pub path: String,
    /// The digest of its text.
    pub digest: String,
}
