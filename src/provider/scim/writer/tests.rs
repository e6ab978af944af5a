//! Stories of one action each, against a server that keeps one user, or does not.

mod invite;
mod patch_or_put;
mod removal;
mod versions;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::model::action::Cause;
use crate::model::dialect::Dialect;
use crate::model::dialect::preset::Preset;
use crate::model::person::Profile;
use crate::model::place::Place;
use crate::provider::scim::scripted::{Reply, Seen, Server, plain};

/// What a new user's invitation comes to.
const MADE: &str = "Made(UserId(\"7\"))";

/// The one user of the account, or nobody.
type Held = Arc<Mutex<Option<Value>>>;

fn held(role: &str) -> Held {
    Arc::new(Mutex::new(Some(json!({
        "id": "7", "userName": "Grace@Acme.Example", "active": true, "name": {"givenName": "Grace"},
        "roles": [{"value": role}], "costCentre": 12, "meta": {"version": "1"},
    }))))
}

/// An analyst with this attribute.
fn with(attribute: &str, value: Value) -> Held {
    let account = held("analyst");
    if let Some(user) = account.lock().expect("the user").as_mut() {
        user[attribute] = value;
    }
    account
}

fn not_found() -> Reply {
    Reply::json(404, &json!({"schemas": [crate::scim::ERROR], "status": "404", "detail": "nobody"}))
}

/// A server by the book for one user with the id 7; PATCH applies what this client sends.
fn good(held: &Held, seen: &Seen) -> Reply {
    let mut user = held.lock().expect("the user");
    let method = seen.line.split(' ').next().unwrap_or_default();
    match (method, user.as_mut()) {
        ("POST", None) => {
            let mut new = seen.body.clone();
            new["id"] = json!("7");
            Reply::json(201, user.insert(new))
        }
        ("POST", Some(_)) => Reply::json(409, &json!({"scimType": "uniqueness", "detail": "taken"})),
        ("GET", there) if seen.line.contains("/Users?") => {
            let users: Vec<_> = there.into_iter().collect();
            Reply::json(200, &json!({"totalResults": users.len(), "Resources": users}))
        }
        (_, None) => not_found(),
        ("GET", Some(user)) => Reply::json(200, user),
        ("PUT", Some(user)) => {
            *user = seen.body.clone();
            Reply::json(200, user)
        }
        ("PATCH", Some(user)) => {
            for operation in seen.body["Operations"].as_array().expect("operations") {
                let path = operation["path"].as_str().expect("a path").replace('.', "/");
                let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
                let parent = if parent.is_empty() { &mut *user } else { &mut user[parent] };
                parent[name] = operation["value"].clone();
            }
            Reply::text(204, "")
        }
        ("DELETE", Some(_)) => {
            *user = None;
            Reply::text(204, "")
        }
        other => panic!("unexpected {other:?}"),
    }
}

fn role(name: &str) -> RoleName {
    name.parse().expect("a role")
}

fn id() -> UserId {
    UserId::observed("7").expect("an id")
}

fn invite() -> Change {
    let profile = Profile { first_name: Some("Grace".into()), last_name: None };
    Change::Invite { role: role("manager"), profile, language: "fr".parse().ok() }
}

fn held_roles(names: &[&str]) -> HeldRoles {
    names.iter().map(|name| role(name)).collect()
}

fn change_role() -> Change {
    let (from, to) = (held_roles(&["analyst"]), role("Manager"));
    Change::ChangeRole { id: id(), from, to, status: Status::Active }
}

fn update_profile() -> Change {
    let after = Profile { first_name: Some("Grace".into()), last_name: Some("Hopper".into()) };
    Change::UpdateProfile { id: id(), before: Profile::default(), after }
}

fn reactivate() -> Change {
    Change::Reactivate { id: id(), from: held_roles(&["analyst"]), to: role("analyst") }
}

fn remove() -> Change {
    Change::Remove { id: id(), roles: held_roles(&["analyst"]), status: Status::Active }
}

fn action(change: Change) -> Action {
    let place = Place { file: "roster.yaml".into(), line: 1, column: 1 };
    let email = Email::observed("grace@acme.example").expect("a login");
    Action { subject: Subject::User(email), change, cause: Cause::Listed { place } }
}

