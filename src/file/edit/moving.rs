//! A person gets another address: everywhere at once, with the former one kept, so that no account takes them for two.

use crate::file::edit::accounts::find;
use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::layout::Item;
use crate::file::edit::order::{Order, PERSON, USER};
use crate::file::edit::person::{Person, Who};
use crate::file::edit::refusal::Refusal;
use crate::file::edit::teams::items;
use crate::file::edit::{Editor, path};
use crate::model::email::Email;
use crate::model::person::Profile;

impl Editor {
    /// Gives a person another address. Whoever has a short name is changed under `people`; entries and teams that name
    /// the address are changed where they stand. A member of a team gets a short name, which says the former address.
    ///
    /// # Errors
    /// Where the roster does not name the person.
    pub fn move_person(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
        self.whole(|editor| editor.moving(who, to))
    }

    fn moving(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
        let Some(from) = self.address(who)? else { return Err(Refusal::Nowhere { who: self.known(who)?.word() }) };
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
