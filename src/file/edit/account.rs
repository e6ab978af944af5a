//! An account that the roster does not have yet, whole.

use crate::file::edit::accounts::NewUser;
use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::order::{ACCOUNT, Order};
use crate::file::edit::refusal::Refusal;
use crate::file::edit::{Editor, path};
use crate::model::account_name::AccountName;

/// What an account says under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A text.
    Text(String),
    /// Texts.
    List(Vec<String>),
    /// Keys, and what each of them says.
    Mapping(Vec<(String, Self)>),
}

impl Editor {
    /// The files that hold accounts, by their numbers.
    #[must_use]
    pub fn files_with_accounts(&self) -> Vec<usize> {
        (0..self.files.len()).filter(|file| self.files[*file].get(&["accounts"]).is_some()).collect()
    }

    /// Writes an account with these people into the file with this number.
    ///
    /// # Errors
    /// Where there is an account of this name, or one of the people is nobody.
    pub fn add_account(
        &mut self,
        file: usize,
        name: &AccountName,
        said: &[(String, Said)],
        users: &[NewUser],
    ) -> Result<(), Refusal> {
        if let Some((file, item)) = self.entry("accounts", name.as_str()) {
            return Err(Refusal::AccountThere { account: name.to_string(), spot: self.spot(file, item) });
        }
        let people = self.people();
        let entry = |user: &NewUser| Ok(user.entry(people.known(&user.who)?.word(), false));
        let users = users.iter().map(entry).collect::<Result<_, Refusal>>()?;
        let mut entries: Vec<New> =
            said.iter().map(|(key, said)| New::entry(key.clone(), Content::from(said))).collect();
        entries.push(New::entry("users", Content::Mapping(users)));
        entries.sort_by_key(|entry| ACCOUNT.iter().position(|key| *key == entry.name()));
        let new = vec![New::entry(name.as_str(), Content::Mapping(entries))];
        self.change(file, &[Change::Insert { into: path(&["accounts"]), new, order: Order::Natural }])
    }
}

impl From<&Said> for Content {
    fn from(said: &Said) -> Self {
        match said {
            Said::Text(text) => Self::Text(text.clone()),
            Said::List(items) => Self::List(items.clone()),
            Said::Mapping(entries) => {
                Self::Mapping(entries.iter().map(|(key, said)| New::entry(key.clone(), Self::from(said))).collect())
            }
        }
    }
}
