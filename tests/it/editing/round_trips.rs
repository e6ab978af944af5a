//! The laws of editing, for random rosters in every style: what is undone leaves the bytes that were there, no comment is
//! lost, and what an edit writes can be read. And for texts that are not even rosters: no edit panics, none does harm.

mod mutated;
mod written;

use proptest::prelude::*;
use roster::file;
use roster::file::edit::Editor;
use roster::file::edit::accounts::NewUser;
use roster::file::edit::person::{Detail, Details, Who};
use roster::file::edit::refusal::Refusal;
use roster::file::format::format;
use roster::file::source::Sources;
use roster::model::account_name::AccountName;
use roster::model::desired::Desired;

use crate::editing::round_trips::written::{Written, rosters};

fn read(text: &str) -> Result<Desired, String> {
    let loaded = file::read(Sources::from_texts([("roster.yaml", text)]));
    loaded.map(|loaded| loaded.desired).map_err(|invalid| format!("{:?}\n{text}", invalid.problems))
}

/// The text after an edit, which must be a roster.
fn edited(text: &str, edit: impl FnOnce(&mut Editor) -> Result<(), Refusal>) -> Result<String, TestCaseError> {
    let mut editor =
        Editor::open([("roster.yaml", text)]).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
    edit(&mut editor).map_err(|refusal| TestCaseError::fail(format!("{refusal}\n{text}")))?;
    let after = editor.texts().remove(0);
    read(&after).map_err(TestCaseError::fail)?;
    Ok(after)
}

fn account(written: &Written, number: prop::sample::Index) -> AccountName {
    written.accounts[number.index(written.accounts.len())].name.parse().unwrap()
}

fn details(role: &str, days: bool) -> Details {
    let day = |day: &str| days.then(|| day.parse().unwrap());
    let reason = days.then(|| "Q4: \"more\", OPS-1".to_owned());
    Details { starts: day("2026-12-01"), expires: day("2099-01-31"), reason, ..Details::of_role(role.parse().unwrap()) }
}

/// What stands behind a `#`, sorted. Nothing else in these rosters holds one.
fn comments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('#')?.1.trim_end())).collect();
    found.sort_unstable();
    found
}

/// What two rosters ask for, wherever in the files it stands.
fn same(one: &Desired, other: &Desired) -> bool {
    one.accounts.len() == other.accounts.len()
        && one
            .accounts
            .iter()
            .all(|(name, account)| other.accounts.get(name).is_some_and(|other| account.asks_the_same_as(other)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn who_is_added_and_removed_leaves_no_trace(written in rosters(), to in any::<prop::sample::Index>(), days: bool) {
        let text = written.text();
        let (account, who): (AccountName, Who) = (account(&written, to), "new.one@x.example".parse().unwrap());
        let new = NewUser { who: who.clone(), details: details("support", days), comment: None };
        let added = edited(&text, |editor| editor.add_users(&account, &[new]))?;
        prop_assert_eq!(comments(&added), comments(&text));
        prop_assert_eq!(edited(&added, |editor| editor.remove_user(&account, &who))?, text);
    }

    #[test]
    fn what_is_changed_and_changed_back_is_as_it_was(written in rosters(), which in any::<prop::sample::Index>()) {
        let text = written.text();
        let entries = written.entries();
        prop_assume!(!entries.is_empty());
        let entry = &entries[which.index(entries.len())];
        let (account, who): (AccountName, Who) = (entry.account.parse().unwrap(), entry.who.parse().unwrap());
        let set = |text: &str, role: &str| {
            let details = Details::of_role(role.parse().unwrap());
            edited(text, |editor| editor.set_user(&account, &who, &details, &[]))
        };
        let changed = set(&text, "content-creator")?;
        prop_assert_ne!(&changed, &text);
        prop_assert_eq!(set(&changed, entry.role)?, text.clone());
        if entry.is_long {
            let until = Details { expires: Some("2099-01-31".parse().unwrap()), ..Details::default() };
            let until = edited(&text, |editor| editor.set_user(&account, &who, &until, &[]))?;
            prop_assert_eq!(edited(&until, |editor| editor.set_user(&account, &who, &Details::default(), &[Detail::Expires]))?, text);
        }
    }

    /// What is left of the text is what was around the entry, and its comments are all there but the entry's own.
    #[test]
    fn who_is_removed_takes_nothing_else_along(written in rosters(), which in any::<prop::sample::Index>()) {
        let text = written.text();
        let entries = written.entries();
        prop_assume!(!entries.is_empty());
        let entry = &entries[which.index(entries.len())];
        let (account, who): (AccountName, Who) = (entry.account.parse().unwrap(), entry.who.parse().unwrap());
        let after = edited(&text, |editor| editor.remove_user(&account, &who))?;
        let mut expected = comments(&text);
        expected.retain(|comment| !entry.comments.iter().any(|own| comment.trim() == own));
        prop_assert_eq!(comments(&after), expected);
        let (before, now) = (read(&text).map_err(TestCaseError::fail)?, read(&after).map_err(TestCaseError::fail)?);
        for (name, now) in &now.accounts {
            let before = &before.accounts[name];
            let gone = before.users.len() - now.users.len();
            prop_assert_eq!(gone, usize::from(name == &account && !entry.is_in_team), "{}", after);
        }
    }

    #[test]
    fn teams_grow_and_shrink_back(written in rosters(), to in any::<prop::sample::Index>()) {
        let text = written.text();
        let who: Vec<Who> = vec!["new.one@x.example".parse().unwrap()];
        let account = account(&written, to);
        let grown = edited(&text, |editor| editor.add_members("everybody", &who))?;
        prop_assert_eq!(edited(&grown, |editor| editor.remove_members("everybody", &who))?, text.clone());
        let granted = edited(&text, |editor| editor.grant(&account, "guests", &"support".parse().unwrap()))?;
        let revoked = edited(&granted, |editor| editor.revoke(&account, "guests"))?;
        if written.has_teams(account.as_str()) {
            prop_assert_eq!(revoked, text);
        } else {
            prop_assert_eq!(comments(&revoked), comments(&text));
        }
    }

    #[test]
    fn who_moves_is_the_same_person(written in rosters(), which in any::<prop::sample::Index>()) {
        let text = written.text();
        let entries = written.entries();
        prop_assume!(!entries.is_empty());
        let who: Who = entries[which.index(entries.len())].who.parse().unwrap();
        let moved = edited(&text, |editor| editor.move_person(&who, &"new.one@x.example".parse().unwrap()))?;
        prop_assert_eq!(comments(&moved), comments(&text));
        let (before, now) = (read(&text).map_err(TestCaseError::fail)?, read(&moved).map_err(TestCaseError::fail)?);
        let users = |desired: &Desired| desired.accounts.values().map(|account| account.users.len()).sum::<usize>();
        prop_assert_eq!(users(&before), users(&now));
    }

    #[test]
    fn the_usual_form_says_the_same_and_is_reached_at_once(written in rosters()) {
        let text = written.text();
        let formatted = format("roster.yaml", &text).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        prop_assert_eq!(comments(&formatted), comments(&text));
        let again = format("roster.yaml", &formatted);
        prop_assert_eq!(again.as_deref(), Ok(formatted.as_str()));
        let (before, now) = (read(&text).map_err(TestCaseError::fail)?, read(&formatted).map_err(TestCaseError::fail)?);
        prop_assert!(same(&before, &now), "{}\n{}", text, formatted);
    }
}
