//! Pages by the place of their first user.
//!
//! The first page tells the total and how many users the server really sends at once; the others are then read side by
//! side and put in order, and with them the page past the total. A page that came short is filled up. As many pages as the
//! file calls for are asked for along with the first, as far as there are places; they count only where the server sends
//! as many users as it was asked for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use crate::model::dialect::reading::End;
use crate::model::live::Doubt;
use crate::provider::error::ProviderError;
use crate::provider::scim::listing::reading::{Brought, Reading};
use crate::provider::scim::listing::{MOST_PAGES, Page, Source, endless};
use crate::provider::scim::target::From;

/// How many pages more than the total and the length of the first page call for: for pages that come short, and for
/// users past a total that is too small.
const SPARE_PAGES: usize = 1_000;

/// After so many pages in a row that bring nobody the total is not believed any more.
const FRUITLESS: usize = 4;

/// The beginning of a listing.
pub(super) struct Beginning {
    pub(super) first: Page,
    /// Pages that were asked for along with it, by their places, whether they have come or not.
    pub(super) ahead: BTreeMap<usize, Coming>,
}

/// A page that is fetched and decoded by a task of its own, so that while one page is taken in others come and are asked
/// for. Who waits for it no more ends it.
pub(super) struct Coming(AbortOnDropHandle<Result<Page, ProviderError>>);

impl Coming {
    #[expect(clippy::disallowed_methods, reason = "the handle ends the task when it is dropped")]
    fn ask(source: Source<'_>, start: usize, count: Option<u32>) -> Self {
        let (http, size, at_once) = (source.http.clone(), source.size, source.at_once);
        let fetch = async move { Source { http: &http, size, at_once }.fetch(From::Index(start), count).await };
        Self(AbortOnDropHandle::new(tokio::spawn(fetch.in_current_span())))
    }

    async fn come(self) -> Result<Page, ProviderError> {
        match self.0.await {
            Ok(page) => page,
            // It was not cancelled, since this here is the handle: it panicked, and so does whoever waits for it.
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
}

/// Reads the first page, and asks along with it for those that so many users would fill.
pub(super) async fn begin(source: Source<'_>, expected: usize) -> Result<Beginning, ProviderError> {
    let size = source.size.map_or(0, |size| size as usize);
    let first = Coming::ask(source, 1, source.size);
    let starts = (size + 1..=expected).step_by(size.max(1)).take(if size == 0 { 0 } else { source.at_once - 1 });
    let mut ahead: BTreeMap<usize, Coming> =
        starts.map(|start| (start, Coming::ask(source, start, source.size))).collect();
    let first = first.come().await?;
    if first.entries.len() != size {
        ahead.clear();
    }
    Ok(Beginning { first, ahead })
}

/// Reads on from the beginning.
pub(super) async fn read(
    source: Source<'_>,
    Beginning { first, ahead }: Beginning,
    end: End,
    reading: &mut Reading,
) -> Result<(), ProviderError> {
    let (step, total) = (first.entries.len(), first.total);
    reading.take(first)?;
    if total.is_none() {
        reading.doubt(Doubt::NoTotal);
    }
    if step == 0 {
        return Ok(());
    }
    let pages = Pages { source, left: AtomicUsize::new(most_pages(step, total)) };
    let reached = match total {
        Some(total) => pages.rest(Extent { step, total, end }, ahead, reading).await?,
        None => {
            drop(ahead);
            Reached::NotSure
        }
    };
    match reached {
        Reached::TheEnd => Ok(()),
        Reached::NotSure if end == End::Total && total.is_some() && reading.is_complete() => Ok(()),
        Reached::NotSure => pages.to_the_end(reading).await,
    }
}

/// How many pages may follow the first.
fn most_pages(step: usize, total: Option<usize>) -> usize {
    total.map_or(MOST_PAGES, |total| total.div_ceil(step).saturating_add(SPARE_PAGES).min(MOST_PAGES))
}

/// Whether the listing was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// A page past the total brought nobody.
    TheEnd,
    NotSure,
}

/// What the first page said of the listing.
#[derive(Clone, Copy)]
struct Extent {
    /// How many users a page has.
    step: usize,
    /// How many there are in all.
    total: usize,
    /// What proves that there are no more.
    end: End,
}

struct Pages<'a> {
    source: Source<'a>,
    /// How many more may be asked for.
    left: AtomicUsize,
}

