//! What `apply` and `undo` have in common: a plan is shown, somebody is asked, it is carried out, and reported.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::apply::Means;
use crate::cli::accounts::{Accounts, Goal, Looking, Taking};
use crate::cli::answer::Answer;
use crate::cli::args::apply::{Agreement, Run};
use crate::cli::exit::Exit;
use crate::cli::origin;
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::saved::Saved;
use crate::cli::state::Remembered;
use crate::cli::stop;
use crate::cli::wrong_use::WrongUse;
use crate::file::Loaded;
use crate::file::source::Sources;
use crate::guard::policy::Judge;
use crate::model::account_name::AccountName;
use crate::reconcile;
use crate::render::summary::Summary;
use crate::render::text;
use crate::render::words::count;
use crate::store::Holder;

/// What is to be carried out.
pub(super) struct Task<'a> {
    /// The command, as the journal and whoever waits are told.
    pub(super) command: &'static str,
    /// The command that only shows it.
    pub(super) look: &'static str,
    /// The roster.
    pub(super) path: &'a Path,
    /// The accounts that were asked for; empty where it is all of them.
    pub(super) asked: &'a [AccountName],
    /// What is to come of them.
    pub(super) goal: Goal<'a>,
    /// What judges it besides the guards.
    pub(super) judge: &'a dyn Judge,
    /// A plan that has to come out.
    pub(super) saved: Option<&'a Saved>,
    /// What is agreed to.
    pub(super) agreement: &'a Agreement,
    /// How accounts are changed.
    pub(super) run: &'a Run,
}

/// Plans, shows, asks, carries out and reports. The state is closed in the end.
pub(super) async fn execute(
    answer: &Answer<'_>,
    task: &Task<'_>,
    loaded: &Loaded,
    remembered: &Remembered,
    out: &mut Output,
) -> Result<Exit> {
    let actor = origin::actor(task.run.actor.as_deref());
    let holder = origin::holder(task.command, &actor);
    let taking = Taking {
        leases: remembered.leases(),
        journal: remembered.journal(),
        holder: &holder,
        patience: task.run.lock_timeout,
    };
    // Whoever is asked first may think about it for an hour, and nobody else should wait for that.
    let looking = Looking {
        memory: remembered.memory(),
        judge: task.judge,
        taking: (!task.agreement.asks()).then_some(taking),
        directory: &loaded.directory,
    };
    let mut accounts = Accounts::observe(&loaded.desired, task.asked, task.goal, looking, out).await?;
    // A plan that was saved must come out before anybody consents to it.
    let ended = match task.saved.map_or(Ok(()), |saved| saved.still_holds(&answer.whole(loaded, &accounts))) {
        Ok(()) => decide(answer, task, loaded, &mut accounts, remembered, taking, out).await,
        Err(stale) => Err(stale.into()),
    };
    let accounts = accounts.close().await?;
    remembered.close().await;
    let (consent, exit) = ended?;
    let document = answer.about(loaded, &accounts, out);
    if !answer.is_text() {
        answer.write(out, exit, document)?;
    } else if consent == Consent::Given || Summary::of(&document.accounts).unwritten > 0 {
        text::report(&mut out.stdout, &document)?;
        out.stdout.flush()?;
    }
    Ok(exit)
}

/// Shows what was planned, asks, and carries out what was agreed to.
async fn decide<'a>(
    answer: &Answer<'_>,
    task: &Task<'_>,
    loaded: &Loaded,
    accounts: &mut Accounts<'a>,
    remembered: &'a Remembered,
    taking: Taking<'a>,
    out: &mut Output,
) -> Result<(Consent, Exit)> {
    let approved = task.agreement.approve.as_ref().map(|given| accounts.consent(given)).transpose();
    let plan = answer.about(loaded, accounts, out);
    let actions = Summary::of(&plan.accounts).approved.total();
    if answer.is_text() {
        text::plan(&mut out.stdout, &plan, out.detail)?;
        out.stdout.flush()?;
    }
    approved?;
    let consent = if actions == 0 { Consent::NotNeeded } else { agree(task, answer, actions, out)? };
    if consent == Consent::Refused {
        return Ok((consent, Exit::Failed));
    }
    if consent == Consent::NotNeeded && task.agreement.asks() && !accounts.have_open_ends() {
        return Ok((consent, Exit::of_apply(&Summary::of(&accounts.shown()))));
    }
    if task.agreement.asks() {
        // Whoever thinks about a plan for an hour agrees to what was true an hour ago.
        if !accounts.is_still_so(remembered.memory(), taking).await? {
            writeln!(
                out.stderr,
                "The plan is no longer what was shown, so nothing was changed: run the command again."
            )?;
            return Ok((Consent::Stale, Exit::Stale));
        }
    }
    carry_out(task, &loaded.sources, accounts, remembered, taking.holder, out).await?;
    Ok((consent, Exit::of_apply(&Summary::of(&accounts.shown()))))
}

/// Before the first write a signal ends the process, and nothing has happened. From here to the end it is listened to, so
/// that none is lost between the last write and the report.
async fn carry_out(
    task: &Task<'_>,
    sources: &Sources,
    accounts: &mut Accounts<'_>,
    remembered: &Remembered,
    holder: &Holder,
    out: &Output,
) -> Result<()> {
    let signal = stop::Listener::start("stopping after what is under way; a second signal ends at once")?;
    let mut origin = origin::begin(&holder.command, &holder.actor, task.path, sources).await?;
    origin.plan = Some(accounts.digest());
    origin.consent = task.agreement.approve.is_some().then(|| accounts.digest());
    origin.reason.clone_from(&task.agreement.reason);
    if task.agreement.approve.is_some() {
        accounts.reserve(remembered.journal()).await?;
    }
    let progress = Progress::start(out.progress, "applying", Summary::of(&accounts.shown()).approved.total());
    let observer = |_: &_, _: &_| progress.advance();
    accounts
        .carry_out(async |desired, seen, access, lease| {
            let means = Means {
                writer: &access.writer(signal.token()),
                journal: remembered.journal(),
                lease,
                origin: &origin,
                stop: signal.token(),
                observer: &observer,
                concurrency: task.run.concurrency,
            };
            reconcile::carry_out(desired, seen, &means).await
        })
        .await;
    progress.finish();
    Ok(())
}

/// Whether the user agrees to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// There is nothing to agree to.
    NotNeeded,
    /// By `--yes` or `--approve`, or at the terminal.
    Given,
    /// At the terminal.
    Refused,
    /// Given, to a plan that no longer comes out.
    Stale,
}

fn agree(task: &Task<'_>, answer: &Answer<'_>, actions: usize, out: &mut Output) -> Result<Consent> {
    if !task.agreement.asks() {
        return Ok(Consent::Given);
    }
    if !answer.is_text() || !io::stdin().is_terminal() {
        let message = if answer.is_text() {
            "nobody is there to be asked whether to go on"
        } else {
            "only text can ask whether to go on"
        };
        let hint = format!("add `--yes` to carry out what the guards approve, or look first with `{}`", task.look);
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
    Ok(Consent::Given)
}
