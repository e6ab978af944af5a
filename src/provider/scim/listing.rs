//! The listing of an account, and the proof that it is whole.
//!
//! A total that is reached proves nothing yet, because some servers name the length of the page: so one more page is asked
//! for, and only when that brings nobody new is the listing at its end. Whatever does not add up becomes a doubt, and a
//! server that goes on for ever an error.

mod by_cursor;
mod by_index;
mod by_login;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use crate::model::dialect::reading::{Listing, Pages, PagesBy, Paging};
use crate::model::email::Email;
use crate::model::live::{Doubt, Snapshot};
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::answer::Answer;
use crate::provider::scim::http::Asking;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::listing::by_index::Beginning;
use crate::provider::scim::listing::reading::Reading;
use crate::provider::scim::target::{From, Target};
use crate::scim::user::{User, UserPage};

/// More pages than any account takes.
const MOST_PAGES: usize = 5_000;

/// What is needed to ask for pages.
#[derive(Clone, Copy)]
struct Source<'a> {
    http: &'a Asking,
    /// How many users to ask for.
    size: Option<u32>,
    /// How many pages to ask for at once.
    at_once: usize,
}

/// A page as it was read.
struct Page {
    answer: Answer,
    total: Option<usize>,
    has_index: bool,
    next_cursor: Option<String>,
    entries: Vec<Option<User>>,
}

/// Reads everybody; where the server has no listing, those of these people who are there.
pub(super) async fn read(
    http: &Asking,
    learned: &Learned,
    listed: &BTreeSet<Email>,
) -> Result<Snapshot, ProviderError> {
    let dialect = learned.dialect();
    let at_once = dialect.pace.at_once.get() as usize;
    let mut reading = Reading::begin(learned.interpreter());
    match (dialect.listing, dialect.paging) {
        (Listing::Absent, _) => by_login::read(http, listed, at_once, &mut reading).await?,
        (Listing::Full | Listing::Partial, Paging::Single) => {
            let source = Source { http, size: None, at_once };
            let page = source.fetch(From::TheStart, None).await?;
            if page.total.is_none() {
                reading.doubt(Doubt::NoTotal);
            }
            reading.take(page)?;
        }
        (Listing::Full | Listing::Partial, Paging::Pages(pages)) => {
            let size = pages.size.map(NonZeroU32::get);
            read_pages(Source { http, size, at_once }, pages, listed.len(), learned, &mut reading).await?;
        }
    }
    if dialect.listing == Listing::Partial {
        reading.doubt(Doubt::PartialListing);
    }
    Ok(reading.conclude(learned))
}

async fn read_pages(
    source: Source<'_>,
    Pages { by, size: _, end }: Pages,
    expected: usize,
    learned: &Learned,
    reading: &mut Reading,
) -> Result<(), ProviderError> {
    match by {
        PagesBy::Index => by_index::read(source, by_index::begin(source, expected).await?, end, reading).await,
        PagesBy::Cursor => by_cursor::read(source, source.fetch(From::Cursor(""), source.size).await?, reading).await,
        PagesBy::Auto => {
            let first = source.fetch(From::TheStart, source.size).await?;
            let (has_cursor, has_index) = (first.next_cursor.is_some(), first.has_index);
            if has_cursor && (!has_index || learned.refuses_index()) {
                return by_cursor::read(source, first, reading).await;
            }
            // Pages by index can be read side by side; but some servers name the index of a page and know no other.
            match by_index::read(source, Beginning { first, ahead: BTreeMap::new() }, end, reading).await {
                Err(error) if has_cursor && refuses_index(&error) => {
                    learned.refused_index();
                    *reading = reading.anew();
                    let first = source.fetch(From::TheStart, source.size).await?;
                    by_cursor::read(source, first, reading).await
                }
                read => read,
            }
        }
    }
}

/// Whether this is how a server says that it knows no page of this index.
fn refuses_index(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::Rejected { .. }
            | ProviderError::NoService { .. }
            | ProviderError::Unavailable { status: 501, .. }
    )
}

impl Source<'_> {
    async fn fetch(&self, from: From<'_>, count: Option<u32>) -> Result<Page, ProviderError> {
        let answer = self.http.get(Target::Page { from, count }).await?;
        let UserPage { total_results: total, start_index, next_cursor, resources } = listing(&answer)?;
        let next_cursor = next_cursor.filter(|cursor| !cursor.is_empty());
        let (has_index, entries) = (start_index.is_some(), resources.unwrap_or_default());
        Ok(Page { answer: answer.without_body(), total, has_index, next_cursor, entries })
    }
}

/// Decodes a listing. Any JSON object would decode, so one that is no listing at all is refused here.
pub(super) fn listing(answer: &Answer) -> Result<UserPage, ProviderError> {
    let page: UserPage = answer.read()?;
    if page.total_results.is_none() && page.resources.is_none() {
        return Err(answer.malformed(Fault::Undecodable, format!("it is no listing: `{}`", answer.excerpt())));
    }
    Ok(page)
}

/// What a server says whose listing does not end.
fn endless(answer: &Answer) -> ProviderError {
    answer.malformed(Fault::TooLarge, "it goes on for more pages than any account has".to_owned())
}

#[cfg(test)]
mod tests;
