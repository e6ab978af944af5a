//! `roster adopt`: whoever is in an account without the roster's doing becomes the roster's: in the file, and where pruning
//! asks who let them in, in the state.

use std::time::Duration;

use anyhow::{Context, Result};
use jiff::SignedDuration;

use crate::cli::args::export::Adopt;
use crate::cli::exit::Exit;
use crate::cli::export::named;
use crate::cli::import::{Looked, look, write};
use crate::cli::origin;
use crate::cli::output::Output;
use crate::cli::state::Remembered;
use crate::cli::wrong_use::WrongUse;
use crate::export::Unlisted;
use crate::export::entry::LeftOut;
use crate::model::account_name::AccountName;
use crate::model::desired::Prune;
use crate::model::email::Email;
use crate::model::ledger::Ledger;
use crate::store::{Journal, Leases, Memory};

/// How far back a ledger looks matters to limits over time only, and none of them is asked here.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(48);

/// How long to wait for a run that is changing the account.
const PATIENCE: Duration = Duration::from_secs(20);

pub(in crate::cli) async fn run(arguments: &Adopt, out: &mut Output) -> Result<Exit> {
    let Adopt { account, who, all, editing, state } = arguments;
    let Looked { mut unlisted, live, prune, directory } = match look("adopt", account, &editing.roster, out).await? {
        Ok(looked) => looked,
        Err(exit) => return Ok(exit),
    };
    if !all {
        for email in who {
            can_be_adopted(account, email, &unlisted)?;
        }
        unlisted.users.retain(|listed| who.contains(&listed.email));
        unlisted.listed.retain(|email| who.contains(email));
    }
    let Unlisted { users, listed, left_out } = unlisted;
    let adopted: Vec<Email> = users.iter().map(|listed| listed.email.clone()).chain(listed).collect();
    let notes = match prune {
        Prune::All | Prune::None if users.is_empty() => None,
        Prune::Managed if adopted.is_empty() => None,
        Prune::All => Some("without this, `prune: all` would remove them; whoever leaves the file again is removed"),
        Prune::Managed => Some("from now on `prune: managed` removes whoever of them leaves the file again"),
        Prune::None => Some("`prune: none` removes nobody, also not whoever of them leaves the file again"),
    };
    let written = write(account, live, &users, editing, out, notes.into_iter().map(str::to_owned).collect())?;
    if written == Exit::Done && !editing.dry_run && prune == Prune::Managed && !adopted.is_empty() {
        own(account, adopted, &Remembered::open(state, &directory).await?)
            .await
            .context("the file is as it should be; that they are the roster's to take out again is not written down")?;
    }
    Ok(if *all { written.max(named(None, &left_out, out)?) } else { written })
}

/// Somebody who was named is there, and in the file or one whom it can hold.
fn can_be_adopted(account: &AccountName, email: &Email, unlisted: &Unlisted) -> Result<()> {
    let Unlisted { users, listed, left_out } = unlisted;
    if listed.contains(email) || users.iter().any(|listed| listed.email == *email) {
        return Ok(());
    }
    let (message, hint) = match left_out.iter().find(|left| left.user.email == *email) {
        Some(LeftOut { why, .. }) => (format!("{email} cannot stand in the file: {why}"), None),
        None => (
            format!("nobody called {email} is in `{account}`"),
            Some(format!("`roster plan -v --account {account}` lists who is unmanaged")),
        ),
    };
    Err(WrongUse { message, hint }.into())
}

/// Writes down that these people are the roster's to take out again.
async fn own(account: &AccountName, people: Vec<Email>, remembered: &Remembered) -> Result<()> {
    let holder = origin::holder("adopt", &origin::actor(None));
    let (leases, memory, journal): (&dyn Leases, &dyn Memory, &dyn Journal) =
        (remembered.leases(), remembered.memory(), remembered.journal());
    let lease = leases.acquire(account, &holder, PATIENCE).await?;
    let since = holder.since.saturating_sub(LOOKS_BACK)?;
    let before = memory.ledger(account, since).await?;
    let mut after: Ledger = before.clone();
    after.managed.extend(people);
    let remembering = journal.remember(&lease, &before, &after).await;
    leases.release(lease).await?;
    remembered.close().await;
    Ok(remembering?)
}
