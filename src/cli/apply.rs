//! `roster apply`: shows the plan, asks, carries it out, reports.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::apply::Means;
use crate::cli::accounts::{Accounts, Looking, Taking};
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::origin;
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::saved::{self, Saved};
use crate::cli::state::Remembered;
use crate::cli::stop;
use crate::cli::wrong_use::WrongUse;
use crate::file::Loaded;
use crate::reconcile;
use crate::render::summary::Summary;
use crate::render::text;
use crate::render::words::count;
use crate::store::Holder;

pub(super) async fn run(arguments: &args::Apply, out: &mut Output) -> Result<Exit> {
    let answer = Answer::new("apply", &arguments.selection, &arguments.answering, out);
    let result = match saved::open(arguments) {
        Ok(None) => apply(&answer, arguments, None, out).await,
        Ok(Some((arguments, saved))) => {
            let answer = Answer::new("apply", &arguments.selection, &arguments.answering, out);
            apply(&answer, &arguments, Some(&saved), out).await
        }
        Err(error) => Err(error),
    };
    answer.or_error(out, result)
}

async fn apply(answer: &Answer<'_>, arguments: &args::Apply, saved: Option<&Saved>, out: &mut Output) -> Result<Exit> {
    let loaded = match answer.load_protected(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let remembered = Remembered::open(&arguments.state, &loaded.directory).await?;
    let actor = origin::actor(arguments.run.actor.as_deref());
    let holder = origin::holder("apply", &actor);
    let taking = Taking { leases: remembered.leases(), holder: &holder, patience: arguments.run.lock_timeout };
    // Whoever is asked first may think about it for an hour, and nobody else should wait for that.
    let looking = Looking {
        memory: remembered.memory(),
        taking: (!arguments.asks()).then_some(taking),
        directory: &loaded.directory,
    };
    let mut accounts = Accounts::observe(&loaded.desired, &arguments.selection.accounts, looking, out).await?;
    // A plan that was saved must come out before anybody consents to it.
    let ended = match saved.map_or(Ok(()), |saved| saved.still_holds(&answer.whole(&loaded, &accounts))) {
        Ok(()) => decide(answer, arguments, &loaded, &mut accounts, &remembered, &holder, out).await,
        Err(stale) => Err(stale.into()),
    };
    accounts.give_back(remembered.leases()).await;
    let accounts = accounts.close().await?;
    remembered.close().await;
    let (consent, exit) = ended?;
    let document = answer.about(&loaded, &accounts, out);
    if !answer.is_text() {
        answer.write(out, exit, document)?;
    } else if consent == Consent::Given || Summary::of(&document.accounts).unwritten > 0 {
        text::report(&mut out.stdout, &document)?;
        out.stdout.flush()?;
    }
    Ok(exit)
}

/// Shows what was planned, asks, and carries out what was agreed to.
async fn decide(
    answer: &Answer<'_>,
    arguments: &args::Apply,
    loaded: &Loaded,
    accounts: &mut Accounts<'_>,
    remembered: &Remembered,
    holder: &Holder,
    out: &mut Output,
) -> Result<(Consent, Exit)> {
    let approved = arguments.approve.as_ref().map(|given| accounts.consent(given)).transpose();
    let plan = answer.about(loaded, accounts, out);
    let actions = Summary::of(&plan.accounts).approved.total();
    if answer.is_text() {
        text::plan(&mut out.stdout, &plan, out.detail)?;
        out.stdout.flush()?;
    }
    approved?;
    let consent = if actions == 0 { Consent::NotNeeded } else { agree(arguments, answer, actions, out)? };
    if consent == Consent::Refused {
        return Ok((consent, Exit::Failed));
    }
    if consent == Consent::NotNeeded && arguments.asks() && !accounts.have_open_ends() {
        return Ok((consent, Exit::of_apply(&Summary::of(&accounts.shown()))));
    }
    if arguments.asks() {
        // Whoever thinks about a plan for an hour agrees to what was true an hour ago.
        let taking = Taking { leases: remembered.leases(), holder, patience: arguments.run.lock_timeout };
        if !accounts.is_still_so(remembered.memory(), taking).await? {
            writeln!(
                out.stderr,
                "The plan is no longer what was shown, so nothing was changed: run the command again."
            )?;
            return Ok((Consent::Stale, Exit::Stale));
        }
    }
    carry_out(arguments, accounts, remembered, holder, out).await?;
    Ok((consent, Exit::of_apply(&Summary::of(&accounts.shown()))))
}

/// Before the first write a signal ends the process, and nothing has happened. From here to the end it is listened to, so
/// that none is lost between the last write and the report.
async fn carry_out(
    arguments: &args::Apply,
    accounts: &mut Accounts<'_>,
    remembered: &Remembered,
    holder: &Holder,
    out: &Output,
) -> Result<()> {
    let signal = stop::Listener::start("stopping after what is under way; a second signal ends at once")?;
    let mut origin = origin::begin(&holder.command, &holder.actor, &arguments.selection.source.path).await?;
    origin.plan = Some(accounts.digest());
    origin.consent = arguments.approve.is_some().then(|| accounts.digest());
    origin.reason.clone_from(&arguments.reason);
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
                concurrency: arguments.run.concurrency,
            };
            reconcile::carry_out(desired, seen, remembered.leases(), &means).await
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

fn agree(arguments: &args::Apply, answer: &Answer<'_>, actions: usize, out: &mut Output) -> Result<Consent> {
    if !arguments.asks() {
        return Ok(Consent::Given);
    }
    if !answer.is_text() || !io::stdin().is_terminal() {
        let message = if answer.is_text() {
            "nobody is there to be asked whether to go on"
        } else {
            "only text can ask whether to go on"
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
    Ok(Consent::Given)
}
