//! `roster export`: live accounts as a roster file. Reads only.

pub(super) mod head;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::export::entry::LeftOut;
use crate::export::{self, Account, Export, Seen};
use crate::file::settings::Settings;
use crate::file::source::Sources;
use crate::file::{self, Loaded};
use crate::guard::Review;
use crate::guard::policy::GuardsAlone;
use crate::guard::reason::Reason;
use crate::model::account_name::AccountName;
use crate::model::desired::access::day_of;
use crate::render::account::{AccountView, State};
use crate::render::export::{Frame, roster};
use crate::render::failure::Failure;
use crate::render::form::Form;
use crate::render::palette::CHANGE;
use crate::render::{escape, text};
use crate::store::none::Forgetful;

pub(super) async fn run(arguments: &args::export::Export, out: &mut Output) -> Result<Exit> {
    let args::export::Export { accounts: asked, roster: path, server, out: file } = arguments;
    if let Some(file) = file.as_deref() {
        must_be_free(file)?;
    }
    let loaded = match server.kind {
        Some(kind) => head::load(kind, asked, server, out)?,
        None => Answer::plain("export", path, Form::Text(out.detail)).load(out)?,
    };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    // What is there is told as it is; what is remembered has no part in it.
    let looking = Looking { memory: &Forgetful, judge: &GuardsAlone, taking: None, directory: &loaded.directory };
    let accounts = Accounts::observe(&loaded.desired, asked, Goal::Roster, looking, out).await?.close().await?;
    let views = accounts.views();
    let Read { seen, missing, exit } = Read::of(&views, out)?;
    if seen.is_empty() {
        return Ok(exit);
    }
    let export = export::export(&seen);
    let frame = Frame { settings: &Settings::of(&loaded.sources), missing: &missing, today: day_of(now()) };
    let yaml = roster(&export, &frame);
    check(&yaml, &loaded, out)?;
    write(&yaml, file.as_deref(), out)?;
    Ok(exit.max(name_left_out(&export, out)?))
}

/// Which accounts can be written down.
pub(super) struct Read<'a> {
    pub(super) seen: Vec<Seen<'a>>,
    pub(super) missing: Vec<(AccountName, String)>,
    pub(super) exit: Exit,
}

impl<'a> Read<'a> {
    /// Says on stderr what is wrong with an account, and goes on with the others.
    pub(super) fn of(views: &[AccountView<'a>], out: &mut Output) -> Result<Self> {
        let mut read = Self { seen: Vec::new(), missing: Vec::new(), exit: Exit::Done };
        for AccountView { name, desired, state } in views {
            let (failure, exit) = match state {
                State::Unread(failure) => ((*failure).clone(), Exit::Failed),
                State::Planned { live, review } | State::Applied { live, review, report: _ } => {
                    let Some(reason) = untrustworthy(review) else {
                        read.seen.push(Seen { name, desired, live });
                        continue;
                    };
                    let hint = Some(reason.hint().into_owned());
                    (Failure { message: reason.to_string(), causes: Vec::new(), hint }, Exit::Held)
                }
            };
            if views.len() > 1 {
                writeln!(out.stderr, "{name}")?;
            }
            text::failed(&mut out.stderr, &failure)?;
            read.missing.push(((*name).clone(), failure.message));
            read.exit = read.exit.max(exit);
        }
        Ok(read)
    }
}

/// Why a list made from this reading would mislead: it may lack people, or come from another account. What the file
/// says of its users does not matter here.
fn untrustworthy(review: &Review) -> Option<&Reason> {
    let reasons = review.findings().iter().map(|finding| &finding.reason);
    reasons.into_iter().find(|reason| {
        matches!(
            reason,
            Reason::NotProvenWhole { .. }
                | Reason::EmptyAccount
                | Reason::OwnerNotFound { .. }
                | Reason::OwnerIsSomebodyElse { .. }
                | Reason::SeveralOwners { .. }
        )
    })
}

/// What is written must be a roster; anything else is a fault of this program, and nothing is written.
fn check(yaml: &str, loaded: &Loaded, out: &mut Output) -> Result<()> {
    let name = loaded.directory.join("export").display().to_string();
    let sources = Sources::of_folder(loaded.directory.clone(), [(name, yaml.to_owned())]);
    if let Err(invalid) = file::read(sources) {
        out.problems(&invalid.problems, &invalid.sources)?;
        bail!("what was found cannot be written as a roster");
    }
    Ok(())
}

fn must_be_free(file: &Path) -> Result<()> {
    if file.exists() {
        let message = format!("`{}` is there already", file.display());
        let hint =
            Some("choose a name that is free; `roster import` puts an account into a file that is there".to_owned());
        return Err(WrongUse { message, hint }.into());
    }
    Ok(())
}

fn write(yaml: &str, file: Option<&Path>, out: &mut Output) -> Result<()> {
    let Some(path) = file else {
        out.stdout.write_all(yaml.as_bytes())?;
        return Ok(out.stdout.flush()?);
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(yaml.as_bytes())?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write `{}`", path.display()))
}

/// A list without everybody is written, with the missing named in it, and the exit code says so.
fn name_left_out(Export { accounts, people: _, teams: _ }: &Export, out: &mut Output) -> Result<Exit> {
    let mut exit = Exit::Done;
    for (name, Account { left_out, .. }) in accounts {
        exit = exit.max(named(Some(name).filter(|_| accounts.len() > 1), left_out, out)?);
    }
    Ok(exit)
}

/// Names on stderr whom a file cannot hold, and of which account, where there are several.
pub(super) fn named(account: Option<&AccountName>, left_out: &[LeftOut], out: &mut Output) -> Result<Exit> {
    let whose = account.map(|name| format!("{name}: ")).unwrap_or_default();
    for LeftOut { user, why } in left_out {
        let email = escape::terminal(user.email.as_str());
        writeln!(out.stderr, "{CHANGE}left out{CHANGE:#}: {whose}{email}: {why}")?;
    }
    Ok(if left_out.iter().all(|left| left.why.is_meant()) { Exit::Done } else { Exit::Held })
}

#[expect(clippy::disallowed_methods, reason = "an edge: the file says of which day it is")]
fn now() -> Timestamp {
    Timestamp::now()
}
