//! What went wrong, what is wrong with the roster, and what the guards found.

use crate::render::escape::markdown::{code, prose};
use crate::render::failure::Failure;
use crate::render::json::{Account, Finding, Place, Problem, Severity, Verdict};
use crate::render::markdown::page::{List, Page};
use crate::render::words::count;

/// How many characters of a message are shown; a server may say more than anybody reads.
const LONGEST: usize = 600;

/// What ended the run.
pub(super) fn failure(failure: &Failure) -> String {
    format!("{}\n", told("Failed", failure))
}

/// What is wrong with the roster, or worth a look.
pub(super) fn problems(page: &mut Page, problems: &[Problem]) {
    let items = problems.iter().map(|problem| {
        let Problem { severity, code: kind, message, at, related: _, hint } = problem;
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let at = at.as_ref().map(|Place { file, line, column }| code(&format!("{file}:{line}:{column}")) + " ");
        let hint = hint.as_ref().map(|hint| format!("  - hint: {}\n", sentence(hint)));
        let at = at.unwrap_or_default();
        format!("- {at}**{word}** {}: {}\n{}", code(kind), sentence(message), hint.unwrap_or_default())
    });
    listed(page, items.collect());
}

/// The accounts that could not be read, and those where the state could not be used.
pub(super) fn accounts(page: &mut Page, accounts: &[Account]) {
    let items = accounts.iter().flat_map(|account| {
        let Account { name, error, state_error, .. } = account;
        let unread = error.iter().map(move |error| told(&format!("**{name}** could not be read"), error));
        let state = state_error.iter().map(move |error| told(&format!("**{name}**: the state failed"), error));
        unread.chain(state)
    });
    listed(page, items.collect());
}

/// What the guards found, and what people should know of the servers.
pub(super) fn findings(page: &mut Page, accounts: &[Account]) {
    let items = accounts.iter().flat_map(|account| account.findings.iter().map(move |finding| (account, finding)));
    let items = items.map(|(account, finding)| {
        let Finding { guard, reason: _, verdict, message, hint, consent: _, holds } = finding;
        let does = match verdict {
            Verdict::Refuse => "refuses the account, so nothing happens in it".to_owned(),
            // Whoever a listing missed is in no plan.
            Verdict::Hold if *holds == 0 => "holds whoever was missed".to_owned(),
            Verdict::Hold => format!("holds {}", count(*holds, "action")),
            Verdict::Consented => format!("would hold {}, and somebody consented", count(*holds, "action")),
            Verdict::Warn => "warns".to_owned(),
        };
        let (guard, message, hint) = (code(guard), sentence(message), sentence(hint));
        format!("- **{}**: guard {guard} {does}: {message}\n  - hint: {hint}\n", account.name)
    });
    let notes = accounts.iter().flat_map(|account| account.notes.iter().map(move |note| (account, note)));
    let notes = notes.map(|(account, note)| format!("- **{}**: note: {}\n", account.name, sentence(note)));
    listed(page, items.chain(notes).collect());
}

fn listed(page: &mut Page, items: Vec<String>) {
    if !items.is_empty() {
        page.list(&List { opening: "", items, rest: "- ", closing: "\n" });
    }
}

fn told(what: &str, failure: &Failure) -> String {
    let Failure { message, causes, hint } = failure;
    let causes = causes.iter().map(|cause| format!("  - caused by: {}\n", sentence(cause)));
    let hint = hint.iter().map(|hint| format!("  - hint: {}\n", sentence(hint)));
    format!("- {what}: {}\n{}", sentence(message), causes.chain(hint).collect::<String>())
}

fn sentence(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => prose(text),
        Some((end, _)) => prose(&format!("{}…", &text[..end])),
    }
}
