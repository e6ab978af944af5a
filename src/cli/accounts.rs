//! The accounts of a run: which were asked for, how they are reached, and what was seen of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use futures_util::{StreamExt, stream};

use crate::apply::Report;
use crate::cli::connect::{Access, Connector};
use crate::cli::output::WrongUse;
use crate::model::account_name::AccountName;
use crate::model::desired::{Desired, DesiredAccount};
use crate::reconcile::{self, Observation};
use crate::render::account::{AccountView, Failure, State};

/// How many accounts are read side by side.
const SIDE_BY_SIDE: usize = 4;

/// The accounts of a run and what is known of each.
pub(super) struct Accounts<'a> {
    entries: Vec<Entry<'a>>,
    connector: Connector,
}

/// One account of a run.
pub(super) struct Entry<'a> {
    pub(super) name: &'a AccountName,
    pub(super) desired: &'a DesiredAccount,
    pub(super) seen: Seen,
}

/// What is known of an account.
pub(super) enum Seen {
    /// It could not be read.
    Unread(Failure),
    /// It was read and planned.
    Planned(Box<Observation>, Access),
    /// What was approved was tried.
    Applied(Box<Observation>, Report),
}

impl<'a> Accounts<'a> {
    /// Reads and plans the accounts that were asked for, in the order of their names.
    pub(super) async fn observe(desired: &'a Desired, asked: &[AccountName], directory: &Path) -> Result<Self> {
        let selected = select(desired, asked)?;
        let connector = Connector::start(&selected, directory).await?;
        let looks = selected.into_iter().map(|(name, desired)| observe_one(name, desired, &connector));
        let entries = stream::iter(looks).buffered(SIDE_BY_SIDE).collect().await;
        Ok(Self { entries, connector })
    }

    /// Every account, as the renderers get it.
    pub(super) fn views(&self) -> Vec<AccountView<'_>> {
        self.entries.iter().map(Entry::view).collect()
    }

    pub(super) fn entries_mut(&mut self) -> &mut [Entry<'a>] {
        &mut self.entries
    }

    /// Ends what was started for the run.
    pub(super) async fn close(self) -> Result<()> {
        self.connector.close().await
    }
}

impl Entry<'_> {
    fn view(&self) -> AccountView<'_> {
        let Self { name, desired, seen } = self;
        let state = match seen {
            Seen::Unread(failure) => State::Unread(failure),
            Seen::Planned(seen, _) => State::Planned { live: &seen.live, review: &seen.review },
            Seen::Applied(seen, report) => State::Applied { live: &seen.live, review: &seen.review, report },
        };
        AccountView { name, desired, state }
    }
}

async fn observe_one<'a>(name: &'a AccountName, desired: &'a DesiredAccount, connector: &Connector) -> Entry<'a> {
    let seen = match connector.open(name, desired).await {
        Err(failure) => Seen::Unread(failure),
        Ok(access) => match reconcile::observe(name, desired, &access.reader).await {
            Ok(observation) => {
                tracing::info!(account = %name, requests = access.connection.requests(), "account read");
                Seen::Planned(Box::new(observation), access)
            }
            Err(error) => Seen::Unread(Failure::of(&error, error.hint().map(String::from))),
        },
    };
    Entry { name, desired, seen }
}

fn select<'a>(desired: &'a Desired, asked: &[AccountName]) -> Result<BTreeMap<&'a AccountName, &'a DesiredAccount>> {
    for name in asked {
        if !desired.accounts.contains_key(name) {
            let known: Vec<&str> = desired.accounts.keys().map(AccountName::as_str).collect();
            let hint = format!("the roster has: {}", known.join(", "));
            return Err(WrongUse { message: format!("the roster has no account `{name}`"), hint: Some(hint) }.into());
        }
    }
    Ok(desired.accounts.iter().filter(|(name, _)| asked.is_empty() || asked.contains(name)).collect())
}
