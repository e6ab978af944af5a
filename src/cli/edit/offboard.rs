//! `roster offboard`: takes people out of everything, and tells what that takes away and what is left.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::cli::args::edit::Offboard;
use crate::cli::edit::Edit;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::file::edit::Editor;
use crate::file::edit::person::Who;
use crate::file::edit::refusal::{Refusal, Spot};
use crate::model::desired::access::Grant;
use crate::model::desired::{Desired, DesiredAccount, Prune};
use crate::model::email::Email;
use crate::render::words::listed;

pub(in crate::cli) fn run(arguments: &Offboard, out: &mut Output) -> Result<Exit> {
    let Offboard { who, keep_person, editing } = arguments;
    let mut edit = match Edit::begin(editing, out)? {
        Ok(edit) => edit,
        Err(exit) => return Ok(exit),
    };
    let mut leaving = Vec::new();
    for who in who {
        leaving.push(Leaving::take_out(&mut edit.editor, who, *keep_person)?);
    }
    let mut notes: Vec<String> = leaving.iter().flat_map(|leaving| leaving.told(&edit.before)).collect();
    for Leaving { email, words, .. } in &leaving {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let places: Vec<String> = edit.editor.mentions(&words).iter().map(Spot::to_string).collect();
        if !places.is_empty() {
            notes.push(format!("{email} is still named in {}", listed(&places)));
        }
    }
    edit.finish(out, |after| {
        let nothing = leaving.iter().filter(|leaving| leaving.holds_nothing(after));
        notes.extend(nothing.map(|leaving| format!("{} holds nothing any more by this roster", leaving.email)));
        notes
    })
}

/// Somebody who was taken out.
struct Leaving {
    email: Email,
    teams: Vec<String>,
    /// What a file may call them.
    words: Vec<String>,
}

impl Leaving {
    fn take_out(editor: &mut Editor, who: &Who, keep_person: bool) -> Result<Self, Refusal> {
        let name = editor.short_name(who);
        let called = || name.clone().unwrap_or_default();
        let email = editor.address(who)?.ok_or_else(|| Refusal::Nowhere { who: called() })?;
        let (accounts, teams) = (editor.accounts_of(who)?, editor.teams_of(who)?);
        if accounts.is_empty() && teams.is_empty() && (name.is_none() || keep_person) {
            return Err(Refusal::Nowhere { who: email.to_string() });
        }
        editor.remove_user_from(&accounts, who)?;
        for team in &teams {
            editor.remove_members(team, std::slice::from_ref(who))?;
        }
        if let Some(name) = name.as_ref().filter(|_| !keep_person) {
            editor.remove_person(name)?;
        }
        let words = [email.to_string()].into_iter().chain(name.filter(|_| !keep_person)).collect();
        Ok(Self { email, teams, words })
    }

    /// What was held, and what nothing here can take away.
    fn told(&self, before: &Desired) -> Vec<String> {
        let Self { email, teams, words: _ } = self;
        let mut held: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let (mut owned, mut unpruned) = (Vec::new(), Vec::new());
        for (name, account) in &before.accounts {
            if account.owner.as_ref() == Some(email) {
                owned.push(name.as_str());
            }
            let Some(user) = account.users.get(email) else { continue };
            let what = match &user.grant {
                Grant::Entry => user.role.to_string(),
                Grant::Team(team) => format!("{} by the team {team}", user.role),
            };
            held.entry(what).or_default().push(name.as_str());
            if account.prune == Prune::None {
                unpruned.push(name.as_str());
            }
        }
        let held: Vec<String> = held.iter().map(|(what, accounts)| format!("{what} in {}", listed(accounts))).collect();
        let held = if held.is_empty() { "in no account".to_owned() } else { held.join("; ") };
        let teams = if teams.is_empty() { String::new() } else { format!("; a member of {}", listed(teams)) };
        let mut told = vec![format!("{email} was {held}{teams}")];
        if !owned.is_empty() {
            let accounts = listed(&owned);
            told.push(format!(
                "{email} is the Owner of {accounts}: hand that over in the account, then change `owner`"
            ));
        }
        if !unpruned.is_empty() {
            let accounts = listed(&unpruned);
            told.push(format!(
                "{email} stays in {accounts} until somebody removes them there, because of `prune: none`"
            ));
        }
        told
    }

    fn holds_nothing(&self, after: &Desired) -> bool {
        let holds = |account: &DesiredAccount| {
            account.owner.as_ref() == Some(&self.email) || account.users.contains_key(&self.email)
        };
        !after.accounts.values().any(holds)
    }
}
