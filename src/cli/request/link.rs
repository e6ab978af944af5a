//! Signed requests: written by whoever asks, reviewed and accepted by whoever owns the account.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use jiff::civil::Date;

use crate::cli::args::request::{Accept, Asking, Review};
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::request::accepted::Accepted;
use crate::cli::request::{Wanted, key, must_be_new, new_id, now};
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Details, Who};
use crate::model::account_name::AccountName;
use crate::model::desired::Desired;
use crate::model::desired::access::day_of;
use crate::model::email::Email;
use crate::model::role::{Catalogue, HeldRoles, RoleName, Shift};
use crate::render::palette::{CHANGE, NAME};
use crate::render::request::{self as shown, Fact};
use crate::render::{escape, words};
use crate::request::{LARGEST, LONGEST, Refused, Request, Signed};

/// What to do about a wish to grant more than was asked for.
const MORE: &str =
    "leave the option out to grant what was asked for; `roster user set` gives more afterwards, in your own name";

/// Writes a signed request to stdout.
pub(super) fn write(asking: &Asking, wanted: &Wanted, out: &mut Output) -> Result<Exit> {
    let Asking { from, key, valid, .. } = asking;
    let Wanted { account, who, role, until, reason } = wanted;
    if !valid.is_positive() || *valid > LONGEST {
        let message = "a request counts for some time, and for 90 days at most".to_owned();
        return Err(WrongUse { message, hint: None }.into());
    }
    let request = Request {
        id: new_id(),
        from: from.clone().unwrap_or_default(),
        account: account.to_string(),
        people: who.iter().map(|email| (email.clone(), role.clone())).collect(),
        until: Some(*until),
        reason: reason.clone(),
        ends: now().checked_add(*valid)?.round(jiff::Unit::Second)?,
    };
    let key = key::at(key)?;
    out.stdout.write_all(request.sign(&key)?.as_bytes())?;
    out.stdout.flush()?;
    writeln!(out.stderr, "Send this file to the owner of the account. It grants nothing by itself.")?;
    writeln!(out.stderr, "Tell them this fingerprint over another way, such as the telephone:")?;
    writeln!(out.stderr, "  {NAME}{}{NAME:#}", key.fingerprint())?;
    Ok(Exit::Done)
}

/// Shows what a request asks for. Nothing is written.
pub(super) fn review(Review { file }: &Review, out: &mut Output) -> Result<Exit> {
    let signed = read(file)?;
    for Fact { name, value, caution } in shown::facts(&signed, day_of(now())) {
        write!(out.stdout, "{name:<12} {}", escape::terminal(&value))?;
        match caution {
            Some(caution) => writeln!(out.stdout, "  {CHANGE}{caution}{CHANGE:#}")?,
            None => writeln!(out.stdout)?,
        }
    }
    out.stdout.flush()?;
    signed.request.counts(now())?;
    writeln!(out.stderr, "\nThe signature holds: the file is as the holder of this key wrote it.")?;
    writeln!(out.stderr, "{}", shown::PROVES_NOT)?;
    let command = shown::acceptance(&file.display().to_string(), None);
    writeln!(out.stderr, "To accept: {}", escape::terminal(&command))?;
    Ok(Exit::Done)
}

/// Writes what a request asks for into the roster, once.
pub(super) fn accept(arguments: &Accept, out: &mut Output) -> Result<Exit> {
    let Accept { file, account, fingerprint, role, until, editing } = arguments;
    let signed = read(file)?;
    signed.may_be_accepted(fingerprint, now())?;
    let request = &signed.request;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let home = edit.editor.file_of(account)?.to_owned();
    let accepted = Accepted::beside(&editing.roster, Path::new(&home))?;
    if accepted.knows(&request.id)? || stands(&edit.before, &request.id) {
        return Err(Refused::Accepted.into());
    }
    let catalogue = edit.before.accounts.get(account).map_or(Catalogue::Any, |account| account.catalogue);
    if let Some(role) = role {
        request.people.iter().try_for_each(|(_, asked)| must_be_less(catalogue, asked, role))?;
    }
    let expires = must_not_be_longer(request.until, *until)?;
    must_be_new(&edit.before, account, request.people.iter().map(|(email, _)| email))?;
    edit.editor.add_users(account, &entries(request, role.as_ref(), expires))?;
    // Before the roster: a request that is noted and not accepted can be made anew, one that is accepted twice cannot be taken back.
    let note = if editing.dry_run { None } else { Some(accepted.note(&request.id, now())?) };
    let called = (request.account != account.as_str()).then(|| otherwise(request, account));
    let exit = edit.finish(out, |_| called.into_iter().collect());
    if !matches!(exit, Ok(Exit::Done))
        && let Some(note) = note
    {
        note.take_back()?;
    }
    let exit = exit?;
    if exit == Exit::Done && !editing.dry_run {
        writeln!(
            out.stderr,
            "{CHANGE}Next{CHANGE:#}: `roster plan` shows what will happen, and `roster apply` lets them in."
        )?;
    }
    Ok(exit)
}

/// Whether an entry of the roster says that it came from this request.
fn stands(before: &Desired, id: &str) -> bool {
    let mut reasons =
        before.accounts.values().flat_map(|account| account.users.values()).filter_map(|user| user.reason.as_deref());
    let origin = Request::origin(id);
    reasons.any(|reason| reason.ends_with(&origin))
}

/// That the request has another name for the account than the roster: it may mean another one.
fn otherwise(request: &Request, account: &AccountName) -> String {
    format!("the request is for the account `{}`; the entry is written into `{account}`", request.account)
}

/// Refuses a role that may be more than was asked for: the entry says that somebody asked for it.
fn must_be_less(catalogue: Catalogue, asked: &RoleName, role: &RoleName) -> Result<()> {
    if role == asked || catalogue.shift(&HeldRoles::from_iter([asked.clone()]), role) == Shift::Lower {
        return Ok(());
    }
    let message = format!("the request asks for `{asked}`, and `{role}` is not known to be less");
    Err(WrongUse { message, hint: Some(MORE.to_owned()) }.into())
}

/// The last day: the one that was asked for, or an earlier one.
fn must_not_be_longer(asked: Option<Date>, until: Option<Date>) -> Result<Option<Date>> {
    if let (Some(asked), Some(until)) = (asked, until)
        && until > asked
    {
        let message =
            format!("the request asks for access until {}, and {} is later", words::day(asked), words::day(until));
        return Err(WrongUse { message, hint: Some(MORE.to_owned()) }.into());
    }
    let expires = until.or(asked);
    if expires.is_some_and(|last| last < day_of(now())) {
        let message = "the access that is asked for would be over already".to_owned();
        let hint = until.map_or("ask for a new request", |_| "say a later last day with `--until`");
        return Err(WrongUse { message, hint: Some(hint.to_owned()) }.into());
    }
    Ok(expires)
}

/// The entries that grant a request, or as much of it as whoever accepts it says.
fn entries(request: &Request, role: Option<&RoleName>, expires: Option<Date>) -> Vec<NewUser> {
    let reason = Some(request.to_string());
    let entry = |(email, asked): &(Email, RoleName)| {
        let role = role.unwrap_or(asked).clone();
        let details = Details { expires, reason: reason.clone(), ..Details::of_role(role) };
        NewUser { who: Who::Address(email.clone()), details, comment: None }
    };
    request.people.iter().map(entry).collect()
}

fn read(path: &Path) -> Result<Signed> {
    let text = text_of(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(Signed::read(&text)?)
}

/// The text of a file; of one that is too large, as much as shows it.
fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}
