//! Each fault, as a client meets it.

use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::json;
use tempfile::TempDir;

use super::server::{Answer, Server, account, folder, settings};
use crate::sandbox::faults::Faults;
use crate::sandbox::{Service, Settings};

async fn with_faults(rules: &str) -> (TempDir, Server) {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for name in ["ada", "grace", "linus"] {
        server.add(name).await;
    }
    server.stop().await;
    let service = Service::open(settings(folder.path())).await.expect("it opens");
    let server = Server::serve(service.faults(&Faults::parse(rules, 1).expect("rules"))).await;
    (folder, server)
}

async fn raw(server: &Server, method: Method, path: &str) -> reqwest::Result<Response> {
    server
        .client
        .request(method, format!("{}{path}", server.base))
        .header("Authorization", "Bearer pk_test")
        .send()
        .await
}

#[tokio::test]
async fn errors_come_when_they_were_asked_for() {
    let (_folder, server) =
        with_faults("status 503 nth 2 on GET /Users\nthrottle 2s first 1 on DELETE\nthrottle date 90s first 1 on PUT")
            .await;
    assert_eq!(server.get("/Users").await.status, 200);
    assert_eq!(server.get("/Users").await.error(), (503, None));
    assert_eq!(server.get("/Users").await.status, 200);
    let throttled = server.delete("/Users/x").await;
    assert_eq!((throttled.status, &throttled.headers["retry-after"]), (429, &"2".parse().expect("a value")));
    let throttled = server.put("/Users/x", json!({})).await;
    let date = throttled.headers["retry-after"].to_str().expect("text");
    assert!(httpdate::parse_http_date(date).is_ok(), "{date}");
    server.stop().await;
}

#[tokio::test]
async fn answers_come_late_or_in_drops() {
    let (_folder, server) = with_faults("latency 30ms..40ms on GET /Roles\ndrip 5ms on GET /Users").await;
    let begun = Instant::now();
    assert_eq!(server.get("/Roles").await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(30));
    let begun = Instant::now();
    assert_eq!(server.get("/Users").await.body["totalResults"], 4);
    assert!(begun.elapsed() >= Duration::from_millis(40));
    server.stop().await;
}

#[tokio::test]
async fn bodies_are_no_json() {
    let (_folder, server) = with_faults("html on GET /Roles\ntruncate on GET /Users").await;
    let page = raw(&server, Method::GET, "/Roles").await.expect("an answer");
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().expect("a value"))
    );
    let half = raw(&server, Method::GET, "/Users").await.expect("an answer").text().await.expect("a body");
    assert!(half.starts_with('{') && serde_json::from_str::<serde_json::Value>(&half).is_err(), "{half}");
    server.stop().await;
}

#[tokio::test]
async fn connections_are_cut_before_within_and_after() {
    let (_folder, server) =
        with_faults("cut before first 1 on DELETE\ncut within nth 1 on GET /Users\ncut after nth 2 on DELETE").await;
    let begun = raw(&server, Method::GET, "/Users").await.expect("the beginning of an answer");
    assert_eq!(begun.status().as_u16(), 200);
    begun.bytes().await.expect_err("the rest does not come");
    let id = server.get("/Users").await.text("/Resources/1/id");
    raw(&server, Method::DELETE, &format!("/Users/{id}")).await.expect_err("no answer");
    assert_eq!(server.get(&format!("/Users/{id}")).await.status, 200, "not carried out");
    raw(&server, Method::DELETE, &format!("/Users/{id}")).await.expect_err("no answer");
    assert_eq!(server.get(&format!("/Users/{id}")).await.status, 404, "carried out");
    server.stop().await;
    let (_folder, server) = with_faults("cut within on DELETE").await;
    let id = server.get("/Users").await.text("/Resources/1/id");
    raw(&server, Method::DELETE, &format!("/Users/{id}")).await.expect_err("half of an answer that has no body");
    assert_eq!(server.get(&format!("/Users/{id}")).await.status, 404, "carried out");
    server.stop().await;
}

#[tokio::test]
async fn listings_lie() {
    let (_folder, server) = with_faults(
        "total +3 nth 1 on GET /Users\ntotal -9 nth 2 on GET /Users\nrepeat-page nth 3 on GET /Users\n\
         lose-page nth 4 on GET /Users\nclamp 2 nth 5 on GET /Users",
    )
    .await;
    assert_eq!(server.get("/Users").await.body["totalResults"], 7);
    assert_eq!(server.get("/Users").await.body["totalResults"], 0);
    let repeated = server.get("/Users?startIndex=3&count=2").await;
    assert_eq!(
        (repeated.body["startIndex"].as_i64(), repeated.text("/Resources/0/userName")),
        (Some(3), "owner@acme.example".to_owned())
    );
    let lost = server.get("/Users?count=2").await;
    assert_eq!((lost.body["startIndex"].as_i64(), lost.text("/Resources/0/userName")), (Some(1), "grace".to_owned()));
    let clamped = server.get("/Users?count=4").await;
    assert_eq!((&clamped.body["itemsPerPage"], &clamped.body["totalResults"]), (&json!(2), &json!(4)));
    server.stop().await;
}

