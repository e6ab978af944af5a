//! Which state a run remembers in: the only place that names concrete stores.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::cli::args;
use crate::cli::wrong_use::WrongUse;
use crate::daemon::Keeping;
use crate::store::database::Database;
use crate::store::none::Forgetful;
#[cfg(feature = "postgres")]
use crate::store::postgres;
use crate::store::{History, Journal, Leases, Memory, State, folder, sqlite};

/// A state that is open, or none by choice or because there is none yet.
#[derive(Debug)]
pub(super) enum Remembered {
    /// Nothing is remembered.
    Nothing(Forgetful),
    /// Everything is, here.
    Kept(Arc<Database>),
}

/// Where a state is.
#[derive(Debug)]
enum Location {
    Nowhere,
    File(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Url),
}

impl Remembered {
    /// Opens the state to write it, and makes it where it is missing. `directory` is the folder the roster stands in.
    pub(super) async fn open(arguments: &args::State, directory: &Path) -> Result<Self> {
        match Location::of(arguments, directory)? {
            Location::Nowhere => Ok(Self::Nothing(Forgetful)),
            Location::File(file) => Ok(Self::Kept(Arc::new(sqlite::open(&file, now).await?))),
            #[cfg(feature = "postgres")]
            Location::Server(url) => {
                let lease_time = arguments.lease_time.unwrap_or(postgres::LEASE_TIME);
                Ok(Self::Kept(Arc::new(postgres::open(&url, lease_time, now).await?)))
            }
        }
    }

    /// Opens the state to read it. Nothing is made where there is none.
    pub(super) async fn look(arguments: &args::State, directory: &Path) -> Result<Self> {
        let found = match Location::of(arguments, directory)? {
            Location::Nowhere => None,
            Location::File(file) => sqlite::look(&file, now).await?,
            #[cfg(feature = "postgres")]
            Location::Server(url) => postgres::look(&url, now).await?,
        };
        Ok(found.map_or(Self::Nothing(Forgetful), |database| Self::Kept(Arc::new(database))))
    }

    /// What gives the sole right to change an account.
    pub(super) fn leases(&self) -> &dyn Leases {
        self.state()
    }

    /// What is written down goes here.
    pub(super) fn journal(&self) -> &dyn Journal {
        self.state()
    }

    /// What a pass over an account needs of it.
    pub(super) fn state(&self) -> &dyn State {
        match self {
            Self::Nothing(forgetful) => forgetful,
            Self::Kept(database) => &**database,
        }
    }

    /// What a daemon needs of it.
    pub(super) fn keeping(&self) -> Arc<dyn Keeping> {
        match self {
            Self::Nothing(forgetful) => Arc::new(*forgetful),
            Self::Kept(database) => Arc::clone(database) as _,
        }
    }

    /// The past, where it is remembered.
    pub(super) fn history(&self) -> Option<Arc<dyn History>> {
        match self {
            Self::Nothing(Forgetful) => None,
            Self::Kept(database) => Some(Arc::clone(database) as _),
        }
    }

    /// The database, where there is one.
    pub(super) fn database(&self) -> Option<&Database> {
        match self {
            Self::Nothing(Forgetful) => None,
            Self::Kept(database) => Some(database),
        }
    }

    /// What a look at an account needs of it.
    pub(super) fn memory(&self) -> &dyn Memory {
        self.state()
    }

    /// Ends what connects to it.
    pub(super) async fn close(&self) {
        match self {
            Self::Nothing(Forgetful) => {}
            Self::Kept(database) => database.close().await,
        }
    }
}

impl Location {
    fn of(arguments: &args::State, directory: &Path) -> Result<Self> {
        let args::State { state, lease_time: _ } = arguments;
        let Some(given) = state else {
            return Ok(Self::File(directory.join(folder::BESIDE_A_ROSTER).join("state.db")));
        };
        match given.expose_secret().strip_prefix("env:") {
            Some(name) => Self::read(&variable(name)?),
            None => Self::read(given),
        }
    }

    /// What was given may hold a password, so no message repeats it.
    fn read(given: &SecretString) -> Result<Self> {
        let text = given.expose_secret().trim();
        let wrong = |message: &str| {
            let hint = "write `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `env:NAME` for a variable that holds one of \
                 them, or `none`";
            WrongUse { message: message.to_owned(), hint: Some(hint.to_owned()) }
        };
        if text == "none" {
            return Ok(Self::Nowhere);
        }
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(wrong("`--state sqlite:` names no file").into());
            }
            return Ok(Self::File(PathBuf::from(path)));
        }
        match Url::parse(text) {
            #[cfg(feature = "postgres")]
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Ok(Self::Server(url)),
            #[cfg(not(feature = "postgres"))]
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Err(without_postgres()),
            Ok(_) | Err(_) => Err(wrong("`--state` names neither a file nor a database that roster knows").into()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where a state is named by the environment")]
fn variable(name: &str) -> Result<SecretString> {
    let wrong = |what: &str| WrongUse {
        message: format!("`--state env:{name}`: {what} `{name}`"),
        hint: Some("set it to `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`".to_owned()),
    };
    let value = std::env::var(name).map_err(|_| wrong("there is no environment variable"))?;
    if value.trim().is_empty() {
        // So it is where a pipeline hands on a secret that nobody has set.
        return Err(wrong("nothing is in the environment variable").into());
    }
    Ok(SecretString::from(value))
}

#[cfg(not(feature = "postgres"))]
fn without_postgres() -> anyhow::Error {
    let hint = Some("build it with `--features postgres`, or keep the state in a file".to_owned());
    WrongUse { message: "this roster was built without PostgreSQL".to_owned(), hint }.into()
}

#[expect(clippy::disallowed_methods, reason = "an edge: the clock of the journal")]
fn now() -> Timestamp {
    Timestamp::now()
}
