//! Where the state of a story is: a file of its own, or a database of its own in PostgreSQL.
//!
//! PostgreSQL is the server that `ROSTER_TEST_POSTGRES_URL` names, whose user may make databases, or one that
//! `tests/postgres` starts for this process. Where there is none the tests say so and pass, unless `ROSTER_REQUIRE` names
//! `postgres`.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use jiff::Timestamp;
use roster::store::database::Database;
use roster::store::postgres::{self, LEASE_TIME};
use roster::store::sqlite;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use url::Url;

/// A state that is gone when this is.
pub(crate) enum Place {
    /// In a file.
    File(TempDir),
    /// On a server, in this database.
    Server(Url),
}

impl Place {
    /// A new file.
    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// A new database; `None` where there is no server, and the story is not told.
    pub(crate) fn server() -> Option<Self> {
        let mut url = server()?.clone();
        let name = format!("roster_{}", uuid::Uuid::new_v4().simple());
        block_on(administer(&format!("CREATE DATABASE {name}")));
        url.set_path(&name);
        Some(Self::Server(url))
    }

    /// What `--state` is given.
    pub(crate) fn option(&self) -> String {
        match self {
            Self::File(_) => format!("sqlite:{}", self.path().display()),
            Self::Server(url) => url.to_string(),
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> PathBuf {
        let Self::File(folder) = self else { panic!("not in a file") };
        folder.path().join("state.db")
    }

    /// Opens the state; again and again it is the same one.
    pub(crate) async fn open(&self) -> Database {
        match self {
            Self::File(_) => sqlite::open(&self.path(), Timestamp::now).await.unwrap(),
            Self::Server(url) => postgres::open(url, LEASE_TIME, Timestamp::now).await.unwrap(),
        }
    }

    /// Opens the state to read it.
    pub(crate) async fn look(&self) -> Option<Database> {
        match self {
            Self::File(_) => sqlite::look(&self.path(), Timestamp::now).await.unwrap(),
            Self::Server(url) => postgres::look(url, Timestamp::now).await.unwrap(),
        }
    }

    /// Carries out what no version of roster would.
    pub(crate) async fn execute(&self, sql: &str) {
        match self {
            Self::File(_) => execute(&self.path(), sql).await,
            Self::Server(url) => {
                let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Server(url) = self {
            let name = url.path().trim_start_matches('/').to_owned();
            // In a thread of its own: a story is told inside a runtime, which may not wait for another one.
            let dropped = std::thread::spawn(move || {
                block_on(administer(&format!("DROP DATABASE {name} WITH (FORCE)")));
            });
            drop(dropped.join());
        }
    }
}

/// Carries out a statement in a file.
pub(crate) async fn execute(file: &Path, sql: &str) {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn administer(sql: &str) {
    let mut connection = PgConnection::connect(server().unwrap().as_str()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The server of this process.
fn server() -> Option<&'static Url> {
    static SERVER: OnceLock<Option<(Url, Option<Child>)>> = OnceLock::new();
    let started = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ROSTER_TEST_POSTGRES_URL") {
            return Some((Url::parse(&url).unwrap(), None));
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres");
        let mut command = Command::new(script);
        // The server ends with its stdin, which ends with this process.
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match line.trim().strip_prefix("READY ") {
            Some(url) => Some((Url::parse(url).unwrap(), Some(process))),
            None => {
                let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
                assert!(!required.contains("postgres"), "ROSTER_REQUIRE names `postgres`, and there is none here");
                None
            }
        }
    });
    if started.is_none() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no PostgreSQL here, so nothing was tried with it");
    }
    started.as_ref().map(|(url, _)| url)
}
