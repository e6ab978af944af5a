//! The accounts that a run has taken: kept from the moment they are taken until they are given back, whatever the run
//! does meanwhile.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use crate::model::account_name::AccountName;
use crate::store::{Holder, Lease, Leases, StoreError};

/// The rights of a run to change accounts. Those that end by themselves are renewed as long as something goes on within
/// [`Tenure::during`].
pub struct Tenure<'a> {
    leases: &'a dyn Leases,
    held: BTreeMap<AccountName, Lease>,
    /// Since when all of them are known to last.
    renewed: Mutex<Instant>,
}

impl<'a> Tenure<'a> {
    /// Of nothing yet.
    #[must_use]
    pub fn over(leases: &'a dyn Leases) -> Self {
        Self { leases, held: BTreeMap::new(), renewed: Mutex::new(Instant::now()) }
    }

    /// Takes one more account, waiting so long for whoever has it; those that were taken before are kept meanwhile.
    ///
    /// # Errors
    ///
    /// See [`Leases::acquire`].
    pub async fn take(&mut self, account: &AccountName, holder: &Holder, patience: Duration) -> Result<(), StoreError> {
        let lease = self.during(self.leases.acquire(account, holder, patience)).await?;
        if self.held.is_empty() {
            *self.renewed() = Instant::now();
        }
        self.held.insert(account.clone(), lease);
        Ok(())
    }

    /// The right to change this account, if it was taken.
    #[must_use]
    pub fn lease(&self, account: &AccountName) -> Option<&Lease> {
        self.held.get(account)
    }

    /// Does this, and keeps what was taken until it is done.
    pub async fn during<Work: Future>(&self, work: Work) -> Work::Output {
        let Some(every) = self.held.values().filter_map(Lease::renewal).min() else { return work.await };
        tokio::select! {
            // Cancel-safe: nothing of the work is lost when it ends first, and the other arm never does.
            done = work => done,
            // Cancel-safe: a renewal that is dropped has not happened.
            never = self.renew(every) => match never {},
        }
    }

    /// Renews for ever. A lease that is lost needs no answer here: the next intent under it is refused.
    async fn renew(&self, every: Duration) -> Infallible {
        loop {
            let due = *self.renewed() + every;
            tokio::time::sleep_until(due).await;
            let now = Instant::now();
            let mut renewals: FuturesUnordered<_> = self.held.values().map(|lease| self.leases.renew(lease)).collect();
            while let Some(renewed) = renewals.next().await {
                if let Err(error) = renewed {
                    tracing::warn!(%error, "a lease could not be renewed");
                }
            }
            *self.renewed() = now;
        }
    }

    /// Gives back what was taken. A right that cannot be given back ends by itself.
    pub async fn give_back(self) {
        for lease in self.held.into_values() {
            if let Err(error) = self.leases.release(lease).await {
                tracing::warn!(%error, "an account could not be given back; it is free once the lease ends");
            }
        }
    }

    fn renewed(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
