//! Reads an account. What it holds can ask and nothing else, so planning cannot change anything.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::model::live::Snapshot;
use crate::provider::AccountReader;
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::dialect::Dialect;
use crate::provider::scim::http::Asking;
use crate::provider::scim::listing;

/// Reads an account over SCIM.
pub struct ScimReader {
    http: Asking,
    dialect: Arc<Dialect>,
}

impl ScimReader {
    /// A reader over this connection.
    #[must_use]
    pub fn over(connection: &Connection) -> Self {
        Self { http: Asking::over(connection), dialect: Arc::clone(&connection.dialect) }
    }
}

impl AccountReader for ScimReader {
    fn snapshot(&self) -> BoxFuture<'_, Result<Snapshot, ProviderError>> {
        Box::pin(listing::read(&self.http, &self.dialect))
    }
}
