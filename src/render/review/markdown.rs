//! A review for wikis and tickets. Whatever comes from files and servers stands as what it is: no link, no mention, no row.

use std::io::{self, Write};

use crate::render::escape::markdown::prose;
use crate::render::json::review::{Account, Changes, Finding, Person, Reading, Review};
use crate::render::review::words;
use crate::render::text::history::{moment, shortened};

pub(super) fn write(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    writeln!(out, "# Access review\n")?;
    if let Some(failure) = &review.error {
        return writeln!(out, "**Failed**: {}", prose(&failure.message));
    }
    if let Some(at) = review.reviewed_at {
        let roster = review.roster.iter().map(|roster| format!(", by {}", cell(&roster.path)));
        let commit = review.commit.iter().map(|commit| format!(", commit {}", cell(&shortened(commit))));
        let by: String = roster.chain(commit).collect();
        writeln!(out, "{}{by}. {}\n", moment(at), words::sentence(&review.summary))?;
    }
    accounts(out, &review.accounts)?;
    findings(out, &review.findings)?;
    review.changes.iter().try_for_each(|changes| self::changes(out, changes))?;
    people(out, &review.people)?;
    writeln!(out, "Reviewed by: ____________________  Date: ____________________")
}

fn accounts(out: &mut dyn Write, accounts: &[Account]) -> io::Result<()> {
    writeln!(out, "## Accounts\n")?;
    writeln!(out, "| account | seen | active | invited | deactivated | admins | not looked for |")?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for account in accounts {
        let Account { name, error, doubts, unknown, active, invited, deactivated, admins, .. } = account;
        let why = error.iter().map(|failure| &failure.message).chain(doubts).map(|why| cell(why));
        let seen = match account.reading {
            Reading::Whole => words::reading(account).to_owned(),
            Reading::NotProvenWhole | Reading::Unread => {
                format!("**{}**: {}", words::reading(account), why.collect::<Vec<_>>().join("; "))
            }
        };
        let unknown = unknown.iter().map(|unknown| cell(unknown.words())).collect::<Vec<_>>().join("; ");
        writeln!(out, "| {} | {seen} | {active} | {invited} | {deactivated} | {admins} | {unknown} |", cell(name))?;
    }
    writeln!(out)
}

fn findings(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    writeln!(out, "## Findings\n")?;
    if findings.is_empty() {
        return writeln!(out, "None.\n");
    }
    writeln!(out, "| severity | account | who | what | to do | decision |")?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
    for finding in findings {
        let Finding { severity, reason: _, account, email: _, login: _, message, hint } = finding;
        let who = words::who(finding);
        let [account, who, message, hint] = [account.as_str(), who.as_deref().unwrap_or("–"), message, hint].map(cell);
        writeln!(out, "| {} | {account} | {who} | {message} | {hint} | |", severity.word())?;
    }
    writeln!(out)
}

fn changes(out: &mut dyn Write, changes: &Changes) -> io::Result<()> {
    writeln!(out, "## Changes\n\nSince {}.\n", words::since(changes))?;
    if !changes.list.is_empty() {
        writeln!(out, "| account | who | what | by |")?;
        writeln!(out, "| --- | --- | --- | --- |")?;
    }
    for change in &changes.list {
        let (what, by) = (words::difference(change), words::by(change));
        let [account, who, what, by] = [change.account.as_str(), &change.email, &what, &by].map(cell);
        writeln!(out, "| {account} | {who} | {what} | {by} |")?;
    }
    if !changes.not_compared.is_empty() {
        let names: Vec<String> = changes.not_compared.iter().map(|name| cell(name)).collect();
        writeln!(out, "\nNot compared, because not seen whole both times: {}.", names.join(", "))?;
    }
    writeln!(out)
}

fn people(out: &mut dyn Write, people: &[Person]) -> io::Result<()> {
    writeln!(out, "## People\n\n| who | name | access |\n| --- | --- | --- |")?;
    for Person { email, formerly: _, name, access } in people {
        let access = access.iter().map(|access| cell(&format!("{}: {}", access.account, words::held(access))));
        let access = access.collect::<Vec<_>>().join("<br>");
        writeln!(out, "| {} | {} | {access} |", cell(email), cell(name.as_deref().unwrap_or_default()))?;
    }
    writeln!(out)
}

/// What stands in a cell of a table: a bar would end it, even within code.
fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|")
}
