//! `roster import`: whoever is in an account and not in the file goes into the file, and so does an account that the roster
//! does not have yet.

pub(super) mod adopt;

mod account;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::answer::Answer;
use crate::cli::args::edit::Editing;
use crate::cli::args::export::Import;
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::export::{Read, named};
use crate::cli::output::Output;
use crate::export::Unlisted;
use crate::export::entry::Listed;
use crate::file::edit::Editor;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Details, Who};
use crate::guard::policy::GuardsAlone;
use crate::model::account_name::AccountName;
use crate::model::desired::Prune;
use crate::model::live::Snapshot;
use crate::model::person::Profile;
use crate::render::export::standing;
use crate::render::form::Form;
use crate::store::none::Forgetful;

pub(super) async fn run(arguments: &Import, out: &mut Output) -> Result<Exit> {
    let Import { account, editing, home, server } = arguments;
    if let Some(kind) = server.kind {
        return account::add(account, &account::Described { kind, server, home: home.as_deref() }, editing, out).await;
    }
    let Looked { unlisted: Unlisted { users, listed: _, left_out }, live, prune: _, directory: _ } =
        match look("import", account, &editing.roster, out).await? {
            Ok(looked) => looked,
            Err(exit) => return Ok(exit),
        };
    let written = write(account, live, &users, editing, out, Vec::new())?;
    Ok(written.max(named(None, &left_out, out)?))
}

/// An account, and what the file says of it.
struct Looked {
    unlisted: Unlisted,
    live: Snapshot,
    prune: Prune,
    /// The folder the roster stands in.
    directory: PathBuf,
}

/// Reads one account, and tells who in it the roster does not list.
async fn look(
    command: &'static str,
    account: &AccountName,
    roster: &Path,
    out: &mut Output,
) -> Result<std::result::Result<Looked, Exit>> {
    let loaded = match Answer::plain(command, roster, Form::Text(out.detail)).load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(Err(exit)),
    };
    let looking = Looking { memory: &Forgetful, judge: &GuardsAlone, taking: None, directory: &loaded.directory };
    let asked = std::slice::from_ref(account);
    let accounts = Accounts::observe(&loaded.desired, asked, Goal::Roster, looking, out).await?.close().await?;
    let views = accounts.views();
    let Read { seen, missing: _, exit } = Read::of(&views, out)?;
    let [seen] = seen.as_slice() else { return Ok(Err(exit)) };
    Ok(Ok(Looked {
        unlisted: Unlisted::of(seen),
        live: seen.live.clone(),
        prune: seen.desired.prune,
        directory: loaded.directory.clone(),
    }))
}

/// Writes people into an account of the file, which is as it was just read, as every edit is written.
fn write(
    account: &AccountName,
    live: Snapshot,
    users: &[Listed],
    editing: &Editing,
    out: &mut Output,
    notes: Vec<String>,
) -> Result<Exit> {
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    edit.read.insert(account.clone(), live);
    if !users.is_empty() {
        let new = entries(users, &edit.editor);
        edit.editor.add_users(account, &new)?;
    }
    edit.finish(out, |_| notes)
}

/// The entries of people, who may have short names: what `people` says is not said again.
fn entries(users: &[Listed], editor: &Editor) -> Vec<NewUser> {
    let known = editor.profiles();
    let entry = |listed: &Listed| {
        let Listed { email, role, profile, language, .. } = listed;
        let said = known.get(email);
        let new = |name: &Option<String>, said: Option<&String>| name.clone().filter(|name| Some(name) != said);
        let profile = Profile {
            first_name: new(&profile.first_name, said.and_then(|said| said.first_name.as_ref())),
            last_name: new(&profile.last_name, said.and_then(|said| said.last_name.as_ref())),
        };
        let details = Details { profile, language: language.clone(), ..Details::of_role(role.clone()) };
        NewUser { who: Who::Address(email.clone()), details, comment: standing(listed) }
    };
    users.iter().map(entry).collect()
}
