//! What a plan that takes a run back says besides its actions: which run it is, what the file has to do with it, and what
//! does not come back.

use std::io::{self, Write};

use crate::render::consent::roster_argument;
use crate::render::escape;
use crate::render::json::Document;
use crate::render::json::action::{Action, Verb};
use crate::render::json::history::Run;
use crate::render::json::left_alone::Contradiction;
use crate::render::palette::{CHANGE, HINT};

/// Writes it below the plan.
///
/// # Errors
///
/// Where the sink does.
pub(super) fn told(out: &mut dyn Write, document: &Document, run: &Run) -> io::Result<()> {
    let Run { id, command, actor, .. } = run;
    let [id, command, actor] = [id, command, actor].map(|text| escape::terminal(text));
    writeln!(out, "It takes back {command} {id} by {actor}.")?;
    let again = document.accounts.iter().any(|account| !account.contradictions.is_empty());
    if again {
        writeln!(
            out,
            "{CHANGE}The file says otherwise{CHANGE:#}, so the next apply does this again, and a daemon at once:"
        )?;
    }
    for account in &document.accounts {
        for contradiction in &account.contradictions {
            let line = format!("{}: {}", account.name, wanted(contradiction));
            writeln!(out, "  {}", escape::terminal(&line))?;
        }
    }
    if again {
        let look = format!("roster undo {}--run {id} --dry-run --format diff", path(document));
        writeln!(out, "  {HINT}hint{HINT:#}: change the file first: `{look}` shows what it has to say")?;
    }
    let invited = |action: &Action| matches!(action.action, Verb::Invite | Verb::Reinvite);
    if document.accounts.iter().flat_map(|account| &account.actions).any(invited) {
        writeln!(
            out,
            "Whoever is invited has to accept anew; their password, and what they had in the account as this user, does not come back."
        )?;
    }
    Ok(())
}

fn wanted(Contradiction { email, role, wanted, at }: &Contradiction) -> String {
    let who = email.as_deref().or(role.as_deref()).unwrap_or_default();
    let place = at.as_ref().map(|at| format!("{}:{}", at.file, at.line));
    match (wanted, place) {
        (Some(role), Some(place)) => format!("{who} is to be {role}, {place}"),
        (None, Some(place)) => format!("{who} is to be otherwise, {place}"),
        (_, None) => format!("{who} is not in the file"),
    }
}

/// The roster as an argument of a command, and a blank.
fn path(document: &Document) -> String {
    let path = document.plan.as_ref().and_then(|plan| roster_argument(&plan.roster.path));
    path.map(|path| format!("{path} ")).unwrap_or_default()
}
