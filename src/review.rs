//! Who may do what in all accounts, and what somebody should look at: an access review.
//!
//! It takes what the rosters ask for, what the accounts were seen to hold, and the moment, and decides nothing about them:
//! it names who has what, what is unusual about it, and where something could not be seen. How it looks does not belong here.

pub mod access;
pub mod account;
pub mod changes;
pub mod finding;
mod look;
mod mailbox;
pub mod people;
pub mod rules;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::email::Email;
use crate::model::live::Snapshot;
use crate::review::account::Account;
use crate::review::finding::Finding;
use crate::review::people::Person;
use crate::review::rules::Rules;

/// One account of a review.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Its name in the roster.
    pub name: &'a AccountName,
    /// What the roster says of it.
    pub desired: &'a DesiredAccount,
    /// Who is there; `None` where it could not be read.
    pub live: Option<&'a Snapshot>,
}

/// Which people were taken out of which accounts, as the journal has it.
pub type Departures = BTreeMap<Email, BTreeSet<AccountName>>;

/// What a review is made from.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The accounts, in any order.
    pub accounts: &'a [Seen<'a>],
    /// Who was taken out of accounts.
    pub departures: &'a Departures,
    /// What is unusual.
    pub rules: &'a Rules,
    /// When.
    pub now: Timestamp,
}

/// Who may do what, and what somebody should look at.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessReview {
    /// The accounts by name, those that could not be read among them.
    pub accounts: BTreeMap<AccountName, Account>,
    /// Everybody who is in an account, by address.
    pub people: Vec<Person>,
    /// What somebody should look at, the most severe first.
    pub findings: Vec<Finding>,
}

/// Makes a review. The order of the accounts decides nothing.
pub fn review(evidence: &Evidence<'_>) -> AccessReview {
    let seen: BTreeMap<&AccountName, &Seen<'_>> = evidence.accounts.iter().map(|seen| (seen.name, seen)).collect();
    let people = people::join(&seen);
    let accounts = seen.iter().map(|(name, seen)| ((*name).clone(), Account::of(seen))).collect();
    let findings = look::findings(&seen, &accounts, &people, evidence);
    AccessReview { accounts, people, findings }
}
