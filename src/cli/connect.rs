//! From an account's settings to something that reads and something that writes it: the only place where concrete
//! providers are named.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::cli::output;
use crate::model::account_name::AccountName;
use crate::model::desired::{DesiredAccount, Provider, Remote};
use crate::model::dialect::Dialect;
use crate::model::dialect::preset::Preset;
use crate::model::role::Catalogue;
use crate::provider::key::{self, Key};
use crate::provider::scim::budget::Budgets;
use crate::provider::scim::fallbacks::Fallbacks;
use crate::provider::scim::reader::ScimReader;
use crate::provider::scim::writer::ScimWriter;
use crate::provider::scim::{Connection, Expected, ScimSettings};
use crate::render::failure::Failure;
use crate::sandbox::{self, AccountSettings, RoleCatalogue, Service, Settings};
use crate::store::folder;

/// What reads one account, and can make what writes it.
pub(super) struct Access {
    pub(super) reader: ScimReader,
    connection: Connection,
}

impl Access {
    /// What writes the account until it is told to stop. Only `apply` asks for it.
    pub(super) fn writer(&self, stop: &CancellationToken) -> ScimWriter {
        ScimWriter::over(&self.connection, stop)
    }

    /// The way to the account, for what is neither reading nor carrying out a plan.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// How many requests were sent so far.
    pub(super) fn requests(&self) -> u64 {
        self.connection.requests()
    }
}

/// Opens accounts; holds the embedded service, or why there is none, the budgets of the keys in use, and what is known of
/// the servers.
pub(super) struct Connector {
    embedded: Result<Embedded, Failure>,
    budgets: Budgets,
    fallbacks: Fallbacks,
}

struct Embedded {
    address: SocketAddr,
    key: SecretString,
    stop: CancellationToken,
    task: JoinSet<Result<(), sandbox::SandboxError>>,
}

impl Connector {
    /// Starts the embedded service if one of the accounts lives there. Where it cannot start, those accounts cannot be
    /// opened; the others can.
    pub(super) async fn start(accounts: &BTreeMap<&AccountName, &DesiredAccount>, directory: &Path) -> Self {
        let local: Vec<_> = accounts.iter().filter(|(_, account)| account.provider == Provider::Sandbox).collect();
        if local.is_empty() {
            let message = "no account lives in the embedded account service".to_owned();
            let embedded = Err(Failure { message, ..Failure::default() });
            return Self { embedded, budgets: Budgets::default(), fallbacks: Fallbacks::default() };
        }
        // The key never leaves the process, so each run makes its own.
        let key = SecretString::from(Uuid::new_v4().to_string());
        let settings = Settings {
            data: directory.join(folder::BESIDE_A_ROSTER),
            accounts: local
                .into_iter()
                .map(|(name, account)| AccountSettings {
                    name: name.to_string(),
                    owner: account.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
                    key: key.clone(),
                    roles: roles(account.catalogue),
                })
                .collect(),
        };
        let embedded = Embedded::start(settings, key).await.context("cannot start the embedded account service");
        let embedded = embedded.map_err(|error| output::failure(&error));
        Self { embedded, budgets: Budgets::default(), fallbacks: Fallbacks::default() }
    }

    /// The same with what another one knows of keys and servers.
    pub(super) fn knowing(self, Self { budgets, fallbacks, .. }: &Self) -> Self {
        Self { budgets: budgets.clone(), fallbacks: fallbacks.clone(), ..self }
    }

    /// Opens one account. Nothing is sent yet.
    pub(super) async fn open(&self, name: &AccountName, account: &DesiredAccount) -> Result<Access, Failure> {
        connect(self.settings(name, account).await?)
    }

    /// Opens one account with another dialect than the roster says.
    pub(super) async fn open_as(
        &self,
        name: &AccountName,
        account: &DesiredAccount,
        dialect: Dialect,
    ) -> Result<Access, Failure> {
        connect(ScimSettings { dialect, ..self.settings(name, account).await? })
    }

    async fn settings(&self, name: &AccountName, account: &DesiredAccount) -> Result<ScimSettings, Failure> {
        let settings = match (&account.provider, &self.embedded) {
            (Provider::Remote(remote), _) => remote_settings(remote).await?,
            (Provider::Sandbox, Ok(embedded)) => embedded.settings(name)?,
            (Provider::Sandbox, Err(failure)) => return Err(failure.clone()),
        };
        let roles = account.roles.iter().flatten();
        let expected = Expected {
            logins: account.users.keys().cloned().collect(),
            roles: roles.map(|(name, role)| (name.clone(), role.definition.title.clone())).collect(),
        };
        let (budgets, fallbacks) = (self.budgets.clone(), self.fallbacks.clone());
        Ok(ScimSettings { budgets, fallbacks, expected, ..settings })
    }

    /// Stops the embedded service, and says so if it had ended by itself before.
    pub(super) async fn close(&mut self) -> Result<()> {
        let Ok(Embedded { stop, task, .. }) = &mut self.embedded else { return Ok(()) };
        stop.cancel();
        while let Some(ended) = task.join_next().await {
            ended.context("the embedded account service broke down")?.context("the embedded account service failed")?;
        }
        Ok(())
    }
}

impl Embedded {
    async fn start(settings: Settings, key: SecretString) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen on 127.0.0.1")?;
        let address = listener.local_addr().context("cannot tell the port")?;
        let failed = |source| sandbox::SandboxError::DataFolder { folder: settings.data.clone(), source };
        folder::make(&settings.data).map_err(failed)?;
        let service = Service::open(settings).await?;
        let (stop, mut task) = (CancellationToken::new(), JoinSet::new());
        task.spawn(service.serve(listener, stop.clone()));
        Ok(Self { address, key, stop, task })
    }

    fn settings(&self, name: &AccountName) -> Result<ScimSettings, Failure> {
        let base =
            Url::parse(&sandbox::base_url(self.address, name.as_str())).map_err(|error| Failure::of(&error, None))?;
        let key = Key::new(self.key.expose_secret()).map_err(|error| Failure::of(&error, None))?;
        Ok(ScimSettings::new(base, key, Preset::Sandbox.dialect()))
    }
}

fn connect(settings: ScimSettings) -> Result<Access, Failure> {
    let connection = Connection::open(settings).map_err(|error| Failure::of(&error, error.hint().map(String::from)))?;
    Ok(Access { reader: ScimReader::over(&connection), connection })
}

async fn remote_settings(remote: &Remote) -> Result<ScimSettings, Failure> {
    let Remote { kind: _, url, key, authorities, dialect } = remote;
    let key = key::resolve(key).await.map_err(|error| Failure::of(&error, error.hint().map(String::from)))?;
    let settings = ScimSettings::new(url.clone(), key, Dialect::clone(dialect));
    Ok(ScimSettings { authorities: authorities.clone(), ..settings })
}

fn roles(catalogue: Catalogue) -> RoleCatalogue {
    match catalogue {
        Catalogue::Account | Catalogue::Any => RoleCatalogue::Account,
        Catalogue::Portfolio => RoleCatalogue::Portfolio,
    }
}
