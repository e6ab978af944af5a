//! Invitations: from the mail in the outbox to the user who accepted, declined, or came too late.

use std::path::Path;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::server::{Answer, Server, folder, read, settings};
use crate::sandbox::Service;

const STATUS: &str = "/urn:roster:params:scim:schemas:extension:account:2.0:User/status";

/// The mails of the outbox, oldest first.
fn mails(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("outbox/acme")) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|file| String::from_utf8(bytes(file)).expect("text").replace("=\r\n", "")).collect()
}

#[expect(clippy::disallowed_methods, reason = "the test looks into the outbox as a person would")]
fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).expect("a mail")
}

/// The link in a mail.
fn link(mail: &str) -> String {
    mail.lines().find(|line| line.contains("/invitations/")).expect("a link").trim().to_owned()
}

/// What somebody without a key gets at an address.
async fn visit(server: &Server, method: Method, address: &str) -> Answer {
    read(server.client.request(method, address)).await
}

/// What somebody with the account's key gets beside SCIM.
async fn manage(server: &Server, method: Method, path: &str) -> Answer {
    let address = server.base.replace("/scim/v2", path);
    read(server.client.request(method, address).header("Authorization", "Bearer pk_test")).await
}

#[tokio::test]
async fn who_accepts_becomes_active() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let user =
        json!({ "userName": "kay@agency.example", "preferredLanguage": "fr", "roles": [{ "value": "analyst" }] });
    let path = format!("/Users/{}", server.post("/Users", user).await.text("/id"));
    let mails = mails(folder.path());
    assert_eq!(mails.len(), 1, "the Owner is invited by nobody");
    assert!(mails[0].contains("To: <kay@agency.example>") && mails[0].contains("Content-Language: fr"), "{}", mails[0]);
    let link = link(&mails[0]);
    let shown = visit(&server, Method::GET, &link).await;
    assert_eq!(
        (shown.text("/userName"), shown.text("/status")),
        ("kay@agency.example".to_owned(), "invited".to_owned())
    );
    assert_eq!(visit(&server, Method::POST, &format!("{link}/accept")).await.text("/status"), "active");
    let read = server.get(&path).await;
    assert_eq!(read.text(STATUS), "active");
    assert_eq!(visit(&server, Method::POST, &format!("{link}/accept")).await.status, 200);
    assert_eq!(visit(&server, Method::POST, &format!("{link}/decline")).await.error(), (400, Some("mutability")));
    assert_eq!(server.get(&path).await.body, read.body);
    server.stop().await;
}

#[tokio::test]
async fn who_declines_is_not_added() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("kay@agency.example").await);
    let link = link(&mails(folder.path())[0]);
    assert_eq!(visit(&server, Method::POST, &format!("{link}/decline")).await.status, 204);
    assert_eq!(server.get(&path).await.error(), (404, None));
    assert_eq!(visit(&server, Method::GET, &link).await.error(), (404, None));
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_ends_and_is_sent_again() {
    let folder = folder();
    let expired =
        Service::open(settings(folder.path())).await.expect("opens").invitation_lifetime(SignedDuration::ZERO);
    let server = Server::serve(expired).await;
    let id = server.add("kay@agency.example").await;
    let old = link(&mails(folder.path())[0]);
    assert_eq!(visit(&server, Method::POST, &format!("{old}/accept")).await.error(), (410, None));
    server.stop().await;

    let server = Server::start(folder.path()).await;
    assert_eq!(
        read(server.client.post(server.base.replace("/scim/v2", &format!("/users/{id}/invitation")))).await.error(),
        (401, None)
    );
    assert_eq!(manage(&server, Method::POST, &format!("/users/{id}/invitation")).await.status, 200);
    let mails = mails(folder.path());
    assert_eq!(mails.len(), 2);
    let token = |link: &str| link.rsplit('/').next().expect("a token").to_owned();
    let links: Vec<String> = mails.iter().map(|mail| link(mail)).collect();
    let new = links.iter().find(|link| token(link) != token(&old)).expect("a new link");
    let here = |token: &str| server.base.replace("/scim/v2", &format!("/invitations/{token}/accept"));
    assert_eq!(visit(&server, Method::POST, &here(&token(&old))).await.error(), (404, None));
    assert_eq!(visit(&server, Method::POST, &here(&token(new))).await.text("/status"), "active");
    assert_eq!(
        manage(&server, Method::POST, &format!("/users/{id}/invitation")).await.error(),
        (400, Some("mutability"))
    );
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_is_taken_back() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let id = server.add("kay@agency.example").await;
    assert_eq!(manage(&server, Method::DELETE, &format!("/users/{id}/invitation")).await.status, 204);
    assert_eq!(server.names("").await, ["owner@acme.example"]);
    let owner = server.get("/Users").await.text("/Resources/0/id");
    assert_eq!(
        manage(&server, Method::DELETE, &format!("/users/{owner}/invitation")).await.error(),
        (400, Some("mutability"))
    );
    server.stop().await;
}
