//! Invitation mails by SMTP: with a server that takes them, one that cannot yet, one that will not, and one that hangs.

use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::mail_server::{MailServer, Mood};
use super::server::{Server, folder, settings};
use crate::sandbox::Service;
use crate::sandbox::smtp::Smtp;

async fn with_post(mood: Mood) -> (TempDir, Server, MailServer) {
    let mails = MailServer::start(mood).await;
    let folder = folder();
    let url = format!("smtp://{}", mails.address).parse().expect("a URL");
    let smtp = Smtp::new(&url, None, "accounts@acme.example").expect("a server");
    let smtp = smtp.first_delay(Duration::from_millis(1));
    let service = Service::open(settings(folder.path())).await.expect("it opens").smtp(smtp);
    (folder, Server::serve(service).await, mails)
}

/// The mails in the outbox, in their order.
#[expect(clippy::disallowed_methods, reason = "the test looks into the outbox as a person would")]
fn outbox(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("outbox/acme")).expect("an outbox");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("a mail")).collect()
}

#[tokio::test]
async fn what_is_in_the_outbox_arrives() {
    let (folder, server, mails) = with_post(Mood::Willing).await;
    server.add("kay@agency.example").await;
    let arrived = mails.arrived(1).await.remove(0);
    assert_eq!((arrived.from.as_str(), arrived.to.as_str()), ("accounts@acme.example", "kay@agency.example"));
    assert_eq!(arrived.text, outbox(folder.path())[0]);
    assert!(arrived.text.contains("From: Accounts <accounts@acme.example>\r\n"), "{}", arrived.text);
    server.add("no address at all").await;
    server.add("lin@agency.example").await;
    assert_eq!(mails.arrived(2).await[1].to, "lin@agency.example", "who has no address is passed over");
    assert_eq!(outbox(folder.path()).len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_cannot_yet_is_asked_again() {
    let (folder, server, mails) = with_post(Mood::Busy(2)).await;
    server.add("kay@agency.example").await;
    assert_eq!(mails.arrived(1).await[0].text, outbox(folder.path())[0]);
    assert_eq!(mails.times_asked(), 3);
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_refuses_stops_nothing_and_is_not_asked_again() {
    let (folder, server, mails) = with_post(Mood::Refusing).await;
    server.add("kay@agency.example").await;
    server.add("lin@agency.example").await;
    mails.asked(2).await;
    assert_eq!(server.names("").await.len(), 3);
    assert_eq!(outbox(folder.path()).len(), 2);
    server.stop().await;
    assert_eq!((mails.times_asked(), mails.arrived(0).await), (2, Vec::new()));
}

#[tokio::test]
async fn a_server_that_hangs_or_is_away_keeps_nobody_waiting() {
    let (folder, server, mails) = with_post(Mood::Silent).await;
    let begun = Instant::now();
    for name in ["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example", "f@x.example"] {
        server.add(name).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "a request waited for the post");
    assert_eq!(outbox(folder.path()).len(), 6);
    drop(mails);
    server.add("g@x.example").await;
    assert_eq!(outbox(folder.path()).len(), 7);
    server.stop().await;
}
