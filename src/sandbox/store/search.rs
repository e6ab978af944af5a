//! Listings: a part of the users that pass a filter, in an order.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::fences::Fence;
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

/// How large a listing is.
struct Extent {
    /// How many users match in all.
    total: usize,
    /// How many users were removed from the account so far, where that is of use.
    removals: i64,
}

/// Where the database begins to read: after the user with this number, and so many more.
#[derive(Clone, Copy)]
struct Begins {
    after: i64,
    skipped: usize,
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

impl Selection {
    /// Whether the listing is that of everybody, in the order in which they were added.
    fn is_whole(&self) -> bool {
        self.condition.is_none() && self.order.is_none()
    }
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
        let Extent { total, removals } = extent(&mut transaction, account, selection.condition.as_ref()).await?;
        let begins = match start {
            Start::After(number) => Begins { after: number, skipped: 0 },
            Start::Offset(offset) if selection.is_whole() => {
                let Fence { before, number } = self.fences.nearest(account, removals, offset);
                Begins { after: number, skipped: offset - before }
            }
            Start::Offset(offset) => Begins { after: 0, skipped: offset },
        };
        let (placed, more) = if count == 0 {
            (Vec::new(), false)
        } else {
            take(&mut transaction, account, selection, begins, count).await?
        };
        transaction.commit().await?;
        let last = placed.last().map(|last| last.number);
        if let (Start::Offset(offset), true, Some(number)) = (start, selection.is_whole(), last) {
            self.fences.keep(account, removals, Fence { before: offset + placed.len(), number });
        }
        let users = placed.into_iter().map(|placed| placed.user).collect();
        Ok(Page { total, users, more_after: last.filter(|_| more) })
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

async fn extent(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    condition: Option<&Condition>,
) -> Result<Extent, sqlx::Error> {
    let mut count = match condition {
        None => QueryBuilder::new("SELECT users, removals FROM accounts WHERE number = "),
        Some(_) => QueryBuilder::new("SELECT count(*), 0 FROM users WHERE account = "),
    };
    count.push_bind(account.0);
    if let Some(condition) = condition {
        count.push(" AND ");
        condition.push_to(&mut count);
    }
    let (total, removals): (i64, i64) = count.build_query_as().fetch_one(connection).await?;
    Ok(Extent { total: usize::try_from(total).unwrap_or(0), removals })
}

/// The database filters, orders and cuts. One row more than asked for tells whether there are more.
async fn take(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    begins: Begins,
    count: usize,
) -> Result<(Vec<Placed>, bool), sqlx::Error> {
    let mut taken = batch(connection, account, selection, begins, count.saturating_add(1)).await?;
    let more = taken.len() > count;
    taken.truncate(count);
    Ok((taken, more))
}

/// Reads rows, packed into one text.
async fn batch(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    Begins { after, skipped }: Begins,
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
    if after > 0 {
        query.push(" AND number > ").push_bind(after);
    }
    push_order(&mut query, selection.order);
    query.push(" LIMIT ").push_bind(integer(count));
    if skipped > 0 {
        query.push(" OFFSET ").push_bind(integer(skipped));
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
