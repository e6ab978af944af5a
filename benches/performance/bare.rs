//! What the machine allows: the same requests with the same library and nothing thought about them, the same bytes through the
//! same parser and nothing made of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use futures_util::stream::{self, StreamExt};
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;

use crate::service::KEY;

/// How many users a page has.
pub(crate) const PAGE: usize = 100;

/// What `like: sandbox` asks for of every user.
const FACTS: &str = "attributes=urn:ietf:params:scim:schemas:core:2.0:User,\
                     urn:roster:params:scim:schemas:extension:account:2.0:User";

/// Fetches every page of a listing of so many users and the Owner.
pub(crate) fn read(base: &str, users: usize, at_once: usize) {
    run(async {
        let client = client();
        let starts = (0..=users).step_by(PAGE).map(|place| place + 1);
        let pages = starts.map(async |start| {
            get(&client, &format!("{base}/Users?startIndex={start}&count={PAGE}&{FACTS}")).await.len()
        });
        let bytes: usize = stream::iter(pages).buffered(at_once).collect::<Vec<_>>().await.iter().sum();
        crate::print(&format!("{bytes} bytes\n"));
    });
}

/// Invites people: each is looked for, made, and read again.
pub(crate) fn write(base: &str, users: usize, at_once: usize) {
    run(async {
        let client = client();
        let invited = (0..users).map(async |number| {
            let who = format!("new{number}@acme.example");
            get(&client, &format!("{base}/Users?filter=userName%20eq%20%22{who}%22")).await;
            let body = format!(
                r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{who}","roles":[{{"value":"analyst"}}]}}"#
            );
            let request = client.post(format!("{base}/Users")).header(AUTHORIZATION, format!("Bearer {KEY}"));
            let answer = request.header(CONTENT_TYPE, "application/scim+json").body(body).send().await.expect("an answer");
            let user: Made = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("a user");
            get(&client, &format!("{base}/Users/{}", user.id)).await;
        });
        stream::iter(invited).buffer_unordered(at_once).collect::<Vec<()>>().await;
    });
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// A roster as far as its people go, without places, checks or meaning.
#[derive(Deserialize)]
struct Roster {
    accounts: BTreeMap<String, Account>,
}

#[derive(Deserialize)]
struct Account {
    users: BTreeMap<String, String>,
}

/// Reads a roster with the library that roster reads it with.
pub(crate) fn yaml(path: &str) {
    let mut text = String::new();
    File::open(path).and_then(|mut file| file.read_to_string(&mut text)).expect("a file");
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 20_000_000, max_nodes: 10_000_000, max_total_scalar_bytes: 256 << 20 },
        with_snippet: false,
    };
    let roster: Roster = serde_saphyr::from_str_with_options(&text, options).expect("a roster");
    crate::print(&format!("{} users\n", roster.accounts.values().map(|account| account.users.len()).sum::<usize>()));
}

async fn get(client: &Client, url: &str) -> Vec<u8> {
    let answer = client.get(url).header(AUTHORIZATION, format!("Bearer {KEY}")).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
    answer.bytes().await.expect("a body").to_vec()
}

fn client() -> Client {
    // Whoever installed another provider before meant it.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work);
}
