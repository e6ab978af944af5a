//! `roster history`: what was done, by whom, why, and what came of it. Reads only.

mod verify;

use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::Timestamp;

use crate::cli::args::past::{History, HistoryCommand, HistoryFormat, Telling};
use crate::cli::exit::Exit;
use crate::cli::output::{self, Output};
use crate::cli::state::Remembered;
use crate::model::event;
use crate::render::csv;
use crate::render::json::history::{self, Deed};
use crate::render::text::history as text;
use crate::render::words::count;
use crate::store::{History as _, Question, StoreError};

pub(super) async fn run(arguments: &History, out: &mut Output) -> Result<Exit> {
    match &arguments.command {
        Some(HistoryCommand::Verify(arguments)) => verify::run(arguments, out).await,
        None => tell(&arguments.telling, out).await,
    }
}

async fn tell(arguments: &Telling, out: &mut Output) -> Result<Exit> {
    let told = match Remembered::look(&arguments.state, &folder(&arguments.path)).await {
        Ok(remembered) => {
            let pages = Pages { remembered: &remembered, question: question(arguments), newest: None };
            let told = write(arguments.format, pages, out).await;
            remembered.close().await;
            told
        }
        Err(error) if arguments.format == HistoryFormat::Json => {
            history::Writer::begin(&mut out.stdout)?.end(Exit::Failed.code(), Some(&output::failure(&error)))?;
            Err(error)
        }
        Err(error) => Err(error),
    };
    out.stdout.flush()?;
    told
}

async fn write(format: HistoryFormat, mut pages: Pages<'_>, out: &mut Output) -> Result<Exit> {
    match format {
        HistoryFormat::Text => {
            let mut told = 0;
            while let Some(page) = pages.next().await? {
                text::history(&mut out.stdout, &page)?;
                told += page.len();
            }
            writeln!(out.stdout, "{}.", count(told, "action"))?;
        }
        HistoryFormat::Csv => {
            let mut table = csv::Writer::begin(&mut out.stdout)?;
            while let Some(page) = pages.next().await? {
                page.iter().try_for_each(|deed| table.deed(deed))?;
            }
            table.end()?;
        }
        HistoryFormat::Json => {
            let mut document = history::Writer::begin(&mut out.stdout)?;
            loop {
                match pages.next().await {
                    Ok(Some(page)) => page.iter().try_for_each(|deed| document.deed(deed))?,
                    Ok(None) => break document.end(Exit::Done.code(), None)?,
                    Err(error) => {
                        let error = error.into();
                        document.end(Exit::Failed.code(), Some(&output::failure(&error)))?;
                        return Err(error);
                    }
                }
            }
        }
    }
    Ok(Exit::Done)
}

/// The answer to a question, piece by piece.
struct Pages<'a> {
    remembered: &'a Remembered,
    question: Question,
    newest: Option<event::Deed>,
}

impl Pages<'_> {
    /// The next piece; `None` at the end, and at once where nothing is remembered.
    async fn next(&mut self) -> Result<Option<Vec<Deed>>, StoreError> {
        let Some(database) = self.remembered.database() else { return Ok(None) };
        let mut page = database.deeds(&self.question, self.newest.as_ref()).await?;
        let shown: Vec<Deed> = page.iter().map(Deed::of).collect();
        self.newest = page.pop();
        Ok(self.newest.is_some().then_some(shown))
    }
}

fn question(arguments: &Telling) -> Question {
    let Telling { path: _, accounts, user, since, until, plan, commit, format: _, state: _ } = arguments;
    let now = now();
    Question {
        accounts: accounts.clone(),
        subject: user.as_ref().map(|user| user.folded().to_owned()),
        since: since.map(|since| since.beginning(now)),
        until: until.map(|until| until.end(now)),
        plan: plan.as_ref().map(|plan| plan.to_lowercase()),
        revision: commit.as_ref().map(|commit| commit.to_lowercase()),
    }
}

/// The folder a roster stands in, whether or not it is still there.
pub(super) fn folder(roster: &Path) -> PathBuf {
    if roster.is_dir() { roster.to_owned() } else { roster.parent().unwrap_or(Path::new("")).to_owned() }
}

#[expect(clippy::disallowed_methods, reason = "an edge: what `7d` ago means")]
fn now() -> Timestamp {
    Timestamp::now()
}