/// However a listing is cut into pages: by place, by cursor, or in the body of a search.
#[tokio::test]
async fn pages_are_wrong_in_every_way_of_paging() {
    let names = |answer: &Answer| -> Vec<String> {
        let users = answer.body["Resources"].as_array().expect("users");
        users.iter().map(|user| user["userName"].as_str().expect("a name").to_owned()).collect()
    };
    for (rule, wrong) in [("repeat-page every 2", "owner@acme.example"), ("lose-page every 2", "grace")] {
        let (_folder, server) = with_faults(rule).await;
        server.get("/Users?count=1").await;
        let by_place = server.get("/Users?count=1&startIndex=2").await;
        assert_eq!((names(&by_place), &by_place.body["startIndex"]), (vec![wrong.to_owned()], &json!(2)));
        let first = server.get("/Users?count=1&cursor").await;
        let by_cursor = server.get(&format!("/Users?count=1&cursor={}", first.text("/nextCursor"))).await;
        assert_eq!(names(&by_cursor), [wrong]);
        server.post("/Users/.search", json!({ "count": 1 })).await;
        let searched = server.post("/Users/.search", json!({ "count": 1, "startIndex": 2 })).await;
        assert_eq!((names(&searched), &searched.body["startIndex"]), (vec![wrong.to_owned()], &json!(2)));
        let third = server.get(&format!("/Users?count=1&cursor={}", by_cursor.text("/nextCursor"))).await;
        assert_eq!(names(&third), ["grace"], "the cursor goes on as if the page had been right");
        server.stop().await;
    }
    let (_folder, server) = with_faults("clamp 1").await;
    assert_eq!(names(&server.post("/Users/.search", json!({ "count": 3 })).await), ["owner@acme.example"]);
    let first = server.get("/Users?count=3&cursor").await;
    assert_eq!(names(&first), ["owner@acme.example"]);
    let next = first.text("/nextCursor");
    assert_eq!(names(&server.get(&format!("/Users?count=3&cursor={next}")).await), ["ada"]);
    server.stop().await;
}

#[tokio::test]
async fn a_write_is_swallowed() {
    let (folder, server) = with_faults("swallow").await;
    let outbox = || std::fs::read_dir(folder.path().join("outbox/acme")).expect("mails").count();
    let before = (server.get("/Users").await.body, outbox());
    assert_eq!(server.post("/Users", json!({ "userName": "new" })).await.status, 201);
    let path = format!("/Users/{}", before.0["Resources"][1]["id"].as_str().expect("an id"));
    let patched = server.patch(&path, json!([{ "op": "replace", "path": "active", "value": false }])).await;
    assert_eq!((patched.status, &patched.body["active"]), (200, &json!(false)));
    assert_eq!(server.delete(&path).await.status, 204);
    assert_eq!((server.get("/Users").await.body, outbox()), before);
    server.stop().await;
}

#[tokio::test]
async fn what_is_beside_scim_fails_too() {
    let (folder, server) = with_faults("swallow first 1 on POST /users\nstatus 503 on DELETE /users").await;
    let outbox = || std::fs::read_dir(folder.path().join("outbox/acme")).expect("mails").count();
    let before = outbox();
    let id = server.get("/Users").await.text("/Resources/1/id");
    let invitation = format!("/users/{id}/invitation");
    assert_eq!(server.beside(Method::POST, &invitation).await.status, 200);
    assert_eq!(outbox(), before, "swallowed");
    assert_eq!(server.beside(Method::POST, &invitation).await.status, 200);
    assert_eq!(outbox(), before + 1);
    assert_eq!(server.beside(Method::DELETE, &invitation).await.error(), (503, None));
    assert_eq!(server.get(&format!("/Users/{id}")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_read_only_service_takes_nothing_but_get() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let id = server.add("ada").await;
    server.stop().await;
    let server = Server::serve(Service::open(settings(folder.path())).await.expect("opens").read_only()).await;
    let before = server.get("/Users").await;
    assert_eq!(before.status, 200);
    let (invitation, answer) = (format!("/users/{id}/invitation"), "/invitations/x/accept".to_owned());
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        assert_eq!(server.send(method.clone(), "/Users", None).await.error(), (403, None));
        assert_eq!(server.beside(method.clone(), &invitation).await.error(), (403, None));
        assert_eq!(server.beside(method, &answer).await.error(), (403, None));
    }
    assert_eq!(server.get("/Users").await.body, before.body);
    assert_eq!(std::fs::read_dir(folder.path().join("outbox/acme")).expect("mails").count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn faults_are_asked_for_while_it_runs_where_that_is_allowed() {
    let folder = folder();
    let both = Settings { accounts: vec![account("acme"), account("beta")], ..settings(folder.path()) };
    let server = Server::serve(Service::open(both).await.expect("opens").fault_control()).await;
    let control = server.base.replace("/scim/v2", "/faults");
    let put = |body: serde_json::Value| {
        let request = server.client.put(&control).header("Authorization", "Bearer pk_test");
        super::server::read(request.body(body.to_string()))
    };
    assert_eq!(put(json!({ "rules": ["explode"] })).await.error(), (400, Some("invalidValue")));
    assert_eq!(put(json!({ "seed": 3, "rules": ["status 500"] })).await.status, 204);
    for none in
        [json!({ "rule": [] }), json!({ "rules": "x" }), json!({ "rules": [5] }), json!({ "seed": "x", "rules": [] })]
    {
        assert_eq!(put(none).await.error(), (400, Some("invalidValue")));
    }
    assert_eq!(server.get("/Users").await.status, 500);
    let other =
        server.client.get(server.base.replace("acme", "beta") + "/Users").header("Authorization", "Bearer pk_test");
    assert_eq!(super::server::read(other).await.status, 200, "another account's faults are its own");
    assert_eq!(super::server::read(server.client.delete(&control)).await.error(), (401, None));
    let end = server.client.delete(&control).header("Authorization", "Bearer pk_test");
    assert_eq!(super::server::read(end).await.status, 204);
    assert_eq!(server.get("/Users").await.status, 200);
    server.stop().await;
    let server = Server::start(folder.path()).await;
    let control = server.base.replace("/scim/v2", "/faults");
    let request = server.client.put(&control).header("Authorization", "Bearer pk_test").body("{}");
    assert_eq!(super::server::read(request).await.error(), (404, None));
    server.stop().await;
}
