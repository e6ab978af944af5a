//! The folded columns of users whom an older version stored without them.

use sqlx::SqliteConnection;

use super::row::{self, Placed, packed};
use crate::sandbox::folding::fold;

/// How many users are held in memory at a time.
const BATCH: i64 = 1000;

/// Fills the folded columns of all users.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    const NEXT: &str = concat!(
        "SELECT group_concat(packed) FROM (SELECT ",
        packed!(),
        " AS packed FROM users WHERE number > $1 ORDER BY number LIMIT $2)"
    );
    let mut last = 0;
    loop {
        let packed: Option<String> =
            sqlx::query_scalar(NEXT).bind(last).bind(BATCH).fetch_one(&mut *connection).await?;
        let users = row::users(packed.as_deref())?;
        let Some(end) = users.last() else { return Ok(()) };
        last = end.number;
        for placed in &users {
            one(connection, placed).await?;
        }
    }
}

async fn one(connection: &mut SqliteConnection, Placed { number, user }: &Placed) -> Result<(), sqlx::Error> {
    const FOLD: &str = "UPDATE users SET display_name_folded = $2, given_name_folded = $3, family_name_folded = $4, \
                        formatted_name_folded = $5, language_folded = $6, role_display_folded = $7, role_type_folded = \
                        $8, reason_folded = $9 WHERE number = $1";
    // Two who were different then and are one now both stay, and the second keeps its older form.
    const FOLD_NAME: &str = "UPDATE OR IGNORE users SET user_name_folded = $2 WHERE number = $1";
    let profile = &user.profile;
    let folded = |text: &Option<String>| text.as_deref().map(fold);
    let role = profile.role.as_ref();
    sqlx::query(FOLD)
        .bind(number)
        .bind(folded(&profile.display_name))
        .bind(folded(&profile.given_name))
        .bind(folded(&profile.family_name))
        .bind(folded(&profile.formatted_name))
        .bind(folded(&profile.language))
        .bind(role.and_then(|role| folded(&role.display)))
        .bind(role.and_then(|role| folded(&role.kind)))
        .bind(folded(&profile.reason))
        .execute(&mut *connection)
        .await?;
    sqlx::query(FOLD_NAME).bind(number).bind(fold(&profile.user_name)).execute(connection).await?;
    Ok(())
}
