//! Invitations: from the mail in the outbox to the user who accepted, declined, or came too late.

use std::path::Path;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::server::{Answer, Server, folder, read, settings};
use crate::sandbox::Service;

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
    assert_eq!(server.facts(&path).await["status"], "active");
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
    for answer in ["accept", "decline"] {
        assert_eq!(visit(&server, Method::POST, &format!("{old}/{answer}")).await.error(), (410, None));
    }
    server.stop().await;

    let server = Server::start(folder.path()).await;
    assert_eq!(
        read(server.client.post(server.base.replace("/scim/v2", &format!("/users/{id}/invitation")))).await.error(),
        (401, None)
    );
    assert_eq!(server.beside(Method::POST, &format!("/users/{id}/invitation")).await.status, 200);
    let mails = mails(folder.path());
    assert_eq!(mails.len(), 2);
    let token = |link: &str| link.rsplit('/').next().expect("a token").to_owned();
    let links: Vec<String> = mails.iter().map(|mail| link(mail)).collect();
    let new = links.iter().find(|link| token(link) != token(&old)).expect("a new link");
    let here = |token: &str| server.base.replace("/scim/v2", &format!("/invitations/{token}/accept"));
    assert_eq!(visit(&server, Method::POST, &here(&token(&old))).await.error(), (404, None));
    assert_eq!(visit(&server, Method::POST, &here(&token(new))).await.text("/status"), "active");
    assert_eq!(
        server.beside(Method::POST, &format!("/users/{id}/invitation")).await.error(),
        (400, Some("mutability"))
    );
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_follows_its_address_and_the_old_link_is_dead() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("kya@agency.example").await);
    let old = link(&mails(folder.path())[0]);
    let move_to = |name: &str| json!([{ "op": "replace", "path": "userName", "value": name }]);
    assert_eq!(server.patch(&path, move_to("KYA@agency.example")).await.status, 200);
    assert_eq!(mails(folder.path()).len(), 1, "the same address");
    assert_eq!(server.patch(&path, move_to("kay@agency.example")).await.status, 200);
    assert_eq!(visit(&server, Method::GET, &old).await.error(), (404, None));
    let mails = mails(folder.path());
    let new = mails.iter().find(|mail| mail.contains("To: <kay@agency.example>")).expect("a mail to the new address");
    assert_eq!(visit(&server, Method::POST, &format!("{}/accept", link(new))).await.text("/status"), "active");
    assert_eq!(server.patch(&path, move_to("kay@acme.example")).await.status, 200);
    assert_eq!(server.facts(&path).await["status"], "active", "who is in stays in");
    server.stop().await;
}

#[tokio::test]
async fn who_was_deactivated_does_not_get_in_by_an_old_mail() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("kay@agency.example").await);
    let link = link(&mails(folder.path())[0]);
    let active = |value: bool| json!([{ "op": "replace", "path": "active", "value": value }]);
    server.patch(&path, active(false)).await;
    assert_eq!(visit(&server, Method::POST, &format!("{link}/accept")).await.error(), (403, None));
    assert_eq!(visit(&server, Method::POST, &format!("{link}/decline")).await.error(), (403, None));
    let resend = path.replace("/Users", "/users") + "/invitation";
    assert_eq!(server.beside(Method::POST, &resend).await.error(), (400, Some("mutability")));
    server.patch(&path, active(true)).await;
    assert_eq!(server.facts(&path).await["status"], "invited");
    assert_eq!(visit(&server, Method::POST, &format!("{link}/accept")).await.text("/status"), "active");
    server.stop().await;
}

#[tokio::test]
async fn fourteen_days_go_by_at_once_in_a_service_that_lives_ahead() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = format!("/Users/{}", server.add("kay@agency.example").await);
    let facts = server.facts(&path).await;
    let date = |name: &str| facts[name].as_str().expect("a date").parse::<jiff::Timestamp>().expect("a date");
    assert_eq!(date("invitationExpires").duration_since(date("invitedAt")), SignedDuration::from_hours(14 * 24));
    assert_eq!(date("invitedAt"), date("addedAt"));
    assert_eq!(facts.get("lastLogin"), None);
    let token = link(&mails(folder.path())[0]).rsplit('/').next().expect("a token").to_owned();
    server.stop().await;

    let service = Service::open(settings(folder.path())).await.expect("opens");
    let server = Server::serve(service.ahead(SignedDuration::from_hours(14 * 24 + 1))).await;
    let here = server.base.replace("/scim/v2", &format!("/invitations/{token}/accept"));
    assert_eq!(visit(&server, Method::POST, &here).await.error(), (410, None));
    server.stop().await;
}

#[tokio::test]
async fn an_invitation_is_taken_back() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let id = server.add("kay@agency.example").await;
    assert_eq!(server.beside(Method::DELETE, &format!("/users/{id}/invitation")).await.status, 204);
    assert_eq!(server.names("").await, ["owner@acme.example"]);
    let owner = server.get("/Users").await.text("/Resources/0/id");
    assert_eq!(
        server.beside(Method::DELETE, &format!("/users/{owner}/invitation")).await.error(),
        (400, Some("mutability"))
    );
    server.stop().await;
}

#[tokio::test]
async fn the_link_to_an_address_that_was_left_never_lets_anybody_in() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for round in 0..30 {
        let path = format!("/Users/{}", server.add(&format!("old{round}@agency.example")).await);
        let sent = mails(folder.path());
        let old = sent.iter().find(|mail| mail.contains(&format!("To: <old{round}@"))).map(|mail| link(mail));
        let name = format!("new{round}@agency.example");
        let moved = json!([{ "op": "replace", "path": "userName", "value": name }]);
        let answer = format!("{}/{}", old.expect("a mail"), if round % 2 == 0 { "accept" } else { "decline" });
        let (moved, answered) = tokio::join!(server.patch(&path, moved), visit(&server, Method::POST, &answer));
        match (moved.status, answered.status) {
            (200, 404) => assert_eq!(server.facts(&path).await["status"], "invited", "moved first"),
            (200, 200) => {
                assert_eq!(answered.text("/userName"), format!("old{round}@agency.example"), "accepted first")
            }
            other => assert_eq!(other, (404, 204), "declined first"),
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn who_is_added_deactivated_is_invited_once_they_may_come_in() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    let path = server.post("/Users", json!({ "userName": "kay@agency.example", "active": false })).await.text("/id");
    let path = format!("/Users/{path}");
    assert_eq!(mails(folder.path()).len(), 0);
    let facts = server.facts(&path).await;
    assert_eq!((&facts["status"], facts.get("invitedAt")), (&json!("deactivated"), None));
    server.patch(&path, json!([{ "op": "replace", "path": "active", "value": true }])).await;
    assert_eq!(visit(&server, Method::POST, &format!("{}/accept", link(&mails(folder.path())[0]))).await.status, 200);
    server.stop().await;
}
