//! Signed requests: written by whoever asks, reviewed and accepted by whoever owns the account.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cli::args::request::{Accept, Asking, Review};
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::request::{Wanted, key, new_id, now};
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Details, Who};
use crate::model::desired::access::day_of;
use crate::model::digest;
use crate::model::email::Email;
use crate::model::role::RoleName;
use crate::render::escape;
use crate::render::palette::{CHANGE, NAME};
use crate::render::request::{self as shown, Fact};
use crate::request::{LARGEST, LONGEST, Refused, Request, Signed};

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
    for Fact { name, value, caution } in shown::facts(&signed) {
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
    let accepted = Accepted::beside(&editing.roster);
    if accepted.knows(&request.id)? {
        return Err(Refused::Accepted.into());
    }
    let expires = until.or(request.until);
    if expires.is_some_and(|last| last < day_of(now())) {
        let message = "the access that is asked for would be over already".to_owned();
        return Err(WrongUse { message, hint: Some("say another last day with `--until`".to_owned()) }.into());
    }
    edit.editor.add_users(account, &entries(request, role.as_ref(), expires))?;
    // Before the roster: a request that is noted and not accepted can be made anew, one that is accepted twice cannot be taken back.
    let note = if editing.dry_run { None } else { Some(accepted.note(&request.id, now())?) };
    let exit = edit.finish(out, |_| Vec::new());
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

/// Which requests were accepted: a file for each in the state folder beside the roster.
struct Accepted(PathBuf);

/// The note of one that is being accepted.
struct Note(PathBuf);

impl Accepted {
    fn beside(roster: &Path) -> Self {
        let folder = if roster.is_dir() { roster } else { roster.parent().unwrap_or(Path::new("")) };
        Self(folder.join(".roster").join("requests"))
    }

    fn knows(&self, id: &str) -> Result<bool> {
        Ok(self.0.join(name_of(id)).try_exists()?)
    }

    /// Notes it, and fails where somebody else did at the same moment.
    fn note(&self, id: &str, at: Timestamp) -> Result<Note> {
        fs::create_dir_all(&self.0).with_context(|| format!("cannot make `{}`", self.0.display()))?;
        let path = self.0.join(name_of(id));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => writeln!(file, "{at}")?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(Refused::Accepted.into()),
            Err(error) => return Err(error).with_context(|| format!("cannot write `{}`", path.display())),
        }
        Ok(Note(path))
    }
}

impl Note {
    fn take_back(self) -> Result<()> {
        fs::remove_file(&self.0).with_context(|| format!("cannot remove `{}`", self.0.display()))
    }
}

/// The id as the name of a file, whatever it holds.
fn name_of(id: &str) -> String {
    let mut fingerprint = digest::Fingerprint::of("accepted request 1");
    fingerprint.text(id);
    fingerprint.finish().to_string()
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
