//! `roster apply`: shows the plan, asks, carries it out, reports.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::cli::accounts::{Accounts, Seen};
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
    let consent = Consent::from(arguments, answer)?;
    let loaded = match answer.load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let mut accounts = Accounts::observe(&loaded.desired, &arguments.selection.accounts, &loaded.directory).await?;
    let planned = Summary::of(&accounts.views());
    if !answer.is_json() {
        text::plan(&mut out.stdout, &accounts.views(), out.detail)?;
        out.stdout.flush()?;
    }
    let agreed = planned.approved.total() > 0 && consent.given(out, planned.approved.total())?;
    if agreed {
        carry_out(&mut accounts, out, planned.approved.total()).await?;
    }
    let views = accounts.views();
    let exit =
        if agreed || planned.approved.total() == 0 { Exit::of_apply(&Summary::of(&views)) } else { Exit::Failed };
    if answer.is_json() {
        answer.accounts(out, exit, &loaded, &views)?;
    } else if agreed {
        text::report(&mut out.stdout, &views)?;
        out.stdout.flush()?;
    }
    accounts.close().await?;
    Ok(exit)
}

/// Carries out, one account after the other, what the guards approved.
async fn carry_out(accounts: &mut Accounts<'_>, out: &Output, actions: usize) -> Result<()> {
    let signal = stop::Listener::start()?;
    let progress = Progress::start(out.progress, "applying", actions);
    for entry in accounts.entries_mut() {
        let placeholder = Seen::Unread(crate::render::account::Failure::default());
        entry.seen = match std::mem::replace(&mut entry.seen, placeholder) {
            Seen::Planned(seen, access) => {
                let observer = |_: &_, _: &_| progress.advance();
                let report =
                    reconcile::carry_out(entry.name, &seen.review, &access.writer, signal.token(), &observer).await;
                Seen::Applied(seen, report)
            }
            other @ (Seen::Unread(_) | Seen::Applied(..)) => other,
        };
    }
    progress.finish();
    Ok(())
}

/// How the user agrees to a plan.
#[derive(Clone, Copy)]
enum Consent {
    /// By `--yes`, before seeing it.
    Given,
    /// At the terminal, after seeing it.
    Asked,
}

impl Consent {
    fn from(arguments: &args::Apply, answer: &Answer<'_>) -> Result<Self> {
        if arguments.yes {
            return Ok(Self::Given);
        }
        if answer.is_json() || !io::stdin().is_terminal() {
            let hint = "add `--yes` to carry out what the guards approve, or look first with `roster plan`".to_owned();
            let message = "nobody is there to be asked whether to go on".to_owned();
            return Err(WrongUse { message, hint: Some(hint) }.into());
        }
        Ok(Self::Asked)
    }

    fn given(self, out: &mut Output, actions: usize) -> Result<bool> {
        if matches!(self, Self::Given) {
            return Ok(true);
        }
        write!(out.stderr, "\nCarry out {}? [y/N] ", count(actions, "action"))?;
        out.stderr.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("cannot read the answer")?;
        let agreed = matches!(line.trim().to_lowercase().as_str(), "y" | "yes");
        if !agreed {
            writeln!(out.stderr, "Nothing was changed.")?;
        }
        Ok(agreed)
    }
}
