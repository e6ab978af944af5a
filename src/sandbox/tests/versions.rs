//! ETags and bulk requests.

use reqwest::Method;
use serde_json::{Value, json};

use super::server::{Answer, Server, folder, read};

async fn conditional(server: &Server, method: Method, path: &str, header: (&str, &str), body: Option<Value>) -> Answer {
    let request = server
        .client
        .request(method, format!("{}{path}", server.base))
        .header("Authorization", "Bearer pk_test")
        .header(header.0, header.1);
    read(match body {
        Some(body) => request.header("Content-Type", "application/json").body(body.to_string()),
        None => request,
    })
    .await
}

#[tokio::test]
async fn a_change_of_what_changed_meanwhile_is_refused() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("ada").await);
    let first = server.get(&path).await;
    assert_eq!(first.headers["etag"], "W/\"1\"");
    assert_eq!(first.text("/meta/version"), "W/\"1\"");
    let known = conditional(&server, Method::GET, &path, ("If-None-Match", "W/\"1\""), None).await;
    assert_eq!((known.status, &known.headers["etag"], known.body), (304, &first.headers["etag"], Value::Null));

    let rename = || Some(json!({ "userName": "ada", "displayName": "Ada" }));
    let changed = conditional(&server, Method::PUT, &path, ("If-Match", "W/\"1\""), rename()).await;
    assert_eq!((changed.status, changed.text("/meta/version")), (200, "W/\"2\"".to_owned()));
    let same = conditional(&server, Method::PUT, &path, ("If-Match", "W/\"2\""), rename()).await;
    assert_eq!(same.text("/meta/version"), "W/\"2\"");
    for method in [Method::PUT, Method::DELETE] {
        let body = if method == Method::PUT { rename() } else { None };
        assert_eq!(conditional(&server, method, &path, ("If-Match", "W/\"1\""), body).await.error(), (412, None));
    }
    assert_eq!(conditional(&server, Method::DELETE, &path, ("If-Match", "W/\"2\""), None).await.status, 204);
    server.stop().await;
}

fn bulk(fail_on_errors: Value, operations: Value) -> Value {
    let mut body =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations });
    if !fail_on_errors.is_null() {
        body["failOnErrors"] = fail_on_errors;
    }
    body
}

#[tokio::test]
async fn many_changes_go_in_one_request_and_refer_to_each_other() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let operations = json!([
        { "method": "PATCH", "path": "/Users/bulkId:new",
          "data": { "Operations": [{ "op": "add", "path": "displayName", "value": "Ada" }] } },
        { "method": "POST", "path": "/Users", "bulkId": "new", "data": { "userName": "ada" } },
        { "method": "POST", "path": "/Users", "bulkId": "again", "data": { "userName": "ADA" } },
        { "method": "DELETE", "path": "/Users/bulkId:nobody" },
    ]);
    let answer = server.post("/Bulk", bulk(Value::Null, operations)).await;
    assert_eq!(answer.status, 200);
    let statuses: Vec<&Value> =
        answer.body["Operations"].as_array().expect("answers").iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, ["200", "201", "409", "400"]);
    assert_eq!(answer.text("/Operations/1/bulkId"), "new");
    assert_eq!(answer.text("/Operations/2/response/scimType"), "uniqueness");
    let path = answer.text("/Operations/1/location").replace(&server.base, "");
    assert_eq!(server.get(&path).await.text("/displayName"), "Ada");
    server.stop().await;
}

#[tokio::test]
async fn a_bulk_request_ends_after_as_many_errors_as_it_says() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let operations = json!([
        { "method": "DELETE", "path": "/Users/nobody" },
        { "method": "POST", "path": "/Users", "bulkId": "a", "data": { "userName": "ada" } },
    ]);
    let answer = server.post("/Bulk", bulk(json!(1), operations.clone())).await;
    assert_eq!(answer.body["Operations"].as_array().map(Vec::len), Some(1));
    assert_eq!(server.names("").await, ["owner@acme.example"]);
    assert_eq!(server.post("/Bulk", json!({ "Operations": operations })).await.error(), (400, Some("invalidSyntax")));
    let lost = |name: &str| json!({ "method": "DELETE", "path": format!("/Users/bulkId:{name}") });
    let answer = server.post("/Bulk", bulk(json!(1), json!([lost("a"), lost("b")]))).await;
    assert_eq!(answer.body["Operations"].as_array().map(Vec::len), Some(1));
    let post = |name: &str| json!({ "method": "POST", "path": "/Users", "bulkId": "a", "data": { "userName": name } });
    let twice = server.post("/Bulk", bulk(Value::Null, json!([post("ada"), post("kay")]))).await;
    assert_eq!(twice.error(), (400, Some("invalidValue")));
    let many: Vec<Value> = (0..1001).map(|_| json!({ "method": "DELETE", "path": "/Users/nobody" })).collect();
    assert_eq!(server.post("/Bulk", bulk(Value::Null, json!(many))).await.error(), (413, None));
    server.stop().await;
}

#[tokio::test]
async fn a_role_that_is_made_again_is_not_taken_for_what_it_was() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let role = || json!({ "display": "Brief", "urn:roster:params:scim:schemas:extension:account:2.0:Role": { "permissions": ["content-view"] } });
    let first = server.post("/Roles", role()).await.headers["etag"].clone();
    assert_eq!(server.delete("/Roles/brief").await.status, 204);
    assert_eq!(server.post("/Roles", role()).await.status, 201);
    let tag = first.to_str().expect("text");
    assert_eq!(conditional(&server, Method::GET, "/Roles/brief", ("If-None-Match", tag), None).await.status, 200);
    let stale = conditional(&server, Method::DELETE, "/Roles/brief", ("If-Match", tag), None).await;
    assert_eq!(stale.error(), (412, None));
    server.stop().await;
}
