//! A review for people who read a terminal: what could not be seen, what to look at, and, where it is asked for, who has what.

use std::io::{self, Write};

use anstyle::Style;

use crate::render::escape;
use crate::render::json::review::{Account, Changes, Finding, Person, Reading, Review, Severity};
use crate::render::palette::{CHANGE, FAILED, FAINT, GAIN, HINT, NAME};
use crate::render::review::words;
use crate::render::table::padded_to_widest;
use crate::render::text::{self, Detail};
use crate::render::words::grouped;

/// How many findings of one kind are listed before the rest is counted. What matters most is always listed.
const RUN: usize = 20;

pub(super) fn write(out: &mut dyn Write, review: &Review, detail: Detail) -> io::Result<()> {
    if let Some(failure) = &review.error {
        return text::error(out, failure);
    }
    if review.reviewed_at.is_none() {
        return Ok(());
    }
    for account in &review.accounts {
        self::account(out, account, detail)?;
    }
    if detail == Detail::Full {
        people(out, &review.people)?;
    }
    for severity in Severity::ALL {
        let findings: Vec<&Finding> = review.findings.iter().filter(|finding| finding.severity == severity).collect();
        self::findings(out, severity, &findings, detail)?;
    }
    review.changes.iter().try_for_each(|changes| self::changes(out, changes))?;
    writeln!(out, "{}", words::sentence(&review.summary))
}

/// An account that was not seen whole is always told; the others only in full.
fn account(out: &mut dyn Write, account: &Account, detail: Detail) -> io::Result<()> {
    let whole = account.reading == Reading::Whole;
    if whole && detail == Detail::Brief {
        return Ok(());
    }
    let Account { name, title, provider, at, error, doubts, unknown, active, invited, deactivated, admins, .. } =
        account;
    let style = if whole { GAIN } else { FAILED };
    write!(out, "{NAME}{name}{NAME:#}")?;
    if let Some(title) = title {
        write!(out, "  {}", escape::terminal(title))?;
    }
    write!(out, "  {provider}  {style}{}{style:#}", words::reading(account))?;
    if account.reading != Reading::Unread {
        write!(out, "  {active} active, {invited} invited, {deactivated} deactivated, {admins} admins")?;
    }
    writeln!(out, "  {FAINT}{}:{}{FAINT:#}", escape::terminal(&at.file), at.line)?;
    error.iter().try_for_each(|failure| text::failed(out, failure))?;
    doubts.iter().try_for_each(|doubt| writeln!(out, "  {CHANGE}{}{CHANGE:#}", escape::terminal(doubt)))?;
    unknown.iter().try_for_each(|unknown| writeln!(out, "  {FAINT}note: {}{FAINT:#}", unknown.words()))?;
    writeln!(out)
}

fn people(out: &mut dyn Write, people: &[Person]) -> io::Result<()> {
    for Person { email, formerly, name, access } in people {
        let besides = name.iter().chain(formerly).map(|text| escape::terminal(text)).collect::<Vec<_>>().join(", ");
        write!(out, "{NAME}{}{NAME:#}", escape::terminal(email))?;
        if besides.is_empty() {
            writeln!(out)?
        } else {
            writeln!(out, "  {FAINT}{besides}{FAINT:#}")?
        }
        let accounts = padded_to_widest(access.iter().map(|access| access.account.as_str()));
        for (account, access) in accounts.iter().zip(access) {
            writeln!(out, "  {account}  {}", escape::terminal(&words::held(access)))?;
        }
    }
    writeln!(out)
}

fn findings(out: &mut dyn Write, severity: Severity, findings: &[&Finding], detail: Detail) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let style = style(severity);
    writeln!(out, "{style}{}{style:#}  {FAINT}{}{FAINT:#}", severity.word(), grouped(findings.len()))?;
    let listed = detail == Detail::Full || severity == Severity::High;
    let shown = &findings[..if listed { findings.len() } else { findings.len().min(RUN) }];
    let accounts = padded_to_widest(shown.iter().map(|finding| finding.account.as_str()));
    let who: Vec<String> = shown
        .iter()
        .map(|finding| words::who(finding).map_or_else(|| "–".to_owned(), |who| escape::terminal(&who).into_owned()))
        .collect();
    let who = padded_to_widest(who.iter().map(String::as_str));
    for ((account, who), finding) in accounts.iter().zip(&who).zip(shown) {
        writeln!(out, "  {account}  {who}  {}", escape::terminal(&finding.message))?;
        if detail == Detail::Full {
            writeln!(out, "      {HINT}hint{HINT:#}: {}", escape::terminal(&finding.hint))?;
        }
    }
    if shown.len() < findings.len() {
        writeln!(out, "  {FAINT}{} more (-v lists them){FAINT:#}", grouped(findings.len() - shown.len()))?;
    }
    writeln!(out)
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::High => FAILED,
        Severity::Medium => CHANGE,
        Severity::Low => NAME,
    }
}

fn changes(out: &mut dyn Write, changes: &Changes) -> io::Result<()> {
    writeln!(out, "{NAME}changes{NAME:#}  {FAINT}{}{FAINT:#}", words::since(changes))?;
    let accounts = padded_to_widest(changes.list.iter().map(|change| change.account.as_str()));
    for (account, change) in accounts.iter().zip(&changes.list) {
        let what = words::difference(change);
        writeln!(out, "  {account}  {}  {}", escape::terminal(&change.email), escape::terminal(&what))?;
        writeln!(out, "      {FAINT}{}{FAINT:#}", escape::terminal(&words::by(change)))?;
    }
    if changes.list.is_empty() {
        writeln!(out, "  none")?;
    }
    for account in &changes.not_compared {
        writeln!(out, "  {account}  {FAILED}cannot be compared{FAILED:#}: it was not seen whole both times")?;
    }
    writeln!(out)
}
