//! All pages of the listing, and the proof that together they are the whole account.
//!
//! The first page tells the total and how many users the server really sends at once; the others are then read side by
//! side and put in order. A page that came short is filled up, and whatever does not add up becomes a doubt. Reading ends
//! when pages bring nobody new, so a server that repeats itself cannot keep it going.

use std::collections::{BTreeSet, HashSet};

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::model::live::{Doubt, Snapshot, UserId};
use crate::provider::error::ProviderError;
use crate::provider::scim::dialect::Dialect;
use crate::provider::scim::http::{Answer, Asking};
use crate::provider::scim::interpret::live_user;
use crate::provider::scim::target::Target;
use crate::scim::user::{User, UserPage};

/// How many pages are asked for at once.
const SIDE_BY_SIDE: usize = 4;

/// More users than any account has; a server that names or sends more is broken.
const MOST_USERS: usize = 1_000_000;

/// Reads the whole listing.
pub(super) async fn read(http: &Asking, dialect: &Dialect) -> Result<Snapshot, ProviderError> {
    let pages = Pages { http, size: dialect.page_size.max(1) };
    let first = pages.fetch(1, pages.size).await?;
    let (step, total) = (first.entries.len(), first.total);
    let mut reading = Reading { first_total: total, ..Reading::default() };
    reading.take(first)?;
    match total {
        Some(total) if step > 0 && step < total => {
            pages.rest(step, total, &mut reading).await?;
            if reading.seen.len() < total {
                pages.until_nobody_new(reading.received + 1, &mut reading).await?;
            }
        }
        None if step > 0 => pages.until_nobody_new(step + 1, &mut reading).await?,
        Some(_) | None => {}
    }
    Ok(reading.conclude(dialect))
}

/// A page as it was read.
struct Page {
    request: String,
    total: Option<usize>,
    entries: Vec<Option<User>>,
}

/// What a page brought that was not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    Somebody,
    /// It was empty, or repeated others.
    Nobody,
}

struct Pages<'a> {
    http: &'a Asking,
    size: usize,
}

impl Pages<'_> {
    async fn fetch(&self, start: usize, count: usize) -> Result<Page, ProviderError> {
        let answer = self.http.get(Target::Page { start, count }).await?;
        page(&answer)
    }

    /// Reads the pages after the first, `step` users each, side by side.
    async fn rest(&self, step: usize, total: usize, reading: &mut Reading) -> Result<(), ProviderError> {
        let starts = (step + 1..=total).step_by(step);
        let mut pages = stream::iter(starts)
            .map(|start| async move { self.fetch(start, step).await.map(|page| (start, page)) })
            .buffered(SIDE_BY_SIDE);
        let mut fruitless = 0;
        while let Some((start, page)) = pages.try_next().await? {
            let (due, came) = (step.min(total + 1 - start), page.entries.len());
            fruitless = if reading.take(page)? == Brought::Nobody { fruitless + 1 } else { 0 };
            if fruitless == SIDE_BY_SIDE {
                return Ok(());
            }
            if came > 0 && came < due {
                self.fill(start + came, start + due, reading).await?;
            }
        }
        Ok(())
    }

    /// Reads what a short page left out, from `start` up to the place `end`.
    async fn fill(&self, mut start: usize, end: usize, reading: &mut Reading) -> Result<(), ProviderError> {
        while start < end {
            let page = self.fetch(start, end - start).await?;
            start += page.entries.len();
            if reading.take(page)? == Brought::Nobody {
                break;
            }
        }
        Ok(())
    }

    /// Reads on from `start`, one page after the other, until a page brings nobody new.
    async fn until_nobody_new(&self, mut start: usize, reading: &mut Reading) -> Result<(), ProviderError> {
        loop {
            let page = self.fetch(start, self.size).await?;
            start += page.entries.len();
            if reading.take(page)? == Brought::Nobody {
                return Ok(());
            }
        }
    }
}

/// Decodes a page. Any JSON object would decode, so one that is no listing at all is refused here.
fn page(answer: &Answer) -> Result<Page, ProviderError> {
    let UserPage { total_results, resources } = answer.read()?;
    if total_results.is_none() && resources.is_none() {
        return Err(answer.malformed(format!("it is no listing: `{}`", answer.excerpt())));
    }
    let entries = resources.unwrap_or_default();
    Ok(Page { request: answer.request.clone(), total: total_results, entries })
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    first_total: Option<usize>,
    other_total: Option<usize>,
    users: Vec<(UserId, User)>,
    seen: HashSet<UserId>,
    received: usize,
    nulls: usize,
    repeats: usize,
}

impl Reading {
    /// Takes in a page.
    fn take(&mut self, page: Page) -> Result<Brought, ProviderError> {
        let Page { request, total, entries } = page;
        if let (Some(first), Some(later)) = (self.first_total, total)
            && first != later
        {
            self.other_total.get_or_insert(later);
        }
        let (mut new, mut repeats, mut nulls, came) = (0, 0, 0, entries.len());
        for entry in entries {
            let Some(user) = entry else {
                nulls += 1;
                continue;
            };
            let Some(id) = user.id.as_deref().and_then(UserId::observed) else {
                return Err(ProviderError::Malformed { request, problem: "a user in it has no `id`".to_owned() });
            };
            if self.seen.insert(id.clone()) {
                new += 1;
                self.users.push((id, user));
            } else {
                repeats += 1;
            }
        }
        if self.users.len() > MOST_USERS {
            let problem = format!("it lists more than {MOST_USERS} users");
            return Err(ProviderError::Malformed { request, problem });
        }
        self.received += came;
        // A page that only repeats is how some servers say that there is no more; whether somebody is missing then, the
        // total tells.
        if new == 0 && came > nulls {
            return Ok(Brought::Nobody);
        }
        self.repeats += repeats;
        self.nulls += nulls;
        Ok(if new == 0 { Brought::Nobody } else { Brought::Somebody })
    }

    fn conclude(self, dialect: &Dialect) -> Snapshot {
        let Self { first_total, other_total, users, seen, received: _, nulls, repeats } = self;
        let mut doubts = BTreeSet::new();
        match first_total {
            None => drop(doubts.insert(Doubt::NoTotal)),
            Some(total) if total != seen.len() => drop(doubts.insert(Doubt::Count { total, received: seen.len() })),
            Some(_) => {}
        }
        if let (Some(first), Some(later)) = (first_total, other_total) {
            doubts.insert(Doubt::TotalChanged { first, later });
        }
        if repeats > 0 {
            doubts.insert(Doubt::RepeatedId { repeats });
        }
        let mut nameless = nulls;
        let mut live = Vec::with_capacity(users.len());
        for (id, user) in users {
            match live_user(&user, id, dialect) {
                Some(user) => live.push(user),
                None => nameless += 1,
            }
        }
        if nameless > 0 {
            doubts.insert(Doubt::Nameless { entries: nameless });
        }
        Snapshot::assemble(live, doubts)
    }
}
