//! Listings: a part of the users that pass a filter, in an order.

use futures_util::TryStreamExt;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{self, columns};
use super::{AccountNumber, Store};
use crate::sandbox::column::{Column, Holds};
use crate::sandbox::filter::sql::{Condition, Precision};
use crate::sandbox::user::User;

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
    let mut query = select(account, selection, start);
    query.push(" LIMIT ").push_bind(integer(count.saturating_add(1)));
    if let Start::Offset(offset) = start {
        query.push(" OFFSET ").push_bind(integer(offset));
    }
    let rows = query.build().fetch_all(connection).await?;
    let more_after = match rows.len() {
        taken if taken > count => rows.get(count - 1).map(row::number).transpose()?,
        _ => None,
    };
    let users = rows.iter().take(count).map(row::user).collect::<Result<_, _>>()?;
    Ok((users, more_after))
}

/// The rows come one by one and are filtered here, so that memory does not grow with the account.
async fn sift(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    selection: &Selection,
    start: Start,
    count: usize,
) -> Result<Page, sqlx::Error> {
    // All of them, whatever the start: the total counts those before it too.
    let mut query = select(account, selection, Start::Offset(0));
    let mut rows = query.build().fetch(connection);
    let mut page = Page::default();
    let mut last = None;
    let mut before = 0;
    while let Some(row) = rows.try_next().await? {
        let user = row::user(&row)?;
        if selection.remainder.as_ref().is_some_and(|passes| !passes(&user)) {
            continue;
        }
        page.total += 1;
        let number = row::number(&row)?;
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
    page.more_after = last.filter(|_| before + page.users.len() < page.total);
    Ok(page)
}

fn select(account: AccountNumber, selection: &Selection, start: Start) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM users WHERE account = "));
    query.push_bind(account.0);
    if let Some(condition) = &selection.condition {
        query.push(" AND ");
        condition.push_to(&mut query);
    }
    if let Start::After(number) = start {
        query.push(" AND number > ").push_bind(number);
    }
    query.push(" ORDER BY ");
    if let Some((column, direction)) = selection.order {
        let word = match direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        let sql = column.sql;
        // Who lacks the attribute comes last, and first where the order is turned round (RFC 7644 section 3.4.2.3).
        match column.holds {
            Holds::WrittenText => query.push(format_args!("{sql} IS NULL {word}, lower({sql}) {word}, ")),
            Holds::ComparedText | Holds::Truth | Holds::Moment => {
                query.push(format_args!("{sql} IS NULL {word}, {sql} {word}, "))
            }
        };
    }
    query.push("number");
    query
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
