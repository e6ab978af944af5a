//! Changes of a roster's files that keep every byte they are not about: comments, order, quotes, blank lines.
//!
//! ```text
//! texts ─layout─▶ where everything stands ─surgery─▶ splices ─▶ texts, held against what they should mean
//! ```
//!
//! Everything here is pure: texts in, texts out. Reading and writing files is done in
//! [`originals`](crate::file::originals). An edited roster is understood again by [`file::read`](crate::file::read)
//! before anybody uses it: nothing here judges what a roster may say.

pub mod refusal;

pub mod person;

pub mod account;

pub mod accounts;

pub(in crate::file) mod content;

mod document;

mod index;

pub(in crate::file) mod layout;

mod manner;

mod moving;

pub(in crate::file) mod order;

pub(in crate::file) mod splice;

mod surgery;

mod teams;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::file::edit::document::{Change, Document, Path};
use crate::file::edit::index::People;
use crate::file::edit::layout::Item;
use crate::file::edit::person::Who;
use crate::file::edit::refusal::{Refusal, Spot};
use crate::file::suggest::nearest;
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::person::Profile;

/// The files of one roster while they are edited. An edit that is refused leaves all of them as they were.
#[derive(Debug, Clone)]
pub struct Editor {
    files: Vec<Document>,
}

impl Editor {
    /// Begins with these files: the name that each is shown by, and its text.
    ///
    /// # Errors
    /// Where one of them is not YAML.
    pub fn open<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, Refusal> {
        let files = files.into_iter().map(|(name, text)| Document::open(name, text)).collect::<Result<_, _>>()?;
        Ok(Self { files })
    }

