//! Teams, who is in them, and what they may do; and the people with short names.

use crate::file::edit::accounts::find;
use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::index::Words;
use crate::file::edit::layout::Item;
use crate::file::edit::order::Order;
use crate::file::edit::person::{Person, Who};
use crate::file::edit::refusal::Refusal;
use crate::file::edit::{Editor, path};
use crate::file::suggest::nearest;
use crate::model::account_name::AccountName;
use crate::model::role::RoleName;

impl Editor {
    /// Gives people short names.
    ///
    /// # Errors
    /// Where a name is taken.
    pub fn add_people(&mut self, people: &[Person]) -> Result<(), Refusal> {
        for Person { name, .. } in people {
            if let Some((file, item)) = self.entry("people", name) {
                return Err(Refusal::PersonThere { name: name.clone(), spot: self.spot(file, item) });
            }
        }
        let new = people.iter().map(|person| New::entry(person.name.clone(), person.content())).collect();
        let file = self.file_with("people");
        self.change(file, &[Change::Insert { into: path(&["people"]), new, order: Order::Natural }])
    }

    /// Takes a person's short name out. What still calls them by it is left.
    ///
    /// # Errors
    /// Where nobody has this name.
    pub fn remove_person(&mut self, name: &str) -> Result<(), Refusal> {
        self.address(&Who::Name(name.to_owned()))?;
        let Some((file, _)) = self.entry("people", name) else { return Ok(()) };
        self.change(file, &[Change::Remove { at: path(&["people", name]) }])
    }

    /// Makes a team of these people.
    ///
    /// # Errors
    /// Where there is a team of this name, or somebody is nobody.
    pub fn add_team(&mut self, team: &str, members: &[Who]) -> Result<(), Refusal> {
        if let Some((file, item)) = self.entry("teams", team) {
            return Err(Refusal::TeamThere { team: team.to_owned(), spot: self.spot(file, item) });
        }
        let people = self.people();
        let words = members.iter().map(|who| Ok(people.known(who)?.word())).collect::<Result<_, _>>()?;
        let new = vec![New::entry(team, Content::List(words))];
        let file = self.file_with("teams");
        self.change(file, &[Change::Insert { into: path(&["teams"]), new, order: Order::Natural }])
    }

    /// Puts people into a team.
    ///
    /// # Errors
    /// Where there is no such team, or one of them is in it already.
    pub fn add_members(&mut self, team: &str, members: &[Who]) -> Result<(), Refusal> {
        let (file, item) = self.team(team)?;
        let (people, words) = (self.people(), Words::of(items(item)));
        let mut new = Vec::new();
        for who in members {
            let known = people.known(who)?;
            if let Some(member) = words.find(&known) {
                let (who, spot) = (known.word(), self.spot(file, member));
                return Err(Refusal::MemberThere { who, team: team.to_owned(), spot });
            }
            new.push(New::item(known.word()));
        }
        self.change(file, &[Change::Insert { into: path(&["teams", team]), new, order: Order::Natural }])
    }

    /// Takes people out of a team.
    ///
    /// # Errors
    /// Where there is no such team, or one of them is not in it.
    pub fn remove_members(&mut self, team: &str, members: &[Who]) -> Result<(), Refusal> {
        let (file, item) = self.team(team)?;
        let (people, words) = (self.people(), Words::of(items(item)));
        let mut changes = Vec::new();
        for who in members {
            let known = people.known(who)?;
            let member = words.find(&known);
            let member = member.ok_or_else(|| Refusal::NoMember { who: known.word(), team: team.to_owned() })?;
            changes.push(Change::Remove { at: path(&["teams", team, member.name().unwrap_or_default()]) });
        }
        self.change(file, &changes)
    }

    /// The teams that a person is in.
    ///
    /// # Errors
    /// Where nobody has this short name.
    pub fn teams_of(&self, who: &Who) -> Result<Vec<String>, Refusal> {
        let known = self.known(who)?;
        let teams = self.entries("teams").filter(|(_, item)| find(items(item), &known).is_some());
        Ok(teams.filter_map(|(_, item)| item.name().map(str::to_owned)).collect())
    }

    /// Gives a team access to an account, or another role in it.
    ///
    /// # Errors
    /// Where there is no such team or account.
    pub fn grant(&mut self, account: &AccountName, team: &str, role: &RoleName) -> Result<(), Refusal> {
        self.team(team)?;
        let file = self.home(account)?;
        let grants = ["accounts", account.as_str(), "teams"];
        let at = path(&[&grants, [team].as_slice()].concat());
        let change = if self.files[file].get(&at).is_some() {
            Change::Replace { at, text: role.to_string() }
        } else {
            let new = vec![New::entry(team, Content::Text(role.to_string()))];
            Change::Insert { into: path(&grants), new, order: Order::Natural }
        };
        self.change(file, &[change])
    }

    /// Takes a team's access to an account away.
    ///
    /// # Errors
    /// Where it has none.
    pub fn revoke(&mut self, account: &AccountName, team: &str) -> Result<(), Refusal> {
        let file = self.home(account)?;
        let at = path(&["accounts", account.as_str(), "teams", team]);
        if self.files[file].get(&at).is_none() {
            return Err(Refusal::NoGrant { team: team.to_owned(), account: account.to_string() });
        }
        self.change(file, &[Change::Remove { at }])
    }

    fn team(&self, team: &str) -> Result<(usize, &Item), Refusal> {
        self.entry("teams", team).ok_or_else(|| {
            let near = nearest(team, self.entries("teams").filter_map(|(_, item)| item.name()));
            Refusal::NoTeam { team: team.to_owned(), near: near.map(str::to_owned) }
        })
    }
}

/// The members of a team.
pub(super) fn items(team: &Item) -> &[Item] {
    team.value.collection().map(|collection| collection.items.as_slice()).unwrap_or_default()
}
