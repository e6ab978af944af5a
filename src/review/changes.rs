//! What is different from an earlier review, and by which action of the journal.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::action::Change;
use crate::model::email::Email;
use crate::model::event::{Deed, Ended};
use crate::model::role::{HeldRoles, RoleName};
use crate::review::AccessReview;
use crate::review::people::Person;

/// What an earlier review said of who has what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// When it was made.
    pub at: Timestamp,
    /// Who was in each account with which roles; `None` for an account that was not seen whole.
    pub accounts: BTreeMap<AccountName, Option<BTreeMap<Email, HeldRoles>>>,
}

/// What is different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes<'a> {
    /// What is, by account and address.
    pub list: Vec<Difference<'a>>,
    /// The accounts that cannot be compared, because one of the reviews did not see them whole.
    pub not_compared: BTreeSet<AccountName>,
}

/// One person's access that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference<'a> {
    /// The account.
    pub account: AccountName,
    /// The address there; the new one, where it changed.
    pub login: Email,
    /// What is different.
    pub what: What,
    /// The newest action that made it so; `None` where the journal has none.
    pub by: Option<&'a Deed>,
}

/// How access differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The person is new.
    Came {
        /// The roles now.
        roles: HeldRoles,
    },
    /// The person is out, or cannot sign in any more.
    Went {
        /// The roles before; nobody tells them where only the journal is asked and it does not say.
        roles: HeldRoles,
    },
    /// The role is another.
    Role {
        /// Before.
        from: HeldRoles,
        /// Now.
        to: HeldRoles,
    },
    /// The address is another.
    Moved {
        /// The address before.
        from: Email,
    },
}

/// Holds a review against an earlier one. The deeds are those of the journal since then, oldest first.
#[must_use]
pub fn between<'a>(earlier: &Earlier, review: &AccessReview, deeds: &'a [Deed]) -> Changes<'a> {
    let mut changes = Changes::default();
    let now = held(review);
    let names: BTreeSet<&AccountName> = earlier.accounts.keys().chain(review.accounts.keys()).collect();
    for name in names {
        let whole = review.accounts.get(name).is_some_and(|account| account.is_whole());
        match (earlier.accounts.get(name), now.get(name)) {
            (Some(Some(before)), now) if whole => {
                let nobody = BTreeMap::new();
                changes.list.extend(in_account(name, before, now.unwrap_or(&nobody), deeds));
            }
            _ => drop(changes.not_compared.insert(name.clone())),
        }
    }
    changes
}

/// What the journal alone says was done, for whom no earlier review was kept.
#[must_use]
pub fn told_by(deeds: &[Deed]) -> Changes<'_> {
    let list = deeds.iter().filter(|deed| is_done(deed)).filter_map(|deed| {
        let what = what(deed)?;
        Some(Difference {
            account: deed.account.clone(),
            login: deed.intent.action.email()?.clone(),
            what,
            by: Some(deed),
        })
    });
    let mut list: Vec<Difference<'_>> = list.collect();
    list.sort_by(|one, other| (&one.account, &one.login).cmp(&(&other.account, &other.login)));
    Changes { list, not_compared: BTreeSet::new() }
}

/// Who is in each account, of those who can sign in or may, with the person.
type Held<'a> = BTreeMap<&'a AccountName, BTreeMap<&'a Email, (&'a HeldRoles, &'a Person)>>;

fn held(review: &AccessReview) -> Held<'_> {
    let mut held = Held::new();
    for person in &review.people {
        for access in person.access.iter().filter(|access| access.is_open()) {
            held.entry(&access.account).or_default().insert(&access.login, (&access.roles, person));
        }
    }
    held
}

fn in_account<'a>(
    name: &AccountName,
    before: &BTreeMap<Email, HeldRoles>,
    now: &BTreeMap<&Email, (&HeldRoles, &Person)>,
    deeds: &'a [Deed],
) -> Vec<Difference<'a>> {
    let difference = |login: &Email, what: What| {
        let by = deeds.iter().rev().find(|deed| {
            deed.account == *name
                && deed.intent.action.email() == Some(login)
                && is_done(deed)
                && self::what(deed).is_some()
        });
        Difference { account: name.clone(), login: login.clone(), what, by }
    };
    let mut moved: BTreeSet<&Email> = BTreeSet::new();
    let mut list = Vec::new();
    for (login, (roles, person)) in now {
        match before.get(*login) {
            Some(same) if same == *roles => {}
            Some(from) => {
                list.push(difference(login, What::Role { from: from.clone(), to: (*roles).clone() }));
            }
            None => {
                let from = person.addresses().find_map(|address| {
                    let (from, roles) = before.get_key_value(address)?;
                    (!now.contains_key(from) && !moved.contains(from)).then_some((from, roles))
                });
                let from = from.or_else(|| moved_by(name, login, before, deeds));
                match from {
                    Some((from, held)) => {
                        moved.insert(from);
                        list.push(difference(login, What::Moved { from: from.clone() }));
                        if held != *roles {
                            list.push(difference(login, What::Role { from: held.clone(), to: (*roles).clone() }));
                        }
                    }
                    None => list.push(difference(login, What::Came { roles: (*roles).clone() })),
                }
            }
        }
    }
    for (login, roles) in before.iter().filter(|(login, _)| !now.contains_key(login) && !moved.contains(login)) {
        list.push(difference(login, What::Went { roles: roles.clone() }));
    }
    list.sort_by(|one, other| one.login.cmp(&other.login));
    list
}

/// The address that the journal says somebody was moved from.
fn moved_by<'b>(
    name: &AccountName,
    login: &Email,
    before: &'b BTreeMap<Email, HeldRoles>,
    deeds: &[Deed],
) -> Option<(&'b Email, &'b HeldRoles)> {
    deeds.iter().rev().filter(|deed| deed.account == *name && is_done(deed)).find_map(|deed| {
        match &deed.intent.action.change {
            Change::Move { from, .. } if deed.intent.action.email() == Some(login) => before.get_key_value(from),
            _ => None,
        }
    })
}

/// What an action does to somebody's access; `None` where it does nothing to it.
fn what(deed: &Deed) -> Option<What> {
    let one = |role: &RoleName| HeldRoles::from_iter([role.clone()]);
    let before = || deed.intent.before.as_ref().map(|user| user.roles.clone()).unwrap_or_default();
    match &deed.intent.action.change {
        Change::Invite { role, .. } => Some(What::Came { roles: one(role) }),
        Change::Reactivate { to, .. } => Some(What::Came { roles: one(to) }),
        Change::ChangeRole { from, to, .. } | Change::Reinvite { from, to, .. } => {
            Some(What::Role { from: from.clone(), to: one(to) })
        }
        Change::Move { from, .. } => Some(What::Moved { from: from.clone() }),
        Change::CancelInvitation { .. } | Change::Deactivate { .. } | Change::Remove { .. } => {
            Some(What::Went { roles: before() })
        }
        Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. }
        | Change::UpdateProfile { .. }
        | Change::ResendInvitation { .. } => None,
    }
}

fn is_done(deed: &Deed) -> bool {
    deed.ended.as_ref().is_some_and(|(_, ended)| ended.counts_as_done() || matches!(ended, Ended::AlreadySo))
}
