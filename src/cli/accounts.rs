//! The accounts of a run: which were asked for, how they are reached, and what was seen of them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use crate::apply::Report;
use crate::cli::connect::{Access, Connector};
use crate::cli::output::{Output, WrongUse};
use crate::cli::progress::Progress;
use crate::file::Loaded;
use crate::guard::digest;
use crate::model::account_name::AccountName;
use crate::model::desired::{Desired, DesiredAccount};
use crate::model::digest::Digest;
use crate::model::ledger::Ledger;
use crate::provider::error::ProviderError;
use crate::reconcile::{self, Observation};
use crate::render::account::{AccountView, State};
use crate::render::failure::Failure;
use crate::render::json::Account;
use crate::render::json::plan::{Plan, Roster};

/// How many accounts are read side by side.
const SIDE_BY_SIDE: usize = 4;

/// The accounts of a run and what is known of each.
pub(super) struct Accounts<'a> {
    entries: Vec<Entry<'a>>,
    /// Those that were asked for; empty where it was all of them.
    asked: &'a [AccountName],
    /// When the first of them was read.
    begun: Timestamp,
    connector: Connector,
}

/// One account of a run.
struct Entry<'a> {
    name: &'a AccountName,
    desired: &'a DesiredAccount,
    seen: Seen,
}

/// What is known of an account.
enum Seen {
    /// It could not be read.
    Unread(Failure),
    /// It was read and planned; and, where it was tried, what became of it.
    Planned(Box<Observation>, Access, Option<Report>),
}

impl<'a> Accounts<'a> {
    /// Reads and plans the accounts that were asked for, in the order of their names.
    pub(super) async fn observe(
        desired: &'a Desired,
        asked: &'a [AccountName],
        directory: &Path,
        out: &Output,
    ) -> Result<Self> {
        let selected = select(desired, asked)?;
        let begun = now();
        let connector = Connector::start(&selected, directory).await;
        let looks = selected.into_iter().map(|(name, desired)| observe_one(name, desired, &connector));
        let progress = Progress::start(out.progress, "reading accounts", looks.len());
        let looks = looks.map(async |look| {
            let entry = look.await;
            progress.advance();
            entry
        });
        let read = stream::iter(looks).buffered(SIDE_BY_SIDE).collect();
        let entries = progress.watch(read).await;
        progress.finish();
        Ok(Self { entries, asked, begun, connector })
    }

    /// Every account, as the renderers get it.
    pub(super) fn shown(&self) -> Vec<Account> {
        self.views().iter().map(Account::of).collect()
    }

    /// Every account, with all that is known of it.
    pub(super) fn views(&self) -> Vec<AccountView<'_>> {
        self.entries.iter().map(Entry::view).collect()
    }

    /// What the plan over all of them is known by.
    pub(super) fn plan(&self, path: &Path, loaded: &Loaded) -> Plan {
        Plan {
            digest: self.digest().to_string(),
            roster: Roster { path: path.display().to_string(), digest: loaded.sources.digest().to_string() },
            selection: self.asked.iter().map(ToString::to_string).collect(),
            created: self.begun,
            expires: None,
            seal: None,
        }
    }

    /// The digest of everything that would be done and everything that is held.
    fn digest(&self) -> Digest {
        digest::of(self.entries.iter().map(|Entry { name, seen, desired: _ }| match seen {
            Seen::Unread(_) => (*name, None),
            Seen::Planned(observation, _, _) => (*name, Some(&observation.review)),
        }))
    }

    /// Hands each account that can be changed to `change`, one after the other, and keeps what became of it.
    pub(super) async fn carry_out<Change>(&mut self, change: Change)
    where
        Change: AsyncFn(&AccountName, &Observation, &Access) -> Report,
    {
        for Entry { name, seen, .. } in &mut self.entries {
            if let Seen::Planned(observation, access, report @ None) = seen {
                *report = Some(change(name, observation, access).await);
            }
        }
    }

    /// Reads and plans every account again, and tells whether anything that would be done is different now.
    pub(super) async fn is_still_so(&self) -> bool {
        for Entry { name, desired, seen } in &self.entries {
            let Seen::Planned(shown, access, _) = seen else { continue };
            match look(name, desired, access).await {
                Ok(now) if now.review.is_same_as(&shown.review) => {}
                Ok(_) | Err(_) => return false,
            }
        }
        true
    }

    /// Ends what was started for the run; what was seen stays.
    pub(super) async fn close(mut self) -> Result<Self> {
        self.connector.close().await?;
        Ok(self)
    }
}

impl Entry<'_> {
    fn view(&self) -> AccountView<'_> {
        let Self { name, desired, seen } = self;
        let state = match seen {
            Seen::Unread(failure) => State::Unread(failure),
            Seen::Planned(seen, _, None) => State::Planned { live: &seen.live, review: &seen.review },
            Seen::Planned(seen, _, Some(report)) => State::Applied { live: &seen.live, review: &seen.review, report },
        };
        AccountView { name, desired, state }
    }
}

async fn observe_one<'a>(name: &'a AccountName, desired: &'a DesiredAccount, connector: &Connector) -> Entry<'a> {
    let seen = match connector.open(name, desired).await {
        Err(failure) => Seen::Unread(failure),
        Ok(access) => match look(name, desired, &access).await {
            Ok(observation) => {
                tracing::info!(account = %name, requests = access.requests(), "account read");
                Seen::Planned(Box::new(observation), access, None)
            }
            Err(error) => Seen::Unread(Failure::of(&error, error.hint().map(String::from))),
        },
    };
    Entry { name, desired, seen }
}

async fn look(name: &AccountName, desired: &DesiredAccount, access: &Access) -> Result<Observation, ProviderError> {
    reconcile::observe(name, desired, &Ledger::default(), now(), &access.reader).await
}

#[expect(clippy::disallowed_methods, reason = "an edge: from here the moment is passed on")]
fn now() -> Timestamp {
    Timestamp::now()
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
