//! The embedded account service: what `domain.md` calls an account, as a SCIM 2.0 service over HTTP, kept in SQLite.
//!
//! It is what people try roster on and what roster's tests run against, so it is as strict as a good server. It shares
//! the wire types of [`crate::scim`] with the client and no behaviour: nothing here knows the client, the roster file
//! or the planner.
//!
//! The layers, from the outside in: `http` (routing, keys, answers), `resource`, `patch`, `filter` and `discovery` (JSON
//! in and out, steered by the tables of `attribute`), `rules` (what an account allows), `store` (SQL).

mod activity;
mod attribute;
mod bulk;
mod column;
mod cursor;
mod custom_role;
mod discovery;
pub mod faults;
mod filter;
mod folding;
mod http;
mod invitation;
mod language;
mod outbox;
mod page;
mod patch;
mod post;
mod projection;
mod refusal;
mod resource;
mod role_resource;
mod rules;
pub mod smtp;
mod store;
mod user;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::faults::Faults;
use self::http::{App, routes};
use self::outbox::Outbox;
use self::post::Postman;
use self::smtp::Smtp;
use self::store::Store;

/// What a service needs to know before it starts.
#[derive(Debug)]
pub struct Settings {
    /// The folder that keeps the service's database, `sandbox.db`. It is made where it is missing.
    pub data: PathBuf,
    /// The accounts that the service answers for, each at an address and with a key of its own.
    pub accounts: Vec<AccountSettings>,
}

/// One account of the service.
#[derive(Debug)]
pub struct AccountSettings {
    /// The account's name, which is part of its address: letters, digits, `-`, `_`, `.` and `~`.
    pub name: String,
    /// The `userName` of the Owner. It counts only when the account is made: afterwards the account itself knows.
    pub owner: String,
    /// The key that requests carry, as `Authorization: Bearer KEY` or `Authorization: Klaviyo-API-Key KEY`.
    pub key: SecretString,
    /// Which static roles the account has.
    pub roles: RoleCatalogue,
}

/// Which static roles an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleCatalogue {
    /// An account: one brand, store or region.
    Account,
    /// A portfolio: an overview account over several linked accounts.
    Portfolio,
}

/// The service, opened and not yet listening.
#[derive(Debug)]
pub struct Service {
    app: App,
    postman: Option<Postman>,
}

/// Why the service could not start, or had to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The data folder cannot be made, or nothing can be written there.
    #[error("cannot write in the data folder `{}`", .folder.display())]
    DataFolder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// Another service uses the same data folder.
    #[error("the account service in `{}` is already running", .folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
    },
    /// The database cannot be opened or read.
    #[error("cannot read the account service's database `{}`", .file.display())]
    Database {
        /// The database.
        file: PathBuf,
        /// What SQLite says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database was written by a newer version of this program.
    #[error("the database `{}` has version {found}, and this program knows versions up to {known}", .file.display())]
    NewerDatabase {
        /// The database.
        file: PathBuf,
        /// The version of the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The account's name cannot stand in an address.
    #[error("`{name}` cannot be the name of an account: only letters, digits, `-`, `_`, `.` and `~` can")]
    AccountName {
        /// The name.
        name: String,
    },
    /// Two accounts of one name.
    #[error("two accounts are named `{name}`")]
    AccountTwice {
        /// The name.
        name: String,
    },
    /// The Owner has no name.
    #[error("account `{account}` needs an owner")]
    NoOwner {
        /// The account.
        account: String,
    },
    /// The account was made with the other role catalogue.
    #[error("account `{account}` was made with other roles: an account cannot become a portfolio, nor the reverse")]
    OtherCatalogue {
        /// The account.
        account: String,
    },
    /// The listener failed.
    #[error("the account service stopped listening")]
    Serve(#[source] std::io::Error),
}

impl SandboxError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::DataFolder { .. } => Some("check that the folder may be written, or choose another one"),
            Self::Held { .. } => Some("wait until the other command has ended, or choose another folder"),
            Self::Database { .. } => Some("move the file away to begin with an empty account"),
            Self::NewerDatabase { .. } => Some("use the newer version of roster that wrote it"),
            Self::AccountName { .. }
            | Self::AccountTwice { .. }
            | Self::NoOwner { .. }
            | Self::OtherCatalogue { .. }
            | Self::Serve(_) => None,
        }
    }
}

