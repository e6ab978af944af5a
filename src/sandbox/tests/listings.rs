//! Listings: filters, orders, cursors, parts of users; by GET and by POST.

use serde_json::{Value, json};

use super::server::{Server, folder};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn with_people() -> (tempfile::TempDir, Server) {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for (name, given, language, role, active) in [
        ("zoë@acme.example", Some("Zoë"), None, "admin", None),
        ("Ada@acme.example", Some("Ada"), Some("fr"), "analyst", Some(true)),
        ("max@other.example", None, Some("en-US"), "support", Some(false)),
    ] {
        let mut user = json!({ "userName": name, "roles": [{ "value": role, "primary": true }] });
        for (key, value) in [
            ("name", given.map(|given| json!({ "givenName": given }))),
            ("preferredLanguage", language.map(|language| json!(language))),
            ("active", active.map(|active| json!(active))),
        ] {
            if let Some(value) = value {
                user[key] = value;
            }
        }
        assert_eq!(server.post("/Users", user).await.status, 201);
    }
    (folder, server)
}

#[tokio::test]
async fn filters_find_users_whoever_carries_them_out() {
    let (_folder, server) = with_people().await;
    let account = "urn:roster:params:scim:schemas:extension:account:2.0:User";
    for (filter, expected) in [
        (
            r#"userName ew "@ACME.example" and roles.value ne "owner""#.to_owned(),
            vec!["zoë@acme.example", "Ada@acme.example"],
        ),
        (r#"name.givenName eq "ZOË""#.to_owned(), vec!["zoë@acme.example"]),
        (
            r#"name.givenName sw "a" or preferredLanguage eq "EN-us""#.to_owned(),
            vec!["Ada@acme.example", "max@other.example"],
        ),
        (
            r#"not (active eq true) and not(roles[value eq "owner"])"#.to_owned(),
            vec!["zoë@acme.example", "max@other.example"],
        ),
        (format!(r#"{account}:status eq "deactivated""#), vec!["max@other.example"]),
        (
            format!(r#"{account}:status eq "invited" and {account}:invitedAt gt "2020-01-01T00:00:00Z""#),
            vec!["zoë@acme.example", "Ada@acme.example"],
        ),
        (format!("not ({account}:invitedAt pr)"), vec!["owner@acme.example", "max@other.example"]),
        (r#"roles eq "Analyst""#.to_owned(), vec!["Ada@acme.example"]),
    ] {
        assert_eq!(server.names(&format!("filter={}", encoded(&filter))).await, expected, "{filter}");
        let searched = server.post("/.search", json!({ "filter": filter, "attributes": ["userName"] })).await;
        assert_eq!(searched.body["totalResults"], expected.len(), "{filter}");
        let second = server.names(&format!("startIndex=2&filter={}", encoded(&filter))).await;
        assert_eq!(second, expected.get(1..).unwrap_or_default(), "{filter}");
    }
    server.stop().await;
}

#[tokio::test]
async fn users_are_sorted_and_who_lacks_the_attribute_comes_last() {
    let (_folder, server) = with_people().await;
    assert_eq!(
        server.names("sortBy=userName").await,
        ["Ada@acme.example", "max@other.example", "owner@acme.example", "zoë@acme.example"]
    );
    assert_eq!(server.names("sortBy=name.givenName&count=2").await, ["Ada@acme.example", "zoë@acme.example"]);
    assert_eq!(server.names("sortBy=meta.created&sortOrder=descending&count=1").await, ["max@other.example"]);
    assert_eq!(server.get("/Users?sortBy=shoeSize").await.error(), (400, Some("invalidPath")));
    assert_eq!(server.get("/Users?sortBy=userName&sortOrder=up").await.error(), (400, Some("invalidValue")));
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_neither_misses_nor_repeats_anybody_while_others_come_and_go() {
    let (_folder, server) = with_people().await;
    let first = server.get("/Users?cursor&count=2").await;
    assert_eq!(first.body["totalResults"], 4);
    assert_eq!(first.body.get("startIndex"), None);
    let gone = first.text("/Resources/1/id");
    assert_eq!(server.delete(&format!("/Users/{gone}")).await.status, 204);
    let second = server.get(&format!("/Users?count=2&cursor={}", first.text("/nextCursor"))).await;
    assert_eq!(second.text("/Resources/0/userName"), "Ada@acme.example");
    assert_eq!(second.text("/Resources/1/userName"), "max@other.example");
    assert_eq!(second.body.get("nextCursor"), None);
    for query in ["cursor=nonsense".to_owned(), format!("cursor={}&sortBy=userName", first.text("/nextCursor"))] {
        assert_eq!(server.get(&format!("/Users?{query}")).await.error(), (400, Some("invalidCursor")));
    }
    let sorted = server.get("/Users?cursor=&sortBy=userName&count=1").await;
    let next = server.get(&format!("/Users?sortBy=userName&count=1&cursor={}", sorted.text("/nextCursor"))).await;
    assert_eq!(next.text("/Resources/0/userName"), "max@other.example");
    server.stop().await;
}

#[tokio::test]
async fn each_page_is_the_one_of_its_place_whoever_came_and_went_before() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let add = |number| {
        let data = json!({ "userName": format!("u{number}") });
        json!({ "method": "POST", "path": "/Users", "bulkId": format!("{number}"), "data": data })
    };
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    let operations: Vec<Value> = (0..300).map(add).collect();
    let added = server.post("/Bulk", json!({ "schemas": schemas, "Operations": operations })).await;
    let ids: Vec<String> = (0..300).map(|nth| added.text(&format!("/Operations/{nth}/location"))).collect();
    let ids: Vec<&str> = ids.iter().filter_map(|location| location.rsplit('/').next()).collect();
    // From the end and from the beginning, with pages of several sizes, after each change.
    for (removed, comes) in
        [(None, None), (Some(250), None), (None, Some("new")), (Some(3), Some("newer")), (Some(299), None)]
    {
        if let Some(removed) = removed {
            assert_eq!(server.delete(&format!("/Users/{}", ids[removed])).await.status, 204);
        }
        if let Some(comes) = comes {
            server.add(comes).await;
        }
        let all = server.names("count=1000").await;
        for size in [70, 100, 7] {
            let places = (0..all.len() + 1).step_by(size);
            for place in places.clone().rev().chain(places) {
                let page = server.names(&format!("startIndex={}&count={size}", place + 1)).await;
                assert_eq!(page, all[place..all.len().min(place + size)], "{size} from {place}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn an_answer_holds_the_part_that_was_asked_for() {
    let (_folder, server) = with_people().await;
    let listing = server.get("/Users?attributes=userName,name.givenName&startIndex=2&count=1").await;
    let id = listing.text("/Resources/0/id");
    let part = json!({
        "schemas": listing.body["Resources"][0]["schemas"],
        "id": id,
        "userName": "zoë@acme.example",
        "name": { "givenName": "Zoë" },
    });
    assert_eq!(listing.body["Resources"], json!([part]));
    let read = server
        .get(&format!(
            "/Users/{id}?excludedAttributes=meta,roles,id,urn:roster:params:scim:schemas:extension:account:2.0:User"
        ))
        .await;
    assert_eq!(read.body, part);
    let both = server.get(&format!("/Users/{id}?attributes=userName&excludedAttributes=name")).await;
    assert_eq!(both.error(), (400, Some("invalidValue")));
    server.stop().await;
}

#[tokio::test]
async fn a_filter_is_as_long_and_as_deep_as_the_grammar_lets_it_be() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("ada").await;
    let names: Vec<String> = (0..1023).map(|n| format!("userName eq \"ada{n}\"")).collect();
    let long = format!("{} or userName eq \"ada\"", names.join(" or "));
    let deep = format!("{}userName eq \"ada\"{}", "not (".repeat(62), ")".repeat(62));
    for filter in [long, deep] {
        let found = server.post("/Users/.search", json!({ "filter": filter })).await;
        assert_eq!((found.status, &found.body["totalResults"]), (200, &json!(1)), "{}", found.body);
    }
    server.stop().await;
}
