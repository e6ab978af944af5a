//! A person gets another address: everywhere at once, with the former one kept, so that no account takes them for two.

use crate::file::edit::accounts::find;
use crate::file::edit::content::{Content, New};
use crate::file::edit::document::Change;
use crate::file::edit::layout::Item;
use crate::file::edit::order::{Order, PERSON, USER};
use crate::file::edit::person::Who;
use crate::file::edit::refusal::Refusal;
use crate::file::edit::teams::items;
use crate::file::edit::{Editor, path};
use crate::model::email::Email;

impl Editor {
    /// Gives a person another address. Whoever has a short name is changed under `people`; entries and teams that name
    /// the address are changed where they stand.
    ///
    /// # Errors
    /// Where the roster does not name the person.
    pub fn move_person(&mut self, who: &Who, to: &Email) -> Result<(), Refusal> {
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
        for team in self.teams_of(&written)? {
            self.move_member(&team, &written, to)?;
            moved = true;
        }
        for account in self.accounts_of(&written)? {
            let (file, at, item) = self.user(&account, &written)?;
            let changes = in_account(at, item, &from, to);
            self.change(file, &changes)?;
            moved = true;
        }
        if moved { Ok(()) } else { Err(Refusal::Nowhere { who: from.to_string() }) }
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

fn in_account(mut at: Vec<String>, item: &Item, from: &Email, to: &Email) -> Vec<Change> {
    let mut changes = vec![Change::Rename { at: at.clone(), to: to.to_string() }];
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
