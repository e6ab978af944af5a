//! `roster apply`: shows the plan, asks, carries it out, reports.

use anyhow::Result;

use crate::cli::accounts::Goal;
use crate::cli::answer::Answer;
use crate::cli::args::apply::Apply;
use crate::cli::execution::{self, Task};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::saved::{self, Saved};
use crate::cli::state::Remembered;

pub(super) async fn run(arguments: &Apply, out: &mut Output) -> Result<Exit> {
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

async fn apply(answer: &Answer<'_>, arguments: &Apply, saved: Option<&Saved>, out: &mut Output) -> Result<Exit> {
    let (loaded, rules) = match answer.load_protected(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let remembered = Remembered::open(&arguments.state, &loaded.directory).await?;
    let Apply { selection, agreement, run, .. } = arguments;
    let task = Task {
        command: "apply",
        look: "roster plan",
        path: &selection.source.path,
        asked: &selection.accounts,
        goal: Goal::Roster,
        judge: &rules,
        saved,
        agreement,
        run,
    };
    execution::execute(answer, &task, &loaded, &remembered, out).await
}
