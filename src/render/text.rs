//! Plans and reports for people who read a terminal.

pub mod history;
pub mod status;
mod undo;

use std::io::{self, Write};

use crate::render::consent;
use crate::render::escape;
use crate::render::failure::Failure;
use crate::render::json::action::Action;
use crate::render::json::left_alone::{Ending, LeftAlone, Why};
use crate::render::json::{Account, Document, Finding, Verdict};
use crate::render::line::{self, Line, Sign};
use crate::render::palette::{CHANGE, FAILED, FAINT, GAIN, HELD, HINT, LOSS, NAME};
use crate::render::sentence::{Sentence, Tone};
use crate::render::summary::Summary;
use crate::render::table::{Aligned, Table};
use crate::render::words::{count, grouped};

/// How much is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Long runs of like actions are cut, but never the losses that will happen.
    Brief,
    /// Everything, and everybody who is left alone.
    Full,
}

/// How many like actions are listed before the rest is counted.
const RUN: usize = 20;

/// How many accounts that need nothing are listed before they are counted.
const QUIET: usize = 5;

/// Writes everything a run had to say, as the run itself did.
///
/// # Errors
///
/// Where the sink does.
pub fn document(out: &mut dyn Write, document: &Document, detail: Detail) -> io::Result<()> {
    if let Some(failure) = &document.error {
        return error(out, failure);
    }
    if document.is_status() {
        status::status(out, document, detail)
    } else if document.is_applied() {
        plan(out, &document.as_planned(), detail)?;
        report(out, document)
    } else if document.summary.is_some() {
        plan(out, document, detail)
    } else {
        Ok(())
    }
}

/// Writes the accounts of a plan, each as a block, and the totals.
///
/// # Errors
///
/// Where the sink does.
pub fn plan(out: &mut dyn Write, document: &Document, detail: Detail) -> io::Result<()> {
    let accounts = &document.accounts;
    let quiet = accounts.iter().filter(|account| account.is_in_sync()).count();
    let counted = detail == Detail::Brief && quiet > QUIET;
    let listed = accounts.iter().filter(|account| !(counted && account.is_in_sync()));
    let taken_back = document.plan.as_ref().and_then(|plan| plan.takes_back.as_ref());
    let same = if taken_back.is_some() { "as before" } else { "in sync" };
    let mut apart = false;
    for (position, account) in listed.enumerate() {
        let tall = !account.is_in_sync();
        if position > 0 && (tall || apart) {
            writeln!(out)?;
        }
        block(out, account, same, detail)?;
        apart = tall;
    }
    if counted {
        if apart {
            writeln!(out)?;
        }
        writeln!(out, "{} {GAIN}{same}{GAIN:#} {FAINT}(-v lists them){FAINT:#}", count(quiet, "account"))?;
    }
    if accounts.len() > 1 || apart {
        writeln!(out)?;
    }
    told_in_one(out, &Sentence::planned(&Summary::of(accounts), document.plan.as_ref()))?;
    taken_back.iter().try_for_each(|run| undo::told(out, document, run))?;
    match document.plan.as_ref().and_then(|plan| Some((plan.consentable, consent::command(plan)?))) {
        None => Ok(()),
        Some((consentable, command)) => {
            writeln!(out, "{HINT}consent{HINT:#}: {} would go through by", count(consentable, "held action"))?;
            writeln!(out, "  {}", escape::terminal(&command))
        }
    }
}

/// Writes what an apply came to: everything that did not go as planned, and the totals.
///
/// # Errors
///
/// Where the sink does.
pub fn report(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    for account in &document.accounts {
        let mut table = Table::default();
        for action in &account.actions {
            if let Some(line) = Line::ended(action) {
                table.push_with(line, explanation(action));
            }
        }
        if table.is_empty() && account.state_error.is_none() {
            continue;
        }
        writeln!(out, "{NAME}{}{NAME:#}", account.name)?;
        rows(out, &table)?;
        if let Some(failure) = &account.state_error {
            failed(out, failure)?;
        }
        writeln!(out)?;
    }
    told_in_one(out, &Sentence::ended(&Summary::of(&document.accounts)))
}

