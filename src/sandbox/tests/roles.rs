//! Roles over SCIM: those of every account to read, the account's own to write.

use serde_json::{Value, json};

use super::server::{Answer, Server, folder, settings};
use crate::sandbox::Service;

const ROLE: &str = "urn:ietf:params:scim:schemas:core:2.0:Role";
const ACCOUNT_ROLE: &str = "urn:roster:params:scim:schemas:extension:account:2.0:Role";

fn role(display: &str, permissions: &[&str]) -> Value {
    json!({ "schemas": [ROLE, ACCOUNT_ROLE], "display": display, ACCOUNT_ROLE: { "permissions": permissions } })
}

fn displayed(answer: &Answer) -> Vec<&str> {
    let resources = answer.body["Resources"].as_array().expect("an array");
    resources.iter().map(|role| role["display"].as_str().or(role["userName"].as_str()).expect("a name")).collect()
}

#[tokio::test]
async fn a_role_is_made_given_changed_and_deleted_once_nobody_holds_it() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let made = server.post("/Roles", role("Lifecycle Marketer – EU", &["reports-view", "content-view"])).await;
    assert_eq!((made.status, made.text("/id")), (201, "lifecycle-marketer-eu".to_owned()), "{made:?}");
    assert_eq!(made.headers["location"], format!("{}/Roles/lifecycle-marketer-eu", server.base));
    assert_eq!((&made.body["value"], &made.body["type"]), (&json!("lifecycle-marketer-eu"), &json!("custom")));
    assert_eq!(made.body[ACCOUNT_ROLE], json!({ "permissions": ["content-view", "reports-view"] }));
    let user = json!({ "userName": "kay", "roles": [{ "value": "LIFECYCLE_MARKETER EU" }] });
    let user = format!("/Users/{}", server.post("/Users", user).await.text("/id"));
    assert_eq!(server.get(&user).await.text("/roles/0/value"), "lifecycle-marketer-eu");

    let path = "/Roles/lifecycle-marketer-eu";
    let operations = json!([
        { "op": "replace", "path": "display", "value": "Lifecycle" },
        { "op": "add", "path": format!("{ACCOUNT_ROLE}:description"), "value": "Flows for Europe" },
        { "op": "add", "path": format!("{ACCOUNT_ROLE}:permissions"), "value": ["flows-edit"] },
    ]);
    let patched = server.patch(path, operations).await;
    assert_eq!((patched.status, patched.text("/display")), (200, "Lifecycle".to_owned()), "{patched:?}");
    let permissions = ["content-view", "flows-edit", "reports-view"];
    assert_eq!(patched.body[ACCOUNT_ROLE], json!({ "description": "Flows for Europe", "permissions": permissions }));
    assert_eq!(patched.headers["etag"], "W/\"2\"");
    assert_eq!(server.get(path).await.body, patched.body);
    let replaced = server.put(path, role("Lifecycle", &["content-view"])).await;
    assert_eq!(replaced.body[ACCOUNT_ROLE], json!({ "permissions": ["content-view"] }));

    let held = server.delete(path).await;
    assert_eq!(held.error(), (409, None));
    assert_eq!(held.text("/detail"), "somebody still holds the role `Lifecycle`: give them another one first");
    server.delete(&user).await;
    assert_eq!(server.delete(path).await.status, 204);
    assert_eq!(server.get(path).await.error(), (404, None));
    assert_eq!(server.delete(path).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn a_role_that_cannot_be_is_refused_with_its_reason() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for (body, status, keyword) in [
        (role("content_CREATOR", &["content-view"]), 409, Some("uniqueness")),
        (role("Odd", &["everything"]), 400, Some("invalidValue")),
        (role("Odd", &[]), 400, Some("invalidValue")),
        (json!({ ACCOUNT_ROLE: { "permissions": ["content-view"] } }), 400, Some("invalidValue")),
        (json!({ "display": "Odd" }), 400, Some("invalidValue")),
    ] {
        assert_eq!(server.post("/Roles", body.clone()).await.error(), (status, keyword), "{body}");
    }
    server.post("/Roles", role("Marketing", &["content-view"])).await;
    for (path, keyword) in
        [(ACCOUNT_ROLE.to_owned(), "mutability"), (format!("{ACCOUNT_ROLE}:permissions"), "mutability")]
    {
        let refused = server.patch("/Roles/marketing", json!([{ "op": "remove", "path": path }])).await;
        assert_eq!(refused.error(), (400, Some(keyword)), "{path}");
    }
    let fixed = server.put("/Roles/admin", role("Admin 2", &["content-view"])).await;
    assert_eq!(fixed.error(), (400, Some("mutability")));
    assert_eq!(fixed.text("/detail"), "the role `Admin` is the same in every account and cannot be changed");
    assert_eq!(server.delete("/Roles/owner").await.error(), (400, Some("mutability")));
    assert_eq!(server.put("/Roles/boss", role("Boss", &["content-view"])).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn roles_are_found_sorted_and_paged_like_users() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.post("/Roles", role("Zebra Keeper", &["content-view"])).await;
    let all = server.get("/Roles").await;
    assert_eq!(displayed(&all)[0], "Owner");
    assert_eq!((&all.body["totalResults"], displayed(&all)[7]), (&json!(8), "Zebra Keeper"));
    let custom = server.get("/Roles?filter=type%20eq%20%22custom%22&attributes=display").await;
    let part = json!({ "schemas": [ROLE], "id": "zebra-keeper", "display": "Zebra Keeper" });
    assert_eq!(custom.body["Resources"], json!([part]));
    let sorted = server.get("/Roles?sortBy=display&sortOrder=descending&count=2").await;
    assert_eq!(displayed(&sorted), ["Zebra Keeper", "Support"]);
    let second = server.get("/Roles?startIndex=8&count=5").await;
    assert_eq!((displayed(&second), &second.body["startIndex"]), (vec!["Zebra Keeper"], &json!(8)));
    let cursor = server.get("/Roles?cursor&count=7").await.text("/nextCursor");
    let last = server.get(&format!("/Roles?count=7&cursor={cursor}")).await;
    assert_eq!((displayed(&last), last.body.get("nextCursor")), (vec!["Zebra Keeper"], None));
    assert_eq!(server.get("/Roles?filter=userName%20pr").await.error(), (400, Some("invalidFilter")));
    server.stop().await;
}

#[tokio::test]
async fn a_search_from_the_base_goes_through_roles_and_users() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("ada").await;
    let search = |body: Value| server.post("/.search", body);
    let all = search(json!({ "startIndex": 7, "count": 2 })).await;
    assert_eq!(
        (&all.body["totalResults"], displayed(&all)),
        (&json!(9), vec!["Content Creator", "owner@acme.example"])
    );
    let first = search(json!({ "cursor": "", "count": 8 })).await;
    let rest = search(json!({ "cursor": first.text("/nextCursor"), "count": 8 })).await;
    assert_eq!((displayed(&rest), rest.body.get("nextCursor")), (vec!["ada"], None));
    assert_eq!(displayed(&search(json!({ "filter": "userName sw \"a\"" })).await), ["ada"]);
    assert_eq!(displayed(&search(json!({ "filter": "display eq \"admin\"" })).await), ["Admin"]);
    assert_eq!(search(json!({ "filter": "shoeSize pr" })).await.error(), (400, Some("invalidFilter")));
    assert_eq!(search(json!({ "sortBy": "id" })).await.error(), (400, Some("invalidPath")));
    server.stop().await;
}

