//! Stories of one action each, against a server that keeps one user, or does not.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::model::action::Cause;
use crate::model::place::Place;
use crate::provider::scim::scripted::{Reply, Seen, Server};

/// The one user of the account, or nobody.
type Held = Arc<Mutex<Option<Value>>>;

fn held(role: &str) -> Held {
    Arc::new(Mutex::new(Some(json!({
        "id": "7", "userName": "Grace@Acme.Example", "active": true, "name": {"givenName": "Grace"},
        "roles": [{"value": role}], "costCentre": 12, "meta": {"version": "1"},
    }))))
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
        ("GET", there) if seen.line.contains("?filter=") => {
            Reply::json(200, &json!({"Resources": there.into_iter().collect::<Vec<_>>()}))
        }
        (_, None) => Reply::text(404, ""),
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

fn remove() -> Change {
    Change::Remove { id: id(), roles: held_roles(&["analyst"]), status: Status::Active }
}

/// Carries one change out; the outcome in words, and the methods that were sent.
async fn outcome(
    dialect: Dialect,
    change: Change,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (String, String, Server) {
    let server = Server::start(script).await;
    let place = Place { file: "roster.yaml".into(), line: 1, column: 1 };
    let email = Email::observed("grace@acme.example").expect("a login");
    let action = Action { email, change, cause: Cause::Listed { place } };
    let result = ScimWriter::over(&server.connect(dialect)).carry_out(&action).await;
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
        outcome(Dialect::rfc(), change, move |seen, _| fault(seen).unwrap_or_else(|| good(&held, seen))).await;
    (words, methods)
}

fn on(method: &'static str, reply: Reply) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    move |seen| seen.line.starts_with(method).then(|| reply.clone())
}

fn said(words: &str, methods: &str) -> (String, String) {
    (words.to_owned(), methods.to_owned())
}

#[tokio::test]
async fn an_invitation_is_sent_and_read_again() {
    let account = Held::default();
    let inside = Arc::clone(&account);
    let (words, methods, server) = outcome(Dialect::rfc(), invite(), move |seen, _| good(&inside, seen)).await;
    assert_eq!((words, methods), said("Changed", "POST GET"));
    assert_eq!(
        server.seen()[0].body,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "grace@acme.example",
            "emails": [{"value": "grace@acme.example", "type": "work", "primary": true}],
            "active": true,
            "roles": [{"value": "manager", "primary": true}],
            "name": {"givenName": "Grace"},
            "preferredLanguage": "fr",
        })
    );
    assert!(server.seen()[0].headers.contains("content-type: application/scim+json"));
}

#[tokio::test]
async fn somebody_who_is_there_already_is_recognised() {
    assert_eq!(story(&held("MANAGER"), invite(), |_| None).await, said("AlreadySo", "POST GET"));
    let (words, _) = story(&held("analyst"), invite(), |_| None).await;
    assert_eq!(
        words,
        "POST /Users: the server refused (HTTP 409): the user exists already: the user has analyst, \
         not manager (the server says: taken)"
    );
    let conflict = Reply::text(409, "");
    let (words, _) = story(&Held::default(), invite(), on("POST", conflict)).await;
    assert!(words.ends_with("(HTTP 409): the user exists already, and the server does not show it"), "{words}");
}

#[tokio::test]
async fn a_filter_that_is_ignored_does_not_make_somebody_else_the_user() {
    let others = json!({"Resources": [{"id": "1", "userName": "owner@acme.example", "roles": ["manager"]}]});
    let ignoring = move |seen: &Seen| {
        let reply = Reply::json(200, &others);
        seen.line.contains("?filter=").then_some(reply)
    };
    let (words, methods) = story(&held("manager"), invite(), ignoring).await;
    assert!(words.contains("does not show it"), "{words}");
    assert_eq!(methods, "POST GET");
}

#[tokio::test]
async fn an_invitation_whose_answer_was_lost_is_settled_by_looking() {
    for lost in [Reply::cut(), Reply::text(502, ""), Reply::text(201, ""), Reply::text(201, "{\"id\":").half()] {
        let account = Held::default();
        let inside = Arc::clone(&account);
        let arrived = move |seen: &Seen| {
            let posted = seen.line.starts_with("POST");
            posted.then(|| drop(good(&inside, seen))).map(|()| lost.clone())
        };
        assert_eq!(story(&account, invite(), arrived).await, said("Changed", "POST GET"));
    }
    let (words, methods) = story(&Held::default(), invite(), on("POST", Reply::cut())).await;
    assert_eq!((words, methods), said("POST /Users: no answer", "POST GET"));
}