impl Pages<'_> {
    async fn fetch(&self, start: usize, count: Option<u32>) -> Result<Page, ProviderError> {
        let page = Coming::ask(self.source, start, count).come().await?;
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => Ok(page),
            Err(_) => Err(endless(&page.answer)),
        }
    }

    /// Reads the pages after the first, `step` users each, side by side; and with them, where the end has to be proven,
    /// the one past the total.
    async fn rest(
        &self,
        Extent { step, total, end }: Extent,
        mut ahead: BTreeMap<usize, Coming>,
        reading: &mut Reading,
    ) -> Result<Reached, ProviderError> {
        let past_the_end = Some(total.saturating_add(1)).filter(|_| end == End::Proven);
        let starts = (step + 1..=total).step_by(step).chain(past_the_end);
        // What nobody waits for would keep its place.
        ahead.retain(|start, _| *start <= total || past_the_end == Some(*start));
        let count = self.source.size.map(|_| u32::try_from(step).unwrap_or(u32::MAX));
        // Whoever waits for a place is sent as soon as there is one, whatever is done with the pages that came. Where there
        // is only one place nobody waits, so that pages are asked for in their order.
        let waiting = if self.source.at_once == 1 { 1 } else { 2 * self.source.at_once };
        let mut pages = stream::iter(starts)
            .map(|start| {
                let ahead = ahead.remove(&start);
                async move {
                    let count = if start > total { self.source.size } else { count };
                    // One that could not be read is asked for again: it may have been past the end of what there was.
                    let page = match come(ahead).await {
                        Some(page) => Ok(page),
                        None => self.fetch(start, count).await,
                    };
                    (start, page)
                }
            })
            .buffered(waiting);
        let mut fruitless = 0;
        while let Some((start, page)) = pages.next().await {
            let page = match page {
                Err(error) if start > total && is_refusal(&error) && reading.is_complete() => {
                    return Ok(Reached::TheEnd);
                }
                page => page?,
            };
            if start > total {
                let is_end = reading.take(page)? == Brought::Nobody && reading.is_complete();
                return Ok(if is_end { Reached::TheEnd } else { Reached::NotSure });
            }
            let (due, came) = (step.min(total - start + 1), page.entries.len());
            fruitless = if reading.take(page)? == Brought::Nobody { fruitless + 1 } else { 0 };
            if fruitless == FRUITLESS {
                return Ok(Reached::NotSure);
            }
            if came > 0 && came < due {
                self.fill(start + came, start + due, reading).await?;
            }
        }
        Ok(Reached::NotSure)
    }

    /// Reads what a short page left out, from `start` up to the place `end`.
    async fn fill(&self, mut start: usize, end: usize, reading: &mut Reading) -> Result<(), ProviderError> {
        while start < end {
            let count = self.source.size.map(|_| u32::try_from(end - start).unwrap_or(u32::MAX));
            let page = self.fetch(start, count).await?;
            start += page.entries.len();
            if reading.take(page)? == Brought::Nobody {
                break;
            }
        }
        Ok(())
    }

    /// Reads on from where the last page ended, one page after the other, until a page brings nobody new. Where the total
    /// was reached, a server may just as well refuse a page past it.
    async fn to_the_end(&self, reading: &mut Reading) -> Result<(), ProviderError> {
        loop {
            match self.fetch(reading.received.saturating_add(1), self.source.size).await {
                Ok(page) => {
                    if reading.take(page)? == Brought::Nobody {
                        return Ok(());
                    }
                }
                Err(error) if is_refusal(&error) && reading.is_complete() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

/// A page that was asked for, if it could be read.
async fn come(ahead: Option<Coming>) -> Option<Page> {
    ahead?.come().await.ok()
}

/// Whether a server may say so that there is no such page.
fn is_refusal(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Rejected { .. } | ProviderError::NoService { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_without_end_is_given_up() {
        assert_eq!(most_pages(2, Some(4)), 2 + SPARE_PAGES);
        assert_eq!(most_pages(1, Some(usize::MAX)), MOST_PAGES);
        assert_eq!(most_pages(1, None), MOST_PAGES);
    }
}