#[tokio::test]
async fn a_role_and_who_gets_it_go_in_one_bulk_request() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "u",
              "data": { "userName": "kay", "roles": [{ "value": "bulkId:r" }] } },
            { "method": "POST", "path": "/Roles", "bulkId": "r", "data": role("Marketing", &["content-view"]) },
        ],
    });
    let answer = server.post("/Bulk", body).await;
    let told = |answer: &Answer, position: usize| {
        let operation = &answer.body["Operations"][position];
        let text = |name: &str| operation[name].as_str().unwrap_or("-").to_owned();
        (text("status"), text("location"))
    };
    let location = format!("{}/Roles/marketing", server.base);
    assert_eq!(told(&answer, 1), ("201".to_owned(), location.clone()));
    let (status, user) = told(&answer, 0);
    assert_eq!(status, "201");
    assert_eq!(server.get(&user.replace(&server.base, "")).await.text("/roles/0/value"), "marketing");

    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "DELETE", "path": "/Roles/marketing" },
            { "method": "PATCH", "path": "/Roles/marketing",
              "data": { "Operations": [{ "op": "replace", "path": "display", "value": "Marketing EU" }] } },
            { "method": "POST", "path": "/Roles", "bulkId": "again", "data": role("marketing", &["content-view"]) },
            { "method": "PUT", "path": "/Groups/7", "data": {} },
        ],
    });
    let answer = server.post("/Bulk", body).await;
    assert_eq!(told(&answer, 0), ("409".to_owned(), location.clone()), "somebody holds it");
    assert_eq!(told(&answer, 1), ("200".to_owned(), location));
    assert_eq!(told(&answer, 2), ("409".to_owned(), "-".to_owned()));
    assert_eq!(told(&answer, 3), ("400".to_owned(), format!("{}/Groups/7", server.base)));
    server.stop().await;
}

