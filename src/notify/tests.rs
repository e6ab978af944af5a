//! Receivers on loopback that are slow, broken or well, and what reaches them.

use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::model::notification::{Address, Redact};

type Got = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Answers with these statuses, one after the other, and the last one for ever.
struct Receiver {
    url: Url,
    got: Got,
    _task: JoinSet<()>,
}

impl Receiver {
    async fn answering(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address")).parse().expect("a URL");
        let got = Got::default();
        let router = Router::new().route("/{*path}", post(take)).with_state((Arc::clone(&got), statuses));
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, router).await.expect("served") });
        Self { url, got, _task: task }
    }

    fn target(&self, kind: TargetKind) -> Target {
        Target {
            kind,
            url: Address::Plain(self.url.clone()),
            signing_key: None,
            token: Some(KeyReference::Environment("TOKEN".to_owned())),
            authorities: None,
            events: Topic::ALL.into_iter().collect(),
            redact: Redact::Nothing,
        }
    }

    /// What came: the title of each message, the same one as often as it was tried.
    fn titles(&self) -> Vec<String> {
        let got = self.got.lock().expect("no panic");
        let read = |body: &String| serde_json::from_str::<serde_json::Value>(body).expect("JSON");
        got.iter().map(|(_, body)| read(body)["data"]["title"].as_str().expect("a title").to_owned()).collect()
    }
}

async fn take(State((got, statuses)): State<(Got, &'static [u16])>, headers: HeaderMap, body: Bytes) -> Response {
    let mut got = got.lock().expect("no panic");
    let status = *statuses.get(got.len()).or(statuses.last()).expect("a status");
    got.push((headers, String::from_utf8(body.to_vec()).expect("text")));
    match status {
        307 => Redirect::temporary("/elsewhere").into_response(),
        503 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response(),
        status => StatusCode::from_u16(status).expect("a status").into_response(),
    }
}

/// Every secret is `s3cret`, but for those that are called `NONE`.
struct Known;

impl Secrets for Known {
    fn read<'a>(&'a self, reference: &'a KeyReference) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let none = *reference == KeyReference::Environment("NONE".to_owned());
        Box::pin(async move { if none { Err(SecretError("there is none".into())) } else { Ok("s3cret".into()) } })
    }
}

fn settings() -> Settings {
    Settings {
        sender: Sender { source: "urn:roster:test".to_owned(), link: None },
        secrets: Arc::new(Known),
        tally: Tally::default(),
        now: || Timestamp::UNIX_EPOCH,
    }
}

fn happened(title: &str) -> Message {
    Message {
        at: Timestamp::UNIX_EPOCH,
        account: "acme".parse().ok(),
        topic: Topic::Applied,
        phase: Phase::Happened,
        since: Timestamp::UNIX_EPOCH,
        matter: Matter {
            lines: vec!["remove ada@acme.example".to_owned()],
            ..Matter::new(title, Severity::Info, title)
        },
    }
}

/// Tells these targets, and waits for the end. How often it was written down that everybody has it, and the counts.
async fn told<const N: usize>(targets: [(&str, Target); N], titles: &[&str]) -> (usize, BTreeMap<String, Count>) {
    let settings = settings();
    let (tally, written) = (settings.tally.clone(), Arc::new(Mutex::new(0)));
    let (telling, teller) = telling(settings);
    telling.targets(targets.map(|(name, target)| (name.to_owned(), target)).into());
    for title in titles {
        let written = Arc::clone(&written);
        telling.tell(happened(title), Receipt::new(move || *written.lock().expect("no panic") += 1));
    }
    let mut task = JoinSet::new();
    task.spawn(teller.run());
    // The last call is short, and a second try takes longer; only who hangs is not waited for.
    let all = |Count { delivered, failed, dropped, waiting }: &Count| delivered + failed + dropped + waiting;
    let is_busy = |(name, count): (&String, &Count)| name != "hanging" && count.waiting > 0;
    let is_over = |counts: &BTreeMap<String, Count>| {
        counts.values().map(all).sum::<u64>() >= titles.len() as u64 && !counts.iter().any(is_busy)
    };
    while !is_over(&tally.counts()) {
        tokio::task::yield_now().await;
    }
    drop(telling);
    task.join_next().await.expect("a task").expect("no panic");
    let written = *written.lock().expect("no panic");
    (written, tally.counts())
}

