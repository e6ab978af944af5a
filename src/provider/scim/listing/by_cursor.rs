//! Pages by the cursor that the page before gives (RFC 9865), one after the other.

use std::collections::HashSet;

use crate::model::live::Doubt;
use crate::provider::error::ProviderError;
use crate::provider::scim::listing::reading::{Brought, Reading};
use crate::provider::scim::listing::{MOST_PAGES, Page, Source, endless};
use crate::provider::scim::target::From;

/// Reads on from the first page. A page without a cursor is the last: the server says so itself, so that no total is needed
/// to prove it. A cursor that comes again goes round in a circle, and whoever is missing then shows in the total.
pub(super) async fn read(source: Source<'_>, first: Page, reading: &mut Reading) -> Result<(), ProviderError> {
    let mut followed = HashSet::new();
    let mut cursor = first.next_cursor.clone();
    reading.take(first)?;
    while let Some(next) = cursor {
        if !followed.insert(next.clone()) {
            if reading.total().is_none() {
                reading.doubt(Doubt::NoTotal);
            }
            return Ok(());
        }
        let page = source.fetch(From::Cursor(&next), source.size).await?;
        if followed.len() > MOST_PAGES {
            return Err(endless(&page.answer));
        }
        cursor = page.next_cursor.clone();
        if reading.take(page)? == Brought::Nobody && cursor.is_some() && reading.is_complete() {
            return Ok(());
        }
    }
    Ok(())
}