/// Carries one change out; the outcome in words, and the methods that were sent.
async fn outcome(
    dialect: Dialect,
    change: Change,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (String, String, Server) {
    let server = Server::start(script).await;
    let result = ScimWriter::over(&server.connect(dialect), &CancellationToken::new()).carry_out(&action(change)).await;
    let words = match result {
        Ok(effect) => format!("{effect:?}"),
        Err(error) => error.to_string().replace(server.base.as_str(), ""),
    };
    let methods = server.lines().iter().filter_map(|line| line.split(' ').next()).collect::<Vec<_>>().join(" ");
    (words, methods, server)
}

/// The same with a server by the book that goes wrong where `fault` says.
async fn story(
    held: &Held,
    change: Change,
    fault: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> (String, String) {
    let held = Arc::clone(held);
    let (words, methods, _server) =
        outcome(plain(), change, move |seen, _| fault(seen).unwrap_or_else(|| good(&held, seen))).await;
    (words, methods)
}

fn on(method: &'static str, reply: Reply) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    move |seen| seen.line.starts_with(method).then(|| reply.clone())
}

fn said(words: &str, methods: &str) -> (String, String) {
    (words.to_owned(), methods.to_owned())
}

/// Lets the request arrive at the server and gives this answer instead of its own.
fn lost(
    account: &Held,
    method: &'static str,
    answer: Reply,
) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    let inside = Arc::clone(account);
    move |seen| {
        let arrived = seen.line.starts_with(method);
        arrived.then(|| drop(good(&inside, seen))).map(|()| answer.clone())
    }
}

#[tokio::test]
async fn a_write_is_repeated_only_where_the_server_did_nothing() {
    let refused = |method: &'static str, status: u16| {
        let left = Mutex::new(2);
        move |seen: &Seen| {
            let mut left = left.lock().expect("the count");
            *left -= i32::from(seen.line.starts_with(method));
            let reply = || Reply::text(status, "").header("retry-after", "0");
            (seen.line.starts_with(method) && *left >= 0).then(reply)
        }
    };
    let outcome = story(&Held::default(), invite(), refused("POST", 429)).await;
    // Somebody is sought before each repetition: who is created twice is invited twice.
    assert_eq!(outcome, said(MADE, "GET POST GET POST GET POST GET"));
    let outcome = story(&held("analyst"), change_role(), refused("PATCH", 503)).await;
    assert_eq!(outcome, said("Changed", "GET PATCH PATCH PATCH GET"));
}

#[tokio::test]
async fn a_role_is_replaced_as_a_whole_and_read_again() {
    let account = held("analyst");
    assert_eq!(story(&account, change_role(), |_| None).await, said("Changed", "GET PATCH GET"));
    let user = account.lock().expect("the user").clone().expect("somebody");
    assert_eq!(user["roles"], json!([{"value": "Manager", "primary": true}]));
    assert_eq!(story(&account, change_role(), |_| None).await, said("AlreadySo", "GET"));
}

#[tokio::test]
async fn names_are_changed_in_one_request() {
    let account = held("analyst");
    assert_eq!(story(&account, update_profile(), |_| None).await, said("Changed", "GET PATCH GET"));
    let user = account.lock().expect("the user").clone().expect("somebody");
    assert_eq!(user["name"], json!({"givenName": "Grace", "familyName": "Hopper"}));
}

#[tokio::test]
async fn somebody_is_let_in_again_with_the_role_of_the_file() {
    let account = with("active", json!("False"));
    assert_eq!(story(&account, reactivate(), |_| None).await, said("Changed", "GET PATCH GET"));
    assert_eq!(story(&account, reactivate(), |_| None).await, said("AlreadySo", "GET"));
}

#[tokio::test]
async fn somebody_who_is_only_invited_again_was_not_let_in() {
    let account = with("active", json!(false));
    let (inside, dialect) = (Arc::clone(&account), Preset::Sandbox.dialect());
    let inviting = move |seen: &Seen, _: usize| {
        let reply = good(&inside, seen);
        if seen.line.starts_with("PATCH")
            && let Some(user) = inside.lock().expect("the user").as_mut()
        {
            user[crate::scim::ACCOUNT_USER] = json!({"status": "invited"});
        }
        reply
    };
    let (words, _, _server) = outcome(dialect, reactivate(), inviting).await;
    assert_eq!(words, "PATCH /Users/7: the change is not stored as it was sent: the user is invited, not active");
}

