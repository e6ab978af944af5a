//! Stories of invitations.

use super::*;

#[tokio::test]
async fn an_invitation_is_sent_and_read_again() {
    let account = Held::default();
    let inside = Arc::clone(&account);
    let (words, methods, server) = outcome(plain(), invite(), move |seen, _| good(&inside, seen)).await;
    assert_eq!((words, methods), said(MADE, "GET POST GET"));
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
    assert_eq!(known, said("AlreadySo", "GET POST GET GET"));
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
    assert_eq!(story(&Held::default(), invite(), no_filter).await, said(MADE, "GET POST GET"));
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
    // The listing is asked instead: it shows who is there.
    let (words, methods) = story(&held("analyst"), invite(), ignoring).await;
    assert!(words.contains("the user exists already: the user has analyst, not manager"), "{words}");
    assert_eq!(methods, "GET POST GET GET");
}

fn asks_for_patience() -> Reply {
    Reply::text(429, "").header("retry-after", "0")
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_no_invitation_again_before_a_look() {
    let account = Held::default();
    let taken = lost(&account, "POST", asks_for_patience());
    assert_eq!(story(&account, invite(), taken).await, said(MADE, "GET POST GET GET"));
    let (words, methods) = story(&Held::default(), invite(), on("POST", asks_for_patience())).await;
    assert_eq!(words, "POST /Users: the server asks for fewer requests (HTTP 429)");
    assert_eq!(methods, "GET POST GET POST GET POST GET POST GET");
}

#[tokio::test]
async fn where_nobody_can_be_sought_an_invitation_is_sent_once() {
    let account = Held::default();
    let inside = Arc::clone(&account);
    let throttled = move |seen: &Seen, _: usize| match seen.line.starts_with("POST") {
        true => asks_for_patience(),
        false => good(&inside, seen),
    };
    let hidden = Dialect { pending: crate::model::dialect::reading::Pending::Absent, ..plain() };
    let (words, methods, _server) = outcome(hidden, invite(), throttled).await;
    assert_eq!((words, methods), said("POST /Users: sent, and nobody knows whether it was stored", "GET POST GET"));
}

#[tokio::test]
async fn a_status_that_only_the_body_states_sends_no_invitation_again() {
    let error = json!({"schemas": [crate::scim::ERROR], "status": "429", "detail": "slow down"});
    for status in [201, 500] {
        let account = Held::default();
        let fault = lost(&account, "POST", Reply::json(status, &error).header("retry-after", "0"));
        assert_eq!(story(&account, invite(), fault).await, said(MADE, "GET POST GET"));
    }
    let account = held("analyst");
    let fault = lost(&account, "PATCH", Reply::json(200, &error));
    assert_eq!(story(&account, change_role(), fault).await, said("Changed", "GET PATCH GET"));
}

#[tokio::test]
async fn an_invitation_that_is_answered_with_somebody_else_is_sought_by_its_login() {
    let account = Held::default();
    let inside = Arc::clone(&account);
    let bob = json!({"id": "3", "userName": "bob@acme.example", "active": true});
    let foreign = move |seen: &Seen| match seen.line.split_once(' ')? {
        ("POST", _) => {
            drop(good(&inside, seen));
            Some(Reply::json(201, &bob))
        }
        ("GET", path) if path.ends_with("/Users/3") => Some(Reply::json(200, &bob)),
        _ => None,
    };
    assert_eq!(story(&account, invite(), foreign).await, said(MADE, "GET POST GET GET"));
    // A request that came too late for the server may have been heard all the same.
    let account = Held::default();
    let late = lost(&account, "POST", Reply::text(408, ""));
    assert_eq!(story(&account, invite(), late).await, said(MADE, "GET POST GET"));
}

#[tokio::test]
async fn an_invitation_is_sent_again_only_where_its_date_says_that_it_was_not() {
    let resend = Change::ResendInvitation { id: id(), roles: held_roles(&["analyst"]), sent: 1 };
    for (dated, taken, words, methods) in [
        (true, true, "Changed", "GET POST GET GET"),
        (true, false, "(HTTP 429)", "GET POST GET POST GET POST GET POST GET"),
        (false, false, "nobody knows whether it was stored", "GET POST GET GET"),
    ] {
        let account = with("active", json!(false));
        let facts = |day: u8| match dated {
            true => json!({"status": "invited", "invitedAt": format!("2026-11-0{day}T00:00:00Z")}),
            false => json!({"status": "invited"}),
        };
        account.lock().expect("the user").as_mut().expect("somebody")[crate::scim::ACCOUNT_USER] = facts(1);
        let inside = Arc::clone(&account);
        let later = facts(2);
        let throttled = move |seen: &Seen, _: usize| {
            if !seen.line.starts_with("POST") {
                return good(&inside, seen);
            }
            if taken {
                inside.lock().expect("the user").as_mut().expect("somebody")[crate::scim::ACCOUNT_USER] = later.clone();
            }
            asks_for_patience()
        };
        let (said, sent, _server) = outcome(Preset::Sandbox.dialect(), resend.clone(), throttled).await;
        assert!(said.ends_with(words), "{said}");
        assert_eq!(sent, methods, "{said}");
    }
}

#[tokio::test]
async fn an_invitation_whose_answer_was_lost_is_settled_by_looking() {
    let asked_to_wait = Reply::text(503, "").header("retry-after", "0");
    let half = Reply::text(201, "{\"id\":").half();
    for answer in [Reply::cut(), Reply::text(502, ""), asked_to_wait.clone(), Reply::text(202, ""), half] {
        let account = Held::default();
        let fault = lost(&account, "POST", answer);
        assert_eq!(story(&account, invite(), fault).await, said(MADE, "GET POST GET"));
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
    // Only the questions are asked again.
    let methods = methods.replace("GET GET GET GET", "GET…");
    assert_eq!((words, methods), said("POST /Users: sent, and nobody knows whether it was stored", "GET… POST GET…"));
}
