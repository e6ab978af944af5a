//! The SCIM 2.0 client (RFC 7643, RFC 7644): one connection per account, a reader and a writer over it.
//!
//! What servers do differently is data, in [`Dialect`]. Whether something should be read or written is not decided here.

pub mod probe;
pub mod reader;
pub mod writer;

pub mod budget;
pub mod fallbacks;

mod answer;
mod capabilities;
mod compare;
mod creation;
mod credentials;
mod discovery;
mod edit;
mod excerpt;
mod failure;
mod http;
mod interpret;
mod learned;
mod listing;
mod look_up;
mod mask;
mod patch;
mod purpose;
mod retry;
mod roles;
mod target;
mod transport;
mod trust;

#[cfg(test)]
mod scripted;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::role::RoleName;
use crate::provider::key::Key;
use crate::provider::scim::budget::Budgets;
use crate::provider::scim::fallbacks::Fallbacks;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::transport::Transport;
use crate::provider::traffic::Traffic;

/// How one account is reached.
#[derive(Debug, Clone)]
pub struct ScimSettings {
    /// The base URL, which `/Users` is appended to.
    pub base: Url,
    /// The account's key.
    pub key: Key,
    /// A PEM file with certificate authorities that are trusted besides the system's.
    pub authorities: Option<PathBuf>,
    /// How this server differs from the RFC.
    pub dialect: Dialect,
    /// How long and how much the client puts up with.
    pub limits: Limits,
    /// The budgets of this process; accounts with one key share one.
    pub budgets: Budgets,
    /// What this process knows of servers.
    pub fallbacks: Fallbacks,
    /// Whom and what the file speaks of.
    pub expected: Expected,
}

/// Whom and what the file speaks of in an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The people, who are looked up one by one where the server has no listing.
    pub logins: BTreeSet<Email>,
    /// The custom roles, by the names that the file has for them, and their titles: a role that the server shows under this
    /// title is this one, whatever the server calls it otherwise.
    pub roles: BTreeMap<RoleName, String>,
}

/// How long and how much the client puts up with, beyond what the dialect says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For the connection to stand, TLS included.
    pub connect: Duration,
    /// How large one answer may be, in bytes.
    pub answer: usize,
    /// The wait before the first repetition; it doubles from there, with jitter.
    pub first_delay: Duration,
}

/// A way to one account. Readers and writers share it; it counts what they send.
#[derive(Clone)]
pub struct Connection {
    transport: Arc<Transport>,
    learned: Arc<Learned>,
}

/// Why a connection could not be set up. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The base URL is none that SCIM can be spoken at.
    #[error("`{origin}` is not a SCIM base URL: {problem}")]
    Base {
        /// The URL's scheme and host.
        origin: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The key does not make a header.
    #[error("the key cannot be sent in an HTTP header")]
    Key,
    /// A header of the dialect cannot be sent.
    #[error("the header `{name}` of the dialect cannot be sent")]
    Header {
        /// Its name.
        name: String,
    },
    /// The file with certificate authorities cannot be used.
    #[error("{}", authorities_words(path, source.is_some()))]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read; nothing where it was read and holds none.
        #[source]
        source: Option<std::io::Error>,
    },
    /// The HTTP client cannot be set up, as where the system has no certificate authorities.
    #[error("cannot set up the HTTP client")]
    Client {
        /// What it says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

fn authorities_words(path: &Path, unreadable: bool) -> String {
    let path = path.display();
    if unreadable {
        format!("cannot read `{path}`")
    } else {
        format!("`{path}` holds no certificate authorities in PEM form")
    }
}

impl ScimSettings {
    /// Settings with the usual limits.
    #[must_use]
    pub fn new(base: Url, key: Key, dialect: Dialect) -> Self {
        Self {
            base,
            key,
            authorities: None,
            dialect,
            limits: Limits::default(),
            budgets: Budgets::default(),
            fallbacks: Fallbacks::default(),
            expected: Expected::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), answer: 64 << 20, first_delay: Duration::from_millis(200) }
    }
}

impl Connection {
    /// Prepares the way to an account; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Where URL, key or the system's TLS set-up cannot work: see [`ConnectionError`].
    pub fn open(settings: ScimSettings) -> Result<Self, ConnectionError> {
        let refused = settings.fallbacks.of(&settings.base, &settings.dialect);
        let learned = Learned::about(settings.dialect.clone(), settings.expected.clone()).remembering(refused);
        let learned = Arc::new(learned);
        Ok(Self { transport: Arc::new(Transport::open(settings)?), learned })
    }

    /// How many requests came to an end so far, repetitions included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.transport.requests()
    }

    /// What was sent so far, repetitions included.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.transport.traffic()
    }
}

impl ConnectionError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self {
            Self::Base { .. } => "`url` in the roster is the SCIM base URL, such as `https://scim.example/v2`",
            Self::Key => "the key should be the one line that the service showed",
            Self::Header { .. } => "check `headers` and `auth` of the dialect",
            Self::Authorities { .. } => {
                "`ca` names a PEM file, which holds lines such as `-----BEGIN CERTIFICATE-----`"
            }
            Self::Client { .. } => {
                "install the system's certificate authorities, such as the package `ca-certificates`"
            }
        }))
    }
}