    /// The files' texts as they are now, in the order in which they were given.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.files.iter().map(Document::text).collect()
    }

    /// The accounts, in the order they stand in.
    pub fn accounts(&self) -> impl Iterator<Item = AccountName> {
        self.entries("accounts").filter_map(|(_, item)| item.name()?.parse().ok())
    }

    /// The file that holds an account, by the name it is shown by.
    ///
    /// # Errors
    /// Where there is no such account.
    pub fn file_of(&self, account: &AccountName) -> Result<&str, Refusal> {
        self.home(account).map(|file| self.files[file].name.as_str())
    }

    /// The lines that still name somebody who was taken out: by any of these words, whole.
    #[must_use]
    pub fn mentions(&self, words: &[&str]) -> Vec<Spot> {
        let names = |line: &str| words.iter().any(|word| is_named(line, word));
        let spots = |file: &Document| {
            let spot = |line| Spot { file: file.name.clone(), line };
            file.lines_with(names).map(spot).collect::<Vec<_>>()
        };
        self.files.iter().flat_map(spots).collect()
    }

    /// The entries of a section, of all files.
    fn entries(&self, section: &'static str) -> impl Iterator<Item = (usize, &Item)> {
        self.files.iter().enumerate().flat_map(move |(number, file)| {
            let entries = file.get(&[section]).map(|node| node.entries()).unwrap_or_default();
            entries.iter().map(move |item| (number, item))
        })
    }

    /// The entry of a section with this name, and the number of its file.
    fn entry(&self, section: &'static str, name: &str) -> Option<(usize, &Item)> {
        self.entries(section).find(|(_, item)| item.name() == Some(name))
    }

    /// The file that an account stands in.
    fn home(&self, account: &AccountName) -> Result<usize, Refusal> {
        self.entry("accounts", account.as_str()).map(|(file, _)| file).ok_or_else(|| {
            let near = nearest(account.as_str(), self.entries("accounts").filter_map(|(_, item)| item.name()));
            Refusal::NoAccount { account: account.to_string(), near: near.map(str::to_owned) }
        })
    }

    /// The file in which a section is to grow: where it is, or else the first.
    fn file_with(&self, section: &str) -> usize {
        self.files.iter().position(|file| file.get(&[section]).is_some()).unwrap_or(0)
    }

    fn change(&mut self, file: usize, changes: &[Change]) -> Result<(), Refusal> {
        self.files[file] = self.files[file].changed(changes)?;
        Ok(())
    }

    /// Makes changes of several files: all or none.
    fn change_all(&mut self, changes: impl IntoIterator<Item = (usize, Vec<Change>)>) -> Result<(), Refusal> {
        let mut by_file: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        for (file, changes) in changes {
            by_file.entry(file).or_default().extend(changes);
        }
        let changed = |(file, changes): (&usize, &Vec<Change>)| Ok((*file, self.files[*file].changed(changes)?));
        for (file, document) in by_file.iter().map(changed).collect::<Result<Vec<_>, Refusal>>()? {
            self.files[file] = document;
        }
        Ok(())
    }

    /// Makes an edit of several steps: whole or not at all.
    fn whole(&mut self, edit: impl FnOnce(&mut Self) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let before = self.files.clone();
        edit(self).inspect_err(|_| self.files = before)
    }

    fn spot(&self, file: usize, item: &Item) -> Spot {
        let document = &self.files[file];
        Spot { file: document.name.clone(), line: document.line(item.bytes.start) }
    }

    /// The address of whoever is meant.
    ///
    /// # Errors
    /// Where nobody has this short name.
    pub fn address(&self, who: &Who) -> Result<Option<Email>, Refusal> {
        self.people().address(who)
    }

    /// The short name of whoever is meant, where they have one.
    #[must_use]
    pub fn short_name(&self, who: &Who) -> Option<String> {
        self.people().short_name(who)
    }

    /// The names that `people` says of somebody, by address: an entry need not say them again.
    #[must_use]
    pub fn profiles(&self) -> HashMap<Email, Profile> {
        let people = self.entries("people").filter_map(|(_, item)| {
            let said = |key: &str| item.value.entries().iter().find(|entry| entry.name() == Some(key))?.value.text();
            let [first_name, last_name] = ["first_name", "last_name"].map(|key| said(key).map(str::to_owned));
            Some((address_of(item)?, Profile { first_name, last_name }))
        });
        people.collect()
    }

    /// The people with short names. Made for each question anew; whoever asks for many people keeps it.
    fn people(&self) -> People<'_> {
        People::of(self.entries("people").map(|(_, item)| item))
    }

    /// Somebody by all that a file may call them.
    fn known(&self, who: &Who) -> Result<Known, Refusal> {
        self.people().known(who)
    }
}

/// Somebody by all that a file may call them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    address: Option<Email>,
    name: Option<String>,
}

impl Known {
    /// Whether a word of the file is this person.
    fn is(&self, word: &str) -> bool {
        if word.contains('@') {
            self.address.is_some() && word.parse().ok() == self.address
        } else {
            self.name.as_deref() == Some(word)
        }
    }

    /// How a file calls this person: by the short name, where there is one.
    fn word(&self) -> String {
        let Self { address, name } = self;
        name.clone().or_else(|| address.as_ref().map(Email::to_string)).unwrap_or_default()
    }
}

/// The address of an entry of `people`.
fn address_of(person: &Item) -> Option<Email> {
    let long = person.value.entries().iter().find(|item| item.name() == Some("email"));
    long.map_or(&person.value, |item| &item.value).text()?.parse().ok()
}

fn path(keys: &[&str]) -> Path {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Whether a line holds a word that is not a part of a longer one, whatever its case.
fn is_named(line: &str, word: &str) -> bool {
    let (line, word) = (line.to_lowercase(), word.to_lowercase());
    let part = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
    line.match_indices(&word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let mut after = line[at + word.len()..].chars();
        let next = after.next();
        // A full stop may end a sentence.
        let inside = next != Some('.') || after.next().is_some_and(char::is_alphanumeric);
        let continues = inside && next.is_some_and(part);
        !before.is_some_and(part) && !continues
    })
}
