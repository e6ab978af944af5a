//! `roster notify`: whether notifications would arrive.

use super::receiver::{Receiver, SIGNING_KEY};
use crate::harness::World;

const ACCOUNT: &str = "accounts: { acme: { provider: sandbox, owner: o@acme.example, prune: all, users: { ada@acme.example: admin } } }\n";

#[test]
fn a_trial_reaches_every_target_in_its_form() {
    let receiver = Receiver::start();
    let url = &receiver.url;
    let world = World::with(&format!(
        "notifications:\n  alerts: {{ kind: alertmanager, url: {url}/prefix/ }}\n  chat: {{ kind: slack, url: {{ env: CHAT_URL }} }}\n  \
         hook: {{ kind: webhook, url: {url}/hook, signing_key: {{ env: SIGNING_KEY }}, token: {{ file: token }} }}\n{ACCOUNT}"
    ))
    .set("SIGNING_KEY", SIGNING_KEY)
    .set("CHAT_URL", &format!("{url}/T0/B0/very-secret"));
    world.write("token", "very-secret\n");
    insta::assert_snapshot!(world.told(&["notify"]), @"
    exit 0
    --- stdout
    alerts  alertmanager  arrived
    chat  slack  arrived
    hook  webhook  arrived
    ");
    let [alert, chat, hook] = ["/prefix/api/v2/alerts", "/T0/B0/very-secret", "/hook"].map(|path| {
        let got = receiver.got(path);
        assert_eq!(got.len(), 1, "{path}");
        got[0].clone()
    });
    assert_eq!(alert.json()[0]["labels"]["alertname"], "RosterTest");
    assert!(chat.json()["text"].as_str().unwrap().contains("this is a test"));
    assert_eq!(hook.event()["type"], "roster.test.happened");
    assert_eq!(hook.headers["authorization"], "Bearer very-secret");
    assert_eq!(world.run(&["notify", "--target", "hook"]).code, 0);
    assert_eq!((receiver.got("/hook").len(), receiver.got("/T0/B0/very-secret").len()), (2, 1));
}

#[test]
fn what_fails_is_said_without_the_secret() {
    let receiver = Receiver::start();
    receiver.answer(404);
    let url = &receiver.url;
    let world = World::with(&format!(
        "notifications:\n  chat: {{ kind: slack, url: {{ env: CHAT_URL }} }}\n  missing: {{ kind: slack, url: {{ env: MISSING }} }}\n  \
         nobody: {{ kind: webhook, url: 'http://127.0.0.1:1/' }}\n  odd: {{ kind: webhook, url: {url}/, signing_key: {{ env: ODD }} }}\n{ACCOUNT}"
    ))
    .set("CHAT_URL", &format!("{url}/T0/B0/very-secret"))
    .set("ODD", "whsec_very-secret!");
    let told = world.told(&["notify"]);
    assert!(!told.contains("very-secret"), "{told}");
    insta::assert_snapshot!(told, @"
    exit 1
    --- stdout
    chat  slack  failed: it was refused (HTTP 404)
    missing  slack  failed: `url` cannot be had: environment variable `MISSING` is not set
    nobody  webhook  failed: there was no answer: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)
    odd  webhook  failed: what `signing_key` leads to cannot be used: the signing key begins with `whsec_`, and what follows is not base64
    ");
    insta::assert_snapshot!(world.told(&["notify", "--target", "chatt"]), @"
    exit 64
    --- stderr
    error: there is no target `chatt`
      hint: there are: `chat`, `missing`, `nobody`, `odd`
    ");
    insta::assert_snapshot!(World::with(ACCOUNT).told(&["notify"]), @"
    exit 64
    --- stderr
    error: the roster names no target of notifications
      hint: docs/notifications.md shows how `notifications` are written
    ");
}