#[tokio::test]
async fn a_write_is_repeated_only_where_the_server_did_nothing() {
    let account = Held::default();
    let throttled = Mutex::new(2);
    let fault = move |_: &Seen| {
        let mut left = throttled.lock().expect("the count");
        *left -= 1;
        (*left >= 0).then(|| Reply::text(if *left == 0 { 503 } else { 429 }, "").header("retry-after", "0"))
    };
    assert_eq!(story(&account, invite(), fault).await, said("Changed", "POST POST POST GET"));
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
    let account = held("analyst");
    if let Some(user) = account.lock().expect("the user").as_mut() {
        user["active"] = json!("False");
    }
    let change = Change::Reactivate { id: id(), from: held_roles(&["analyst"]), to: role("analyst") };
    assert_eq!(story(&account, change, |_| None).await, said("Changed", "GET PATCH GET"));
}

#[tokio::test]
async fn a_server_that_stores_nothing_is_told_on() {
    let (words, _) = story(&held("analyst"), change_role(), on("PATCH", Reply::text(200, "{}"))).await;
    assert_eq!(
        words,
        "PATCH /Users/7: the server accepted the change and did not store it: the user has analyst, \
         not Manager"
    );
    let created = Reply::json(201, &json!({"id": "8"}));
    let (words, _) = story(&Held::default(), invite(), on("POST", created)).await;
    assert_eq!(words, "POST /Users: the server accepted the change and did not store it: the user is not there");
    let (words, _) = story(&held("analyst"), remove(), on("DELETE", Reply::text(204, ""))).await;
    assert_eq!(
        words,
        "DELETE /Users/7: the server accepted the change and did not store it: the user is still there, active"
    );
}

#[tokio::test]
async fn without_patch_the_whole_user_is_put_and_nothing_is_lost() {
    for status in [405, 501] {
        let account = held("analyst");
        let fault = on("PATCH", Reply::text(status, ""));
        assert_eq!(story(&account, change_role(), fault).await, said("Changed", "GET PATCH PUT GET"));
        assert_eq!(
            account.lock().expect("the user").clone(),
            Some(json!({
                "id": "7", "userName": "Grace@Acme.Example", "active": true, "name": {"givenName": "Grace"},
                "roles": [{"value": "Manager", "primary": true}], "costCentre": 12,
            }))
        );
    }
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_settled_by_reading() {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let arrived = move |seen: &Seen| {
        let patched = seen.line.starts_with("PATCH");
        patched.then(|| drop(good(&inside, seen))).map(|()| Reply::cut())
    };
    assert_eq!(story(&account, change_role(), arrived).await, said("Changed", "GET PATCH GET"));
    let (words, methods) = story(&held("analyst"), change_role(), on("PATCH", Reply::text(500, ""))).await;
    assert_eq!((words, methods), said("PATCH /Users/7: the server failed (HTTP 500)", "GET PATCH GET"));
    let (words, _) = story(&held("analyst"), remove(), on("DELETE", Reply::cut())).await;
    assert_eq!(words, "DELETE /Users/7: no answer");
}

#[tokio::test]
async fn a_removal_is_seen_to_be_one() {
    let account = held("analyst");
    assert_eq!(story(&account, remove(), |_| None).await, said("Changed", "GET DELETE GET"));
    assert_eq!(story(&account, remove(), |_| None).await, said("AlreadySo", "GET"));
    let gone = on("DELETE", Reply::text(404, "<html>"));
    assert_eq!(story(&held("analyst"), remove(), gone).await, said("AlreadySo", "GET DELETE"));
}

#[tokio::test]
async fn a_server_that_only_deactivates_is_believed_where_the_dialect_says_so() {
    let dialect = Dialect { removed: Removed::Inactive, ..Dialect::rfc() };
    let account = held("analyst");
    let soft = move |seen: &Seen, _: usize| {
        if seen.line.starts_with("DELETE")
            && let Some(user) = account.lock().expect("the user").as_mut()
        {
            user["active"] = json!(false);
            return Reply::text(204, "");
        }
        good(&account, seen)
    };
    assert_eq!(outcome(dialect, remove(), soft).await.0, "Changed");
}

#[tokio::test]
async fn somebody_who_is_no_longer_as_planned_is_left_alone() {
    let overtaken = "the user changed since the plan was made: ";
    let promoted = story(&held("owner"), remove(), |_| None).await;
    let expected = format!("GET /Users/7: {overtaken}the user has owner, not analyst");
    assert_eq!(promoted, said(&expected, "GET"));
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

#[tokio::test]
async fn an_id_that_climbs_out_of_the_path_is_never_sent() {
    let id = UserId::observed("..").expect("an id");
    let change = Change::Remove { id, roles: held_roles(&[]), status: Status::Active };
    let (words, methods) = story(&held("analyst"), change, |_| None).await;
    assert!(words.ends_with("the id `..` cannot stand in a URL"), "{words}");
    assert_eq!(methods, "");
}