/// Why an action failed, a line each.
fn explanation(action: &Action) -> Vec<String> {
    let Some(Failure { message, causes, hint }) = action.outcome.as_ref().and_then(|outcome| outcome.error.as_ref())
    else {
        return Vec::new();
    };
    let causes = causes.iter().map(|cause| format!("caused by: {cause}"));
    let hint = hint.iter().map(|hint| format!("hint: {hint}"));
    let lines = std::iter::once(message.clone()).chain(causes).chain(hint);
    lines.map(|line| escape::terminal(&line).into_owned()).collect()
}

fn block(out: &mut dyn Write, account: &Account, same: &str, detail: Detail) -> io::Result<()> {
    head(out, account, same)?;
    actions(out, account, detail)?;
    for finding in &account.findings {
        self::finding(out, finding)?;
    }
    left_alone(out, account, detail)?;
    ending(out, account)?;
    for note in &account.notes {
        writeln!(out, "  {FAINT}note: {}{FAINT:#}", escape::terminal(note))?;
    }
    Ok(())
}

/// Which account it is, whether all is the same there, and why it could not be read where it could not.
fn head(out: &mut dyn Write, account: &Account, same: &str) -> io::Result<()> {
    let Account { name, title, provider, at, error, users, .. } = account;
    let known = users.map_or_else(|| "not read".to_owned(), |users| count(users, "user"));
    write!(out, "{NAME}{name}{NAME:#}")?;
    if let Some(title) = title {
        write!(out, "  {}", escape::terminal(title))?;
    }
    write!(out, "  {provider}  {known}")?;
    if account.is_in_sync() {
        write!(out, "  {GAIN}{same}{GAIN:#}")?;
    }
    writeln!(out, "  {FAINT}{}:{}{FAINT:#}", escape::terminal(&at.file), at.line)?;
    error.iter().try_for_each(|failure| failed(out, failure))
}

/// Writes what ended a command, its causes and what to do.
///
/// # Errors
///
/// Where the sink does.
pub fn error(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    told(out, "", "error", failure)
}

/// Writes what is different between a plan and the one that comes out now, a line each.
///
/// # Errors
///
/// Where the sink does.
pub fn stale(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    let Failure { message, causes, hint } = failure;
    writeln!(out, "{FAILED}error{FAILED:#}: {}", escape::terminal(message))?;
    for difference in causes {
        writeln!(out, "  {}", escape::terminal(difference))?;
    }
    hint.iter().try_for_each(|hint| writeln!(out, "  {HINT}hint{HINT:#}: {}", escape::terminal(hint)))
}

/// Writes an error, its causes and what to do, indented under what it belongs to.
///
/// # Errors
///
/// Where the sink does.
pub fn failed(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    told(out, "  ", "failed", failure)
}

fn told(out: &mut dyn Write, indent: &str, word: &str, failure: &Failure) -> io::Result<()> {
    let Failure { message, causes, hint } = failure;
    writeln!(out, "{indent}{FAILED}{word}{FAILED:#}: {}", escape::terminal(message))?;
    for cause in causes {
        writeln!(out, "{indent}  caused by: {}", escape::terminal(cause))?;
    }
    if let Some(hint) = hint {
        writeln!(out, "{indent}  {HINT}hint{HINT:#}: {}", escape::terminal(hint))?;
    }
    Ok(())
}

/// Lists what is planned, losses first: the order in which they happen is a detail, and no loss may be overlooked.
fn actions(out: &mut dyn Write, account: &Account, detail: Detail) -> io::Result<()> {
    let (losses, others): (Vec<&Action>, Vec<&Action>) = account.actions.iter().partition(|action| action.loss);
    let mut table = Table::default();
    for run in losses.chunk_by(alike).chain(others.chunk_by(alike)) {
        let may_hide = run.iter().all(|action| action.is_held() || !action.loss);
        let shown = if detail == Detail::Brief && may_hide { run.len().min(RUN) } else { run.len() };
        for action in &run[..shown] {
            table.push(Line::planned(action, account));
        }
        if let Some(next) = run.get(shown) {
            let who = format!("{} more (-v lists them)", grouped(run.len() - shown));
            table.push(Line { who: &who, what: String::new(), ..Line::planned(next, account) });
        }
    }
    rows(out, &table)
}

