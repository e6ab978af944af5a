//! `roster apply`: shows the plan, asks, carries it out, reports.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::cli::accounts::Accounts;
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, WrongUse};
use crate::cli::progress::Progress;
use crate::cli::stop;
use crate::reconcile;
use crate::render::summary::Summary;
use crate::render::text;
use crate::render::words::count;

pub(super) async fn run(arguments: &args::Apply, out: &mut Output) -> Result<Exit> {
    let answer = Answer::new("apply", &arguments.selection.source);
    let result = apply(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn apply(answer: &Answer<'_>, arguments: &args::Apply, out: &mut Output) -> Result<Exit> {
    let loaded = match answer.load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let mut accounts =
        Accounts::observe(&loaded.desired, &arguments.selection.accounts, &loaded.directory, out).await?;
    let plan = answer.about(&loaded, &accounts);
    let actions = Summary::of(&plan.accounts).approved.total();
    if !answer.is_json() {
        text::plan(&mut out.stdout, &plan, out.detail)?;
        out.stdout.flush()?;
    }
    let consent =
        if actions == 0 { Consent::NotNeeded } else { consent(arguments, answer, &accounts, actions, out).await? };
    // Before the first write a signal ends the process, and nothing has happened. From here to the end it is listened to,
    // so that none is lost between the last write and the report.
    let signal = match consent {
        Consent::Given => {
            Some(stop::Listener::start("stopping after the action in hand; a second signal ends at once")?)
        }
        Consent::NotNeeded | Consent::Refused | Consent::Stale => None,
    };
    if let Some(signal) = &signal {
        let progress = Progress::start(out.progress, "applying", actions);
        let observer = |_: &_, _: &_| progress.advance();
        accounts
            .carry_out(async |name, seen, access| {
                reconcile::carry_out(name, &seen.review, &access.writer(), signal.token(), &observer).await
            })
            .await;
        progress.finish();
    }
    let exit = match consent {
        Consent::NotNeeded | Consent::Given => Exit::of_apply(&Summary::of(&accounts.shown())),
        Consent::Refused => Exit::Failed,
        Consent::Stale => Exit::Stale,
    };
    let document = answer.about(&loaded, &accounts.close().await?);
    if answer.is_json() {
        answer.write(out, exit, document)?;
    } else if consent == Consent::Given {
        text::report(&mut out.stdout, &document)?;
        out.stdout.flush()?;
    }
    Ok(exit)
}

/// Whether the user agrees to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// There is nothing to agree to.
    NotNeeded,
    /// By `--yes` before seeing it, or at the terminal after.
    Given,
    /// At the terminal.
    Refused,
    /// Given, to a plan that no longer comes out.
    Stale,
}

async fn consent(
    arguments: &args::Apply,
    answer: &Answer<'_>,
    accounts: &Accounts<'_>,
    actions: usize,
    out: &mut Output,
) -> Result<Consent> {
    if arguments.yes {
        return Ok(Consent::Given);
    }
    if answer.is_json() || !io::stdin().is_terminal() {
        let message = if answer.is_json() {
            "JSON cannot ask whether to go on"
        } else {
            "nobody is there to be asked whether to go on"
        };
        let hint = "add `--yes` to carry out what the guards approve, or look first with `roster plan`".to_owned();
        return Err(WrongUse { message: message.to_owned(), hint: Some(hint) }.into());
    }
    write!(out.stderr, "\nCarry out {}? [y/N] ", count(actions, "action"))?;
    out.stderr.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("cannot read the answer")?;
    if !matches!(line.trim().to_lowercase().as_str(), "y" | "yes") {
        writeln!(out.stderr, "Nothing was changed.")?;
        return Ok(Consent::Refused);
    }
    // Whoever thinks about a plan for an hour agrees to what was true an hour ago.
    if accounts.is_still_so().await {
        return Ok(Consent::Given);
    }
    writeln!(out.stderr, "The plan is no longer what was shown, so nothing was changed: run the command again.")?;
    Ok(Consent::Stale)
}
