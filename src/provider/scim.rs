//! The SCIM 2.0 client (RFC 7643, RFC 7644): one connection per account, a reader and a writer over it.
//!
//! What servers do differently is data, in [`dialect`]. Whether something should be read or written is not decided here.

pub mod dialect;
pub mod reader;
pub mod writer;

mod compare;
mod edit;
mod excerpt;
mod failure;
mod http;
mod interpret;
mod listing;
mod retry;
mod target;

#[cfg(test)]
mod scripted;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::provider::key::Key;
use crate::provider::scim::dialect::Dialect;
use crate::provider::scim::http::Transport;

/// How one account is reached.
#[derive(Debug, Clone)]
pub struct ScimSettings {
    /// The base URL, which `/Users` is appended to.
    pub base: Url,
    /// The account's key.
    pub key: Key,
    /// How this server differs from the RFC.
    pub dialect: Dialect,
    /// How long and how much the client puts up with.
    pub limits: Limits,
}

/// How long and how much the client puts up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For the connection to stand, TLS included.
    pub connect: Duration,
    /// For one request, from the first byte sent to the last byte read.
    pub request: Duration,
    /// How large one answer may be, in bytes.
    pub answer: usize,
    /// How often a request is sent again where that is safe.
    pub retries: usize,
    /// The wait before the first repetition; it doubles from there, with jitter.
    pub first_delay: Duration,
    /// The longest wait a server may ask for with `Retry-After`; asked for more, the request fails.
    pub longest_wait: Duration,
}

/// A way to one account. Readers and writers share it; it counts what they send.
#[derive(Clone)]
pub struct Connection {
    transport: Arc<Transport>,
    dialect: Arc<Dialect>,
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
    /// The HTTP client cannot be set up, as where the system has no certificate authorities.
    #[error("cannot set up the HTTP client")]
    Client {
        /// What it says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ScimSettings {
    /// Settings with the usual limits.
    #[must_use]
    pub fn new(base: Url, key: Key, dialect: Dialect) -> Self {
        Self { base, key, dialect, limits: Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_mins(1),
            answer: 64 << 20,
            retries: 3,
            first_delay: Duration::from_millis(200),
            longest_wait: Duration::from_mins(1),
        }
    }
}

impl Connection {
    /// Prepares the way to an account; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Where URL, key or the system's TLS set-up cannot work: see [`ConnectionError`].
    pub fn open(settings: ScimSettings) -> Result<Self, ConnectionError> {
        let ScimSettings { base, key, dialect, limits } = settings;
        let transport = Transport::open(base, key, &dialect.key_scheme, limits)?;
        Ok(Self { transport: Arc::new(transport), dialect: Arc::new(dialect) })
    }

    /// How many requests were sent so far, repetitions included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.transport.requests()
    }
}

impl ConnectionError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self {
            Self::Base { .. } => "`url` in the roster is the SCIM base URL, such as `https://scim.example/v2`",
            Self::Key => "the key should be the one line that the service showed",
            Self::Client { .. } => {
                "install the system's certificate authorities, such as the package `ca-certificates`"
            }
        }))
    }
}
