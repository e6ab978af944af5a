//! Entries of accounts: who is in, with which role, since when and until when.

use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::index::Words;
use crate::file::edit::layout::Item;
use crate::file::edit::order::{Order, USER};
use crate::file::edit::person::{Detail, Details, Who};
use crate::file::edit::refusal::Refusal;
use crate::file::edit::{Editor, Known, path};
use crate::model::account_name::AccountName;

/// Somebody who is to stand in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Who. Whoever has a short name is written by it.
    pub who: Who,
    /// What the entry says.
    pub details: Details,
    /// A comment behind the entry, where comments may stand.
    pub comment: Option<String>,
}

impl NewUser {
    /// The entry, under this word. It has a long form where it says more than the role, and where it must be `long`.
    pub(super) fn entry(&self, word: String, long: bool) -> New {
        let Self { who: _, details, comment } = self;
        let mut said = details.entries();
        let short = said.len() == 1 && details.role.is_some() && !long;
        let content = if short { said.remove(0).content } else { Content::Mapping(said) };
        New { key: Some(word), content, comment: comment.clone() }
    }
}

impl Editor {
    /// Writes people into an account.
    ///
    /// # Errors
    /// Where one of them stands there already, or is nobody.
    pub fn add_users(&mut self, account: &AccountName, users: &[NewUser]) -> Result<(), Refusal> {
        self.add_users_to(std::slice::from_ref(account), users)
    }

    /// Writes people into several accounts.
    ///
    /// # Errors
    /// Where one of them stands in one of the accounts already, or is nobody.
    pub fn add_users_to(&mut self, accounts: &[AccountName], users: &[NewUser]) -> Result<(), Refusal> {
        let changes = accounts.iter().map(|account| self.adding(account, users)).collect::<Result<Vec<_>, _>>()?;
        self.change_all(changes)
    }

    /// Changes what an entry of an account says, and takes `cleared` out of it.
    ///
    /// # Errors
    /// Where the account has no entry for this person.
    pub fn set_user(
        &mut self,
        account: &AccountName,
        who: &Who,
        details: &Details,
        cleared: &[Detail],
    ) -> Result<(), Refusal> {
        self.set_user_in(std::slice::from_ref(account), who, details, cleared)
    }

    /// Changes what the entries of several accounts say.
    ///
    /// # Errors
    /// Where one of them has no entry for this person.
    pub fn set_user_in(
        &mut self,
        accounts: &[AccountName],
        who: &Who,
        details: &Details,
        cleared: &[Detail],
    ) -> Result<(), Refusal> {
        let setting = |account| self.setting(account, who, details, cleared);
        let changes = accounts.iter().map(setting).collect::<Result<Vec<_>, _>>()?;
        self.change_all(changes)
    }

    /// Takes the entry of a person out of an account.
    ///
    /// # Errors
    /// Where the account has no entry for this person.
    pub fn remove_user(&mut self, account: &AccountName, who: &Who) -> Result<(), Refusal> {
        self.remove_user_from(std::slice::from_ref(account), who)
    }

    /// Takes the entries of a person out of several accounts.
    ///
    /// # Errors
    /// Where one of them has no entry for this person.
    pub fn remove_user_from(&mut self, accounts: &[AccountName], who: &Who) -> Result<(), Refusal> {
        let removing = |account| self.user(account, who).map(|(file, at, _)| (file, vec![Change::Remove { at }]));
        let changes = accounts.iter().map(removing).collect::<Result<Vec<_>, _>>()?;
        self.change_all(changes)
    }

    fn adding(&self, account: &AccountName, users: &[NewUser]) -> Result<(usize, Vec<Change>), Refusal> {
        let file = self.home(account)?;
        let users_of = ["accounts", account.as_str(), "users"];
        let entries = self.files[file].get(&users_of).map(|node| node.entries()).unwrap_or_default();
        // Where everybody has a long form, a newcomer has one.
        let long = !entries.is_empty() && entries.iter().all(|item| item.value.collection().is_some());
        let (people, words) = (self.people(), Words::of(entries));
        let mut new = Vec::new();
        for user in users {
            let known = people.known(&user.who)?;
            if let Some(item) = words.find(&known) {
                let (who, account) = (item.name().unwrap_or_default().to_owned(), account.to_string());
                return Err(Refusal::UserThere { who, account, spot: self.spot(file, item) });
            }
            new.push(user.entry(known.word(), long));
        }
        Ok((file, vec![Change::Insert { into: path(&users_of), new, order: Order::Natural }]))
    }

    fn setting(
        &self,
        account: &AccountName,
        who: &Who,
        details: &Details,
        cleared: &[Detail],
    ) -> Result<(usize, Vec<Change>), Refusal> {
        let (file, at, item) = self.user(account, who)?;
        let short = item.value.collection().is_none();
        let mut more = Vec::new();
        let mut changes = Vec::new();
        for new in details.entries() {
            let key = new.name().to_owned();
            let at_key = || [at.as_slice(), std::slice::from_ref(&key)].concat();
            let there = item.value.entries().iter().any(|entry| entry.name() == Some(&key));
            match new.content {
                Content::Text(text) if short && key == "role" => changes.push(Change::Replace { at: at.clone(), text }),
                _ if short => more.push(new),
                Content::Text(text) if there => changes.push(Change::Replace { at: at_key(), text }),
                Content::List(items) if there => {
                    let new = items.into_iter().map(New::item).collect();
                    changes.push(Change::Insert { into: at_key(), new, order: Order::Natural });
                }
                _ => changes.push(Change::Insert { into: at.clone(), new: vec![new], order: Order::Known(USER) }),
            }
        }
        if !more.is_empty() {
            changes.push(Change::Expand { at: at.clone(), key: "role", more });
        }
        for key in cleared.iter().map(|detail| detail.key()) {
            if item.value.entries().iter().any(|entry| entry.name() == Some(key)) {
                changes.push(Change::Remove { at: [at.as_slice(), &path(&[key])].concat() });
            }
        }
        Ok((file, changes))
    }

    /// The accounts that have an entry for this person.
    ///
    /// # Errors
    /// Where nobody has this short name.
    pub fn accounts_of(&self, who: &Who) -> Result<Vec<AccountName>, Refusal> {
        let known = self.known(who)?;
        let has = |account: &AccountName| {
            self.home(account).is_ok_and(|file| {
                let users = self.files[file].get(&["accounts", account.as_str(), "users"]);
                users.is_some_and(|node| find(node.entries(), &known).is_some())
            })
        };
        Ok(self.accounts().filter(has).collect())
    }

    /// The entry of a person in an account: its file, the path to it, and the entry itself.
    pub(super) fn user(&self, account: &AccountName, who: &Who) -> Result<(usize, Vec<String>, &Item), Refusal> {
        let file = self.home(account)?;
        let known = self.known(who)?;
        let users_of = ["accounts", account.as_str(), "users"];
        let entries = self.files[file].get(&users_of).map(|node| node.entries()).unwrap_or_default();
        let item =
            find(entries, &known).ok_or_else(|| Refusal::NoUser { who: known.word(), account: account.to_string() })?;
        let mut at = path(&users_of);
        at.push(item.name().unwrap_or_default().to_owned());
        Ok((file, at, item))
    }
}

/// The entry or item that is this person.
pub(super) fn find<'a>(items: &'a [Item], known: &Known) -> Option<&'a Item> {
    items.iter().find(|item| item.name().is_some_and(|word| known.is(word)))
}
