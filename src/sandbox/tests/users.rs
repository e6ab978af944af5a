//! Users: created, read, listed, changed and deleted.

use serde_json::json;

use super::server::{ACCOUNT_USER, Server, folder};

#[tokio::test]
async fn a_user_is_created_read_and_deleted() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let created = server
        .post(
            "/Users",
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "USERNAME": "Kay@agency.example",
                "name": { "givenName": "Kay", "familyName": "McNulty" },
                "preferredLanguage": "fr",
                "emails": [{ "value": "not stored here" }],
                "roles": [{ "value": "Campaign Coordinator", "primary": true }],
            }),
        )
        .await;
    assert_eq!(created.status, 201);
    let (id, location) = (created.text("/id"), created.text("/meta/location"));
    assert_eq!(created.headers["location"], location);
    assert_eq!(location, format!("{}/Users/{id}", server.base));
    assert_eq!(created.body["userName"], "Kay@agency.example");
    assert_eq!(created.body["roles"], json!([{ "value": "campaign-coordinator", "primary": true }]));
    assert_eq!(created.body.get("emails"), None);
    assert_eq!(created.body["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User"]));
    assert_eq!(server.facts(&format!("/Users/{id}")).await["status"], "invited");

    let read = server.get(&format!("/Users/{id}")).await;
    assert_eq!((read.status, &read.body), (200, &created.body));
    assert_eq!(read.headers["content-type"], "application/scim+json");

    assert_eq!(server.delete(&format!("/Users/{id}")).await.status, 204);
    assert_eq!(server.delete(&format!("/Users/{id}")).await.error(), (404, None));
    assert_eq!(server.get(&format!("/Users/{id}")).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn a_listing_is_read_page_by_page_in_the_order_of_creation() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for name in ["zoe", "ada", "max"] {
        server.add(name).await;
    }
    assert_eq!(server.names("").await, ["owner@acme.example", "zoe", "ada", "max"]);
    assert_eq!(server.names("startIndex=2&count=2").await, ["zoe", "ada"]);
    assert_eq!(server.names("startIndex=-3&count=1").await, ["owner@acme.example"]);
    let past = server.get("/Users?startIndex=9&count=2").await;
    assert_eq!((&past.body["totalResults"], &past.body["itemsPerPage"]), (&json!(4), &json!(0)));
    let none = server.get("/Users?count=0").await;
    assert_eq!((&none.body["totalResults"], &none.body["Resources"]), (&json!(4), &json!([])));
    assert_eq!(server.get("/Users?count=many").await.error(), (400, Some("invalidValue")));
    server.stop().await;
}

#[tokio::test]
async fn a_user_is_found_by_name_whatever_its_case() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("Élodie@acme.example").await;
    let filter = "filter=USERNAME%20eq%20%22%C3%A9LODIE@ACME.example%22";
    assert_eq!(server.names(filter).await, ["Élodie@acme.example"]);
    assert_eq!(server.names("filter=userName%20eq%20%22nobody%22").await, Vec::<String>::new());
    for bad in ["userName", "userName%20eq", "emails%20eq%20%22a%22", "userName%20eq%20true"] {
        assert_eq!(server.get(&format!("/Users?filter={bad}")).await.error(), (400, Some("invalidFilter")), "{bad}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_reason_is_kept_and_shown_in_the_extension() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let user = json!({ "userName": "kay", ACCOUNT_USER: { "reason": "Q4 campaign, OPS-123", "status": "active" } });
    let created = server.post("/Users", user).await;
    assert_eq!(created.body["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User", ACCOUNT_USER]));
    assert_eq!(created.body[ACCOUNT_USER], json!({ "reason": "Q4 campaign, OPS-123" }));
    let path = format!("/Users/{}", created.text("/id"));
    assert_eq!(server.facts(&path).await["status"], "invited", "what is read-only was passed over");
    let filter = format!("filter={ACCOUNT_USER}:reason%20co%20%22ops-123%22");
    assert_eq!(server.names(&filter).await, ["kay"]);
    let path_of = |name: &str| format!("{ACCOUNT_USER}:{name}");
    let refused = server.patch(&path, json!([{ "op": "add", "path": path_of("status"), "value": "active" }])).await;
    assert_eq!(refused.error(), (400, Some("mutability")));
    let removed = server.patch(&path, json!([{ "op": "remove", "path": path_of("reason") }])).await;
    assert_eq!((removed.status, removed.body.get(ACCOUNT_USER)), (200, None));
    server.stop().await;
}

#[tokio::test]
async fn a_listing_names_what_it_wants_to_see_of_everybody() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("kay").await;
    let asked = format!("/Users?attributes=urn:ietf:params:scim:schemas:core:2.0:User,{ACCOUNT_USER}");
    let listing = server.get(&asked).await;
    let kay = &listing.body["Resources"][1];
    assert_eq!((&kay["userName"], &kay["meta"]["resourceType"]), (&json!("kay"), &json!("User")));
    assert_eq!(kay[ACCOUNT_USER]["status"], "invited");
    for date in ["addedAt", "invitedAt", "invitationExpires"] {
        assert!(kay[ACCOUNT_USER][date].is_string(), "{date}");
    }
    assert!(listing.body["Resources"][0][ACCOUNT_USER]["lastLogin"].is_string(), "the Owner was there");
    server.stop().await;
}

