//! All pages of the listing, and the proof that together they are the whole account.
//!
//! The first page tells the total and how many users the server really sends at once; the others are then read side by
//! side and put in order. A page that came short is filled up. A total that is reached proves nothing yet, because some
//! servers name the length of the page: so one more page is asked for, and only when that brings nobody new is the
//! listing at its end. Whatever does not add up becomes a doubt, and a server that goes on for ever an error.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::model::dialect::Dialect;
use crate::model::dialect::reading::{Pages as PagesAsked, Paging};
use crate::model::live::{Doubt, LiveUser, Snapshot, UserId};
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::http::{Answer, Asking};
use crate::provider::scim::interpret::live_user;
use crate::provider::scim::target::Target;
use crate::scim::user::{User, UserPage};

/// How many pages are asked for at once.
const SIDE_BY_SIDE: usize = 4;

/// More users than any account has; a server that sends more is broken.
const MOST_USERS: usize = 1_000_000;

/// More pages than any account takes.
const MOST_PAGES: usize = 5_000;

/// How many pages more than the total and the length of the first page call for: for pages that come short, and for
/// users past a total that is too small.
const SPARE_PAGES: usize = 1_000;

/// Reads the whole listing.
pub(super) async fn read(http: &Asking, dialect: &Dialect) -> Result<Snapshot, ProviderError> {
    let size = match dialect.paging {
        Paging::Pages(PagesAsked { size: Some(size), .. }) => size.get() as usize,
        Paging::Pages(PagesAsked { size: None, .. }) | Paging::Single => 200,
    };
    let first = fetch(http, 1, size).await?;
    let (step, total) = (first.entries.len(), first.total);
    let mut reading = Reading::begin(dialect, total);
    reading.take(first)?;
    if step > 0 {
        let pages = Pages { http, size, left: AtomicUsize::new(most_pages(step, total)) };
        if let Some(total) = total {
            pages.rest(step, total, &mut reading).await?;
        }
        pages.to_the_end(&mut reading).await?;
    }
    Ok(reading.conclude())
}

/// How many pages may follow the first.
fn most_pages(step: usize, total: Option<usize>) -> usize {
    total.map_or(MOST_PAGES, |total| total.div_ceil(step).saturating_add(SPARE_PAGES).min(MOST_PAGES))
}

async fn fetch(http: &Asking, start: usize, count: usize) -> Result<Page, ProviderError> {
    let answer = http.get(Target::Page { start, count }).await?;
    let UserPage { total_results: total, next_cursor: _, resources } = listing(&answer)?;
    Ok(Page { answer: answer.without_body(), total, entries: resources.unwrap_or_default() })
}

/// Decodes a listing. Any JSON object would decode, so one that is no listing at all is refused here.
pub(super) fn listing(answer: &Answer) -> Result<UserPage, ProviderError> {
    let page: UserPage = answer.read()?;
    if page.total_results.is_none() && page.resources.is_none() {
        return Err(answer.malformed(Fault::Undecodable, format!("it is no listing: `{}`", answer.excerpt())));
    }
    Ok(page)
}

/// A page as it was read.
struct Page {
    answer: Answer,
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
    /// How many more may be asked for.
    left: AtomicUsize,
}