#[tokio::test]
async fn a_server_that_stores_nothing_is_told_on() {
    let (words, _) = story(&held("analyst"), change_role(), on("PATCH", Reply::text(200, "{}"))).await;
    assert_eq!(
        words,
        "PATCH /Users/7: the change is not stored as it was sent: the user has analyst, \
         not Manager"
    );
    let merging = |seen: &Seen| {
        let both = json!([{"value": "analyst", "primary": false}, {"value": "Manager", "primary": true}]);
        let posted = seen.body["Operations"][0]["value"].is_array();
        posted.then_some(both)
    };
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let fault = move |seen: &Seen| {
        let roles = merging(seen)?;
        inside.lock().expect("the user").as_mut().expect("somebody")["roles"] = roles;
        Some(Reply::text(204, ""))
    };
    let (words, _) = story(&account, change_role(), fault).await;
    assert!(words.ends_with("not stored as it was sent: the user has analyst + Manager, not Manager"), "{words}");
    let created = Reply::json(201, &json!({"id": "8"}));
    let (words, _) = story(&Held::default(), invite(), on("POST", created)).await;
    assert_eq!(words, "POST /Users: the change is not stored as it was sent: the user is not there");
    let (words, _) = story(&held("analyst"), remove(), on("DELETE", Reply::text(204, ""))).await;
    assert_eq!(words, "DELETE /Users/7: the change is not stored as it was sent: the user is still there, active");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_settled_by_reading() {
    let account = held("analyst");
    let fault = lost(&account, "PATCH", Reply::cut());
    assert_eq!(story(&account, change_role(), fault).await, said("Changed", "GET PATCH GET"));
    let (words, methods) = story(&held("analyst"), change_role(), on("PATCH", Reply::text(500, ""))).await;
    assert_eq!((words, methods), said("PATCH /Users/7: the server failed (HTTP 500)", "GET PATCH GET"));
    let (words, _) = story(&held("analyst"), remove(), on("DELETE", Reply::cut())).await;
    assert_eq!(words, "DELETE /Users/7: no answer");
}

#[tokio::test]
async fn what_a_lost_change_came_to_is_told_or_that_nobody_knows() {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let otherwise = move |seen: &Seen| {
        seen.line.starts_with("PATCH").then(|| {
            inside.lock().expect("the user").as_mut().expect("somebody")["roles"] = json!(["support"]);
            Reply::cut()
        })
    };
    let (words, _) = story(&account, change_role(), otherwise).await;
    assert_eq!(words, "PATCH /Users/7: the change is not stored as it was sent: the user has support, not Manager");
    for (method, change) in [("PATCH", change_role()), ("DELETE", remove())] {
        for answer in [Reply::cut(), Reply::text(204, "")] {
            let gone_silent = Mutex::new(false);
            let fault = move |seen: &Seen| {
                let mut silent = gone_silent.lock().expect("the flag");
                let before = *silent;
                *silent |= seen.line.starts_with(method);
                silent.then(|| if before { Reply::text(500, "") } else { answer.clone() })
            };
            let (words, methods) = story(&held("analyst"), change.clone(), fault).await;
            assert_eq!(words, format!("{method} /Users/7: sent, and nobody knows whether it was stored"));
            assert_eq!(methods, format!("GET {method} GET GET GET GET"));
        }
    }
}

#[tokio::test]
async fn a_change_that_the_server_only_took_on_is_not_called_done() {
    for (method, change) in [("PATCH", change_role()), ("DELETE", remove())] {
        let (words, _) = story(&held("analyst"), change, on(method, Reply::text(202, ""))).await;
        assert_eq!(words, format!("{method} /Users/7: sent, and nobody knows whether it was stored"));
    }
}

#[tokio::test]
async fn somebody_who_is_no_longer_as_planned_is_left_alone() {
    let overtaken = "the user changed since the plan was made: ";
    let promoted = story(&held("owner"), remove(), |_| None).await;
    let expected = format!("GET /Users/7: {overtaken}the user has owner, not analyst");
    assert_eq!(promoted, said(&expected, "GET"));
    let suspended = with("active", json!(false));
    for change in [remove(), change_role()] {
        let expected = format!("GET /Users/7: {overtaken}the user is deactivated, not active");
        assert_eq!(story(&suspended, change, |_| None).await, said(&expected, "GET"));
    }
    let demoted = with("roles", json!(["Manager"]));
    demoted.lock().expect("the user").as_mut().expect("somebody")["active"] = json!(false);
    let (words, _) = story(&demoted, change_role(), |_| None).await;
    assert!(words.ends_with("the user has Manager, not analyst; the user is deactivated, not active"), "{words}");
    let returned = story(&with("roles", json!(["owner"])), reactivate(), |_| None).await;
    let expected =
        format!("GET /Users/7: {overtaken}the user has owner, not analyst; the user is active, not deactivated");
    assert_eq!(returned, said(&expected, "GET"));
    let cancel = Change::CancelInvitation { id: id(), roles: held_roles(&["analyst"]) };
    let accepted = story(&held("analyst"), cancel, |_| None).await;
    assert_eq!(accepted, said(&format!("GET /Users/7: {overtaken}the user is active, not invited"), "GET"));
    let reused = held("analyst");
    if let Some(user) = reused.lock().expect("the user").as_mut() {
        user["userName"] = json!("linus@acme.example");
    }
    for change in [remove(), change_role(), update_profile()] {
        let expected = format!("GET /Users/7: {overtaken}the id now belongs to `linus@acme.example`");
        assert_eq!(story(&reused, change, |_| None).await, said(&expected, "GET"));
    }
    let gone = story(&Held::default(), change_role(), |_| None).await;
    assert_eq!(gone, said("GET /Users/7: the user is gone (HTTP 404)", "GET"));
}
