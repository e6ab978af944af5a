//! Plans and reports for people who read a terminal.

mod row;

use std::io::{self, Write};

use anstyle::Style;

use crate::apply::Outcome;
use crate::guard::finding::{Finding, Verdict};
use crate::model::action::{Action, Cause};
use crate::model::desired::DesiredAccount;
use crate::plan::{LeftAlone, Plan, Why};
use crate::provider::Effect;
use crate::render::account::{AccountView, Failure, Fate, State};
use crate::render::escape;
use crate::render::palette::{CHANGE, FAILED, FAINT, GAIN, HELD, HINT, LOSS, NAME};
use crate::render::summary::{Kinds, Summary};
use crate::render::text::row::{Row, Table};
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

/// Writes the accounts of a plan, each as a block, and the totals.
///
/// # Errors
///
/// Where the sink does.
pub fn plan(out: &mut dyn Write, accounts: &[AccountView<'_>], detail: Detail) -> io::Result<()> {
    for account in accounts {
        block(out, account, detail)?;
    }
    if accounts.len() > 1 || accounts.iter().any(|account| account.state.actions().next().is_some()) {
        writeln!(out)?;
    }
    totals(out, &Summary::of(accounts))
}

/// Writes what an apply came to: everything that did not go as planned, and the totals.
///
/// # Errors
///
/// Where the sink does.
pub fn report(out: &mut dyn Write, accounts: &[AccountView<'_>]) -> io::Result<()> {
    let mut apart = false;
    for account in accounts {
        let mut table = Table::default();
        for (_, action, fate) in account.state.actions() {
            if let Fate::Ended(outcome) = fate {
                table.extend(outcome_row(action, outcome));
            }
        }
        if !table.is_empty() {
            writeln!(out, "{NAME}{}{NAME:#}", account.name)?;
            table.write(out)?;
            apart = true;
        }
    }
    if apart {
        writeln!(out)?;
    }
    outcome_totals(out, &Summary::of(accounts))
}

fn block(out: &mut dyn Write, account: &AccountView<'_>, detail: Detail) -> io::Result<()> {
    let AccountView { name, desired, state } = account;
    let known = match state.planned() {
        Some((live, _)) => count(live.users().len(), "user"),
        None => "not read".to_owned(),
    };
    write!(out, "{NAME}{name}{NAME:#}")?;
    if let Some(title) = &desired.title {
        write!(out, "  {}", escape::terminal(title))?;
    }
    write!(out, "  {}  {known}", desired.provider)?;
    match state {
        State::Unread(failure) => {
            writeln!(out, "  {FAINT}{}{FAINT:#}", desired.place)?;
            failed(out, failure)
        }
        State::Planned { live: _, review } | State::Applied { live: _, review, report: _ } => {
            let settled = !review.plan().left_alone.iter().any(LeftAlone::is_unsettled);
            let in_sync = review.plan().actions.is_empty() && review.findings().is_empty() && settled;
            if in_sync {
                write!(out, "  {GAIN}in sync{GAIN:#}")?;
            }
            writeln!(out, "  {FAINT}{}{FAINT:#}", desired.place)?;
            actions(out, account, detail)?;
            for finding in review.findings() {
                self::finding(out, finding)?;
            }
            left_alone(out, review.plan(), detail)
        }
    }
}

/// Writes what ended a command, its causes and what to do.
///
/// # Errors
///
/// Where the sink does.
pub fn error(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    told(out, "", "error", failure)
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

fn actions(out: &mut dyn Write, account: &AccountView<'_>, detail: Detail) -> io::Result<()> {
    let mut table = Table::default();
    let mut run: (&str, bool, usize) = ("", false, 0);
    let mut hidden: Option<Row> = None;
    for (_, action, fate) in account.state.actions() {
        let held = matches!(fate, Fate::Held);
        let verb = action.change.verb();
        run = if (run.0, run.1) == (verb, held) { (verb, held, run.2 + 1) } else { (verb, held, 1) };
        if run.2 == 1 {
            table.extend(hidden.take());
        }
        let row = action_row(action, held, account.desired);
        let may_hide = held || !action.change.is_loss(account.desired.catalogue);
        if detail == Detail::Full || run.2 <= RUN || !may_hide {
            table.push(row);
        } else {
            let who = format!("{} more (-v lists them)", grouped(run.2 - RUN));
            hidden = Some(Row { who, what: String::new(), ..row });
        }
    }
    table.extend(hidden);
    table.write(out)
}

fn action_row(action: &Action, held: bool, account: &DesiredAccount) -> Row {
    let (sign, style) = match (held, action.change.is_loss(account.catalogue)) {
        (true, _) => ('!', HELD),
        (false, true) => ('-', LOSS),
        (false, false) if action.change.user_id().is_none() => ('+', GAIN),
        (false, false) => ('~', CHANGE),
    };
    let note = if held { "held".to_owned() } else { why(&action.cause, account) };
    row(sign, style, action, note)
}

/// Why an action is planned, in a few words.
fn why(cause: &Cause, account: &DesiredAccount) -> String {
    let at = |place| row::place(place, &account.place);
    match cause {
        Cause::Listed { place } => at(place),
        Cause::NotListed { account: _ } => "not in the file".to_owned(),
        Cause::Team { place, team } => format!("team {team}, {}", at(place)),
        Cause::NotStarted { place, starts } => format!("starts {starts}, {}", at(place)),
        Cause::Expired { place, expires } => format!("expired {expires}, {}", at(place)),
        Cause::GraceOver { account: _, since } => format!("deactivated since {}", since.strftime("%Y-%m-%d")),
        Cause::TakenBack { account: _, plan } => format!("takes back {plan}"),
    }
}

/// What did not go as planned; `None` for what did.
fn outcome_row(action: &Action, outcome: &Outcome) -> Option<Row> {
    match outcome {
        Outcome::Done(Effect::Changed | Effect::AlreadySo) => None,
        Outcome::Failed(error) => {
            let Failure { message, causes, hint } = Failure::of(error, error.hint().map(String::from));
            let mut row = row('x', FAILED, action, "failed".to_owned());
            row.below.push(escape::terminal(&message).into_owned());
            row.below.extend(causes.iter().map(|cause| format!("caused by: {}", escape::terminal(cause))));
            row.below.extend(hint.map(|hint| format!("hint: {hint}")));
            Some(row)
        }
        Outcome::NotTried(why) => {
            let note = format!("not tried: {why}");
            Some(row('.', FAINT, action, escape::terminal(&note).into_owned()))
        }
    }
}

fn row(sign: char, style: Style, action: &Action, note: String) -> Row {
    Row {
        sign,
        style,
        verb: action.change.verb(),
        who: escape::terminal(action.subject.as_str()).into_owned(),
        what: escape::terminal(&row::describe(&action.change)).into_owned(),
        note,
        below: Vec::new(),
    }
}

fn finding(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let Finding { verdict, reason, holds } = finding;
    let (word, style) = match verdict {
        Verdict::Refuse => ("refused, nothing happens here".to_owned(), HELD),
        Verdict::Hold => (format!("held, {}", count(holds.len(), "action")), HELD),
        Verdict::Warn => ("warning".to_owned(), CHANGE),
    };
    let message = reason.to_string();
    writeln!(out, "  {style}{}{style:#} ({word}): {}", reason.guard(), escape::terminal(&message))?;
    writeln!(out, "    {HINT}hint{HINT:#}: {}", escape::terminal(&reason.hint()))
}

fn left_alone(out: &mut dyn Write, plan: &Plan, detail: Detail) -> io::Result<()> {
    for why in [Why::Unmanaged, Why::Ignored, Why::Ambiguous, Why::Owner, Why::Ownership] {
        let users: Vec<&LeftAlone> = plan.left_alone.iter().filter(|entry| entry.why == why).collect();
        if users.is_empty() {
            continue;
        }
        let explained = match why {
            Why::Unmanaged => "unmanaged: not in the file, and `prune: none` leaves them in",
            Why::Ignored => "ignored: a pattern under `ignore` matches",
            Why::Ambiguous => "ambiguous: the account has two users with this login, so neither is touched",
            Why::Owner => "owner: not in the file, and no plan takes an Owner's access",
            Why::Ownership => "ownership: file and account disagree on the Owner; it is handed over in the account",
        };
        writeln!(out, "  {FAINT}{} {explained}{FAINT:#}", grouped(users.len()))?;
        let shown = if detail == Detail::Full || why >= Why::Ambiguous { &users[..] } else { &[] };
        for LeftAlone { user, why: _ } in shown {
            let role = user.roles.to_string();
            let (email, role) = (escape::terminal(user.email.as_str()), escape::terminal(&role).into_owned());
            writeln!(out, "      {email}  {role}  {}", user.status)?;
        }
    }
    Ok(())
}

fn totals(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let kinds = kinds(summary.approved);
    let accounts = count(summary.accounts, "account");
    let mut clauses = Vec::new();
    if !kinds.is_empty() {
        clauses.push(format!("{} in {}", kinds.join(", "), changing(summary)));
    }
    if summary.held > 0 {
        clauses.push(format!("{} held", grouped(summary.held)));
    }
    if summary.unsettled > 0 {
        clauses.push(format!("{} for a person to settle", grouped(summary.unsettled)));
    }
    if summary.refused > 0 {
        clauses.push(format!("{} refused", count(summary.refused, "account")));
    }
    if summary.unread > 0 {
        clauses.push(format!("{} could not be read", count(summary.unread, "account")));
    }
    if clauses.is_empty() {
        let subject = if summary.accounts == 1 { "the account is".to_owned() } else { format!("all {accounts} are") };
        return writeln!(out, "{GAIN}Nothing to do{GAIN:#}: {subject} as the roster says.");
    }
    writeln!(out, "{}.", clauses.join("; "))
}

/// The accounts that change, and of how many where there are others.
fn changing(summary: &Summary) -> String {
    if summary.changing == summary.accounts {
        count(summary.accounts, "account")
    } else {
        format!("{} of {}", grouped(summary.changing), count(summary.accounts, "account"))
    }
}

fn kinds(kinds: Kinds) -> Vec<String> {
    let named = kinds.named().into_iter().filter(|(number, _)| *number > 0);
    named.map(|(number, words)| format!("{} {words}", grouped(number))).collect()
}

fn outcome_totals(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let Summary { done, failed, not_tried, held, unsettled, refused, unread, .. } = *summary;
    let numbers = [
        (done, "done"),
        (failed, "failed"),
        (not_tried, "not tried"),
        (held, "held"),
        (unsettled, "for a person to settle"),
    ];
    let told = numbers.iter().filter(|(number, _)| *number > 0);
    let mut parts: Vec<String> = told.map(|(number, word)| format!("{} {word}", grouped(*number))).collect();
    for (number, word) in [(refused, "refused"), (unread, "not read")] {
        if number > 0 {
            parts.push(format!("{} {word}", count(number, "account")));
        }
    }
    let well = failed + not_tried + unread == 0 && !summary.is_held_back();
    let (style, word) = match (well, done) {
        (true, _) => (GAIN, "Applied"),
        (false, 0) => (FAILED, "Nothing applied"),
        (false, _) => (FAILED, "Applied in part"),
    };
    writeln!(out, "{style}{word}{style:#}: {} in {}.", parts.join(", "), changing(summary))
}
