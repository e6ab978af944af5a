//! Servers and keys that do not work: each says what, where and what to do, and nothing is written.

use std::sync::atomic::{AtomicUsize, Ordering};

use insta::assert_snapshot;

use crate::harness::{Sandbox, Scripted, World, http};

const USERS: &str = "{ ada@acme.example: admin }";

/// What `apply` makes of a server that always answers so. It must not have been written to.
fn told(answer: String) -> String {
    let server = Scripted::always(answer);
    let ran = server.world(USERS).run(&["apply", "--yes"]);
    assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{:?}", server.seen());
    assert!(!ran.told().contains("very-secret-key"), "{}", ran.told());
    ran.told()
}

#[test]
fn html() {
    assert_snapshot!(told(http("200 OK", "text/html", "<html><title>Sign in</title></html>")), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the answer is not SCIM: it is HTML: `<html><title>Sign in</title></html>`
        hint: check `url` in the roster: a proxy or a sign-in page may be answering instead

    1 account could not be read.
    ");
}

#[test]
fn unauthorized() {
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"no such key"}"#;
    assert_snapshot!(told(http("401 Unauthorized", "application/scim+json", body)), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the server refuses the key (HTTP 401)
        hint: check that `key` names the key of this very account, with its prefix where it has one

    1 account could not be read.
    ");
}

#[test]
fn not_found() {
    assert_snapshot!(told(http("404 Not Found", "text/plain", "nothing here")), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: there is no SCIM service here (HTTP 404)
        hint: check `url` in the roster: it is the SCIM base URL, the part before `/Users`

    1 account could not be read.
    ");
}

#[test]
fn failed() {
    assert_snapshot!(told(http("500 Internal Server Error", "text/plain", "out of order \u{1b}[31m")), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the server failed (HTTP 500): out of order [31m
        hint: run the same command again later: what is done stays done

    1 account could not be read.
    ");
}

#[test]
fn nothing() {
    assert_snapshot!(told(String::new()), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: no answer
        caused by: connection closed before message completed
        hint: check `url` in the roster, and that this machine can reach it

    1 account could not be read.
    ");
}

#[test]
fn half_a_page() {
    let whole = http(
        "200 OK",
        "application/scim+json",
        r#"{"totalResults":1,"Resources":[{"id":"1","userName":"a@x.example"}]}"#,
    );
    assert_snapshot!(told(whole[..whole.len() - 20].to_owned()), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:2
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the answer cannot be used: it broke off after 48 bytes
        hint: run the same command again; if it stays, ask whoever runs the server or a proxy before it

    1 account could not be read.
    ");
}

#[test]
fn a_list_that_is_cut_short_costs_nobody_anything() {
    let page = r#"{"totalResults":3,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"admin"}]},
        {"id":"2","userName":"bob@acme.example","active":true,"roles":[{"value":"support"}]}]}"#;
    let empty = r#"{"totalResults":3,"Resources":[]}"#;
    let (page, empty) = (http("200 OK", "application/scim+json", page), http("200 OK", "application/scim+json", empty));
    let server = Scripted::start(move |head| if head.contains("startIndex=") { empty.clone() } else { page.clone() });
    assert_snapshot!(server.world(USERS).told(&["apply", "--yes"]), @r"
    exit 3
    --- stdout
    acme  scim  2 users  roster.yaml:2
      ! remove  bob@acme.example  support  held, not in the file
      complete_read (held, 1 action): the account was not proven whole: the server counts 3 and listed 2
        hint: run the same command again; if it stays, the server's listing cannot be trusted with removals

    1 held.
    ");
    assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{:?}", server.seen());
}

/// The second page is empty and not the last; no total says that somebody is missing.
#[test]
fn a_page_without_anybody_costs_nobody_anything() {
    let user = |id: u8, login: &str, role: &str| {
        format!(r#"{{"id":"{id}","userName":"{login}@acme.example","active":true,"roles":[{{"value":"{role}"}}]}}"#)
    };
    let pages = [
        format!(r#"{{"Resources":[{}],"nextCursor":"1"}}"#, user(1, "bob", "support")),
        r#"{"Resources":[],"nextCursor":"2"}"#.to_owned(),
        format!(r#"{{"Resources":[{}]}}"#, user(2, "ada", "admin")),
    ];
    let server = Scripted::start(move |head| {
        let nth = head.split_once("cursor=").and_then(|(_, rest)| rest.chars().next()?.to_digit(10)).unwrap_or(0);
        http("200 OK", "application/scim+json", &pages[nth as usize])
    });
    let ran = server.world(USERS).run(&["plan", "--format", "json"]).json();
    let actions = ran["accounts"][0]["actions"].as_array().unwrap();
    let told: Vec<_> = actions.iter().map(|action| (action["action"].as_str(), action["email"].as_str())).collect();
    // Ada is on the third page: she is there, and is not invited.
    assert_eq!(told, [(Some("remove"), Some("bob@acme.example"))], "{ran}");
}

#[test]
fn a_role_that_nobody_can_read_is_not_taken_away() {
    let page = r#"{"totalResults":2,"Resources":[{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"admin"}]},
        {"id":"2","userName":"bob@acme.example","active":true,"roles":[{"value":{"name":"admin"}}]}]}"#;
    let server = Scripted::always(http("200 OK", "application/scim+json", page));
    assert_snapshot!(server.world(USERS).told(&["apply", "--yes"]), @r"
    exit 3
    --- stdout
    acme  scim  2 users  roster.yaml:2
      ! remove  bob@acme.example  no role  held, not in the file
      complete_read (held, 1 action): the account was not proven whole: the role of bob@acme.example is there and cannot be read (`role`)
        hint: `roster probe` shows where this server keeps roles: write it as `role` in the dialect

    1 held.
    ");
}

#[test]
fn the_key_is_not_shown_in_the_forms_in_which_it_travels() {
    let body =
        r#"{"status":"400","detail":"GET /v2/Users?key=very%2Dsecret%2dkey with QmVhcmVyIHZlcnktc2VjcmV0LWtleQ=="}"#;
    let ran = told(http("400 Bad Request", "application/scim+json", body));
    assert!(ran.contains("key=***") && !ran.contains("Zlcnktc2VjcmV0"), "{ran}");
    assert!(!ran.contains("very%2"), "{ran}");
}

#[test]
fn nobody_listens() {
    let world = World::with(
        "accounts: { acme: { provider: { kind: scim, url: 'http://127.0.0.1:1/v2', key: { env: K } }, prune: all, users: { a@x.example: admin } } }",
    );
    assert_snapshot!(world.set("K", "key").told(&["plan"]), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:1
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: no answer
        caused by: Connection refused (os error 111)
        hint: check `url` in the roster, and that this machine can reach it

    1 account could not be read.
    ");
}

#[test]
fn a_key_that_is_not_there() {
    let world = World::with(
        "accounts: { acme: { provider: { kind: scim, url: 'http://127.0.0.1:1/v2', key: { env: ACME_KEY } }, prune: all, users: { a@x.example: admin } } }",
    );
    assert_snapshot!(world.told(&["plan"]), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:1
      failed: environment variable `ACME_KEY` is not set
        hint: set it to the account's SCIM key, as in `export ACME_KEY=…`

    1 account could not be read.
    ");
}

#[test]
fn one_broken_account_does_not_stop_the_others() {
    let world = World::with(
        "accounts:\n  broken: { provider: { kind: scim, url: 'http://127.0.0.1:1/v2', key: { env: ACME_KEY } }, prune: all, users: { a@x.example: admin } }\n  fine: { provider: sandbox, owner: o@acme.example, prune: all, users: { a@x.example: admin } }\n",
    );
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 4
    --- stdout
    broken  scim  not read  roster.yaml:2
      failed: environment variable `ACME_KEY` is not set
        hint: set it to the account's SCIM key, as in `export ACME_KEY=…`

    fine  sandbox  1 user  roster.yaml:3
      + invite  a@x.example  admin  roster.yaml:3

    1 to invite in 1 of 2 accounts; 1 account could not be read.
    Applied in part: 1 done, 1 account not read in 1 of 2 accounts.
    ");
}

#[test]
fn a_port_in_use() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let world = World::new();
    let arguments = ["sandbox", "--listen", &listen, "--account", "a", "--key", "k", "--owner", "o@acme.example"];
    assert_snapshot!(world.told(&arguments), @r"
    exit 1
    --- stderr
    error: cannot listen on 127.0.0.1:PORT
      caused by: Address already in use (os error 98)
      hint: choose another address with `--listen`; port 0 takes a free one
    ");
}

/// A plan writes nothing: the service would refuse anything but a GET, and the plan comes out all the same.
#[test]
fn a_plan_only_reads() {
    let world = World::new().set("K", "k");
    let sandbox = Sandbox::start(&world, &["--key", "k", "--read-only"]);
    let roster = format!(
        "accounts: {{ acme: {{ provider: {{ kind: scim, url: '{}', key: {{ env: K }} }}, owner: owner@acme.example, prune: all, users: {{ a@x.example: admin }} }} }}",
        sandbox.base
    );
    world.write("roster.yaml", roster);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2);
    assert_snapshot!(world.told(&["apply", "--yes"]), @r"
    exit 1
    --- stdout
    acme  scim  1 user  roster.yaml:1
      + invite  a@x.example  admin  roster.yaml:1

    1 to invite in 1 account.
    acme
      x invite  a@x.example  admin  failed
          POST http://127.0.0.1:PORT/acme/scim/v2/Users: the server forbids this (HTTP 403): this service is read-only, and POST is not GET
          hint: check what `key` may do: it has to read and change users

    Nothing applied: 1 failed in 1 account.
    ");
}

/// Faults that pass by themselves are not worth a word; the roster is applied all the same.
#[test]
fn what_passes_by_itself_is_waited_for() {
    let world = World::new().set("K", "k");
    let faults =
        ["status 503 first 1 on GET /Users", "throttle 0s nth 2 on POST /Users", "cut after nth 3 on POST /Users"];
    let faults = faults.map(|rule| ["--fault", rule]).concat();
    let sandbox = Sandbox::start(&world, &[&["--key", "k"], &faults[..]].concat());
    let roster = format!(
        "accounts: {{ acme: {{ provider: {{ kind: scim, url: '{}', key: {{ env: K }} }}, owner: owner@acme.example, prune: all, users: {{ a@x.example: admin, b@x.example: support, c@x.example: support }} }} }}",
        sandbox.base
    );
    world.write("roster.yaml", roster);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

/// A key that is withdrawn in the middle: what was done stays done, and what comes after is not tried in vain.
#[test]
fn a_key_that_is_refused_in_the_middle() {
    let scim = |body: &str| http("200 OK", "application/scim+json", body);
    let (nobody, no_more, owner) = (
        scim(r#"{"totalResults":0,"Resources":[]}"#),
        scim(r#"{"totalResults":1,"Resources":[]}"#),
        scim(r#"{"totalResults":1,"Resources":[{"id":"1","userName":"o@x.example","active":true,"roles":["owner"]}]}"#),
    );
    let ada = r#"{"id":"2","userName":"ada@x.example","active":true,"roles":[{"value":"admin"}]}"#;
    let (ada, created) = (scim(ada), http("201 Created", "application/scim+json", ada));
    let refused = http("401 Unauthorized", "application/scim+json", "{}");
    let posts = AtomicUsize::new(0);
    let server = Scripted::start(move |head| match head {
        head if head.starts_with("POST") && posts.fetch_add(1, Ordering::Relaxed) == 0 => created.clone(),
        head if head.starts_with("POST") => refused.clone(),
        head if head.contains("/Users/2") => ada.clone(),
        head if head.contains("o%40x.example") => owner.clone(),
        head if head.contains("filter=") => nobody.clone(),
        head if head.contains("startIndex=2") => no_more.clone(),
        _ => owner.clone(),
    });
    let users = "{ ada@x.example: admin, bob@x.example: admin, cyd@x.example: admin }";
    assert_snapshot!(server.world(users).told(&["apply", "--yes", "--concurrency", "1"]), @r"
    exit 4
    --- stdout
    acme  scim  1 user  roster.yaml:2
      + invite  ada@x.example  admin  roster.yaml:8
      + invite  bob@x.example  admin  roster.yaml:8
      + invite  cyd@x.example  admin  roster.yaml:8
      1 owner: not in the file, and no plan takes an Owner's access
          o@x.example  owner  active

    3 to invite in 1 account.
    acme
      x invite  bob@x.example  admin  failed
          POST http://127.0.0.1:PORT/v2/Users: the server refuses the key (HTTP 401)
          hint: check that `key` names the key of this very account, with its prefix where it has one
      . invite  cyd@x.example  admin  not tried: an earlier failure concerns the whole account

    Applied in part: 1 done, 1 failed, 1 not tried in 1 account.
    ");
}

/// Invariant: one account's trouble is one account's.
#[test]
fn an_embedded_service_that_cannot_start_stops_only_its_own_accounts() {
    let server = Scripted::always(http("401 Unauthorized", "application/scim+json", "{}"));
    let world = server.world("{ ada@x.example: admin }");
    world.edit(
        "accounts:\n",
        "accounts:\n  local: { provider: sandbox, owner: o@x.example, prune: all, users: { a@x.example: admin } }\n",
    );
    world.write(".roster", "a file where the folder should be");
    assert_snapshot!(world.told(&["plan"]), @r"
    exit 1
    --- stdout
    acme  scim  not read  roster.yaml:3
      failed: GET http://127.0.0.1:PORT/v2/Users?count=200: the server refuses the key (HTTP 401)
        hint: check that `key` names the key of this very account, with its prefix where it has one

    local  sandbox  not read  roster.yaml:2
      failed: cannot start the embedded account service
        caused by: cannot write in the data folder `.roster`
        caused by: File exists (os error 17)
        hint: check that the folder may be written, or choose another one

    2 accounts could not be read.
    ");
}

/// Somebody who is to be invited and is there already proves that the listing missed people: nobody is taken out by it.
#[test]
fn a_listing_that_turns_out_to_lack_somebody_costs_nobody_anything() {
    let scim = |body: &str| http("200 OK", "application/scim+json", body);
    let user = |id: u8, name: &str, role: &str| {
        format!(r#"{{"id":"{id}","userName":"{name}@acme.example","active":true,"roles":[{{"value":"{role}"}}]}}"#)
    };
    let listing =
        |users: &[String]| scim(&format!(r#"{{"totalResults":{},"Resources":[{}]}}"#, users.len(), users.join(",")));
    let (listed, hidden) =
        (listing(&[user(1, "eve", "admin"), user(2, "bob", "support")]), listing(&[user(3, "ada", "admin")]));
    let past_the_end = scim(r#"{"totalResults":2,"Resources":[]}"#);
    let server = Scripted::start(move |head| match head {
        head if head.contains("filter=") => hidden.clone(),
        head if head.contains("startIndex=3") => past_the_end.clone(),
        _ => listed.clone(),
    });
    let users = "{ ada@acme.example: admin, eve@acme.example: admin }";
    assert_snapshot!(server.world(users).told(&["apply", "--yes"]), @r"
    exit 4
    --- stdout
    acme  scim  2 users  roster.yaml:2
      - remove  bob@acme.example  support  not in the file
      + invite  ada@acme.example  admin    roster.yaml:8

    1 to invite, 1 to remove in 1 account.
    acme
      . remove  bob@acme.example  support  not tried: somebody whom the account did not list is in it

    Applied in part: 1 done, 1 not tried in 1 account.
    ");
    assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{:?}", server.seen());
}
