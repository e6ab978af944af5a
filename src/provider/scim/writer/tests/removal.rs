//! Stories of removals, and of what a 404 is worth.

use super::*;

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
        if seen.line.contains("/Users?") {
            return filter.clone().filter(|_| seen.line.contains("?filter="));
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
        for (from, methods) in [("GET", "GET GET"), ("DELETE", "GET DELETE GET GET")] {
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
    // Where a filter tells nothing the listing does.
    let beginning = json!({"totalResults": 25, "Resources": [{"id": "1", "userName": "a@acme.example"}]});
    // A filter that is ignored lists others, with a total or without, and one page of many may be empty.
    let others = json!({"Resources": [{"id": "1", "userName": "a@acme.example"}]});
    let goes_on = json!({"Resources": [], "nextCursor": "2"});
    for filter in [
        Reply::json(200, &beginning),
        Reply::json(200, &others),
        Reply::json(200, &goes_on),
        Reply::text(400, ""),
        Reply::text(501, ""),
        Reply::text(200, "<html>"),
    ] {
        let (words, _) = story(&held("analyst"), remove(), denying("GET", html(), Some(filter.clone()))).await;
        assert!(words.ends_with("still lists the user"), "{words}");
        let gone = story(&Held::default(), remove(), denying("GET", html(), Some(filter))).await;
        assert_eq!(gone, said("AlreadySo", "GET GET GET"));
    }
    // And where neither can be had, whoever was there a moment ago, and whom SCIM says twice to be gone, is gone.
    let silent = |from: &'static str| {
        let denied = denying(from, not_found(), None);
        move |seen: &Seen| if seen.line.contains("/Users?") { Some(Reply::text(403, "")) } else { denied(seen) }
    };
    let (words, _) = story(&held("analyst"), remove(), silent("GET")).await;
    assert!(words.ends_with("looking the user up did not tell whether they are there"), "{words}");
    assert_eq!(story(&held("analyst"), remove(), silent("DELETE")).await, said("AlreadySo", "GET DELETE GET GET"));
}

#[tokio::test]
async fn a_deletion_that_meets_404_of_somebody_who_is_still_there_is_none() {
    for filter in [None, Some(Reply::text(501, ""))] {
        let fault = move |seen: &Seen| {
            if seen.line.contains("?filter=") {
                return filter.clone();
            }
            seen.line.starts_with("DELETE").then(not_found)
        };
        let (words, methods) = story(&held("analyst"), remove(), fault).await;
        assert!(words.ends_with("the server answers 404 and still has the user"), "{words}");
        assert_eq!(methods, "GET DELETE GET");
    }
}

#[tokio::test]
async fn a_404_after_a_removal_is_believed_from_scim_or_from_the_listing() {
    let deleted = |gone: Reply, filter: Option<Reply>| {
        let account = held("analyst");
        let inside = Arc::clone(&account);
        let fault = move |seen: &Seen| {
            if seen.line.contains("/Users?") {
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
    assert_eq!(unknown, said(words, "GET DELETE GET GET GET"));
    let lists = json!({"Resources": [{"id": "7", "userName": "grace@acme.example"}]});
    let (words, _) = deleted(html(), Some(Reply::json(200, &lists))).await;
    assert!(words.ends_with("not stored as it was sent: the server answers 404 and still lists the user"), "{words}");
    // The answer to the deletion was lost, so the listing is asked even where the 404 is one of SCIM.
    let account = held("analyst");
    let fault = lost(&account, "DELETE", Reply::cut());
    assert_eq!(story(&account, remove(), fault).await, said("Changed", "GET DELETE GET GET"));
}

#[tokio::test]
async fn a_server_that_keeps_whom_it_deletes_has_done_it_every_time() {
    let keeping = |account: &Held| {
        let inside = Arc::clone(account);
        move |seen: &Seen| {
            seen.line.starts_with("DELETE").then(|| {
                inside.lock().expect("the user").as_mut().expect("somebody")["active"] = json!(false);
                Reply::text(204, "")
            })
        }
    };
    let account = held("analyst");
    assert_eq!(story(&account, remove(), keeping(&account)).await, said("Changed", "GET DELETE GET"));
    let again = Change::Remove { id: id(), roles: held_roles(&["analyst"]), status: Status::Deactivated };
    assert_eq!(story(&account, again, keeping(&account)).await, said("AlreadySo", "GET DELETE GET"));
}

#[tokio::test]
async fn an_id_that_climbs_out_of_the_path_is_never_sent() {
    let id = UserId::observed("..").expect("an id");
    let change = Change::Remove { id, roles: held_roles(&[]), status: Status::Active };
    let (words, methods) = story(&held("analyst"), change, |_| None).await;
    assert!(words.ends_with("the id `..` cannot stand in a URL"), "{words}");
    assert_eq!(methods, "");
}
