//! An account that the roster does not have yet: described on the command line, read, and written into a file whole.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::args::edit::Editing;
use crate::cli::args::export::{Kind, Server};
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::export::{Read, head, named};
use crate::cli::import::entries;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::export::roles::Declared;
use crate::export::{self, Account};
use crate::file::Loaded;
use crate::file::edit::account::Said;
use crate::guard::policy::GuardsAlone;
use crate::model::account_name::AccountName;
use crate::model::role::RoleDefinition;
use crate::render::words::listed;
use crate::store::none::Forgetful;

/// A new account as the command line describes it.
pub(super) struct Described<'a> {
    /// Whose server it is at.
    pub(super) kind: Kind,
    /// How it is reached.
    pub(super) server: &'a Server,
    /// The file it is to stand in.
    pub(super) home: Option<&'a Path>,
}

/// Reads the account as the roster would reach it, and writes it down with everybody whom the file can hold.
pub(super) async fn add(
    name: &AccountName,
    described: &Described<'_>,
    editing: &Editing,
    out: &mut Output,
) -> Result<Exit> {
    let Described { kind, server, home } = described;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let file = file_for(&edit, *home)?;
    let mut said = head::said(*kind, server);
    // With nobody in it, so that what the roster says of all accounts counts for this one, too.
    let mut empty = edit.editor.clone();
    empty.add_account(file, name, &said, &[])?;
    let loaded = match edit.understood(&empty, out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let Account { owner, roles, teams: _, users, left_out } = match read(name, &loaded, out).await? {
        Ok(account) => account,
        Err(exit) => return Ok(exit),
    };
    said.extend(owner.map(|owner| ("owner".to_owned(), Said::Text(owner.to_string()))));
    said.extend(roles.map(|roles| ("roles".to_owned(), declared(&roles))));
    let new = entries(&users, &edit.editor);
    edit.editor.add_account(file, name, &said, &new)?;
    let written = edit.finish(out, |_| vec!["nobody is removed: the account says `prune: none`".to_owned()])?;
    Ok(written.max(named(None, &left_out, out)?))
}

/// What there is in an account, in the words of the file.
async fn read(name: &AccountName, loaded: &Loaded, out: &mut Output) -> Result<std::result::Result<Account, Exit>> {
    let looking = Looking { memory: &Forgetful, judge: &GuardsAlone, taking: None, directory: &loaded.directory };
    let asked = std::slice::from_ref(name);
    let accounts = Accounts::observe(&loaded.desired, asked, Goal::Roster, looking, out).await?.close().await?;
    let views = accounts.views();
    let Read { seen, missing: _, exit } = Read::of(&views, out)?;
    Ok(export::export(&seen).accounts.remove(name).ok_or(exit))
}

/// The number of the file that the account goes into: the one that is named, or the only one that holds accounts.
fn file_for(edit: &Edit, home: Option<&Path>) -> Result<usize> {
    let names = edit.names();
    let holders = edit.editor.files_with_accounts();
    let Some(home) = home else {
        let [only] = holders.as_slice() else {
            let several: Vec<&str> = holders.iter().map(|file| names[*file].as_str()).collect();
            let message = "several files of the roster hold accounts".to_owned();
            let hint = format!(
                "name one with `--in`: {}; or give the account a file of its own with `roster export --out`",
                listed(&several)
            );
            return Err(WrongUse { message, hint: Some(hint) }.into());
        };
        return Ok(*only);
    };
    let home = fs::canonicalize(home).unwrap_or_else(|_| home.to_owned());
    let is_home = |name: &String| fs::canonicalize(name).is_ok_and(|file| file == home);
    names.iter().position(is_home).ok_or_else(|| {
        let message = format!("the roster has no file `{}`", home.display());
        WrongUse { message, hint: Some(format!("it has: {}", listed(&names))) }.into()
    })
}

fn declared(Declared(roles): &Declared) -> Said {
    let text = |text: &str| Said::Text(text.to_owned());
    let role = |RoleDefinition { title, description, permissions }: &RoleDefinition| {
        let description = Some(description).filter(|description| !description.is_empty());
        let said = [
            Some(("title".to_owned(), text(title))),
            description.map(|description| ("description".to_owned(), text(description))),
            Some(("permissions".to_owned(), Said::List(permissions.iter().cloned().collect()))),
        ];
        Said::Mapping(said.into_iter().flatten().collect())
    };
    Said::Mapping(roles.iter().map(|(name, definition)| (name.to_string(), role(definition))).collect())
}
