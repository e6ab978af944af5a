//! `roster team`: edits teams and what they may do.

use anyhow::Result;

use crate::cli::args::edit::{Team, TeamAdd, TeamGrant, TeamRemove, TeamRevoke};
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub(in crate::cli) fn run(command: &Team, out: &mut Output) -> Result<Exit> {
    let editing = match command {
        Team::Add(TeamAdd { editing, .. })
        | Team::Remove(TeamRemove { editing, .. })
        | Team::Grant(TeamGrant { editing, .. })
        | Team::Revoke(TeamRevoke { editing, .. }) => editing,
    };
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let editor = &mut edit.editor;
    match command {
        Team::Add(TeamAdd { team, who, create: true, editing: _ }) => editor.add_team(team, who)?,
        Team::Add(TeamAdd { team, who, create: false, editing: _ }) => editor.add_members(team, who)?,
        Team::Remove(TeamRemove { team, who, editing: _ }) => editor.remove_members(team, who)?,
        Team::Grant(TeamGrant { team, accounts, role, editing: _ }) => {
            accounts.iter().try_for_each(|account| editor.grant(account, team, role))?;
        }
        Team::Revoke(TeamRevoke { team, accounts, editing: _ }) => {
            accounts.iter().try_for_each(|account| editor.revoke(account, team))?;
        }
    }
    edit.finish(out, |_| Vec::new())
}
