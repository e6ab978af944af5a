//! How the daemon reaches accounts without knowing any provider.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::provider::traffic::Traffic;
use crate::provider::{AccountReader, AccountWriter};
use crate::render::failure::Failure;

/// Opens accounts.
pub trait Accounts: Send + Sync {
    /// Gets ready for these accounts, those of another roster. Nothing is under way with an account meanwhile that it could disturb.
    fn prepare<'a>(&'a self, accounts: BTreeMap<&'a AccountName, &'a DesiredAccount>) -> BoxFuture<'a, ()>;

    /// Opens one account; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Where it cannot be reached as the roster says, as without a key.
    fn open<'a>(
        &'a self,
        name: &'a AccountName,
        desired: &'a DesiredAccount,
    ) -> BoxFuture<'a, Result<Box<dyn Access>, Failure>>;
}

/// One account that is open.
pub trait Access: Send + Sync {
    /// What reads it.
    fn reader(&self) -> &dyn AccountReader;

    /// What changes it, until it is told to stop.
    fn writer(&self, stop: &CancellationToken) -> Box<dyn AccountWriter + '_>;

    /// What was sent to it so far.
    fn traffic(&self) -> Traffic;
}
