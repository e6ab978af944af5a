//! Listings of all kinds, read over HTTP.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::model::dialect::Dialect;
use crate::model::dialect::reading::End;
use crate::provider::scim::scripted::{Reply, Seen, Server, page as good_page, user};

fn users(count: usize) -> Vec<Value> {
    (1..=count).map(user).collect()
}

fn pages(by: PagesBy, end: End) -> Dialect {
    let pages = Pages { by, size: NonZeroU32::new(100), end };
    Dialect { paging: Paging::Pages(pages), ..Dialect::rfc() }
}

/// Reads a server's listing in pages of 100; the outcome in words.
async fn outcome(script: impl Fn(&Seen, usize) -> Value + Send + Sync + 'static) -> (String, Vec<String>) {
    outcome_of(pages(PagesBy::Index, End::Proven), move |seen, nth| Reply::json(200, &script(seen, nth))).await
}

async fn outcome_of(
    dialect: Dialect,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (String, Vec<String>) {
    outcome_for(&["u1@acme.example", "u9@acme.example"].map(String::from), dialect, script).await
}

/// The same, where the file lists these people.
async fn outcome_for(
    listed: &[String],
    dialect: Dialect,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (String, Vec<String>) {
    let server = Server::start(script).await;
    let connection = server.connect(dialect);
    let logins = listed.iter().filter_map(|login| Email::observed(login)).collect();
    let http = Asking::over(&connection, &CancellationToken::new());
    let words = match read(&http, &connection.learned, &logins).await {
        Ok(snapshot) => {
            let doubts: Vec<_> = snapshot.doubts().iter().map(ToString::to_string).collect();
            format!("{} users; {}", snapshot.users().len(), doubts.join("; "))
        }
        Err(error) => error.to_string().split_once(": ").map_or(String::new(), |(_, words)| words.to_owned()),
    };
    let queries = server.lines().into_iter().map(|line| line.split_once('?').map_or("", |(_, query)| query).to_owned());
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
async fn pages_that_the_file_calls_for_are_asked_for_with_the_first() {
    let listed: Vec<String> = (1..=250).map(|nth| format!("u{nth}@acme.example")).collect();
    let by_index = || pages(PagesBy::Index, End::Proven);
    for (there, most, refuses, expected) in [
        (250, 100, false, &[1, 101, 201, 251][..]),
        // The file is ahead of the account: what was asked for in vain says nothing, whatever comes.
        (3, 100, false, &[1, 4, 101, 201]),
        (3, 100, true, &[1, 4, 101, 201]),
        // A server that sends fewer than it is asked for.
        (250, 60, false, &[1, 61, 101, 121, 181, 201, 241, 251]),
    ] {
        let all = users(there);
        let script = move |seen: &Seen, _: usize| match seen.number("startIndex") {
            Some(start) if refuses && start > all.len() => Reply::text(400, ""),
            _ => Reply::json(200, &good_page(&all, seen, most)),
        };
        let (words, queries) = outcome_for(&listed, by_index(), script).await;
        assert_eq!(words, format!("{there} users; "));
        let mut starts: Vec<usize> =
            queries.iter().filter_map(|query| query.split(['=', '&']).nth(1)?.parse().ok()).collect();
        starts.sort_unstable();
        // What the file calls for in vain is left out where the answer to the first page comes before its turn.
        let in_vain = |start: &usize| matches!(start, 101 | 201) && (*start > there || most < 100);
        let asked = |start: &usize| !in_vain(start) || starts.contains(start);
        let expected: Vec<usize> = expected.iter().copied().filter(asked).collect();
        assert_eq!(starts, expected);
    }
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
    for (refusal, expected) in [(400, "3 users; "), (404, "3 users; "), (501, "the server failed (HTTP 501)")] {
        let all = users(3);
        let refusing = move |seen: &Seen, nth: usize| match nth {
            0 => Reply::json(200, &good_page(&all, seen, 100)),
            _ => Reply::text(refusal, ""),
        };
        assert_eq!(outcome_of(pages(PagesBy::Index, End::Proven), refusing).await.0, expected);
    }
}

/// A server whose pages hold 100 users and that knows cursors, with an index beside them or without.
fn by_cursor(all: Vec<Value>, index: bool) -> impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static {
    move |seen, _| {
        let begin = seen.number("cursor").or(seen.number("startIndex").map(|start| start - 1)).unwrap_or(0);
        let entries: Vec<_> = all.iter().skip(begin).take(100).collect();
        let mut page = json!({"totalResults": all.len(), "Resources": entries});
        if begin + 100 < all.len() {
            page["nextCursor"] = json!((begin + 100).to_string());
        }
        if index {
            page["startIndex"] = json!(begin + 1);
        }
        Reply::json(200, &page)
    }
}

#[tokio::test]
async fn pages_are_followed_by_cursor_where_that_is_how_they_are_named() {
    let all = users(250);
    let (words, queries) = outcome_of(pages(PagesBy::Auto, End::Proven), by_cursor(all.clone(), false)).await;
    assert_eq!(
        (words.as_str(), queries.join(" ").as_str()),
        ("250 users; ", "count=100 cursor=100&count=100 cursor=200&count=100")
    );
    let (words, queries) = outcome_of(pages(PagesBy::Cursor, End::Proven), by_cursor(all.clone(), true)).await;
    assert_eq!((words.as_str(), queries[0].as_str()), ("250 users; ", "cursor=&count=100"));
    // Where both are known, an index lets pages be read side by side.
    let (words, queries) = outcome_of(pages(PagesBy::Auto, End::Proven), by_cursor(all, true)).await;
    assert_eq!((words.as_str(), queries[0].as_str(), queries.len()), ("250 users; ", "count=100", 4));
    assert!(queries[1..].iter().all(|query| query.starts_with("startIndex=")), "{queries:?}");
}

#[tokio::test]
async fn a_cursor_that_goes_round_in_a_circle_ends() {
    let circle = |seen: &Seen, _: usize| {
        let next = if seen.number("cursor") == Some(1) { "2" } else { "1" };
        let users = [user(seen.number("cursor").unwrap_or(0))];
        Reply::json(200, &json!({"totalResults": 9, "Resources": users, "nextCursor": next}))
    };
    let (words, queries) = outcome_of(pages(PagesBy::Cursor, End::Proven), circle).await;
    assert_eq!((words.as_str(), queries.len()), ("3 users; the server counts 9 and listed 3", 3));
    let endless = |seen: &Seen, nth: usize| {
        let total = if seen.number("cursor").is_none() { json!(2) } else { Value::Null };
        Reply::json(200, &json!({"totalResults": total, "Resources": [user(nth)], "nextCursor": nth.to_string()}))
    };
    let (words, _) = outcome_of(pages(PagesBy::Cursor, End::Proven), endless).await;
    assert!(words.ends_with("it goes on for more pages than any account has"), "{words}");
}

#[tokio::test]
async fn a_page_without_anybody_is_no_end_while_a_cursor_goes_on() {
    let sparse = |total: Value| {
        move |seen: &Seen, _: usize| {
            let at = seen.number("cursor").unwrap_or(0);
            let entries = [vec![user(1), user(2)], vec![], vec![Value::Null], vec![user(3)]];
            let mut page = json!({"totalResults": total, "Resources": entries[at]});
            if at + 1 < entries.len() {
                page["nextCursor"] = json!((at + 1).to_string());
            }
            Reply::json(200, &page)
        }
    };
    let (words, queries) = outcome_of(pages(PagesBy::Cursor, End::Proven), sparse(Value::Null)).await;
    assert_eq!((words.as_str(), queries.len()), ("3 users; the server listed entries without a login, 1 in all", 4));
    // A total that was reached is an end too.
    let (words, queries) = outcome_of(pages(PagesBy::Cursor, End::Proven), sparse(json!(2))).await;
    assert_eq!((words.as_str(), queries.len()), ("2 users; ", 2));
}

#[tokio::test]
async fn a_cursor_that_leads_to_nobody_for_ever_proves_nothing() {
    let nobody = |_: &Seen, nth: usize| {
        let entries = if nth == 0 { vec![user(1)] } else { vec![] };
        Reply::json(200, &json!({"Resources": entries, "nextCursor": nth.to_string()}))
    };
    let (words, queries) = outcome_of(pages(PagesBy::Auto, End::Proven), nobody).await;
    assert_eq!((words.as_str(), queries.len()), ("1 users; the server does not say how many users it has", 101));
}

#[tokio::test]
async fn a_server_that_names_both_and_refuses_the_index_is_followed_by_cursor() {
    for refusal in [400, 404, 501] {
        let all = users(250);
        let good = by_cursor(all, true);
        let script = move |seen: &Seen, nth: usize| match seen.number("startIndex") {
            Some(_) => Reply::text(refusal, "no pages by index"),
            None => good(seen, nth),
        };
        let (words, _) = outcome_of(pages(PagesBy::Auto, End::Proven), script).await;
        assert_eq!(words, "250 users; ");
    }
}

#[tokio::test]
async fn the_end_may_be_where_the_total_says() {
    let all = users(250);
    let (words, queries) =
        outcome_of(pages(PagesBy::Index, End::Total), move |seen, _| Reply::json(200, &good_page(&all, seen, 100)))
            .await;
    assert_eq!((words.as_str(), queries.len()), ("250 users; ", 3));
    let all = users(3);
    let single = Dialect { paging: Paging::Single, ..Dialect::rfc() };
    let (words, queries) = outcome_of(single, move |_, _| Reply::json(200, &json!({"Resources": all}))).await;
    assert_eq!(
        (words.as_str(), queries),
        ("3 users; the server does not say how many users it has", vec![String::new()])
    );
    let lazy = Pages { by: PagesBy::Auto, size: None, end: End::Proven };
    let lazy = Dialect { paging: Paging::Pages(lazy), ..Dialect::rfc() };
    let all = users(3);
    let (_, queries) = outcome_of(lazy, move |seen, _| Reply::json(200, &good_page(&all, seen, 2))).await;
    assert_eq!(queries, ["", "startIndex=3", "startIndex=4"]);
}

#[tokio::test]
async fn a_listing_that_is_said_to_be_partial_proves_nothing() {
    let all = users(2);
    let partial = Dialect { listing: Listing::Partial, ..Dialect::rfc() };
    let (words, _) = outcome_of(partial, move |seen, _| Reply::json(200, &good_page(&all, seen, 100))).await;
    assert_eq!(words, "2 users; by its dialect this server's listing may leave people out");
}

#[tokio::test]
async fn without_a_listing_the_people_of_the_file_are_looked_up() {
    let absent = Dialect { listing: Listing::Absent, ..Dialect::rfc() };
    let ignoring = |_: &Seen, _: usize| Reply::json(200, &json!({"Resources": [user(1), user(2)]}));
    let (words, queries) = outcome_of(absent, ignoring).await;
    assert_eq!(words, "1 users; this server has no listing, so only listed people were looked up");
    assert_eq!(queries.len(), 2);
}

#[tokio::test]
async fn a_listing_without_end_is_given_up() {
    // The page is full of people nobody has seen, whatever is asked for.
    let endless = |_: &Seen, nth: usize| json!({"totalResults": 4, "Resources": [user(2 * nth), user(2 * nth + 1)]});
    let (words, queries) = outcome(endless).await;
    assert!(words.ends_with("the answer cannot be used: it goes on for more pages than any account has"), "{words}");
    // The first page, those the total calls for, the spare ones, and the one that is too many.
    assert_eq!(queries.len(), 1 + 2 + 1_000 + 1);
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
