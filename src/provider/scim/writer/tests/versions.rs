//! Stories of versions: which one a write names, and what a refusal of it (412) leads to.

use super::*;

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
        let (words, methods, server) = outcome(plain(), change_role(), tagged).await;
        assert!(words.ends_with("changed since the plan was made: its version is another one now"), "{words}");
        // The user is as before, so the version that is there now is tried, and after that none.
        assert_eq!(methods, "GET PATCH PUT GET PUT GET PUT");
        let version = |nth: usize| {
            server.seen()[nth].headers.lines().find(|line| line.starts_with("if-match")).map(str::to_owned)
        };
        assert_eq!((version(2).as_deref(), version(4).as_deref(), version(6)), (sent, sent, None));
    }
}

/// A server that tells versions and refuses the first write of this kind, because somebody else does this before it.
async fn overtaken(method: &'static str, change: Change, meanwhile: fn(&mut Value)) -> (String, String) {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let tried = Mutex::new(false);
    let (words, methods, _server) = outcome(plain(), change, move |seen, _| {
        let mut tried = tried.lock().expect("whether it was tried");
        if seen.line.starts_with(method) && !std::mem::replace(&mut *tried, true) {
            meanwhile(inside.lock().expect("the user").as_mut().expect("somebody"));
            return Reply::text(412, "");
        }
        good(&inside, seen).header("etag", "\"1\"")
    })
    .await;
    (words, methods)
}

#[tokio::test]
async fn a_change_of_something_else_meanwhile_is_written_past() {
    let renamed = |user: &mut Value| user["name"]["familyName"] = json!("Hopper");
    assert_eq!(overtaken("PATCH", change_role(), renamed).await, said("Changed", "GET PATCH GET PATCH GET"));
    assert_eq!(overtaken("DELETE", remove(), renamed).await, said("Changed", "GET DELETE GET DELETE GET"));
}

#[tokio::test]
async fn whoever_is_as_wanted_meanwhile_is_left_so() {
    let promoted = |user: &mut Value| user["roles"] = json!([{"value": "manager"}]);
    assert_eq!(overtaken("PATCH", change_role(), promoted).await, said("AlreadySo", "GET PATCH GET"));
}

#[tokio::test]
async fn what_would_be_another_action_is_left_to_the_next_plan() {
    let promoted = |user: &mut Value| user["roles"] = json!([{"value": "admin"}]);
    let expected = said(
        "GET /Users/7: the user changed since the plan was made: the user has admin, not analyst",
        "GET PATCH GET",
    );
    assert_eq!(overtaken("PATCH", change_role(), promoted).await, expected);
    let expected = said(
        "GET /Users/7: the user changed since the plan was made: the user has admin, not analyst",
        "GET DELETE GET",
    );
    assert_eq!(overtaken("DELETE", remove(), promoted).await, expected);
}

#[tokio::test]
async fn somebody_who_is_always_faster_wins_in_the_end() {
    let account = held("analyst");
    let inside = Arc::clone(&account);
    let (words, methods, _server) = outcome(plain(), change_role(), move |seen, nth| {
        if seen.line.starts_with("PATCH") {
            inside.lock().expect("the user").as_mut().expect("somebody")["name"]["familyName"] = json!(nth.to_string());
            return Reply::text(412, "");
        }
        good(&inside, seen).header("etag", "\"1\"")
    })
    .await;
    assert!(words.ends_with("changed since the plan was made: its version is another one now"), "{words}");
    assert_eq!(methods, "GET PATCH GET PATCH GET PATCH GET PATCH GET");
}
