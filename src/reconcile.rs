//! One pass over one account: snapshot, plan, guard, then apply. The command line and every later caller go through
//! here, so that what is shown and what is done come out of the same code.
//!
//! Providers are known by their traits only; nothing here knows which one it talks to.

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::apply::{self, Observer, Report};
use crate::guard::{self, Review};
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::ledger::Ledger;
use crate::model::live::Snapshot;
use crate::model::situation::Situation;
use crate::plan;
use crate::provider::error::ProviderError;
use crate::provider::{AccountReader, AccountWriter};

/// What a look at one account came to: what is there, what should change, and what the guards say.
#[must_use = "a look that nobody reads was a waste of requests"]
#[derive(Debug)]
pub struct Observation {
    /// The account as it was read.
    pub live: Snapshot,
    /// The plan with the guards' findings.
    pub review: Review,
}

/// Reads the account, plans and asks the guards. Reads only: there is no writer here.
///
/// # Errors
///
/// Where the account cannot be read.
pub async fn observe(
    name: &AccountName,
    desired: &DesiredAccount,
    ledger: &Ledger,
    now: Timestamp,
    reader: &dyn AccountReader,
) -> Result<Observation, ProviderError> {
    async {
        let live = reader.snapshot().await?;
        tracing::debug!(users = live.users().len(), doubts = live.doubts().len(), "snapshot taken");
        let situation = Situation { desired, live: &live, ledger, capabilities: reader.capabilities(), now };
        let review = guard::review(plan::plan(&situation), &situation);
        Ok(Observation { live, review })
    }
    .instrument(tracing::info_span!("pass", account = %name))
    .await
}

/// Carries out what the guards approved.
pub async fn carry_out(
    name: &AccountName,
    review: &Review,
    writer: &dyn AccountWriter,
    stop: &CancellationToken,
    observer: Observer<'_>,
) -> Report {
    apply::apply(review.approved(), writer, stop, observer)
        .instrument(tracing::info_span!("apply", account = %name))
        .await
}
