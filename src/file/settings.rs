//! What a roster says besides who is in its accounts, as a tree that can be written again.

use std::collections::BTreeMap;

use crate::file::node::{Node, Value};
use crate::file::source::Sources;
use crate::file::syntax;

/// Everything but people, teams, custom roles and users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// What stands beside `accounts`.
    pub roster: Vec<(String, Setting)>,
    /// What stands in each account, by the account's name.
    pub accounts: BTreeMap<String, Vec<(String, Setting)>>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A text.
    Text(String),
    /// A number or a truth value.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// A mapping, in the order of the file.
    Mapping(Vec<(String, Self)>),
}

/// What tells who is in accounts, and in which files that stands.
const PEOPLE: &[&str] = &["people", "teams", "roles", "users", "include"];

impl Settings {
    /// The settings of a roster that is valid. Of what several files say the first counts.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let mut settings = Self::default();
        for (source, file) in sources.files().iter().zip(0..) {
            let Ok(root) = syntax::parse(source, file) else { continue };
            for (key, value) in root.entries() {
                let Some(key) = key.text() else { continue };
                if key == "accounts" {
                    let accounts = value.entries().iter();
                    let named = accounts.filter_map(|(name, account)| Some((name.text()?.to_owned(), said(account))));
                    settings.accounts.extend(named);
                } else if !PEOPLE.contains(&key) && settings.roster.iter().all(|(known, _)| known != key) {
                    settings.roster.push((key.to_owned(), Setting::of(value)));
                }
            }
        }
        settings
    }
}

fn said(account: &Node) -> Vec<(String, Setting)> {
    let entries = account.entries().iter().filter_map(|(key, value)| Some((key.text()?, value)));
    let settings = entries.filter(|(key, _)| !PEOPLE.contains(key));
    settings.map(|(key, value)| (key.to_owned(), Setting::of(value))).collect()
}

impl Setting {
    fn of(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Plain("null".to_owned()),
            Value::Bool(value) => Self::Plain(value.to_string()),
            Value::Integer(value) => Self::Plain(value.to_string()),
            Value::Float(value) => Self::Plain(value.to_string()),
            Value::Text(text) => Self::Text(text.to_string()),
            Value::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Mapping(entries) => Self::Mapping(
                entries.iter().filter_map(|(key, value)| Some((key.text()?.to_owned(), Self::of(value)))).collect(),
            ),
        }
    }
}
