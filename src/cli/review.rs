//! `roster review`: who has what in all accounts, and what somebody should look at. Reads only.

mod past;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::args::review::{self as args, ReviewFormat};
use crate::cli::args::{Redact, Source};
use crate::cli::exit::Exit;
use crate::cli::origin;
use crate::cli::output::{self, Output};
use crate::cli::review::past::{Past, Since};
use crate::cli::state::Remembered;
use crate::file::{self, Invalid, Loaded};
use crate::guard::policy::GuardsAlone;
use crate::render::account::AccountView;
use crate::render::json::Problem;
use crate::render::json::plan::Roster;
use crate::render::json::review::{Review, Severity};
use crate::render::review::Form;
use crate::render::{escape, redact};
use crate::review::rules::Rules;
use crate::review::{Evidence, Seen, review};
use crate::store::none::Forgetful;

pub(super) async fn run(arguments: &args::Review, out: &mut Output) -> Result<Exit> {
    out.redact = arguments.redact;
    match made(arguments, out).await {
        Ok((Exit::Invalid, review)) => {
            nobody_was_seen(arguments, Review { exit_code: Exit::Invalid.code(), ..review }, out)?;
            Ok(Exit::Invalid)
        }
        Ok((exit, review)) => {
            write(arguments, Review { exit_code: exit.code(), ..review }, out)?;
            Ok(exit)
        }
        Err(error) => {
            let (exit_code, failure) = (output::exit(&error).code(), Some(output::failure(&error)));
            nobody_was_seen(arguments, Review { exit_code, error: failure, ..Review::new() }, out)?;
            Err(error)
        }
    }
}

/// The review, with nobody masked yet, and how the process ends.
async fn made(arguments: &args::Review, out: &mut Output) -> Result<(Exit, Review)> {
    let args::Review { source: Source { path }, accounts: asked, since, rules, state, .. } = arguments;
    let since = since.as_deref().map(Since::read).transpose()?;
    let loaded = match file::load(path) {
        Ok(loaded) => loaded,
        Err(invalid) => {
            let Invalid { problems, sources } = *invalid;
            out.problems(&problems, &sources)?;
            let problems = Problem::all(&problems, &sources);
            return Ok((Exit::Invalid, Review { problems, ..Review::new() }));
        }
    };
    out.problems(&loaded.warnings, &loaded.sources)?;
    let remembered = Remembered::look(state, &loaded.directory).await?;
    // What is there is told as it is; what is remembered of plans has no part in it.
    let looking = Looking { memory: &Forgetful, judge: &GuardsAlone, taking: None, directory: &loaded.directory };
    let accounts = Accounts::observe(&loaded.desired, asked, Goal::Roster, looking, out).await?.close().await?;
    let past = Past::read(&remembered, asked, since, accounts.begun()).await;
    remembered.close().await;
    let (past, views) = (past?, accounts.views());
    let rules = self::rules(rules);
    let shown: Vec<Seen<'_>> = views.iter().map(seen).collect();
    let found =
        review(&Evidence { accounts: &shown, departures: past.departures(), rules: &rules, now: accounts.begun() });
    let document = Review {
        problems: Problem::all(&loaded.warnings, &loaded.sources),
        roster: Some(roster(path, &loaded)),
        commit: origin::revision(path, &loaded.sources).await,
        changes: past.changes(&found),
        ..Review::of(&found, &views, &rules, accounts.begun())
    };
    Ok((exit(&document, arguments.fail_on), document))
}

fn rules(rules: &args::Rules) -> Rules {
    let args::Rules { dormant_after, unaccepted_after, ends_within, max_admins } = *rules;
    Rules { dormant_after, unaccepted_after, ends_within, max_admins }
}

fn seen<'a>(view: &AccountView<'a>) -> Seen<'a> {
    Seen { name: view.name, desired: view.desired, live: view.state.planned().map(|(live, _)| live) }
}

fn roster(path: &Path, loaded: &Loaded) -> Roster {
    Roster { path: path.display().to_string(), digest: loaded.sources.digest().to_string() }
}

/// What was not seen counts for more than what was found.
fn exit(review: &Review, fail_on: Option<args::Severity>) -> Exit {
    if review.summary.unread + review.summary.not_whole > 0 {
        return Exit::Failed;
    }
    let least = fail_on.map(|severity| match severity {
        args::Severity::High => Severity::High,
        args::Severity::Medium => Severity::Medium,
        args::Severity::Low => Severity::Low,
    });
    let found = least.is_some_and(|least| review.findings.iter().any(|finding| finding.severity <= least));
    if found { Exit::Held } else { Exit::Done }
}

/// Tells programs why there is no review. It is none itself: an earlier one that was kept stays, and no table of nobody is made.
fn nobody_was_seen(arguments: &args::Review, review: Review, out: &mut Output) -> Result<()> {
    match &arguments.out {
        Some(file) => writeln!(out.stderr, "`{}` was not written.", escape::terminal(&file.display().to_string()))?,
        None if arguments.form() == ReviewFormat::Json => write(arguments, review, out)?,
        None => {}
    }
    Ok(())
}

fn write(arguments: &args::Review, review: Review, out: &mut Output) -> Result<()> {
    let review = match arguments.redact {
        None => review,
        Some(Redact::Emails) => redact::review::review(review),
    };
    let form = match arguments.form() {
        ReviewFormat::Table => Form::Text(out.detail),
        ReviewFormat::Csv => Form::Csv,
        ReviewFormat::Json => Form::Json,
        ReviewFormat::Markdown => Form::Markdown,
        ReviewFormat::Html => Form::Html,
    };
    let Some(file) = arguments.out.as_deref() else {
        let written = form.write(&mut out.stdout, &review).and_then(|()| out.stdout.flush());
        return written.context("cannot write the review");
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let keep = || -> Result<()> {
        let mut text = anstream::StripStream::new(Vec::new());
        form.write(&mut text, &review)?;
        let mut kept = tempfile::NamedTempFile::new_in(folder)?;
        kept.write_all(&text.into_inner())?;
        kept.persist(file)?;
        Ok(())
    };
    keep().with_context(|| format!("cannot write `{}`", file.display()))
}
