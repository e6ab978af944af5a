//! What is wrong with a roster as SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeSet;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::file::explanation;
use crate::render::escape;
use crate::render::json::{Document, Place, Problem, Related, Severity};

/// Where the format is described for programs.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What is written in another way in the path of a URI (RFC 3986 section 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the problems of a roster; each code is a rule.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    let codes: BTreeSet<&str> = document.problems.iter().map(|problem| problem.code.as_str()).collect();
    let rules: Vec<Rule<'_>> = codes.into_iter().map(Rule::of).collect();
    let driver = Driver { name: "roster", version: &document.roster_version, rules };
    let results = document.problems.iter().map(Finding::of).collect();
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    serde_json::to_writer_pretty(&mut *out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })?;
    writeln!(out)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'a str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
}

/// What SARIF calls a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    level: &'a str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
}

impl<'a> Rule<'a> {
    fn of(id: &'a str) -> Self {
        let text = explanation::of(id).map(|explanation| explanation.meaning.replace('\n', " "));
        Self { id, full_description: text.map(|text| Message { text }) }
    }
}

impl<'a> Finding<'a> {
    fn of(problem: &'a Problem) -> Self {
        let Problem { severity, code, message, at, related, hint } = problem;
        let hint = hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
        Self {
            rule_id: code,
            level: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: Message::of(&format!("{message}{hint}")),
            locations: at.iter().map(|at| Location::of(at, None)).collect(),
            related_locations: related.iter().map(|Related { at, label }| Location::of(at, Some(label))).collect(),
        }
    }
}

impl Location {
    fn of(place: &Place, label: Option<&str>) -> Self {
        let Place { file, line, column } = place;
        let file = file.strip_prefix("./").unwrap_or(file);
        Self {
            physical_location: PhysicalLocation {
                artifact_location: Artifact { uri: utf8_percent_encode(file, PATH).to_string() },
                region: Region { start_line: *line, start_column: *column },
            },
            message: label.map(Message::of),
        }
    }
}

impl Message {
    fn of(text: &str) -> Self {
        Self { text: escape::sarif(text) }
    }
}
