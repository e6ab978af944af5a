//! One way to speak SQL to both databases: the same statements, texts and integers in and out, and nothing else.

use sqlx::Row as _;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
#[cfg(feature = "postgres")]
use sqlx::{
    Postgres,
    postgres::{PgArguments, PgPool, PgRow},
};
use sqlx::{Sqlite, Transaction};

/// A value in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text.
    Text(Option<String>),
    /// A number, a moment in microseconds, or a truth as 0 or 1.
    Integer(Option<i64>),
}

/// A database that is open.
#[derive(Debug)]
pub(super) enum Pool {
    /// A file.
    Sqlite(SqlitePool),
    /// A server.
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

/// A transaction. What is not committed has not happened.
pub(super) enum Session {
    /// In a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On a server.
    #[cfg(feature = "postgres")]
    Postgres(Transaction<'static, Postgres>),
}

/// A row that was read.
pub(super) enum Row {
    /// From a file.
    Sqlite(SqliteRow),
    /// From a server.
    #[cfg(feature = "postgres")]
    Postgres(PgRow),
}

impl Pool {
    /// Begins a transaction that will write. In a file it waits for other writers here, and not in its midst.
    pub(super) async fn write(&self) -> Result<Session, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.begin_with("BEGIN IMMEDIATE").await.map(Session::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.begin().await.map(Session::Postgres),
        }
    }

    /// Begins a transaction that reads.
    pub(super) async fn read(&self) -> Result<Session, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.begin().await.map(Session::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.begin().await.map(Session::Postgres),
        }
    }

    /// Ends the connections, so that nothing of this process is left in the database.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Session {
    /// Carries out a statement; the answer is how many rows it concerned.
    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => {
                let query = sqlx::query_with(sql, sqlite_arguments(values)?);
                query.execute(&mut **transaction).await.map(|done| done.rows_affected())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => {
                let query = sqlx::query_with(sql, postgres_arguments(values)?);
                query.execute(&mut **transaction).await.map(|done| done.rows_affected())
            }
        }
    }

    /// Carries out several statements without values.
    pub(super) async fn script(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => sqlx::raw_sql(sql).execute(&mut **transaction).await.map(drop),
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => sqlx::raw_sql(sql).execute(&mut **transaction).await.map(drop),
        }
    }

    /// Reads rows.
    pub(super) async fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => {
                let query = sqlx::query_with(sql, sqlite_arguments(values)?);
                Ok(query.fetch_all(&mut **transaction).await?.into_iter().map(Row::Sqlite).collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => {
                let query = sqlx::query_with(sql, postgres_arguments(values)?);
                Ok(query.fetch_all(&mut **transaction).await?.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Reads the one row there can be.
    pub(super) async fn row(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, sqlx::Error> {
        self.rows(sql, values).await.map(|rows| rows.into_iter().next())
    }

    /// Makes everything that was done durable.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
}

impl Row {
    /// A text that may be missing.
    pub(super) fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A number that may be missing.
    pub(super) fn optional_integer(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A text.
    pub(super) fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        self.optional_text(column)?.ok_or_else(|| missing(column))
    }

    /// A number.
    pub(super) fn integer(&self, column: &str) -> Result<i64, sqlx::Error> {
        self.optional_integer(column)?.ok_or_else(|| missing(column))
    }
}

fn missing(column: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("the column `{column}` is empty").into())
}

impl From<&str> for Value {
    /// PostgreSQL keeps no text with a zero character in it, so neither database is given one.
    fn from(text: &str) -> Self {
        Self::Text(Some(without_zero(text)))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(without_zero))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

fn without_zero(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn sqlite_arguments(values: &[Value]) -> Result<SqliteArguments, sqlx::Error> {
    use sqlx::Arguments as _;
    let mut arguments = SqliteArguments::default();
    for value in values.iter().cloned() {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

#[cfg(feature = "postgres")]
fn postgres_arguments(values: &[Value]) -> Result<PgArguments, sqlx::Error> {
    use sqlx::Arguments as _;
    let mut arguments = PgArguments::default();
    for value in values.iter().cloned() {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
