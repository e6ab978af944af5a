//! Stories of one action each, against a server that keeps one user, or does not.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::model::action::Cause;
use crate::model::person::Profile;
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
        ("GET", there) if seen.line.contains("?filter=") => {
            Reply::json(200, &json!({"Resources": there.into_iter().collect::<Vec<_>>()}))
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
    Action { email, change, cause: Cause::Listed { place } }
}

/// Carries one change out; the outcome in words, and the methods that were sent.
async fn outcome(
    dialect: Dialect,
    change: Change,
    script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> (String, String, Server) {
    let server = Server::start(script).await;
    let result = ScimWriter::over(&server.connect(dialect)).carry_out(&action(change)).await;
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
    assert_eq!((words, methods), said("Changed", "GET POST GET"));
    assert_eq!(
        server.seen()[1].body,
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
    assert!(server.seen()[1].headers.contains("content-type: application/scim+json"));
}

#[tokio::test]
async fn somebody_who_is_there_already_is_not_invited() {
    assert_eq!(story(&held("MANAGER"), invite(), |_| None).await, said("AlreadySo", "GET"));
    let (words, methods) = story(&held("analyst"), invite(), |_| None).await;
    assert_eq!(
        words,
        "GET /Users?filter=userName eq …: the user changed since the plan was made: the user exists already: \
         the user has analyst, not manager"
    );
    assert_eq!(methods, "GET");
}

/// A filter that fails until somebody was to be created.
fn filter_fails_before_the_post() -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    let posted = Mutex::new(false);
    move |seen| {
        let mut posted = posted.lock().expect("the flag");
        *posted |= seen.line.starts_with("POST");
        (!*posted).then(|| Reply::text(400, "no filters"))
    }
}

#[tokio::test]
async fn a_conflict_is_explained_by_looking() {
    let known = story(&held("manager"), invite(), filter_fails_before_the_post()).await;
    assert_eq!(known, said("AlreadySo", "GET POST GET"));
    let (words, _) = story(&held("analyst"), invite(), filter_fails_before_the_post()).await;
    assert_eq!(
        words,
        "POST /Users: the server refused (HTTP 409): the user exists already: the user has analyst, \
         not manager (the server says: taken)"
    );
    let conflict = Reply::text(409, "");
    let (words, _) = story(&Held::default(), invite(), on("POST", conflict)).await;
    assert!(words.ends_with("(HTTP 409): the user exists already, and the server does not show it"), "{words}");
    let leaking = Reply::text(409, &format!("taken by {}", crate::provider::scim::scripted::KEY));
    let (words, _) = story(&Held::default(), invite(), on("POST", leaking)).await;
    assert!(words.ends_with("(the server says: taken by ***)"), "{words}");
}

#[tokio::test]
async fn without_filters_somebody_is_invited_all_the_same() {
    let no_filter = |seen: &Seen| seen.line.contains("?filter=").then(|| Reply::text(501, ""));
    assert_eq!(story(&Held::default(), invite(), no_filter).await, said("Changed", "GET POST GET"));
    let denied = |_: &Seen| Some(Reply::text(401, ""));
    let (words, methods) = story(&Held::default(), invite(), denied).await;
    assert!(words.ends_with("refuses the key (HTTP 401)"), "{words}");
    assert_eq!(methods, "GET");
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
    assert_eq!(methods, "GET POST GET");
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
async fn an_invitation_whose_answer_was_lost_is_settled_by_looking() {
    let asked_to_wait = Reply::text(503, "").header("retry-after", "0");
    let half = Reply::text(201, "{\"id\":").half();
    for answer in [Reply::cut(), Reply::text(502, ""), asked_to_wait.clone(), Reply::text(202, ""), half] {
        let account = Held::default();
        let fault = lost(&account, "POST", answer);
        assert_eq!(story(&account, invite(), fault).await, said("Changed", "GET POST GET"));
    }
    for (answer, words) in [
        (Reply::cut(), "no answer"),
        (asked_to_wait, "the server failed (HTTP 503)"),
        (Reply::text(202, ""), "sent, and nobody knows whether it was stored"),
    ] {
        let outcome = story(&Held::default(), invite(), on("POST", answer)).await;
        assert_eq!(outcome, said(&format!("POST /Users: {words}"), "GET POST GET"));
    }
}

#[tokio::test]
async fn what_a_lost_invitation_came_to_is_told() {
    let account = Held::default();
    let inside = Arc::clone(&account);
    let demoted = move |seen: &Seen| {
        let posted = seen.line.starts_with("POST");
        posted.then(|| *inside.lock().expect("the user") = held("analyst").lock().expect("the user").take())?;
        Some(Reply::cut())
    };
    let (words, _) = story(&account, invite(), demoted).await;
    assert!(words.starts_with("POST /Users: the change is not stored as it was sent: the user has analyst"), "{words}");
    let dead = |seen: &Seen| (!seen.line.starts_with("DELETE")).then(|| Reply::text(500, ""));
    let (words, methods) = story(&Held::default(), invite(), dead).await;
    assert_eq!((words, methods), said("POST /Users: sent, and nobody knows whether it was stored", "GET POST GET"));
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
    assert_eq!(outcome, said("Changed", "GET POST POST POST GET"));
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
    let (inside, dialect) = (Arc::clone(&account), Dialect::sandbox());
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
        posted.then(|| both)
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
async fn a_put_says_which_version_it_replaces() {
    for (meta, etag, sent) in [
        (json!({"version": "W/\"3\""}), "\"proxy\"", Some("if-match: w/\"3\"")),
        (json!({"version": "3"}), "\"4\"", Some("if-match: \"4\"")),
        (json!({"version": "3"}), "", None),
    ] {
        let account = with("meta", meta);
        let inside = Arc::clone(&account);
        let tagged = move |seen: &Seen, _: usize| match seen.line.split_once(' ') {
            Some(("PATCH", _)) => Reply::text(405, ""),
            Some(("PUT", _)) => Reply::text(412, ""),
            _ if etag.is_empty() => good(&inside, seen),
            _ => good(&inside, seen).header("etag", etag),
        };
        let (words, methods, server) = outcome(Dialect::rfc(), change_role(), tagged).await;
        assert!(words.ends_with("changed since the plan was made: its version is another one now"), "{words}");
        assert_eq!(methods, "GET PATCH PUT");
        assert_eq!(server.seen()[2].headers.lines().find(|line| line.starts_with("if-match")), sent);
    }
}

#[tokio::test]
async fn a_put_is_repeated_only_with_what_is_there_now() {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let tried = Mutex::new(0);
    let busy = move |seen: &Seen| match seen.line.split_once(' ')? {
        ("PATCH", _) => Some(Reply::text(405, "")),
        ("PUT", _) => {
            let mut tried = tried.lock().expect("the count");
            *tried += 1;
            // Somebody else changes what nobody here looks at.
            inside.lock().expect("the user").as_mut().expect("somebody")["costCentre"] = json!(13);
            (*tried == 1).then(|| Reply::text(429, "").header("retry-after", "0"))
        }
        _ => None,
    };
    assert_eq!(story(&account, change_role(), busy).await, said("Changed", "GET PATCH PUT GET PUT GET"));
    assert_eq!(account.lock().expect("the user").as_ref().expect("somebody")["costCentre"], 13);
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let promoted = move |seen: &Seen| match seen.line.split_once(' ')? {
        ("PATCH", _) => Some(Reply::text(405, "")),
        ("PUT", _) => {
            inside.lock().expect("the user").as_mut().expect("somebody")["roles"] = json!(["admin"]);
            Some(Reply::text(429, "").header("retry-after", "0"))
        }
        _ => None,
    };
    let (words, methods) = story(&account, change_role(), promoted).await;
    assert!(words.ends_with("somebody else changed it before it could be replaced"), "{words}");
    assert_eq!(methods, "GET PATCH PUT GET");
}

#[tokio::test]
async fn a_put_that_resets_something_else_is_told_on() {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let resetting = move |seen: &Seen| match seen.line.split_once(' ')? {
        ("PATCH", _) => Some(Reply::text(405, "")),
        ("PUT", _) => {
            let reply = good(&inside, seen);
            let mut user = inside.lock().expect("the user");
            let user = user.as_mut().expect("somebody");
            (user["roles"], user["active"]) = (json!([]), json!(false));
            Some(reply)
        }
        _ => None,
    };
    let (words, _) = story(&account, update_profile(), resetting).await;
    assert!(words.ends_with("the user has no role, not analyst; the user is deactivated, not active"), "{words}");
}

#[tokio::test]
async fn a_patch_that_is_not_offered_for_one_attribute_is_tried_for_others() {
    for (status, methods) in
        [(501, "GET PATCH PUT GET GET PUT GET GET PATCH PUT GET"), (405, "GET PATCH PUT GET GET PUT GET GET PUT GET")]
    {
        let account = held("analyst");
        let inside = Arc::clone(&account);
        let server = Server::start(move |seen, _| match seen.line.starts_with("PATCH") {
            true => Reply::text(status, ""),
            false => good(&inside, seen),
        })
        .await;
        let writer = ScimWriter::over(&server.connect(Dialect::rfc()));
        let back = Change::ChangeRole {
            id: id(),
            from: held_roles(&["Manager"]),
            to: role("analyst"),
            status: Status::Active,
        };
        for change in [change_role(), back, update_profile()] {
            assert_eq!(writer.carry_out(&action(change)).await.expect("carried out"), Effect::Changed);
        }
        let sent: Vec<_> = server.lines().iter().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect();
        assert_eq!(sent.join(" "), methods);
    }
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
            assert_eq!(methods, format!("GET {method} GET"));
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
async fn a_removal_is_seen_to_be_one() {
    let account = held("analyst");
    assert_eq!(story(&account, remove(), |_| None).await, said("Changed", "GET DELETE GET"));
    assert_eq!(story(&account, remove(), |_| None).await, said("AlreadySo", "GET GET"));
}

/// The user, and an account that says 404 to everything about it from some request on.
fn denying(from: &'static str, answer: Reply, filter: Option<Reply>) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync {
    let begun = Mutex::new(false);
    move |seen| {
        if seen.line.contains("?filter=") {
            return filter.clone();
        }
        let mut begun = begun.lock().expect("the flag");
        *begun |= seen.line.starts_with(from);
        begun.then(|| answer.clone())
    }
}

#[tokio::test]
async fn a_404_alone_is_no_removal() {
    let html = || Reply::text(404, "<html>no such page</html>");
    for answer in [html(), not_found()] {
        for (from, methods) in [("GET", "GET GET"), ("DELETE", "GET DELETE GET")] {
            let (words, sent) = story(&held("analyst"), remove(), denying(from, answer.clone(), None)).await;
            assert_eq!(
                words,
                format!(
                    "{from} /Users/7: the server refused (HTTP 404): the server answers 404 and still lists the user"
                )
            );
            assert_eq!(sent, methods);
        }
    }
    // Whoever comes back under the same login is there too, and a longer listing may hold the user.
    let again = json!({"totalResults": 1, "Resources": [{"id": "8", "userName": "grace@acme.example"}]});
    let (words, _) = story(&held("analyst"), remove(), denying("GET", html(), Some(Reply::json(200, &again)))).await;
    assert!(words.ends_with("still lists the user"), "{words}");
    let beginning = json!({"totalResults": 25, "Resources": [{"id": "1", "userName": "a@acme.example"}]});
    for filter in [Reply::json(200, &beginning), Reply::text(400, ""), Reply::text(501, ""), Reply::text(200, "<html>")]
    {
        let (words, _) = story(&held("analyst"), remove(), denying("GET", html(), Some(filter.clone()))).await;
        assert!(words.ends_with("it does not say so in SCIM, and looking the user up did not tell"), "{words}");
        let outcome = story(&held("analyst"), remove(), denying("GET", not_found(), Some(filter))).await;
        assert_eq!(outcome, said("AlreadySo", "GET GET"));
    }
}

#[tokio::test]
async fn a_404_after_a_removal_is_believed_from_scim_or_from_the_listing() {
    let deleted = |gone: Reply, filter: Option<Reply>| {
        let account = held("analyst");
        let inside = Arc::clone(&account);
        let fault = move |seen: &Seen| {
            if seen.line.contains("?filter=") {
                return filter.clone();
            }
            let there = inside.lock().expect("the user").is_some();
            (seen.line.starts_with("GET") && !there).then(|| gone.clone())
        };
        async move { story(&account, remove(), fault).await }
    };
    let html = || Reply::text(404, "<html>");
    assert_eq!(deleted(html(), None).await, said("Changed", "GET DELETE GET GET"));
    let unknown = deleted(html(), Some(Reply::text(501, ""))).await;
    let words = "DELETE /Users/7: sent, and nobody knows whether it was stored";
    assert_eq!(unknown, said(words, "GET DELETE GET GET"));
    let lists = json!({"Resources": [{"id": "7", "userName": "grace@acme.example"}]});
    let (words, _) = deleted(html(), Some(Reply::json(200, &lists))).await;
    assert!(words.ends_with("not stored as it was sent: the server answers 404 and still lists the user"), "{words}");
    // The answer to the deletion was lost, so the listing is asked even where the 404 is one of SCIM.
    let account = held("analyst");
    let fault = lost(&account, "DELETE", Reply::cut());
    assert_eq!(story(&account, remove(), fault).await, said("Changed", "GET DELETE GET GET"));
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

#[tokio::test]
async fn an_id_that_climbs_out_of_the_path_is_never_sent() {
    let id = UserId::observed("..").expect("an id");
    let change = Change::Remove { id, roles: held_roles(&[]), status: Status::Active };
    let (words, methods) = story(&held("analyst"), change, |_| None).await;
    assert!(words.ends_with("the id `..` cannot stand in a URL"), "{words}");
    assert_eq!(methods, "");
}
