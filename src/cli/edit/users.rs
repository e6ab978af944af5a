//! `roster user`: edits who stands in accounts.

use anyhow::Result;

use crate::cli::args::edit::{User, UserAdd, UserMove, UserRemove, UserSet, Where};
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::Editor;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Detail, Details, Who};
use crate::file::edit::refusal::Refusal;
use crate::model::account_name::AccountName;
use crate::model::desired::Desired;
use crate::model::desired::access::Grant;
use crate::model::email::Email;

pub(in crate::cli) fn run(command: &User, out: &mut Output) -> Result<Exit> {
    match command {
        User::Add(arguments) => add(arguments, out),
        User::Set(arguments) => set(arguments, out),
        User::Remove(arguments) => remove(arguments, out),
        User::Move(arguments) => move_person(arguments, out),
    }
}

fn add(arguments: &UserAdd, out: &mut Output) -> Result<Exit> {
    let UserAdd { who, accounts, role, saying, editing } = arguments;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let Where { accounts, all_accounts } = accounts;
    let accounts = if *all_accounts { edit.editor.accounts().collect() } else { accounts.clone() };
    let details = saying.with(Some(role));
    let new = |who: &Who| NewUser { who: who.clone(), details: details.clone(), comment: None };
    let users: Vec<NewUser> = who.iter().map(new).collect();
    edit.editor.add_users_to(&accounts, &users)?;
    let mut notes = Vec::new();
    if details.expires.is_some() {
        for email in who.iter().filter_map(|who| edit.editor.address(who).ok().flatten()) {
            notes.extend(accounts.iter().filter_map(|account| outlived(&edit.before, account, &email)));
        }
    }
    edit.finish(out, |_| notes)
}

/// That an entry with a last day takes the place of a team's access, which has none.
fn outlived(before: &Desired, account: &AccountName, email: &Email) -> Option<String> {
    let user = before.accounts.get(account)?.users.get(email)?;
    let Grant::Team(team) = &user.grant else { return None };
    Some(format!(
        "{email} is in `{account}` as {}, by the team `{team}`: the entry takes its place, and its last day ends all access",
        user.role
    ))
}

fn set(arguments: &UserSet, out: &mut Output) -> Result<Exit> {
    let UserSet { who, accounts, role, saying, clear, editing } = arguments;
    let details = saying.with(role.as_ref());
    let cleared: Vec<Detail> = clear.iter().copied().map(Detail::from).collect();
    if details == Details::default() && cleared.is_empty() {
        let hint = Some("`--role`, `--expires` and the other options do, and `--clear` takes out".to_owned());
        return Err(WrongUse { message: "nothing says what to change".to_owned(), hint }.into());
    }
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    for who in who {
        let accounts = with_entry(&edit.editor, who, accounts)?;
        edit.editor.set_user_in(&accounts, who, &details, &cleared)?;
    }
    edit.finish(out, |_| Vec::new())
}

fn remove(arguments: &UserRemove, out: &mut Output) -> Result<Exit> {
    let UserRemove { who, accounts, editing } = arguments;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let mut taken = Vec::new();
    for who in who {
        let address = edit.editor.address(who)?;
        let accounts = with_entry(&edit.editor, who, accounts)?;
        edit.editor.remove_user_from(&accounts, who)?;
        taken.extend(accounts.into_iter().filter_map(|account| Some((account, address.clone()?))));
    }
    edit.finish(out, |after| taken.iter().filter_map(|(account, email)| stays(after, account, email)).collect())
}

fn move_person(arguments: &UserMove, out: &mut Output) -> Result<Exit> {
    let UserMove { who, to, editing } = arguments;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let from = edit.editor.address(who)?;
    edit.editor.move_person(who, to)?;
    let owned = edit.before.accounts.iter().filter(|(_, account)| account.owner == from);
    let note =
        |name| format!("`owner` of `{name}` is the former address: change it once the account shows the new one");
    let notes: Vec<String> = owned.map(|(name, _)| note(name)).collect();
    edit.finish(out, |_| notes)
}

/// The accounts that are meant; of `--all-accounts`, those that have an entry for this person.
fn with_entry(editor: &Editor, who: &Who, accounts: &Where) -> Result<Vec<AccountName>, Refusal> {
    let Where { accounts, all_accounts } = accounts;
    if !all_accounts {
        return Ok(accounts.clone());
    }
    let found = editor.accounts_of(who)?;
    if found.is_empty() {
        let who = editor.address(who)?.map_or_else(String::new, |address| address.to_string());
        return Err(Refusal::Nowhere { who });
    }
    Ok(found)
}

/// That somebody whose entry is gone is in the account all the same.
fn stays(after: &Desired, account: &AccountName, email: &Email) -> Option<String> {
    let user = after.accounts.get(account)?.users.get(email)?;
    let Grant::Team(team) = &user.grant else { return None };
    Some(format!("{email} stays in `{account}` as {}, by the team `{team}`", user.role))
}
