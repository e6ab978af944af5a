//! How a live account is read and changed: two small traits, so that what plans cannot write.
//!
//! A provider knows no policy. It answers what is there and carries out exactly what it is told; whether that should
//! happen was decided before.

pub mod error;
pub mod key;
pub mod scim;
pub mod traffic;

use futures_util::future::BoxFuture;

use crate::model::action::Action;
use crate::model::capabilities::Capabilities;
use crate::model::live::{LiveUser, Snapshot, UserId};
use crate::provider::error::ProviderError;

/// Reads one account.
pub trait AccountReader: Send + Sync {
    /// Reads every user of the account, with the reasons to doubt that the reading was whole.
    ///
    /// # Errors
    ///
    /// Where the account cannot be read at all: see [`ProviderError`].
    fn snapshot(&self) -> BoxFuture<'_, Result<Snapshot, ProviderError>>;

    /// What the server lets be done to its users, as far as it is known once the account was read.
    fn capabilities(&self) -> Capabilities;
}

/// Changes one account.
pub trait AccountWriter: Send + Sync {
    /// Carries out one action, reads the user again and compares.
    ///
    /// # Errors
    ///
    /// Where the action was not carried out, or was not stored: see [`ProviderError`].
    fn carry_out<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Effect, ProviderError>>;

    /// Reads one user again, whom a change leans on; `None` where the account has nobody by this id any more.
    ///
    /// # Errors
    ///
    /// Where the user cannot be read: see [`ProviderError`].
    fn look<'a>(&'a self, id: &'a UserId) -> BoxFuture<'a, Result<Option<LiveUser>, ProviderError>>;
}

/// What carrying out an action came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The account changed, and reading it again showed so.
    Changed,
    /// The account has a new user, and reading it again showed so: under this id, by which they are known for good.
    Made(UserId),
    /// The account already was as the action wants it, as when somebody else removed the user first.
    AlreadySo,
}