impl Pages<'_> {
    async fn fetch(&self, start: usize, count: usize) -> Result<Page, ProviderError> {
        let page = fetch(self.http, start, count).await?;
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => Ok(page),
            Err(_) => {
                let problem = "it goes on for more pages than any account has".to_owned();
                Err(page.answer.malformed(Fault::TooLarge, problem))
            }
        }
    }

    /// Reads the pages after the first, `step` users each, side by side.
    async fn rest(&self, step: usize, total: usize, reading: &mut Reading<'_>) -> Result<(), ProviderError> {
        let starts = (step + 1..=total).step_by(step);
        let mut pages = stream::iter(starts)
            .map(|start| async move { self.fetch(start, step).await.map(|page| (start, page)) })
            .buffered(SIDE_BY_SIDE);
        let mut fruitless = 0;
        while let Some((start, page)) = pages.try_next().await? {
            let (due, came) = (step.min(total - start + 1), page.entries.len());
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
    async fn fill(&self, mut start: usize, end: usize, reading: &mut Reading<'_>) -> Result<(), ProviderError> {
        while start < end {
            let page = self.fetch(start, end - start).await?;
            start += page.entries.len();
            if reading.take(page)? == Brought::Nobody {
                break;
            }
        }
        Ok(())
    }

    /// Reads on from where the last page ended, one page after the other, until a page brings nobody new. Where the total
    /// was reached, a server may just as well refuse a page past it.
    async fn to_the_end(&self, reading: &mut Reading<'_>) -> Result<(), ProviderError> {
        loop {
            match self.fetch(reading.received.saturating_add(1), self.size).await {
                Ok(page) => {
                    if reading.take(page)? == Brought::Nobody {
                        return Ok(());
                    }
                }
                Err(ProviderError::Rejected { .. } | ProviderError::NoService { .. }) if reading.is_complete() => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// What was read so far.
struct Reading<'a> {
    dialect: &'a Dialect,
    first_total: Option<usize>,
    other_total: Option<usize>,
    users: Vec<LiveUser>,
    seen: HashSet<UserId>,
    received: usize,
    nameless: usize,
    repeats: usize,
}

impl<'a> Reading<'a> {
    fn begin(dialect: &'a Dialect, first_total: Option<usize>) -> Self {
        Self {
            dialect,
            first_total,
            other_total: None,
            users: Vec::new(),
            seen: HashSet::new(),
            received: 0,
            nameless: 0,
            repeats: 0,
        }
    }

    /// Takes in a page; what is kept of a user is what it means.
    fn take(&mut self, page: Page) -> Result<Brought, ProviderError> {
        let Page { answer, total, entries } = page;
        if let (Some(first), Some(later)) = (self.first_total, total)
            && first != later
        {
            self.other_total.get_or_insert(later);
        }
        let (mut new, mut repeats, mut nulls, came) = (0, 0, 0, entries.len());
        for (position, entry) in entries.into_iter().enumerate() {
            let Some(user) = entry else {
                nulls += 1;
                continue;
            };
            let Some(id) = user.id.as_deref().and_then(UserId::observed) else {
                return Err(without_id(&answer, position, user.user_name.as_deref()));
            };
            if !self.seen.insert(id.clone()) {
                repeats += 1;
                continue;
            }
            new += 1;
            match live_user(&user, id, self.dialect) {
                Some(user) => self.users.push(user),
                None => self.nameless += 1,
            }
        }
        if self.seen.len() > MOST_USERS {
            return Err(answer.malformed(Fault::TooLarge, format!("it lists more than {MOST_USERS} users")));
        }
        self.received += came;
        // A page that only repeats is how some servers say that there is no more; whether somebody is missing then, the
        // total tells.
        if new == 0 && came > nulls {
            return Ok(Brought::Nobody);
        }
        self.repeats += repeats;
        self.nameless += nulls;
        Ok(if new == 0 { Brought::Nobody } else { Brought::Somebody })
    }

    /// Whether everybody came whom the server spoke of.
    fn is_complete(&self) -> bool {
        self.first_total.is_none_or(|total| self.seen.len() >= total)
    }

    fn conclude(self) -> Snapshot {
        let Self { dialect: _, first_total, other_total, users, seen, received: _, nameless, repeats } = self;
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
        if nameless > 0 {
            doubts.insert(Doubt::Nameless { entries: nameless });
        }
        Snapshot::assemble(users, doubts)
    }
}

fn without_id(answer: &Answer, position: usize, login: Option<&str>) -> ProviderError {
    let who = match login.map(|login| answer.fit_to_show(login)) {
        Some(login) if !login.is_empty() => format!("`{login}`"),
        Some(_) | None => format!("entry {} of this page", position + 1),
    };
    answer.malformed(Fault::Unidentified, format!("{who} has no `id`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::scim::scripted::{Reply, Seen, Server, page as good_page, user};
    use serde_json::{Value, json};

    fn users(count: usize) -> Vec<Value> {
        (1..=count).map(user).collect()
    }

    /// Reads a server's listing in pages of 100; the outcome in words.
    async fn outcome(script: impl Fn(&Seen, usize) -> Value + Send + Sync + 'static) -> (String, Vec<String>) {
        let server = Server::start(move |seen, nth| Reply::json(200, &script(seen, nth))).await;
        let pages = PagesAsked { size: std::num::NonZeroU32::new(100), ..PagesAsked::usual() };
        let dialect = Dialect { paging: Paging::Pages(pages), ..Dialect::rfc() };
        let words = match read(&Asking::over(&server.connect(dialect.clone())), &dialect).await {
            Ok(snapshot) => {
                let doubts: Vec<_> = snapshot.doubts().iter().map(ToString::to_string).collect();
                format!("{} users; {}", snapshot.users().len(), doubts.join("; "))
            }
            Err(error) => error.to_string().split_once(": ").map_or(String::new(), |(_, words)| words.to_owned()),
        };
        let queries = server.lines().into_iter().filter_map(|line| Some(line.split_once('?')?.1.to_owned()));
        (words, queries.collect())
    }

    #[tokio::test]
    async fn pages_are_read_side_by_side_and_proven() {
        let all = users(950);
        let (words, mut queries) = outcome(move |seen, _| good_page(&all, seen, 1000)).await;
        assert_eq!(words, "950 users; ");
        assert_eq!(queries[0], "startIndex=1&count=100");
        queries.sort();
        assert_eq!((queries.len(), queries[9].as_str()), (11, "startIndex=901&count=100"));
        assert_eq!(queries[10], "startIndex=951&count=100");
    }

    #[tokio::test]
    async fn an_empty_account_is_whole() {
        assert_eq!(outcome(|_, _| json!({"totalResults": 0})).await.0, "0 users; ");
    }

    #[tokio::test]
    async fn a_server_may_send_fewer_than_asked_for() {
        let all = users(10);
        let (words, queries) = outcome(move |seen, _| good_page(&all, seen, 3)).await;
        assert_eq!((words.as_str(), queries.len()), ("10 users; ", 5));
        // Every page but the first is shorter than the first, and is filled up.
        let all = users(10);
        let clamped = move |seen: &Seen, nth: usize| good_page(&all, seen, if nth == 0 { 5 } else { 2 });
        assert_eq!(outcome(clamped).await.0, "10 users; ");
    }

    #[tokio::test]
    async fn a_server_that_begins_again_past_the_end_cannot_keep_it_going() {
        let all = users(4);
        let repeats = move |seen: &Seen, _: usize| {
            let mut page = good_page(&all, seen, 4);
            if seen.number("startIndex") > Some(4) {
                page["Resources"] = json!(all);
            }
            page["totalResults"] = json!(u64::MAX);
            page
        };
        let (words, queries) = outcome(repeats).await;
        assert_eq!(words, "4 users; the server counts 18446744073709551615 and listed 4");
        assert!(queries.len() < 12, "{queries:?}");
    }

    #[tokio::test]
    async fn a_total_that_is_the_length_of_the_page_proves_nothing() {
        for each in [100, 5] {
            let all = users(each + 7);
            let lying = move |seen: &Seen, _: usize| {
                let mut page = good_page(&all, seen, each);
                page["totalResults"] = json!(each);
                page
            };
            let words = format!("{} users; the server counts {each} and listed {}", each + 7, each + 7);
            assert_eq!(outcome(lying).await.0, words);
        }
    }

    #[tokio::test]
    async fn whether_more_follow_is_asked_once_and_any_no_will_do() {
        let all = users(3);
        let again = move |seen: &Seen, _: usize| {
            let mut page = good_page(&all, seen, 100);
            page["Resources"] = json!(all);
            page
        };
        let (words, queries) = outcome(again).await;
        assert_eq!(words, "3 users; ");
        assert_eq!(queries, ["startIndex=1&count=100", "startIndex=4&count=100"]);
        for (refusal, words) in [(400, Ok(3)), (404, Ok(3)), (500, Err("the server failed (HTTP 500)"))] {
            let all = users(3);
            let server = Server::start(move |seen, nth| match nth {
                0 => Reply::json(200, &good_page(&all, seen, 100)),
                _ => Reply::text(refusal, ""),
            });
            let dialect = Dialect::rfc();
            let read = read(&Asking::over(&server.await.connect(dialect.clone())), &dialect).await;
            let read =
                read.map(|snapshot| (snapshot.users().len(), snapshot.doubts().len())).map_err(|e| e.to_string());
            match words {
                Ok(users) => assert_eq!(read, Ok((users, 0))),
                Err(words) => assert!(read.is_err_and(|said| said.ends_with(words))),
            }
        }
    }

    #[tokio::test]
    async fn a_listing_without_end_is_given_up() {
        // The page is full of people nobody has seen, whatever is asked for.
        let endless =
            |_: &Seen, nth: usize| json!({"totalResults": 4, "Resources": [user(2 * nth), user(2 * nth + 1)]});
        let (words, queries) = outcome(endless).await;
        assert!(
            words.ends_with("the answer cannot be used: it goes on for more pages than any account has"),
            "{words}"
        );
        // The first page, those the total calls for, the spare ones, and the one that is too many.
        assert_eq!(queries.len(), 1 + 2 + SPARE_PAGES + 1);
        assert_eq!(most_pages(1, Some(usize::MAX)), MOST_PAGES);
    }

    #[tokio::test]
    async fn a_lost_or_repeated_page_is_noticed() {
        let all = users(6);
        let repeated = move |seen: &Seen, _: usize| {
            let mut page = good_page(&all, seen, 2);
            if seen.number("startIndex") == Some(3) {
                page["Resources"] = json!(all[..2]);
            }
            page
        };
        assert_eq!(outcome(repeated).await.0, "4 users; the server counts 6 and listed 4");
        let all = users(6);
        let overlapping = move |seen: &Seen, _: usize| {
            let mut page = good_page(&all, seen, 3);
            if seen.number("startIndex") == Some(4) {
                page["Resources"] = json!(all[2..5]);
            }
            page
        };
        assert_eq!(
            outcome(overlapping).await.0,
            "5 users; the server counts 6 and listed 5; the server listed some users more than once, 1 in all"
        );
    }

    #[tokio::test]
    async fn totals_that_lie_change_or_are_missing_are_doubts() {
        let with_total = |total: fn(usize) -> Value| {
            let all = users(4);
            move |seen: &Seen, nth: usize| {
                let mut page = good_page(&all, seen, 2);
                page["totalResults"] = total(nth);
                page
            }
        };
        let short = outcome(with_total(|_| json!(3))).await.0;
        assert_eq!(short, "4 users; the server counts 3 and listed 4");
        let changing = outcome(with_total(|nth| json!(4 + nth))).await.0;
        assert_eq!(changing, "4 users; the server counted 4 on its first page and 5 on a later one");
        let missing = outcome(with_total(|_| Value::Null)).await.0;
        assert_eq!(missing, "4 users; the server does not say how many users it has");
    }

    #[tokio::test]
    async fn entries_that_are_nobody_are_counted_and_one_without_id_is_refused() {
        let nobody = json!({"totalResults": 3, "Resources": [user(1), null, {"id": "3", "userName": ""}]});
        assert_eq!(
            outcome(move |_, _| nobody.clone()).await.0,
            "1 users; the server counts 3 and listed 2; the server listed entries without a login, 2 in all"
        );
        let words = outcome(|_, _| json!({"totalResults": 1, "Resources": [{"userName": "a"}]})).await.0;
        assert!(words.ends_with("the answer is not SCIM: `a` has no `id`"), "{words}");
        let words = outcome(|_, _| json!({"totalResults": 2, "Resources": [user(1), {"id": null}]})).await.0;
        assert!(words.ends_with("entry 2 of this page has no `id`"), "{words}");
        let words = outcome(|_, _| json!({"hello": "world"})).await.0;
        assert!(words.ends_with("it is no listing: `{\"hello\":\"world\"}`"), "{words}");
    }
}
