//! Live accounts as a roster file, with comments on where everybody stands.

mod users;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::export::entry::Listed;
use crate::export::people::Person;
use crate::export::roles::Declared;
use crate::export::{Account, Export};
use crate::file::settings::{Setting, Settings};
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::person::Profile;
use crate::model::role::RoleDefinition;
use crate::render::yaml::{Value, scalar};
use crate::render::{escape, words};

/// What stands in a file besides what the accounts hold.
#[derive(Debug)]
pub struct Frame<'a> {
    /// What the roster says of the accounts besides their users.
    pub settings: &'a Settings,
    /// Accounts that could not be read, and why.
    pub missing: &'a [(AccountName, String)],
    /// The day of the reading.
    pub today: Date,
}

/// The whole file.
#[must_use]
pub fn roster(export: &Export, frame: &Frame<'_>) -> String {
    let Export { people, teams, accounts } = export;
    let Frame { settings, missing, today } = frame;
    let mut lines = vec![format!("# Accounts as they were on {}. Days are in UTC.", words::day(*today)), String::new()];
    for (key, setting) in &settings.roster {
        value(setting).under(key, 0, &mut lines);
    }
    if !settings.roster.is_empty() {
        lines.push(String::new());
    }
    if !people.is_empty() {
        lines.push("people:".to_owned());
        lines.extend(people.iter().map(|(name, one)| format!("  {}: {}", scalar(name), person(one))));
        lines.push(String::new());
    }
    if !teams.is_empty() {
        lines.push("teams:".to_owned());
        for (name, members) in teams {
            team(name, members, people, &mut lines);
        }
        lines.push(String::new());
    }
    lines.push("accounts:".to_owned());
    for (name, account) in accounts {
        let said = settings.accounts.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        lines.push(format!("  {}:", scalar(name.as_str())));
        body(account, said, &mut lines);
    }
    for (name, why) in *missing {
        lines.push(format!("  # {name} is missing: {}", escape::terminal(why)));
    }
    lines.join("\n") + "\n"
}

/// What there is to say of where somebody stands, for a comment.
#[must_use]
pub fn standing(Listed { status, dates, .. }: &Listed) -> Option<String> {
    users::standing(*status, dates)
}

/// An account, without its name.
fn body(account: &Account, said: &[(String, Setting)], lines: &mut Vec<String>) {
    let Account { owner, roles, teams, users, left_out } = account;
    for (key, setting) in said {
        value(setting).under(key, 4, lines);
    }
    if let Some(owner) = owner {
        lines.push(format!("    owner: {}", scalar(owner.as_str())));
    }
    if let Some(Declared(roles)) = roles {
        lines.push(if roles.is_empty() { "    roles: {}" } else { "    roles:" }.to_owned());
        roles.iter().for_each(|(name, definition)| role(definition).under(name.as_str(), 6, lines));
    }
    if !teams.is_empty() {
        lines.push("    teams:".to_owned());
        lines.extend(users::with_access(teams));
    }
    if users.is_empty() && teams.is_empty() {
        lines.push("    users: {}".to_owned());
    } else if !users.is_empty() {
        lines.push("    users:".to_owned());
        lines.extend(users::listed(users));
    }
    lines.extend(left_out.iter().map(users::left_out));
}

/// A team and its members, by short name where they have one.
fn team(name: &str, members: &BTreeSet<Email>, people: &BTreeMap<String, Person>, lines: &mut Vec<String>) {
    let short_names: BTreeMap<&Email, &str> =
        people.iter().map(|(name, person)| (&person.email, name.as_str())).collect();
    lines.push(format!("  {}:", scalar(name)));
    for email in members {
        lines.push(format!("    - {}", scalar(short_names.get(email).copied().unwrap_or(email.as_str()))));
    }
}

/// A person under `people`.
fn person(Person { email, profile: Profile { first_name, last_name } }: &Person) -> Value {
    let said =
        [("email", Some(email.as_str())), ("first_name", first_name.as_deref()), ("last_name", last_name.as_deref())];
    Value::Mapping(texts(said).collect())
}

/// A custom role.
fn role(RoleDefinition { title, description, permissions }: &RoleDefinition) -> Value {
    let description = Some(description.as_str()).filter(|description| !description.is_empty());
    let permissions = permissions.iter().map(|permission| Value::Text(permission.clone())).collect();
    let permissions = ("permissions".to_owned(), Value::List(permissions));
    Value::Mapping(
        texts([("title", Some(title.as_str())), ("description", description)]).chain([permissions]).collect(),
    )
}

/// The texts that are there, by key.
fn texts<const N: usize>(said: [(&'static str, Option<&str>); N]) -> impl Iterator<Item = (String, Value)> {
    said.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::Text(text?.to_owned()))))
}

fn value(setting: &Setting) -> Value {
    match setting {
        Setting::Text(text) => Value::Text(text.clone()),
        Setting::Plain(text) => Value::Plain(text.clone()),
        Setting::List(items) => Value::List(items.iter().map(value).collect()),
        Setting::Mapping(entries) => {
            Value::Mapping(entries.iter().map(|(key, setting)| (key.clone(), value(setting))).collect())
        }
    }
}
