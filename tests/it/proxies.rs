//! Proxies that the environment names: accounts elsewhere are reached through them, and this machine is not.

use crate::harness::{Scripted, World, http};

const KEY: &str = "very-secret-key";

#[test]
fn an_account_elsewhere_is_reached_through_the_proxy_which_never_sees_the_key() {
    let proxy = Scripted::always(http("502 Bad Gateway", "text/plain", ""));
    let roster = "accounts: { acme: { provider: { kind: scim, url: 'https://scim.example/v2', key: { env: K } }, prune: all, users: { a@x.example: admin } } }";
    let world = World::with(roster).set("K", KEY).set("HTTPS_PROXY", &format!("http://{}", proxy.address()));
    let ran = world.run(&["plan", "-vv"]);
    assert_eq!(ran.code, 1, "{}", ran.told());
    assert!(!proxy.seen().is_empty(), "{}", ran.told());
    assert!(proxy.seen().iter().all(|line| line.starts_with("CONNECT scim.example:443 ")), "{:?}", proxy.seen());
    assert!(!ran.told().contains(KEY), "{}", ran.told());
}

#[test]
fn no_proxy_stands_before_this_machine() {
    let proxy = Scripted::always(http("502 Bad Gateway", "text/plain", ""));
    let page =
        r#"{"totalResults":1,"Resources":[{"id":"1","userName":"ada@acme.example","roles":[{"value":"admin"}]}]}"#;
    let account = Scripted::always(http("200 OK", "application/scim+json", page));
    let address = format!("http://{}", proxy.address());
    let world = account.world("{ ada@acme.example: admin }").set("HTTP_PROXY", &address).set("http_proxy", &address);
    let ran = world.run(&["plan"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    assert!(proxy.seen().is_empty() && !account.seen().is_empty(), "{:?}", proxy.seen());
}
