//! A person gets another address: everywhere at once, with the former one kept, so that no account takes them for two.

use crate::file::edit::accounts::find;
use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::layout::Item;
use crate::file::edit::order::{Order, PERSON, USER};
use crate::file::edit::person::{Person, Who};
use crate::file::edit::refusal::{Refusal, Spot};
use crate::file::edit::teams::items;
use crate::file::edit::{Editor, Known, path};
use crate::model::email::Email;
use crate::model::person::Profile;

impl Editor {
    /// Gives a person another address. Whoever has a short name is changed under `people`; entries and teams that name
    /// the address are changed where they stand. A member of a team gets a short name, which says the former address.
    ///
    /// # Errors
    /// Where the roster does not name the person, or names somebody by the new address already.
    pub fn move_person(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
        self.whole(|editor| editor.moving(who, to))
    }

    fn moving(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
        let Some(from) = self.address(who)? else { return Err(Refusal::Nowhere { who: self.known(who)?.word() }) };
        if from == *to {
            return self.respell(who, to);
        }
        if let Some(other) = self.place_of(to)? {
            let (who, spot) = (from.to_string(), self.place_of(&from)?);
            return Err(Refusal::Somebody { to: to.to_string(), other, who, spot });
        }
        let mut moved = false;
        if let Some(name) = self.short_name(who)
            && let Some((file, item)) = self.entry("people", &name)
        {
            let changes = in_people(&name, item, &from, to);
            self.change(file, &changes)?;
            moved = true;
        }
        // Short names lead to the new address by now; what is left is what is written out.
        let written = Who::Address(from.clone());
        let (teams, accounts) = (self.teams_of(&written)?, self.accounts_of(&written)?);
        for team in &teams {
            self.move_member(team, &written, to)?;
        }
        // A team's member has no entry that could say the former address.
        let named = !teams.is_empty() && !moved;
        for account in &accounts {
            let (file, at, item) = self.user(account, &written)?;
            let changes = if named { vec![renamed(at, to)] } else { in_account(at, item, &from, to) };
            self.change(file, &changes)?;
        }
        if named {
            self.add_people(&[self.named(&from, to)])?;
        }
        if moved || named || !accounts.is_empty() { Ok(()) } else { Err(Refusal::Nowhere { who: from.to_string() }) }
    }

    /// Writes an address as it is spelled here, such as in another case, wherever it is written out. It stays the same
    /// address, so there is no former one.
    fn respell(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
        let written = Known { address: Some(to.clone()), name: None };
        let mut changes = Vec::new();
        if let Some(name) = self.short_name(who)
            && let Some((file, item)) = self.entry("people", &name)
        {
            let email: &[&str] = if item.value.collection().is_some() { &["email"] } else { &[] };
            let at = path(&[&["people", &name], email].concat());
            changes.push((file, vec![Change::Replace { at, text: to.to_string() }]));
        }
        for (file, team) in self.entries("teams") {
            if let (Some(name), Some(member)) = (team.name(), find(items(team), &written).and_then(Item::name)) {
                changes.push((file, vec![renamed(path(&["teams", name, member]), to)]));
            }
        }
        for (file, account) in self.entries("accounts") {
            let users = account.value.entries().iter().find(|entry| entry.name() == Some("users"));
            let entries = users.map(|users| users.value.entries()).unwrap_or_default();
            if let (Some(name), Some(word)) = (account.name(), find(entries, &written).and_then(Item::name)) {
                changes.push((file, vec![renamed(path(&["accounts", name, "users", word]), to)]));
            }
        }
        if changes.is_empty() { Err(Refusal::Nowhere { who: to.to_string() }) } else { self.change_all(changes) }
    }

