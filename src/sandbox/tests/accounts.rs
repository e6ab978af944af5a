//! Accounts: their keys, their Owner, what they say of themselves, and what is left when the service starts again.

use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::server::{Server, account, folder, read, settings};
use crate::sandbox::{AccountSettings, RoleCatalogue, SandboxError, Service, Settings};

#[tokio::test]
async fn nobody_gets_in_without_the_key() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let users = format!("{}/Users", server.base);
    let with = |header: &str| server.client.get(&users).header("Authorization", header.to_owned());
    assert_eq!(read(with("Klaviyo-API-Key pk_test")).await.status, 200);
    assert_eq!(read(with("Bearer pk_wrong")).await.error(), (401, None));
    assert_eq!(read(server.client.get(&users)).await.error(), (401, None));
    assert_eq!(read(server.client.get(users.replace("acme", "other"))).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn the_owner_is_there_from_the_start_and_stays() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let listing = server.get("/Users").await;
    let owner = &listing.body["Resources"][0];
    assert_eq!(owner["roles"], json!([{ "value": "owner", "primary": true }]));
    let path = format!("/Users/{}", owner["id"].as_str().expect("an id"));
    assert_eq!(server.facts(&path).await["status"], "active");
    let refused = server.delete(&path).await;
    assert_eq!(refused.error(), (400, Some("mutability")));
    assert_eq!(refused.text("/detail"), "the Owner of an account cannot be deleted");
    for operation in [
        json!({ "op": "replace", "path": "active", "value": false }),
        json!({ "op": "replace", "path": "roles", "value": [{ "value": "admin" }] }),
        json!({ "op": "remove", "path": "roles" }),
    ] {
        assert_eq!(server.patch(&path, json!([operation])).await.error(), (400, Some("mutability")), "{operation}");
    }
    let second = server.post("/Users", json!({ "userName": "x", "roles": [{ "value": "Owner" }] })).await;
    assert_eq!(second.error(), (400, Some("mutability")));
    let given_away = server.put(&path, json!({ "userName": "thief@acme.example" })).await;
    assert_eq!(given_away.error(), (400, Some("mutability")));
    let renamed = server.put(&path, json!({ "userName": "Owner@Acme.example", "displayName": "Olive" })).await;
    assert_eq!((renamed.status, renamed.text("/roles/0/value")), (200, "owner".to_owned()));
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_said_in_scim() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    assert_eq!(server.get("/Groups").await.error(), (404, None));
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(server.send(method, path, Some(json!({}))).await.error(), (405, None), "{path}");
        }
    }
    assert_eq!(server.get("/Me").await.error(), (501, None));
    for path in ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"] {
        assert_eq!(server.get(&format!("{path}?filter=id%20pr")).await.error(), (403, None), "{path}");
    }
    assert_eq!(server.get("/ResourceTypes/User").await.text("/endpoint"), "/Users");
    assert_eq!(server.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").await.text("/name"), "User");
    assert_eq!(server.get("/Schemas/urn:other").await.error(), (404, None));
    let post = server.client.post(format!("{}/Users", server.base)).header("Authorization", "Bearer pk_test");
    let post = |media_type: &str, body: String| {
        read(post.try_clone().expect("no stream").header("Content-Type", media_type.to_owned()).body(body))
    };
    assert_eq!(post("application/scim+json", "{\"userName\": ".to_owned()).await.error(), (400, Some("invalidSyntax")));
    assert_eq!(post("text/plain", "{}".to_owned()).await.error(), (415, None));
    assert_eq!(post("application/json", " ".repeat(2 << 20)).await.error(), (413, None));
    server.stop().await;
}

#[tokio::test]
async fn an_account_keeps_its_users_and_its_owner() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    server.add("ada").await;
    let held = Service::open(settings(folder.path())).await.expect_err("one service at a time");
    assert!(matches!(held, SandboxError::Held { .. }), "{held}");
    server.stop().await;

    let other_owner = AccountSettings { owner: "thief@acme.example".to_owned(), ..account("acme") };
    let settings = Settings { data: folder.path().to_owned(), accounts: vec![other_owner, account("second")] };
    let server = Server::serve(Service::open(settings).await.expect("it opens again")).await;
    assert_eq!(server.names("").await, ["owner@acme.example", "ada"]);
    server.stop().await;
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused() {
    let folder = folder();
    let open = |accounts| Service::open(Settings { data: folder.path().to_owned(), accounts });
    let named = open(vec![account("a/b")]).await.expect_err("a name in no address");
    assert!(matches!(named, SandboxError::AccountName { .. }), "{named}");
    let twice = open(vec![account("a"), account("a")]).await.expect_err("two of one name");
    assert!(matches!(twice, SandboxError::AccountTwice { .. }), "{twice}");
    let portfolio = AccountSettings { roles: RoleCatalogue::Portfolio, ..account("a") };
    let other = open(vec![portfolio]).await.expect_err("an account is no portfolio");
    assert!(matches!(other, SandboxError::OtherCatalogue { .. }), "{other}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let failed = Service::open(settings(&file)).await.expect_err("a file is no folder");
    assert!(matches!(failed, SandboxError::DataFolder { .. }), "{failed}");
}

#[tokio::test]
async fn a_database_that_is_none_or_too_new_is_named() {
    let folder = folder();
    let file = folder.path().join("sandbox.db");
    std::fs::write(&file, "not a database, whatever its name says").expect("a file");
    let garbage = Service::open(settings(folder.path())).await.expect_err("garbage");
    assert!(matches!(garbage, SandboxError::Database { .. }), "{garbage}");

    std::fs::remove_file(&file).expect("the file");
    Server::start(folder.path()).await.stop().await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.expect("the database");
    sqlx::raw_sql("PRAGMA user_version = 99").execute(&pool).await.expect("a newer version");
    pool.close().await;
    let newer = Service::open(settings(folder.path())).await.expect_err("too new");
    assert!(matches!(newer, SandboxError::NewerDatabase { found: 99, .. }), "{newer}");
}

#[tokio::test]
async fn addresses_begin_with_what_the_service_is_called() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let here = server.base.trim_start_matches("http://").split('/').next().expect("an address").to_owned();
    let mut line = tokio::net::TcpStream::connect(&here).await.expect("a connection");
    let request = b"GET /acme/scim/v2/ServiceProviderConfig HTTP/1.0\r\nAuthorization: Bearer pk_test\r\n\r\n";
    line.write_all(request).await.expect("a request");
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.contains(&format!("http://{here}/acme/scim/v2/ServiceProviderConfig")), "{answer}");
    server.stop().await;

    let service = Service::open(settings(folder.path())).await.expect("opens").known_as("https://accounts.example/a/");
    let server = Server::serve(service).await;
    let location = server.get("/Users").await.text("/Resources/0/meta/location");
    assert!(location.starts_with("https://accounts.example/a/acme/scim/v2/Users/"), "{location}");
    server.stop().await;
}

#[tokio::test]
async fn what_an_account_knows_is_for_nobody_else_on_the_machine() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    let data = folder.path().join("data");
    let server = Server::start(&data).await;
    let mode = |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["sandbox.db", "sandbox.db-wal", "sandbox.lock"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    server.stop().await;
}
