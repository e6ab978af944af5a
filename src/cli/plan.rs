//! `roster plan`: shows what would change. Nothing here can make a writer.

use anyhow::Result;

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::saved;
use crate::cli::state::Remembered;
use crate::render::json::Document;
use crate::render::summary::Summary;

pub(super) async fn run(arguments: &args::Plan, out: &mut Output) -> Result<Exit> {
    let answer = Answer::new("plan", &arguments.selection, &arguments.answering, out);
    let result = show(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn show(answer: &Answer<'_>, arguments: &args::Plan, out: &mut Output) -> Result<Exit> {
    arguments.out.as_deref().map_or(Ok(()), saved::may_be_at)?;
    let (loaded, rules) = match answer.load_protected(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let remembered = Remembered::look(&arguments.state, &loaded.directory).await?;
    let looking = Looking { memory: remembered.memory(), judge: &rules, taking: None, directory: &loaded.directory };
    let accounts = Accounts::observe(&loaded.desired, &arguments.selection.accounts, Goal::Roster, looking, out)
        .await?
        .close()
        .await?;
    remembered.close().await;
    let document = answer.about(&loaded, &accounts, out);
    let exit = match Exit::of_plan(&Summary::of(&document.accounts)) {
        failed @ Exit::Failed => failed,
        detailed if arguments.detailed_exitcode => detailed,
        _ => Exit::Done,
    };
    let saved = match &arguments.out {
        None => None,
        Some(file) => {
            let document = Document { exit_code: exit.code(), ..answer.whole(&loaded, &accounts) };
            Some((file, saved::write(file, document, arguments.expires)?))
        }
    };
    answer.write(out, exit, document)?;
    if let Some((file, expires)) = saved {
        writeln!(out.stderr, "The plan is saved as `{}`, to be applied before {expires:.0}.", file.display())?;
    }
    Ok(exit)
}
