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
        let dialect = Dialect { page_size: 100, ..Dialect::rfc() };
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
        assert_eq!((queries.len(), queries[9].as_str()), (10, "startIndex=901&count=100"));
    }

    #[tokio::test]
    async fn an_empty_account_is_whole() {
        assert_eq!(outcome(|_, _| json!({"totalResults": 0})).await.0, "0 users; ");
    }

    #[tokio::test]
    async fn a_server_may_send_fewer_than_asked_for() {
        let all = users(10);
        let (words, queries) = outcome(move |seen, _| good_page(&all, seen, 3)).await;
        assert_eq!((words.as_str(), queries.len()), ("10 users; ", 4));
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
            page["totalResults"] = json!(9_000_000_000_u64);
            page
        };
        let (words, queries) = outcome(repeats).await;
        assert_eq!(words, "4 users; the server counts 9000000000 and listed 4");
        assert!(queries.len() < 12, "{queries:?}");
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
        assert!(words.ends_with("the answer is not SCIM: a user in it has no `id`"), "{words}");
        let words = outcome(|_, _| json!({"hello": "world"})).await.0;
        assert!(words.ends_with("it is no listing: `{\"hello\":\"world\"}`"), "{words}");
    }
}
