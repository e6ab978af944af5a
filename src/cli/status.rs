//! `roster status`: who is in the file and who is in the account, side by side. Nothing here can make a writer.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::answer::Answer;
use crate::cli::args::status::Status;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::state::Remembered;
use crate::model::account_name::AccountName;
use crate::model::event::Pass;
use crate::render::account::AccountView;
use crate::render::json::{Account, Document};
use crate::render::summary::Summary;
use crate::store::{History, Question, StoreError};

pub(super) async fn run(arguments: &Status, out: &mut Output) -> Result<Exit> {
    let answer = Answer::new("status", &arguments.selection, &arguments.answering(), out);
    let result = show(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn show(answer: &Answer<'_>, arguments: &Status, out: &mut Output) -> Result<Exit> {
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
    let views = accounts.views();
    let newest = newest(&remembered, &views).await;
    remembered.close().await;
    let newest = newest?;
    let shown = views.iter().map(|view| Account::side_by_side(view, accounts.begun(), newest.get(view.name)));
    let document = Document { accounts: shown.collect(), ..answer.whole(&loaded, &accounts) };
    let exit = if Summary::of(&document.accounts).unread > 0 { Exit::Failed } else { Exit::Done };
    answer.write(out, exit, out.masked(document))?;
    Ok(exit)
}

/// The newest run over each account that the journal has.
async fn newest(
    remembered: &Remembered,
    views: &[AccountView<'_>],
) -> std::result::Result<BTreeMap<AccountName, Pass>, StoreError> {
    let mut newest = BTreeMap::new();
    let Some(database) = remembered.database() else { return Ok(newest) };
    for view in views {
        let question = Question { accounts: vec![view.name.clone()], ..Question::default() };
        newest.extend(database.passes(&question, 1).await?.into_iter().map(|pass| (pass.account.clone(), pass)));
    }
    Ok(newest)
}
