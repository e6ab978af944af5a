//! `roster request`: asks for access as a change of the file, or as a signed file that the owner of an account accepts.

mod accepted;
mod branch;
mod key;
mod link;

use std::io::Write;

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::cli::args::request::{Asking, Request, RequestCommand};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::patch;
use crate::cli::request::branch::Branch;
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::Editor;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Details, Who};
use crate::file::edit::refusal::{Refusal, Spot};
use crate::file::originals::Originals;
use crate::file::{self, Invalid};
use crate::model::account_name::AccountName;
use crate::model::desired::Desired;
use crate::model::desired::access::{DesiredUser, Grant, day_of};
use crate::model::email::Email;
use crate::model::role::RoleName;
use crate::render::palette::GAIN;
use crate::render::{escape, words};

pub(super) async fn run(arguments: &Request, out: &mut Output) -> Result<Exit> {
    match &arguments.command {
        Some(RequestCommand::Review(review)) => link::review(review, out),
        Some(RequestCommand::Accept(accept)) => link::accept(accept, out),
        None if arguments.asking.link => link::write(&arguments.asking, &Wanted::of(&arguments.asking)?, out),
        None => ask(&arguments.asking, out).await,
    }
}

/// What is asked for, with the day on which it ends.
struct Wanted {
    account: AccountName,
    who: Vec<Email>,
    role: RoleName,
    until: Date,
    reason: String,
}

impl Wanted {
    /// Access is asked for so long from today, and ends at the end of its last day.
    fn of(asking: &Asking) -> Result<Self> {
        let Asking { account, who, role, term, reason, .. } = asking;
        let (Some(account), Some(role), Some(term), Some(reason)) = (account, role, term, reason) else {
            let hint = Some("`--account`, `--who`, `--role`, `--for` and `--reason` say what is asked for".to_owned());
            return Err(WrongUse { message: "the request is incomplete".to_owned(), hint }.into());
        };
        if !term.is_positive() {
            let message = "access cannot be asked for for less than no time".to_owned();
            return Err(WrongUse { message, hint: None }.into());
        }
        let end = now().checked_add(*term).context("access cannot last so long")?;
        let (account, role, reason) = (account.clone(), role.clone(), reason.clone());
        Ok(Self { account, who: who.clone(), role, until: day_of(end), reason })
    }

    /// The entries that would grant it.
    fn entries(&self) -> Vec<NewUser> {
        let Self { account: _, who, role, until, reason } = self;
        let details = Details { expires: Some(*until), reason: Some(reason.clone()), ..Details::of_role(role.clone()) };
        let entry =
            |email: &Email| NewUser { who: Who::Address(email.clone()), details: details.clone(), comment: None };
        who.iter().map(entry).collect()
    }

    /// One line that says it all.
    fn title(&self) -> String {
        let Self { account, who, role, until, reason: _ } = self;
        let who: Vec<&str> = who.iter().map(Email::as_str).collect();
        format!("{account}: {} as {role} until {}", who.join(", "), words::day(*until))
    }
}

/// Writes the change as a patch, or as a branch. The roster and whatever else is in the working tree stay as they are.
async fn ask(asking: &Asking, out: &mut Output) -> Result<Exit> {
    let wanted = Wanted::of(asking)?;
    let originals = match Originals::open(&asking.roster) {
        Ok(originals) => originals,
        Err(invalid) => return told(&invalid, out),
    };
    let texts: Vec<String> = originals.texts().map(|(_, text)| text.to_owned()).collect();
    match file::read(originals.with_texts(&texts)) {
        Ok(before) => must_be_new(&before.desired, &wanted.account, &wanted.who)?,
        Err(invalid) => return told(&invalid, out),
    }
    let mut editor = Editor::open(originals.texts())?;
    editor.add_users(&wanted.account, &wanted.entries())?;
    let texts = editor.texts();
    match file::read(originals.with_texts(&texts)) {
        Ok(after) => out.problems(&after.warnings, &after.sources)?,
        Err(invalid) => return told(&invalid, out),
    }
    let changed = || originals.texts().zip(&texts).filter(|((_, before), after)| *before != after.as_str());
    let Some(name) = &asking.branch else {
        for ((name, before), after) in changed() {
            patch::show(name, before, after, out)?;
        }
        out.stdout.flush()?;
        writeln!(out.stderr, "Nothing was changed: `git apply` takes the patch, and a pull request of it asks.")?;
        return Ok(Exit::Done);
    };
    let branch = Branch { name, title: &wanted.title(), reason: &wanted.reason };
    for ((name, before), after) in changed() {
        branch.commit(name, before, after).await?;
    }
    let shown = escape::terminal(name).into_owned();
    writeln!(out.stderr, "{GAIN}Made{GAIN:#} the branch {shown}; `git push origin refs/heads/{shown}` sends it.")?;
    out.stdout.write_all(pull_request(&wanted).as_bytes())?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}

/// Refuses an entry with a last day for whoever is in by a team: it would take the team's place, and end all access.
fn must_be_new<'a>(
    before: &Desired,
    account: &AccountName,
    who: impl IntoIterator<Item = &'a Email>,
) -> Result<(), Refusal> {
    let Some(there) = before.accounts.get(account) else { return Ok(()) };
    for email in who {
        if let Some(DesiredUser { grant: Grant::Team(team), place, .. }) = there.users.get(email) {
            let spot = Spot { file: place.file.to_string(), line: place.line as usize };
            let (who, account, team) = (email.to_string(), account.to_string(), team.clone());
            return Err(Refusal::InByTeam { who, account, team, spot });
        }
    }
    Ok(())
}

/// The text of a pull request: its title, and what whoever reviews it has to know.
fn pull_request(wanted: &Wanted) -> String {
    let Wanted { account, who, role, until, reason } = wanted;
    let cell = |text: &str| escape::markdown::prose(text);
    let rows: String =
        who.iter().map(|email| format!("| {} | {} |\n", cell(email.as_str()), cell(role.as_str()))).collect();
    format!(
        "{}\n\nAsks for access to `{account}` until the end of {} (UTC).\n\n| who | role |\n| --- | --- |\n{rows}\nWhy: {}\n\n\
         Merging this grants it; `roster plan` shows what will happen.\n",
        escape::terminal(&wanted.title()),
        words::day(*until),
        cell(reason),
    )
}

fn told(invalid: &Invalid, out: &mut Output) -> Result<Exit> {
    let Invalid { problems, sources } = invalid;
    out.problems(problems, sources)?;
    Ok(Exit::Invalid)
}

/// A name that no other request has.
fn new_id() -> String {
    Uuid::new_v4().to_string()
}

#[expect(clippy::disallowed_methods, reason = "an edge: access is asked for from today on")]
fn now() -> Timestamp {
    Timestamp::now()
}