fn rows(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    table.aligned().try_for_each(|aligned| row(out, &aligned))
}

fn row(out: &mut dyn Write, aligned: &Aligned<'_>) -> io::Result<()> {
    let Aligned { sign, verb, who, what, note, below } = aligned;
    let (sign, style) = match sign {
        Sign::Gain => ('+', GAIN),
        Sign::Change => ('~', CHANGE),
        Sign::Loss => ('-', LOSS),
        Sign::Held => ('!', HELD),
        Sign::Failed => ('x', FAILED),
        Sign::NotTried => ('.', FAINT),
    };
    writeln!(out, "  {style}{sign} {verb}{style:#}  {who}  {what}  {FAINT}{note}{FAINT:#}")?;
    below.iter().try_for_each(|line| writeln!(out, "      {line}"))
}

/// Whether two actions that follow each other belong to one run.
fn alike(one: &&Action, next: &&Action) -> bool {
    one.action == next.action && one.is_held() == next.is_held()
}

fn finding(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let Finding { guard, reason: _, verdict, message, hint, consent: _, holds } = finding;
    let (word, style) = match verdict {
        Verdict::Refuse => ("refused, nothing happens here".to_owned(), HELD),
        // Whoever a listing missed is in no plan.
        Verdict::Hold if *holds == 0 => ("held, whoever was missed".to_owned(), HELD),
        Verdict::Hold => (format!("held, {}", count(*holds, "action")), HELD),
        Verdict::Consented => (format!("consented, {}", count(*holds, "action")), CHANGE),
        Verdict::Warn => ("warning".to_owned(), CHANGE),
    };
    writeln!(out, "  {style}{guard}{style:#} ({word}): {}", escape::terminal(message))?;
    if *verdict == Verdict::Consented {
        return Ok(());
    }
    writeln!(out, "    {HINT}hint{HINT:#}: {}", escape::terminal(hint))
}

fn left_alone(out: &mut dyn Write, account: &Account, detail: Detail) -> io::Result<()> {
    for why in Why::ALL {
        let left: Vec<&LeftAlone> = account.left_alone.iter().filter(|entry| entry.why == *why).collect();
        if left.is_empty() {
            continue;
        }
        writeln!(out, "  {FAINT}{} {}{FAINT:#}", grouped(left.len()), why.words())?;
        let shown = if detail == Detail::Full || *why >= Why::Ambiguous { &left[..] } else { &[] };
        for entry in shown {
            writeln!(out, "      {}", escape::terminal(&one_left_alone(entry)))?;
        }
    }
    Ok(())
}

fn one_left_alone(entry: &LeftAlone) -> String {
    let LeftAlone { email, role, roles, status, why: _, until, sent, unsettled: _ } = entry;
    let who = email.iter().chain(role).cloned();
    let there = status.iter().flat_map(|status| [line::roles(roles), status.word().to_owned()]);
    let until = until.iter().map(|until| format!("until {}", until.strftime("%Y-%m-%d %H:%M")));
    let sent = sent.iter().map(|sent| count(*sent as usize, "invitation"));
    who.chain(there).chain(until).chain(sent).collect::<Vec<_>>().join("  ")
}

fn ending(out: &mut dyn Write, account: &Account) -> io::Result<()> {
    if !account.ending.is_empty() {
        writeln!(out, "  {FAINT}{} whose access ends soon{FAINT:#}", grouped(account.ending.len()))?;
    }
    for Ending { email, expires, at } in &account.ending {
        let line = format!("{email}  {expires}  {}:{}", at.file, at.line);
        writeln!(out, "      {}", escape::terminal(&line))?;
    }
    Ok(())
}

fn told_in_one(out: &mut dyn Write, sentence: &Sentence) -> io::Result<()> {
    let Sentence { head, tone, rest } = sentence;
    let style = match tone {
        Tone::Well => GAIN,
        Tone::Badly => FAILED,
    };
    writeln!(out, "{style}{head}{style:#}{rest}")
}