impl Service {
    /// Opens the database, makes it and the accounts where they are missing, and takes hold of the data folder until
    /// the service is dropped.
    ///
    /// # Errors
    ///
    /// Where the folder or the database cannot be used, another service uses them, or the settings contradict
    /// themselves or what is stored.
    pub async fn open(settings: Settings) -> Result<Self, SandboxError> {
        let store = Store::open(&settings.data).await?;
        let outbox = Outbox::within(&settings.data);
        Ok(Self { app: App::open(store, outbox, settings.accounts).await?, postman: None })
    }

    /// How long invitations count: 14 days where nobody says otherwise.
    #[must_use]
    pub fn invitation_lifetime(self, lifetime: jiff::SignedDuration) -> Self {
        Self { app: self.app.with_lifetime(lifetime), ..self }
    }

    /// Lives so far ahead of the machine's time, so that a test need not wait for what takes days.
    #[must_use]
    pub fn ahead(self, ahead: jiff::SignedDuration) -> Self {
        Self { app: self.app.ahead(ahead), ..self }
    }

    /// Is known to clients by this address, as behind a proxy: links in mails and locations begin with it. Otherwise they
    /// begin with whatever a request calls the service.
    #[must_use]
    pub fn known_as(self, url: &str) -> Self {
        Self { app: self.app.known_as(url), ..self }
    }

    /// Writes no invitation mails, for who adds users by the ten thousand.
    #[must_use]
    pub fn without_mail(self) -> Self {
        Self { app: self.app.without_mail(), ..self }
    }

    /// Sends invitation mails to this server, too. Requests never wait for it, and never fail because of it.
    #[must_use]
    pub fn smtp(self, smtp: Smtp) -> Self {
        let (post, postman) = post::open(smtp);
        Self { app: self.app.with_post(post), postman: Some(postman) }
    }

    /// Behaves as badly as these faults say, in each account for itself.
    #[must_use]
    pub fn faults(self, faults: &Faults) -> Self {
        Self { app: self.app.with_faults(faults), ..self }
    }

    /// Takes faults while it runs, by `PUT /NAME/faults` with an account's key and a body such as
    /// `{"seed": 1, "rules": ["status 503 nth 2 on GET /Users"]}`; `DELETE` ends them.
    #[must_use]
    pub fn fault_control(self) -> Self {
        Self { app: self.app.with_fault_control(), ..self }
    }

    /// Answers 403 to every request that is not a GET, within SCIM, beside it and on the page, so that a test can prove that
    /// nothing is written.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { app: self.app.read_only(), ..self }
    }

    /// Leaves out what only this service knows of a user: status, and the dates of invitation and login. Most SCIM
    /// servers have no such extension, so this is how a client learns to do without.
    #[must_use]
    pub fn core_only(self) -> Self {
        Self { app: self.app.hide_facts(), ..self }
    }

    /// Answers requests until `stop` is cancelled; requests that are under way then are still answered.
    ///
    /// # Errors
    ///
    /// Where the listener fails.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> Result<(), SandboxError> {
        let Self { app, postman } = self;
        let (mut tasks, over) = (JoinSet::new(), CancellationToken::new());
        if let Some(postman) = postman {
            tasks.spawn(postman.work_until(over.clone().cancelled_owned()));
        }
        let served = routes::serve(app, listener, stop).await.map_err(SandboxError::Serve);
        over.cancel();
        while tasks.join_next().await.is_some() {}
        served
    }
}

/// The SCIM base URL of an account of a service that listens at `address`.
#[must_use]
pub fn base_url(address: SocketAddr, account: &str) -> String {
    format!("http://{address}/{account}/scim/v2")
}