fn count(delivered: u64, failed: u64) -> Count {
    Count { delivered, failed, ..Count::default() }
}

#[tokio::test]
async fn a_message_is_tried_until_it_arrives_and_is_the_same_each_time() {
    let receiver = Receiver::answering(&[503, 200]).await;
    let (written, counts) = told([("one", receiver.target(TargetKind::Webhook))], &["first", "second"]).await;
    assert_eq!(receiver.titles(), ["first", "first", "second"]);
    assert_eq!((written, counts["one"]), (2, count(2, 0)));
    let got = receiver.got.lock().expect("no panic");
    assert_eq!(got[0].1, got[1].1);
    assert_eq!(got[0].0["authorization"], "Bearer s3cret");
    assert_eq!(got[0].0["content-type"], "application/cloudevents+json");
}

#[tokio::test]
async fn who_says_no_or_leads_elsewhere_is_not_asked_again() {
    let (refusing, leading) = (Receiver::answering(&[400]).await, Receiver::answering(&[307]).await);
    let targets = [("refusing", refusing.target(TargetKind::Webhook)), ("leading", leading.target(TargetKind::Slack))];
    let (written, counts) = told(targets, &["one"]).await;
    assert_eq!(refusing.titles().len() + leading.got.lock().expect("no panic").len(), 2);
    assert_eq!((written, counts["refusing"], counts["leading"]), (1, count(0, 1), count(0, 1)));
}

#[tokio::test]
async fn each_target_gets_what_it_asked_for_and_no_addresses_where_it_must_not() {
    let receiver = Receiver::answering(&[200]).await;
    let masked = Target { redact: Redact::Emails, ..receiver.target(TargetKind::Webhook) };
    let other = Target { events: [Topic::Held].into(), ..receiver.target(TargetKind::Webhook) };
    let (written, counts) = told([("masked", masked), ("other", other)], &["one"]).await;
    assert_eq!((written, counts["masked"], counts["other"]), (1, count(1, 0), count(0, 0)));
    let body = receiver.got.lock().expect("no panic")[0].1.clone();
    assert!(body.contains("@acme.example") && !body.contains("ada@"), "{body}");
}

/// What is on its way when everything ends is not written down, so that the next daemon tells it.
#[tokio::test]
async fn who_hangs_holds_nobody_up_and_is_told_again() {
    let hanging = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let receiver = Receiver::answering(&[200]).await;
    let url = format!("http://{}/", hanging.local_addr().expect("an address")).parse().expect("a URL");
    let target = Target { url: Address::Plain(url), ..receiver.target(TargetKind::Webhook) };
    let titles: Vec<String> = (0..QUEUE + 50).map(|number| number.to_string()).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (written, counts) = told([("hanging", target), ("well", receiver.target(TargetKind::Webhook))], &titles).await;
    let (hanging, well) = (counts["hanging"], counts["well"]);
    assert!(hanging.dropped >= 49 && hanging.delivered == 0, "{hanging:?}");
    assert_eq!(well.delivered + well.dropped, titles.len() as u64);
    assert_eq!(written as u64, hanging.dropped);
}

#[tokio::test]
async fn a_trial_says_what_is_wrong() {
    let receiver = Receiver::answering(&[403, 200]).await;
    let trial = async |target: &Target| match try_out("one", target, &settings()).await {
        Ok(()) => "arrived".to_owned(),
        Err(error) => std::error::Error::source(&error).map_or(error.to_string(), |cause| format!("{error}: {cause}")),
    };
    let missing = KeyReference::Environment("NONE".to_owned());
    let alertmanager = receiver.target(TargetKind::Alertmanager);
    let secret = |reference: &KeyReference| Target { url: Address::Secret(reference.clone()), ..alertmanager.clone() };
    assert_eq!(trial(&receiver.target(TargetKind::Webhook)).await, "it was refused (HTTP 403)");
    assert_eq!(trial(&secret(&missing)).await, "`url` cannot be had: there is none");
    let other = KeyReference::Environment("URL".to_owned());
    assert_eq!(trial(&secret(&other)).await, "what `url` leads to cannot be used: this is not a URL");
    assert_eq!(trial(&alertmanager).await, "arrived");
    let body = receiver.got.lock().expect("no panic")[1].1.clone();
    assert!(body.starts_with('[') && body.contains("RosterTest"), "{body}");
}
