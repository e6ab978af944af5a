//! Pages by the cursor that the page before gives (RFC 9865), one after the other.

use std::collections::HashSet;

use crate::model::live::Doubt;
use crate::provider::error::ProviderError;
use crate::provider::scim::listing::reading::{Brought, Reading};
use crate::provider::scim::listing::{MOST_PAGES, Page, Source, endless};
use crate::provider::scim::target::From;

/// After so many pages in a row that bring nobody, a cursor that goes on is not followed any more.
const FRUITLESS: usize = 100;

/// Reads on from the first page. A page without a cursor is the last: the server says so itself, so that no total is needed
/// to prove it. A page that brings nobody and has a cursor is none: servers that filter what they have read send such. What
/// ends before the server says so, with a cursor that comes again or that leads to nobody for ever, is proven by its total
/// or not at all.
pub(super) async fn read(source: Source<'_>, first: Page, reading: &mut Reading) -> Result<(), ProviderError> {
    let (mut followed, mut fruitless) = (HashSet::new(), 0);
    let mut cursor = first.next_cursor.clone();
    reading.take(first)?;
    while let Some(next) = cursor {
        if fruitless == FRUITLESS || !followed.insert(next.clone()) {
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
        fruitless = if reading.take(page)? == Brought::Nobody { fruitless + 1 } else { 0 };
        if fruitless > 0 && reading.total().is_some() && reading.is_complete() {
            return Ok(());
        }
    }
    Ok(())
}
