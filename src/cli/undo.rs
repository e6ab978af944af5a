//! `roster undo`: from the journal, a plan that takes back what one run did; shown, guarded and carried out as any other.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::cli::accounts::{Accounts, Goal, Looking, Past};
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::args::apply::Undo;
use crate::cli::broken_journal::BrokenJournal;
use crate::cli::execution::{self, Task};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::policies::Rules;
use crate::cli::state::Remembered;
use crate::cli::wrong_use::WrongUse;
use crate::file::Loaded;
use crate::model::account_name::AccountName;
use crate::model::event::{Pass, RunId};
use crate::render::summary::Summary;
use crate::store::database::Database;
use crate::store::verdict::{Head, Verdict};
use crate::store::{History, Question};

/// How many passes of runs with one beginning are looked at: more than a run has accounts.
const PASSES: u32 = 10_000;

pub(super) async fn run(arguments: &Undo, out: &mut Output) -> Result<Exit> {
    let answer = Answer::new("undo", &arguments.selection, &arguments.answering, out);
    let result = undo(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn undo(answer: &Answer<'_>, arguments: &Undo, out: &mut Output) -> Result<Exit> {
    let (loaded, rules) = match answer.load_protected(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let past = past(arguments, &loaded.directory).await?;
    let accounts: BTreeSet<&AccountName> = past.deeds.iter().map(|deed| &deed.account).collect();
    let accounts: Vec<AccountName> = accounts.into_iter().cloned().collect();
    if arguments.dry_run {
        return show(answer, &arguments.state, (&loaded, &rules), &accounts, &past, out).await;
    }
    let remembered = Remembered::open(&arguments.state, &loaded.directory).await?;
    let task = Task {
        command: "undo",
        look: "roster undo --dry-run",
        path: &arguments.selection.source.path,
        asked: &accounts,
        goal: Goal::Before(&past),
        judge: &rules,
        saved: None,
        agreement: &arguments.agreement,
        run: &arguments.run,
    };
    execution::execute(answer, &task, &loaded, &remembered, out).await
}

/// Shows the plan. Nothing here can make a writer.
async fn show(
    answer: &Answer<'_>,
    state: &args::State,
    (loaded, rules): (&Loaded, &Rules),
    accounts: &[AccountName],
    past: &Past,
    out: &mut Output,
) -> Result<Exit> {
    let remembered = Remembered::look(state, &loaded.directory).await?;
    let looking = Looking { memory: remembered.memory(), judge: rules, taking: None, directory: &loaded.directory };
    let accounts =
        Accounts::observe(&loaded.desired, accounts, Goal::Before(past), looking, out).await?.close().await?;
    remembered.close().await;
    let document = answer.about(loaded, &accounts, out);
    let exit = if Summary::of(&document.accounts).unread > 0 { Exit::Failed } else { Exit::Done };
    answer.write(out, exit, document)?;
    Ok(exit)
}

/// The run that is to be taken back, and what it did. Nothing is made where nothing is remembered.
async fn past(arguments: &Undo, directory: &Path) -> Result<Past> {
    let remembered = Remembered::look(&arguments.state, directory).await?;
    let past = match remembered.database() {
        Some(database) => read(database, arguments).await,
        None => Err(nothing("nothing is remembered here".to_owned(), "check the path, `--state` and ROSTER_STATE")),
    };
    remembered.close().await;
    past
}

async fn read(database: &Database, arguments: &Undo) -> Result<Past> {
    let accounts = &arguments.selection.accounts;
    let question = Question {
        accounts: accounts.clone(),
        plan: arguments.taken_back.as_ref().map(|name| name.to_lowercase()),
        ..Question::default()
    };
    let most = if question.plan.is_some() { PASSES } else { 1 };
    let Pass { origin, .. } = the_one(database.passes(&question, most).await?, arguments)?;
    let question = Question { plan: Some(origin.run.to_string()), ..question };
    let mut deeds = Vec::new();
    loop {
        let page = database.deeds(&question, deeds.last()).await?;
        if page.is_empty() {
            break;
        }
        deeds.extend(page);
    }
    if deeds.is_empty() {
        let message = format!("{} {} did nothing", origin.command, origin.run);
        return Err(nothing(message, "`roster history` tells which runs did something"));
    }
    for Verdict { head: Head { account, .. }, broken } in database.verify(&[]).await? {
        // One that was emptied has no deeds any more, and taking back the other half would not be what was asked for.
        if let Some(broken) = broken.filter(|_| accounts.is_empty() || accounts.contains(&account)) {
            return Err(BrokenJournal { account, broken }.into());
        }
    }
    Ok(Past { origin, deeds })
}

/// The one run that these passes belong to.
fn the_one(passes: Vec<Pass>, arguments: &Undo) -> Result<Pass> {
    let runs: BTreeSet<&RunId> = passes.iter().map(|pass| &pass.origin.run).collect();
    if runs.len() > 1 {
        let names: Vec<&str> = runs.iter().map(|run| run.as_str()).collect();
        let message = format!("several runs are called so: {}", names.join(", "));
        return Err(nothing(message, "name one of them"));
    }
    let none = || match &arguments.taken_back {
        Some(name) => nothing(format!("no run is called `{name}`"), "`roster history` tells the names of all runs"),
        None => nothing("nothing was ever done here".to_owned(), "check the path, `--state` and ROSTER_STATE"),
    };
    passes.into_iter().next().ok_or_else(none)
}

fn nothing(message: String, hint: &str) -> anyhow::Error {
    WrongUse { message, hint: Some(hint.to_owned()) }.into()
}
