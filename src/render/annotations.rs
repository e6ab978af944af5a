//! Commands that make GitHub's workflows show what is wrong beside the line it is about.

use std::io::{self, Write};

use crate::render::escape::workflow::{data, property};
use crate::render::failure::Failure;
use crate::render::json::{Account, Document, Finding, Place, Problem, Severity, Verdict};
use crate::render::words::count;

/// How many are written: a step shows no more than ten of a kind, and nobody reads more beside a file.
const SHOWN: usize = 10;

/// Writes an annotation for each problem of the roster, each account that could not be read and each finding of a
/// guard, the worst first.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    let mut all: Vec<Annotation<'_>> = document.error.iter().map(Annotation::failure).collect();
    all.extend(document.problems.iter().map(Annotation::problem));
    for account in &document.accounts {
        all.extend(
            account.error.iter().map(|error| Annotation { at: Some(&account.at), ..Annotation::failure(error) }),
        );
        all.extend(account.findings.iter().map(|finding| Annotation::finding(finding, account)));
    }
    all.sort_by_key(|annotation| annotation.level);
    for annotation in all.iter().take(SHOWN) {
        writeln!(out, "{}", annotation.command())?;
    }
    match all.len().checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "… and {} more", count(more, "annotation")),
    }
}

/// How bad it is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
}

struct Annotation<'a> {
    level: Level,
    title: &'a str,
    at: Option<&'a Place>,
    text: String,
}

impl<'a> Annotation<'a> {
    fn failure(failure: &Failure) -> Self {
        let Failure { message, causes, hint } = failure;
        let causes = causes.iter().map(|cause| format!("\ncaused by: {cause}"));
        let hint = hint.iter().map(|hint| format!("\nhint: {hint}"));
        let text = format!("{message}{}", causes.chain(hint).collect::<String>());
        Self { level: Level::Error, title: "failed", at: None, text }
    }

    fn problem(problem: &'a Problem) -> Self {
        let Problem { severity, code, message, at, related: _, hint } = problem;
        let level = match severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        };
        let hint = hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
        Self { level, title: code, at: at.as_ref(), text: format!("{message}{hint}") }
    }

    fn finding(finding: &'a Finding, account: &'a Account) -> Self {
        let Finding { guard, reason: _, verdict, message, hint, consent: _, holds: _ } = finding;
        let level = match verdict {
            Verdict::Refuse => Level::Error,
            Verdict::Hold | Verdict::Consented | Verdict::Warn => Level::Warning,
        };
        let text = format!("{}: {message}\nhint: {hint}", account.name);
        Self { level, title: guard, at: Some(&account.at), text }
    }

    fn command(&self) -> String {
        let Self { level, title, at, text } = self;
        let level = match level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let at = at.map(|Place { file, line, column }| {
            let file = file.strip_prefix("./").unwrap_or(file);
            format!("file={},line={line},col={column},", property(file))
        });
        format!("::{level} {}title={}::{}", at.unwrap_or_default(), property(title), data(text))
    }
}
