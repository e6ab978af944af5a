//! What changes: the losses of all accounts first, then the rest, account by account.

use crate::render::escape::html;
use crate::render::escape::markdown::{code, fence, prose};
use crate::render::failure::Failure;
use crate::render::json::Account;
use crate::render::json::action::{Action, Ended};
use crate::render::json::left_alone::{Ending, LeftAlone, Why};
use crate::render::line::{Line, Sign};
use crate::render::markdown::Flavour;
use crate::render::markdown::page::{List, Page};
use crate::render::sentence::counts;
use crate::render::summary::Summary;
use crate::render::table::{Aligned, Table};
use crate::render::words::{count, grouped};

/// An account with more lines than this is folded.
const OPEN: usize = 12;

/// How many bytes are kept for the counts at the end.
pub(super) const TAIL: usize = 160;

/// How many of the people whom nobody touches are named.
const NAMED: usize = 10;

/// Everything that takes access away, in all accounts.
pub(super) fn losses(page: &mut Page, accounts: &[Account]) {
    let mut table = Table::default();
    let (mut losses, mut held) = (0, 0);
    for account in accounts {
        for action in account.actions.iter().filter(|action| action.loss) {
            losses += 1;
            held += usize::from(action.is_held());
            let line = line(action, account);
            let note = if accounts.len() > 1 { format!("{}, {}", account.name, line.note) } else { line.note };
            table.push(Line { note, ..line });
        }
    }
    if losses == 0 {
        return;
    }
    let held = if held == 0 { String::new() } else { format!(", {} of them held", grouped(held)) };
    let opening = format!("Taking access away: **{}**{held}.\n\n", count(losses, "action"));
    block(page, &table, &opening, "\n");
}

/// Everything else, account by account.
pub(super) fn details(page: &mut Page, accounts: &[Account], flavour: Flavour) {
    let quiet = accounts.iter().filter(|account| account.is_in_sync()).count();
    let mut omitted = 0;
    let told = |account: &&Account| account.error.is_none() && !(account.is_in_sync() && account.ending.is_empty());
    for account in accounts.iter().filter(told) {
        omitted += usize::from(!detail(page, account, flavour));
    }
    page.grow(TAIL);
    if omitted > 0 {
        page.piece(&format!("Not shown: {} with changes.\n\n", count(omitted, "account")));
    }
    if quiet > 0 && quiet < accounts.len() {
        page.piece(&format!("In sync: {}.\n\n", count(quiet, "account")));
    }
}

/// One account, unless it does not fit; tells whether it does.
fn detail(page: &mut Page, account: &Account, flavour: Flavour) -> bool {
    let mut table = Table::default();
    let others: Vec<&Action> = account.actions.iter().filter(|action| !action.loss).collect();
    others.iter().for_each(|action| table.push(line(action, account)));
    let left = apart(account);
    if others.is_empty() && left.is_empty() {
        return true;
    }
    let (opening, closing) = match flavour {
        Flavour::Plain => (format!("#### {}\n\n", title(account, prose)), format!("\n{left}")),
        Flavour::Github | Flavour::Gitlab => {
            let open = if others.len() <= OPEN { " open" } else { "" };
            let title = title(account, |text| format!("<code>{}</code>", html(text)));
            (format!("<details{open}>\n<summary>{title}</summary>\n\n"), format!("\n{left}</details>\n\n"))
        }
    };
    block(page, &table, &opening, &closing)
}

/// A table as a block of code in which a forge colours each line by its first character.
fn block(page: &mut Page, table: &Table, opening: &str, closing: &str) -> bool {
    let items: Vec<String> = table.aligned().map(|aligned| coloured(&aligned)).collect();
    if items.is_empty() {
        return page.list(&List { opening, items, rest: "", closing: closing.trim_start() });
    }
    let fence = fence(items.iter().map(String::as_str));
    let (opening, closing) = (format!("{opening}{fence}diff\n"), format!("{fence}\n{closing}"));
    page.list(&List { opening: &opening, items, rest: "# ", closing: &closing })
}

fn coloured(aligned: &Aligned<'_>) -> String {
    let Aligned { sign, verb, who, what, note, below: _ } = aligned;
    let sign = match sign {
        Sign::Gain => '+',
        Sign::Loss => '-',
        Sign::Change | Sign::Held | Sign::Failed => '!',
        Sign::NotTried => '#',
    };
    format!("{sign} {verb}  {who}  {what}  {note}\n")
}

/// What becomes or became of an action.
fn line<'a>(action: &'a Action, account: &Account) -> Line<'a> {
    let Some(line) = Line::ended(action) else { return Line::planned(action, account) };
    match &action.outcome {
        Some(outcome) if outcome.result == Ended::Failed => {
            let Failure { message, causes, hint } = outcome.error.clone().unwrap_or_default();
            let causes = causes.into_iter().map(|cause| format!("; caused by: {cause}"));
            let hint = hint.into_iter().map(|hint| format!("; hint: {hint}"));
            let note = format!("failed: {message}{}", causes.chain(hint).collect::<String>());
            Line { note, ..line }
        }
        _ => line,
    }
}

/// The account in a line: how it is called, where it is, and what it comes to. `foreign` makes a text harmless.
fn title(account: &Account, foreign: impl Fn(&str) -> String) -> String {
    let Account { name, title, provider, users, .. } = account;
    let title = title.as_ref().map(|title| format!("{}, ", foreign(title))).unwrap_or_default();
    let users = users.map(|users| format!(", {}", count(users, "user"))).unwrap_or_default();
    let counts = counts(&Summary::of(std::slice::from_ref(account)));
    let counts = if counts.is_empty() { counts } else { format!(": {counts}") };
    format!("{name} ({title}{provider}{users}){counts}")
}

/// What is said of an account besides its changes; empty where there is nothing to say.
fn apart(account: &Account) -> String {
    let told = format!("{}{}", left_alone(&account.left_alone), ending(&account.ending));
    if told.is_empty() { told } else { format!("{told}\n") }
}

/// Who is not touched and why, a line for each reason; named where somebody has to settle it.
fn left_alone(left: &[LeftAlone]) -> String {
    let told = Why::ALL.iter().map(|why| {
        let left: Vec<&LeftAlone> = left.iter().filter(|entry| entry.why == *why).collect();
        if left.is_empty() {
            return String::new();
        }
        let named = left
            .iter()
            .filter(|entry| entry.unsettled)
            .filter_map(|entry| entry.email.as_ref().or(entry.role.as_ref()));
        let named: Vec<String> = named.take(NAMED).map(|name| code(name)).collect();
        let named = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
        format!("- {} {}{named}\n", grouped(left.len()), prose(why.words()))
    });
    told.collect()
}

/// Whose access ends soon, the nearest first.
fn ending(ending: &[Ending]) -> String {
    let named = ending
        .iter()
        .take(NAMED)
        .map(|Ending { email, expires, at: _ }| format!("{} ({})", code(email), code(expires)));
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return String::new();
    }
    format!("- {} whose access ends soon: {}\n", grouped(ending.len()), named.join(", "))
}
