//! Accounts for the daemon: opened anew for every pass, so that a key that changed is the one that is used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use tokio_util::sync::CancellationToken;

use crate::cli::connect::{self, Connector};
use crate::daemon::access::{Access, Accounts};
use crate::model::account_name::AccountName;
use crate::model::desired::{DesiredAccount, Provider};
use crate::model::email::Email;
use crate::model::role::Catalogue;
use crate::provider::traffic::Traffic;
use crate::provider::{AccountReader, AccountWriter};
use crate::render::failure::Failure;

/// Opens the accounts of a roster in this folder.
pub(super) struct Opener {
    directory: PathBuf,
    embedded: Arc<RwLock<Embedded>>,
}

/// The embedded service, and the accounts it was started for.
struct Embedded {
    accounts: BTreeMap<AccountName, (Option<Email>, Catalogue)>,
    connector: Connector,
}

/// An open account. The embedded service is not replaced meanwhile.
struct Open {
    access: connect::Access,
    _service: OwnedRwLockReadGuard<Embedded>,
}

impl Opener {
    pub(super) async fn new(directory: &Path) -> Self {
        let connector = Connector::start(&BTreeMap::new(), directory).await;
        let embedded = Embedded { accounts: BTreeMap::new(), connector };
        Self { directory: directory.to_owned(), embedded: Arc::new(RwLock::new(embedded)) }
    }

    /// Ends the embedded service.
    pub(super) async fn close(&self) -> anyhow::Result<()> {
        self.embedded.write().await.connector.close().await
    }

    /// Starts the embedded service anew where other accounts live there now.
    async fn replace(&self, all: &BTreeMap<&AccountName, &DesiredAccount>) {
        let local = all.iter().filter(|(_, account)| account.provider == Provider::Sandbox);
        let accounts = local.map(|(name, account)| ((*name).clone(), (account.owner.clone(), account.catalogue)));
        let accounts: BTreeMap<_, _> = accounts.collect();
        if self.embedded.read().await.accounts == accounts {
            return;
        }
        let mut embedded = self.embedded.write().await;
        if let Err(error) = embedded.connector.close().await {
            tracing::warn!("{error:#}");
        }
        let connector = Connector::start(all, &self.directory).await.knowing(&embedded.connector);
        *embedded = Embedded { accounts, connector };
    }
}

impl Accounts for Opener {
    fn prepare<'a>(&'a self, accounts: BTreeMap<&'a AccountName, &'a DesiredAccount>) -> BoxFuture<'a, ()> {
        async move { self.replace(&accounts).await }.boxed()
    }

    fn open<'a>(
        &'a self,
        name: &'a AccountName,
        desired: &'a DesiredAccount,
    ) -> BoxFuture<'a, Result<Box<dyn Access>, Failure>> {
        async move {
            let service = Arc::clone(&self.embedded).read_owned().await;
            let access = service.connector.open(name, desired).await?;
            Ok(Box::new(Open { access, _service: service }) as Box<dyn Access>)
        }
        .boxed()
    }
}

impl Access for Open {
    fn reader(&self) -> &dyn AccountReader {
        &self.access.reader
    }

    fn writer(&self, stop: &CancellationToken) -> Box<dyn AccountWriter + '_> {
        Box::new(self.access.writer(stop))
    }

    fn traffic(&self) -> Traffic {
        self.access.connection().traffic()
    }
}