#[tokio::test]
async fn a_service_of_the_core_alone_lists_roles_and_takes_none() {
    let folder = folder();
    let service = Service::open(settings(folder.path())).await.expect("it opens");
    let server = Server::serve(service.core_only()).await;
    assert_eq!(server.get("/Roles").await.body["totalResults"], 7);
    assert_eq!(server.post("/Roles", role("Marketing", &["content-view"])).await.error(), (405, None));
    assert_eq!(server.delete("/Roles/admin").await.error(), (405, None));
    let types = server.get("/ResourceTypes").await;
    assert_eq!((&types.body["totalResults"], types.text("/Resources/0/id")), (&json!(1), "User".to_owned()));
    server.stop().await;
}

#[tokio::test]
async fn a_role_is_meant_by_its_name_in_every_spelling() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let role = json!({ "display": "Lifecycle – EU", ACCOUNT_ROLE: { "permissions": ["content-view"] } });
    assert_eq!(server.post("/Roles", role).await.status, 201);
    for (name, role) in [("ada", "content-creator"), ("kay", "Lifecycle – EU")] {
        let user = json!({ "userName": name, "roles": [{ "value": role }] });
        assert_eq!(server.post("/Users", user).await.status, 201);
    }
    let found = async |filter: &str| server.post("/Users/.search", json!({ "filter": filter })).await;
    for (filter, name) in [
        ("roles.value eq \"Content Creator\"", "ada"),
        ("roles[value eq \"CONTENT_CREATOR\"]", "ada"),
        ("roles eq \"contentcreator\"", "ada"),
        ("roles.value eq \"lifecycle – eu\"", "kay"),
        ("userName ne \"kay\" and roles.value ne \"Owner\"", "ada"),
    ] {
        assert_eq!(found(filter).await.text("/Resources/0/userName"), name, "{filter}");
        assert_eq!(found(filter).await.body["totalResults"], 1, "{filter}");
    }
    let path = format!("/Users/{}", found("userName eq \"ada\"").await.text("/Resources/0/id"));
    let remove = json!([{ "op": "remove", "path": "roles[value eq \"Content Creator\"]" }]);
    let removed = server.patch(&path, remove).await;
    assert_eq!((removed.status, removed.body.get("roles")), (200, None));
    server.stop().await;
}

#[tokio::test]
async fn nobody_is_left_with_a_role_that_was_deleted_meanwhile() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("ada").await);
    for round in 0..30 {
        let made = server.post("/Roles", role(&format!("Brief {round}"), &["content-view"])).await;
        let slug = made.text("/id");
        let give = json!([{ "op": "replace", "path": "roles", "value": [{ "value": slug }] }]);
        let address = format!("/Roles/{slug}");
        let (given, deleted) = tokio::join!(server.patch(&path, give), server.delete(&address));
        let held = server.get(&path).await.text("/roles/0/value");
        match (given.status, deleted.status) {
            (200, 409) => assert_eq!(held, slug, "given first"),
            other => assert!(other == (400, 204) && held != slug, "{other:?}: {held}"),
        }
    }
    server.stop().await;
}
