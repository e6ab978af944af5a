//! Listings: a part of the users that pass a filter, in an order.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{self, Placed, packed};
use super::{AccountNumber, Store};
use crate::sandbox::column::{Column, Holds, Presence};
use crate::sandbox::filter::sql::{Condition, Precision};
use crate::sandbox::user::User;

/// How many users are looked at at a time where the database cannot filter.
const BATCH: usize = 1000;

/// What is asked of a user outside the database.
pub(crate) type Question = dyn Fn(&User) -> bool + Send + Sync;

/// Which users, in which order.
#[derive(Default)]
pub(crate) struct Selection {
    /// What the database asks of the rows.
    pub(crate) condition: Option<Condition>,
    /// What is asked of each user that the database lets through.
    pub(crate) remainder: Option<Box<Question>>,
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
        let page = if selection.remainder.is_some() {
            sift(&mut transaction, account, selection, start, count).await?
        } else {
            let total = total(&mut transaction, account, selection.condition.as_ref()).await?;
            let (users, more_after) = if count == 0 {
                (Vec::new(), None)
            } else {
                take(&mut transaction, account, selection, start, count).await?
            };
            Page { total, users, more_after }
        };
        transaction.commit().await?;
        Ok(page)
    }
}

impl Selection {
    /// A selection by a filter: the database does what it can, `remainder` the rest.
    pub(crate) fn by(condition: Option<Condition>, remainder: impl Fn(&User) -> bool + Send + Sync + 'static) -> Self {
        let exact = condition.as_ref().is_some_and(|condition| condition.precision() == Precision::Exact);
        Self { condition, remainder: if exact { None } else { Some(Box::new(remainder)) }, order: None }
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

/// The rows come in batches and are filtered here, so that memory does not grow with the account.
async fn sift(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    start: Start,
    count: usize,
) -> Result<Page, sqlx::Error> {
    // All of them, whatever the start: the total counts those before it too.
    let mut next = if selection.order.is_none() { Start::After(0) } else { Start::Offset(0) };
    let mut page = Page::default();
    let mut last = None;
    let mut before = 0;
    loop {
        let taken = batch(connection, account, selection, next, BATCH).await?;
        let size = taken.len();
        next = match next {
            Start::Offset(offset) => Start::Offset(offset + size),
            Start::After(number) => Start::After(taken.last().map_or(number, |last| last.number)),
        };
        for Placed { number, user } in taken {
            if selection.remainder.as_ref().is_some_and(|passes| !passes(&user)) {
                continue;
            }
            page.total += 1;
            let skipped = match start {
                Start::Offset(offset) => before < offset,
                Start::After(position) => number <= position,
            };
            if skipped {
                before += 1;
            } else if page.users.len() < count {
                page.users.push(user);
                last = Some(number);
            }
        }
        if size < BATCH {
            page.more_after = last.filter(|_| before + page.users.len() < page.total);
            return Ok(page);
        }
    }
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

fn push_order(query: &mut QueryBuilder<Sqlite>, order: Option<(Column, Direction)>) {
    query.push(" ORDER BY ");
    if let Some((column, direction)) = order {
        let word = match direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        let sql = column.sql;
        if column.presence == Presence::Sometimes {
            // Who lacks the attribute comes last, and first where the order is turned round (RFC 7644 section 3.4.2.3).
            query.push(format_args!("{sql} IS NULL {word}, "));
        }
        match column.holds {
            Holds::WrittenText => query.push(format_args!("lower({sql}) {word}, ")),
            Holds::ComparedText | Holds::Truth | Holds::Moment => query.push(format_args!("{sql} {word}, ")),
        };
    }
    query.push("number");
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
