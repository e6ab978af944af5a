//! Who is who: people by name and address, and entries by whom they are about, so that many are looked up as fast as one.

use std::collections::HashMap;

use crate::file::edit::layout::Item;
use crate::file::edit::person::Who;
use crate::file::edit::refusal::Refusal;
use crate::file::edit::{Known, address_of};
use crate::file::suggest::nearest;
use crate::model::email::Email;

/// The people with short names.
pub(super) struct People<'a> {
    by_name: HashMap<&'a str, &'a Item>,
    by_address: HashMap<Email, &'a str>,
}

/// Entries of an account, or members of a team, by the word they stand under: the first of each.
pub(super) struct Words<'a> {
    by_name: HashMap<&'a str, &'a Item>,
    by_address: HashMap<Email, &'a Item>,
}

impl<'a> People<'a> {
    /// The entries of `people`. Of two with one name or address the first counts.
    pub(super) fn of(people: impl Iterator<Item = &'a Item>) -> Self {
        let mut index = Self { by_name: HashMap::new(), by_address: HashMap::new() };
        for item in people {
            let Some(name) = item.name() else { continue };
            index.by_name.entry(name).or_insert(item);
            if let Some(address) = address_of(item) {
                index.by_address.entry(address).or_insert(name);
            }
        }
        index
    }

    /// The address of whoever is meant.
    pub(super) fn address(&self, who: &Who) -> Result<Option<Email>, Refusal> {
        match who {
            Who::Address(email) => Ok(Some(email.clone())),
            Who::Name(name) => match self.by_name.get(name.as_str()) {
                Some(item) => Ok(address_of(item)),
                None => {
                    let mut names: Vec<&str> = self.by_name.keys().copied().collect();
                    names.sort_unstable();
                    let near = nearest(name, names);
                    Err(Refusal::NoPerson { name: name.clone(), near: near.map(str::to_owned) })
                }
            },
        }
    }

    /// The short name of whoever is meant, where they have one.
    pub(super) fn short_name(&self, who: &Who) -> Option<String> {
        match who {
            Who::Name(name) => Some(name.clone()),
            Who::Address(email) => self.by_address.get(email).map(|name| (*name).to_owned()),
        }
    }

    /// Somebody by all that a file may call them.
    pub(super) fn known(&self, who: &Who) -> Result<Known, Refusal> {
        Ok(Known { address: self.address(who)?, name: self.short_name(who) })
    }
}

impl<'a> Words<'a> {
    pub(super) fn of(items: &'a [Item]) -> Self {
        let mut index = Self { by_name: HashMap::new(), by_address: HashMap::new() };
        for item in items {
            match item.name() {
                Some(word) if word.contains('@') => {
                    if let Ok(address) = word.parse() {
                        index.by_address.entry(address).or_insert(item);
                    }
                }
                Some(word) => drop(index.by_name.entry(word).or_insert(item)),
                None => {}
            }
        }
        index
    }

    /// The entry or member that is this person.
    pub(super) fn find(&self, Known { address, name }: &Known) -> Option<&'a Item> {
        let by_address = address.as_ref().and_then(|address| self.by_address.get(address));
        by_address.or_else(|| self.by_name.get(name.as_deref()?)).copied()
    }
}