#[tokio::test]
async fn an_account_speaks_two_languages() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let post = |tag: &str| server.post("/Users", json!({ "userName": tag, "preferredLanguage": tag }));
    assert_eq!(post("fr-CA").await.text("/preferredLanguage"), "fr-CA");
    assert_eq!(post("en").await.status, 201);
    let refused = post("de-DE").await;
    assert_eq!(refused.error(), (400, Some("invalidValue")));
    assert_eq!(refused.text("/detail"), "this account does not speak `de-DE`; its languages are: en-US, fr");
    let schema = server.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").await;
    let attributes = schema.body["attributes"].as_array().expect("attributes");
    let language = attributes.iter().find(|attribute| attribute["name"] == "preferredLanguage").expect("a language");
    assert_eq!(language["canonicalValues"], json!(["en-US", "fr"]));
    server.stop().await;
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("ada@acme.example").await;
    let grace = server.add("grace@acme.example").await;
    let again = server.post("/Users", json!({ "userName": "ADA@acme.example" })).await;
    assert_eq!(again.error(), (409, Some("uniqueness")));
    assert_eq!(server.post("/Users", json!({ "userName": "ΟΔΟΣ@acme.example" })).await.status, 201);
    let greek = server.post("/Users", json!({ "userName": "οδοσ@acme.example" })).await;
    assert_eq!(greek.error(), (409, Some("uniqueness")));
    let spaced = server.post("/Users", json!({ "userName": " ada@acme.example " })).await;
    assert_eq!(spaced.error(), (400, Some("invalidValue")));
    let rename = json!([{ "op": "replace", "path": "userName", "value": "Ada@Acme.example" }]);
    let renamed = server.patch(&format!("/Users/{grace}"), rename).await;
    assert_eq!(renamed.error(), (409, Some("uniqueness")));
    server.stop().await;
}

#[tokio::test]
async fn a_put_replaces_what_clients_may_write() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let created = server
        .post("/Users", json!({ "userName": "ada", "preferredLanguage": "fr", "roles": [{ "value": "admin" }] }))
        .await;
    let id = created.text("/id");
    let replaced =
        server.put(&format!("/Users/{id}"), json!({ "userName": "ada", "active": false, "id": "other" })).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(replaced.body["id"], id.as_str());
    assert_eq!(replaced.body.get("preferredLanguage"), None);
    assert_eq!(replaced.body["active"], false);
    assert_eq!(replaced.body["roles"][0]["value"], "support");
    assert_eq!(server.facts(&format!("/Users/{id}")).await["status"], "deactivated");
    assert_eq!(server.put("/Users/nobody", json!({ "userName": "x" })).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn a_patch_changes_all_or_nothing() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("ada").await);
    let patched = server
        .patch(
            &path,
            json!([
                { "op": "Replace", "path": "roles", "value": [{ "value": "ANALYST", "primary": true }] },
                { "op": "add", "value": { "name.givenName": "Ada", "active": "False" } },
            ]),
        )
        .await;
    assert_eq!(patched.status, 200);
    assert_eq!(patched.body["roles"], json!([{ "value": "analyst", "primary": true }]));
    assert_eq!(patched.body["name"], json!({ "givenName": "Ada" }));
    assert_eq!(patched.body["active"], false);

    let half = server
        .patch(
            &path,
            json!([
                { "op": "replace", "path": "name.givenName", "value": "Augusta" },
                { "op": "replace", "path": "roles[value eq \"admin\"].value", "value": "manager" },
            ]),
        )
        .await;
    assert_eq!(half.error(), (400, Some("noTarget")));
    assert_eq!(server.get(&path).await.body, patched.body);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_the_reason() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("ada").await);
    let unknown = server.post("/Users", json!({ "userName": "x", "roles": [{ "value": "boss" }] })).await;
    assert_eq!(unknown.error(), (400, Some("invalidValue")));
    assert_eq!(
        unknown.text("/detail"),
        "this account has no role `boss`; its roles are: owner, admin, manager, analyst, support, \
         campaign-coordinator, content-creator"
    );
    for (body, keyword) in [
        (json!({}), "invalidValue"),
        (json!({ "userName": " " }), "invalidValue"),
        (json!({ "userName": 7 }), "invalidValue"),
        (json!({ "userName": "x", "roles": "admin" }), "invalidValue"),
        (json!({ "userName": "x", "roles": [{ "value": "admin" }, { "value": "support" }] }), "invalidValue"),
        (json!({ "userName": "x", "schemas": ["urn:other"] }), "invalidSyntax"),
        (json!(["userName"]), "invalidSyntax"),
    ] {
        assert_eq!(server.post("/Users", body.clone()).await.error(), (400, Some(keyword)), "{body}");
    }
    for (operation, keyword) in [
        (json!({ "op": "move", "path": "active" }), "invalidSyntax"),
        (json!({ "op": "remove" }), "noTarget"),
        (json!({ "op": "remove", "path": "userName" }), "mutability"),
        (json!({ "op": "replace", "path": "id", "value": "x" }), "mutability"),
        (json!({ "op": "replace", "path": "nickName", "value": "x" }), "invalidPath"),
        (json!({ "op": "replace", "path": "active", "value": "maybe" }), "invalidValue"),
        (
            json!({ "op": "replace", "path": "roles", "value": [
                { "value": "admin", "primary": true }, { "value": "support", "primary": true },
            ] }),
            "invalidValue",
        ),
        (json!({ "op": "remove", "path": "roles", "value": [{ "value": "support" }] }), "invalidValue"),
    ] {
        assert_eq!(server.patch(&path, json!([operation])).await.error(), (400, Some(keyword)), "{operation}");
    }
    server.stop().await;
}