    /// Where the roster names somebody first: as a person, in an account, in a team.
    fn place_of(&self, email: &Email) -> Result<Option<Spot>, Refusal> {
        let who = Who::Address(email.clone());
        let known = self.known(&who)?;
        if let Some((file, item)) = known.name.as_deref().and_then(|name| self.entry("people", name)) {
            return Ok(Some(self.spot(file, item)));
        }
        if let Some(account) = self.accounts_of(&who)?.first() {
            let (file, _, item) = self.user(account, &who)?;
            return Ok(Some(self.spot(file, item)));
        }
        let mut members = self.entries("teams").filter_map(|(file, team)| Some((file, find(items(team), &known)?)));
        Ok(members.next().map(|(file, member)| self.spot(file, member)))
    }

    /// Somebody with a short name that is free, made of the address.
    fn named(&self, from: &Email, to: &Email) -> Person {
        let letter = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_');
        let name: String = to.local_part().chars().filter(letter).take(60).collect();
        let name = name.trim_start_matches(['.', '-', '_']);
        let name = if name.is_empty() { "person" } else { name };
        let further = (2..).map(|number| format!("{name}-{number}"));
        let mut names = [name.to_owned()].into_iter().chain(further);
        let free = names.find(|name| self.entry("people", name).is_none());
        Person {
            name: free.unwrap_or_default(),
            email: to.clone(),
            profile: Profile::default(),
            language: None,
            formerly: vec![from.clone()],
        }
    }

    fn move_member(&mut self, team: &str, who: &Who, to: &Email) -> Result<(), Refusal> {
        let known = self.known(who)?;
        let Some((file, item)) = self.entry("teams", team) else { return Ok(()) };
        let Some(member) = find(items(item), &known).and_then(Item::name) else { return Ok(()) };
        let at = path(&["teams", team, member]);
        self.change(file, &[Change::Rename { at, to: to.to_string() }])
    }
}

fn in_people(name: &str, item: &Item, from: &Email, to: &Email) -> Vec<Change> {
    let at = path(&["people", name]);
    if item.value.collection().is_none() {
        let more = vec![New::entry("formerly", Content::List(vec![from.to_string()]))];
        let short = Change::Replace { at: at.clone(), text: to.to_string() };
        return vec![short, Change::Expand { at, key: "email", more }];
    }
    let email = [at.as_slice(), &path(&["email"])].concat();
    let mut changes = vec![Change::Replace { at: email, text: to.to_string() }];
    changes.extend(formerly(&at, item, from, to, PERSON));
    changes
}

fn renamed(at: Vec<String>, to: &Email) -> Change {
    Change::Rename { at, to: to.to_string() }
}

fn in_account(mut at: Vec<String>, item: &Item, from: &Email, to: &Email) -> Vec<Change> {
    let mut changes = vec![renamed(at.clone(), to)];
    at.pop();
    at.push(to.to_string());
    if item.value.collection().is_none() {
        let more = vec![New::entry("formerly", Content::List(vec![from.to_string()]))];
        changes.push(Change::Expand { at, key: "role", more });
    } else {
        changes.extend(formerly(&at, item, from, to, USER));
    }
    changes
}

/// Puts the address that was among the former ones, and takes out the one that is now.
fn formerly(at: &[String], item: &Item, from: &Email, to: &Email, order: &'static [&'static str]) -> Vec<Change> {
    let list = [at, &path(&["formerly"])].concat();
    let former = item.value.entries().iter().find(|entry| entry.name() == Some("formerly"));
    let Some(former) = former else {
        let new = vec![New::entry("formerly", Content::List(vec![from.to_string()]))];
        return vec![Change::Insert { into: at.to_vec(), new, order: Order::Known(order) }];
    };
    let same = |address: &Email| {
        let is = |item: &&Item| item.name().and_then(|name| name.parse::<Email>().ok()).as_ref() == Some(address);
        items(former).iter().find(is).and_then(Item::name)
    };
    let mut changes = Vec::new();
    if same(from).is_none() {
        let new = vec![New::item(from.to_string())];
        changes.push(Change::Insert { into: list.clone(), new, order: Order::Natural });
    }
    changes.extend(same(to).map(|now| Change::Remove { at: [list.as_slice(), &path(&[now])].concat() }));
    changes
}
