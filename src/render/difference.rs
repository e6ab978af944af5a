//! What is different between a plan that was saved and the one that comes out now, in words.

use std::collections::BTreeMap;

use crate::render::json::action::{Access, Action};
use crate::render::json::{Account, Document};

/// Every difference that matters to what is done, a sentence each; empty where the same actions come out, with the same
/// of them held. Lines of the file and dates that only explain are none.
#[must_use]
pub fn between(planned: &Document, now: &Document) -> Vec<String> {
    let (before, after) = (by_name(planned), by_name(now));
    let mut lines = Vec::new();
    for (name, account) in &before {
        let differences = match after.get(name) {
            Some(now) => of_account(account, now),
            None => vec!["the roster has no such account any more".to_owned()],
        };
        lines.extend(differences.into_iter().map(|difference| format!("{name}: {difference}")));
    }
    lines.extend(after.keys().filter(|name| !before.contains_key(*name)).map(|name| format!("{name}: a new account")));
    lines
}

fn by_name(document: &Document) -> BTreeMap<&str, &Account> {
    document.accounts.iter().map(|account| (account.name.as_str(), account)).collect()
}

/// What may lie behind the differences.
#[must_use]
pub fn causes(planned: &Document, now: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    let roster = |document: &Document| document.plan.as_ref().map(|plan| plan.roster.digest.clone());
    if roster(planned) != roster(now) {
        lines.push("the roster was changed since".to_owned());
    }
    if planned.roster_version != now.roster_version {
        lines.push(format!("roster {} made it, and this is {}", planned.roster_version, now.roster_version));
    }
    let after = by_name(now);
    let changed =
        |account: &&Account| after.get(account.name.as_str()).is_some_and(|seen| seen.observed != account.observed);
    lines.extend(
        planned
            .accounts
            .iter()
            .filter(changed)
            .map(|account| format!("{}: the account was changed since", account.name)),
    );
    lines
}

fn of_account(before: &Account, now: &Account) -> Vec<String> {
    let mut lines = Vec::new();
    if before.server != now.server {
        let [before, now] = [before, now].map(|account| account.server.as_deref().unwrap_or("inside the program"));
        lines.push(format!("it is now {now}, and was {before}"));
    }
    match (&before.error, &now.error) {
        (None, Some(_)) => return vec!["it could be read then, and cannot now".to_owned()],
        (Some(_), None) => lines.push("it could not be read then".to_owned()),
        (None, None) | (Some(_), Some(_)) => {}
    }
    let counterpart =
        |action: &Action, among: &Account| among.actions.iter().find(|other| is_about_the_same(action, other)).cloned();
    for action in &before.actions {
        match counterpart(action, now) {
            None => lines.push(format!("no longer: {}", words(action))),
            Some(now) if essence(&now) != essence(action) => {
                lines.push(format!("otherwise: {}; it was: {}", words(&now), words(action)));
            }
            Some(_) => {}
        }
    }
    let appeared = now.actions.iter().filter(|action| counterpart(action, before).is_none());
    lines.extend(appeared.map(|action| format!("new: {}", words(action))));
    let order = |account: &Account| account.actions.iter().map(essence).collect::<Vec<_>>();
    if lines.is_empty() && order(before) != order(now) {
        lines.push("the same actions in another order".to_owned());
    }
    lines
}

fn is_about_the_same(one: &Action, other: &Action) -> bool {
    (one.action, &one.email, &one.role) == (other.action, &other.email, &other.role)
}

/// An action without what does not matter to what is done.
fn essence(action: &Action) -> Action {
    let mut action = action.clone();
    action.at.line = 0;
    action.at.column = 0;
    action.at.file.clear();
    (action.outcome, action.day, action.team, action.takes_back) = (None, None, None, None);
    if let Some(after) = &mut action.after {
        after.removed_from = None;
    }
    action
}

fn words(action: &Action) -> String {
    let subject = action.email.as_deref().or(action.role.as_deref()).unwrap_or_default();
    let access = |access: &Option<Access>| access.as_ref().map(|access| access.roles.join(" + "));
    let particulars = match (access(&action.before), access(&action.after)) {
        (Some(before), Some(after)) if before != after => format!(" {before} → {after}"),
        (Some(roles), _) | (None, Some(roles)) => format!(" {roles}"),
        (None, None) => String::new(),
    };
    let held =
        if action.held_by.is_empty() { String::new() } else { format!(", held by {}", action.held_by.join(", ")) };
    format!("{} {subject}{particulars}{held}", action.action.words())
}
