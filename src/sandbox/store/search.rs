//! Listings: a part of the users that pass a filter, in an order.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{self, Placed, packed};
use super::{AccountNumber, Store};
use crate::sandbox::column::Column;
use crate::sandbox::filter::sql::Condition;
use crate::sandbox::user::User;

/// Which users, in which order.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Which; all of them by default.
    pub(crate) condition: Option<Condition>,
    /// In which order; by default that in which they were added.
    pub(crate) order: Option<(Column, Direction)>,
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Where a part of a listing begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// After so many users.
    Offset(usize),
    /// After the user with this number, in the order in which they were added.
    After(i64),
}

/// A part of a listing.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// How many users match in all.
    pub(crate) total: usize,
    /// The users of this page.
    pub(crate) users: Vec<User>,
    /// The number of the last of them, where more come after it.
    pub(crate) more_after: Option<i64>,
}

impl Store {
    /// Reads a part of the users. Count and users are of one moment.
    pub(crate) async fn page(
        &self,
        account: AccountNumber,
        selection: &Selection,
        start: Start,
        count: usize,
    ) -> Result<Page, sqlx::Error> {
        let mut transaction = self.readers.begin().await?;
        let total = total(&mut transaction, account, selection.condition.as_ref()).await?;
        let (users, more_after) = if count == 0 {
            (Vec::new(), None)
        } else {
            take(&mut transaction, account, selection, start, count).await?
        };
        transaction.commit().await?;
        Ok(Page { total, users, more_after })
    }

    /// How many users of a selection stand before a place.
    pub(crate) async fn offset(
        &self,
        account: AccountNumber,
        selection: &Selection,
        start: Start,
    ) -> Result<usize, sqlx::Error> {
        let number = match start {
            Start::Offset(offset) => return Ok(offset),
            Start::After(number) => number,
        };
        let mut count = QueryBuilder::new("SELECT count(*) FROM users WHERE account = ");
        count.push_bind(account.0).push(" AND number <= ").push_bind(number);
        if let Some(condition) = &selection.condition {
            count.push(" AND ");
            condition.push_to(&mut count);
        }
        let before: i64 = count.build_query_scalar().fetch_one(&self.readers).await?;
        Ok(usize::try_from(before).unwrap_or(0))
    }
}

async fn total(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    condition: Option<&Condition>,
) -> Result<usize, sqlx::Error> {
    let mut count = match condition {
        None => QueryBuilder::new("SELECT users FROM accounts WHERE number = "),
        Some(_) => QueryBuilder::new("SELECT count(*) FROM users WHERE account = "),
    };
    count.push_bind(account.0);
    if let Some(condition) = condition {
        count.push(" AND ");
        condition.push_to(&mut count);
    }
    let total: i64 = count.build_query_scalar().fetch_one(connection).await?;
    Ok(usize::try_from(total).unwrap_or(0))
}

/// The database filters, orders and cuts. One row more than asked for tells whether there are more.
async fn take(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    start: Start,
    count: usize,
) -> Result<(Vec<User>, Option<i64>), sqlx::Error> {
    let mut taken = batch(connection, account, selection, start, count.saturating_add(1)).await?;
    let more_after = if taken.len() > count {
        taken.truncate(count);
        taken.last().map(|last| last.number)
    } else {
        None
    };
    Ok((taken.into_iter().map(|placed| placed.user).collect(), more_after))
}

/// Reads rows, packed into one text.
async fn batch(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    start: Start,
    count: usize,
) -> Result<Vec<Placed>, sqlx::Error> {
    let mut query = QueryBuilder::new(concat!(
        "SELECT group_concat(packed) FROM (SELECT ",
        packed!(),
        " AS packed FROM users WHERE account = "
    ));
    query.push_bind(account.0);
    if let Some(condition) = &selection.condition {
        query.push(" AND ");
        condition.push_to(&mut query);
    }
    if let Start::After(number) = start {
        query.push(" AND number > ").push_bind(number);
    }
    push_order(&mut query, selection.order);
    query.push(" LIMIT ").push_bind(integer(count));
    if let Start::Offset(offset) = start {
        query.push(" OFFSET ").push_bind(integer(offset));
    }
    query.push(")");
    let packed: Option<String> = query.build_query_scalar().fetch_one(connection).await?;
    row::users(packed.as_deref())
}

/// Who lacks the attribute comes last, and first where the order is turned round (RFC 7644 section 3.4.2.3).
fn push_order(query: &mut QueryBuilder<Sqlite>, order: Option<(Column, Direction)>) {
    query.push(" ORDER BY ");
    if let Some((column, direction)) = order {
        let words = match direction {
            Direction::Ascending => "ASC NULLS LAST",
            Direction::Descending => "DESC NULLS FIRST",
        };
        query.push(format_args!("{} {words}, ", column.sql));
    }
    query.push("number");
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
