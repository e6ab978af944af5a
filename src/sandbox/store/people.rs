//! The users as the page lists them, in SQL: searched, narrowed, by address, a page at a time.

use sqlx::{QueryBuilder, Row, Sqlite};

use super::row::{self, packed};
use super::{AccountNumber, Store};
use crate::sandbox::folding::fold;
use crate::sandbox::user::{Status, User};

/// Which users a page is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Search {
    /// A part of the address or of a name, whatever its case; empty for all.
    pub(crate) text: String,
    /// Only users who stand there.
    pub(crate) status: Option<Status>,
    /// Only users who hold the role with this slug.
    pub(crate) role: Option<String>,
}

/// A page of users.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// How many users are found in all.
    pub(crate) total: u64,
    /// Those of this page, by address.
    pub(crate) users: Vec<User>,
}

impl Search {
    fn is_all(&self) -> bool {
        self.text.is_empty() && self.status.is_none() && self.role.is_none()
    }

    fn push_to(&self, query: &mut QueryBuilder<Sqlite>) {
        if let Some(role) = &self.role {
            query.push(" AND role = ").push_bind(role.clone());
        }
        match self.status {
            None => {}
            Some(Status::Invited) => {
                query.push(" AND accepted IS NULL AND coalesce(active, 1) = 1");
            }
            Some(Status::Active) => {
                query.push(" AND accepted IS NOT NULL AND coalesce(active, 1) = 1");
            }
            Some(Status::Deactivated) => {
                query.push(" AND active = 0");
            }
        }
        if !self.text.is_empty() {
            let text = fold(&self.text);
            query.push(" AND (instr(user_name_folded, ").push_bind(text.clone()).push(") > 0");
            for column in ["display_name", "formatted_name", "given_name", "family_name"] {
                query.push(format_args!(" OR instr({column}_folded, ")).push_bind(text.clone()).push(") > 0");
            }
            query.push(")");
        }
    }
}

impl Store {
    /// Reads a page of users. Count and users are of one moment.
    pub(crate) async fn people(
        &self,
        account: AccountNumber,
        search: &Search,
        skip: u64,
        count: u32,
    ) -> Result<People, sqlx::Error> {
        let mut transaction = self.readers.begin().await?;
        let mut counting = if search.is_all() {
            QueryBuilder::new("SELECT users FROM accounts WHERE number = ")
        } else {
            QueryBuilder::new("SELECT count(*) FROM users WHERE account = ")
        };
        counting.push_bind(account.0);
        search.push_to(&mut counting);
        let total: i64 = counting.build_query_scalar().fetch_one(&mut *transaction).await?;
        let mut query = QueryBuilder::new(concat!("SELECT ", packed!(), " FROM users WHERE account = "));
        query.push_bind(account.0);
        search.push_to(&mut query);
        query.push(" ORDER BY user_name_folded LIMIT ").push_bind(count);
        query.push(" OFFSET ").push_bind(i64::try_from(skip).unwrap_or(i64::MAX));
        let rows: Vec<String> = query.build_query_scalar().fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        let users = rows.iter().map(|packed| row::user(packed)).collect::<Result<_, _>>()?;
        Ok(People { total: u64::try_from(total).unwrap_or(0), users })
    }

    /// Finds a user by `userName`, whatever its case.
    pub(crate) async fn user_named(&self, account: AccountNumber, name: &str) -> Result<Option<User>, sqlx::Error> {
        const NAMED: &str = concat!("SELECT ", packed!(), " FROM users WHERE account = $1 AND user_name_folded = $2");
        let packed: Option<String> =
            sqlx::query_scalar(NAMED).bind(account.0).bind(fold(name)).fetch_optional(&self.readers).await?;
        packed.as_deref().map(row::user).transpose()
    }

    /// How many users hold each role: slug and number, for roles that somebody holds.
    pub(crate) async fn role_holders(&self, account: AccountNumber) -> Result<Vec<(String, u64)>, sqlx::Error> {
        let rows =
            sqlx::query("SELECT role, count(*) FROM users WHERE account = $1 AND role IS NOT NULL GROUP BY role")
                .bind(account.0)
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0)))).collect()
    }
}
