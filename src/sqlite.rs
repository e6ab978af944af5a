//! Pools of connections to SQLite, for every room that keeps something in a file.

use futures_util::FutureExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions};
use sqlx::{Connection, Error};

/// Opens a pool of at most so many connections, each of which stays open as long as it is sound.
pub(crate) async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<SqlitePool, Error> {
    let settings = SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None);
    let settings = settings.test_before_acquire(false);
    settings.after_release(|connection, _| is_sound(connection).boxed()).connect_with(options).await
}

/// Whether a connection that is given back has no transaction left.
///
/// SQLite ends a transaction by itself where it cannot go on, as on a full disk. The rollback that follows finds none and
/// fails, and sqlx goes on counting the transaction as open: the next one that is taken back stays open as a savepoint, and all
/// that the connection writes after that is lost although every write says that it was done. Such a connection is closed; the
/// next one counts from zero.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, Error> {
    if connection.is_in_transaction() {
        // The rollback of a transaction that was just dropped may still be waiting for its turn.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn execute(pool: &SqlitePool, sql: &'static str) -> Result<(), Error> {
        sqlx::raw_sql(sql).execute(pool).await.map(drop)
    }

    /// Writes in a transaction.
    async fn write(pool: &SqlitePool, sql: &'static str) -> Result<(), Error> {
        let mut transaction = pool.begin().await?;
        sqlx::raw_sql(sql).execute(&mut *transaction).await?;
        transaction.commit().await
    }

    #[tokio::test]
    async fn what_is_written_after_the_disk_was_full_lasts() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = SqliteConnectOptions::new().filename(folder.path().join("file.db")).create_if_missing(true);
        let writer = pool(options.clone(), 1).await.expect("a pool");
        execute(&writer, "CREATE TABLE texts (text TEXT)").await.expect("a table");
        execute(&writer, "PRAGMA max_page_count = 8").await.expect("a small disk");
        let large = "INSERT INTO texts VALUES (printf('%.100000c', 'x'))";
        let refused = write(&writer, large).await.expect_err("no room");
        assert!(refused.to_string().contains("disk is full"), "{refused}");
        write(&writer, "INSERT INTO nowhere VALUES (1)").await.expect_err("a transaction that is taken back");
        write(&writer, "INSERT INTO texts VALUES ('small')").await.expect("there is room again");
        let reader = pool(options.read_only(true), 1).await.expect("a pool");
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT text FROM texts").fetch_all(&reader).await.expect("a listing");
        assert_eq!(texts, ["small"]);
    }

    #[tokio::test]
    async fn a_connection_is_kept_over_rollbacks() {
        let writer = pool(SqliteConnectOptions::new().in_memory(true), 1).await.expect("a pool");
        execute(&writer, "CREATE TABLE texts (text TEXT)").await.expect("a table");
        let mut dropped = writer.begin().await.expect("a transaction");
        sqlx::raw_sql("INSERT INTO texts VALUES ('lost')").execute(&mut *dropped).await.expect("a row");
        drop(dropped);
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM texts").fetch_one(&writer).await.expect("the table");
        assert_eq!(rows, 0, "what is in memory is gone with its connection, and this is still here");
    }
}
