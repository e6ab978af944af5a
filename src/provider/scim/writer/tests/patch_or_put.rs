//! Stories of servers that do not take every PATCH.

use super::*;
use crate::model::dialect::writing::Update;

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
async fn a_put_loses_nothing_that_was_not_asked_for() {
    let account = with("urn:acme:User", json!({"shown": "where it is named"}));
    let inside = Arc::clone(&account);
    let choosy = move |seen: &Seen, _: usize| {
        let hidden = if seen.line.contains("attributes=") { "costCentre" } else { "urn:acme:User" };
        match seen.line.starts_with("GET") {
            true => {
                let mut shown = inside.lock().expect("the user").clone().expect("somebody");
                shown.as_object_mut().expect("an object").remove(hidden);
                Reply::json(200, &shown)
            }
            false => good(&inside, seen),
        }
    };
    let ask_for = vec!["urn:acme:User".parse().expect("a schema")];
    let (words, methods, _server) =
        outcome(Dialect { update: Update::Put, ask_for, ..plain() }, change_role(), choosy).await;
    assert_eq!((words, methods), said("Changed", "GET GET PUT GET"));
    let user = account.lock().expect("the user").clone().expect("somebody");
    assert_eq!((&user["costCentre"], &user["urn:acme:User"]["shown"]), (&json!(12), &json!("where it is named")));
}

#[tokio::test]
async fn a_patch_that_meets_404_of_somebody_who_is_there_is_no_patch() {
    let nothing_here = || Reply::text(404, "<html>Cannot PATCH</html>");
    let account = held("analyst");
    let outcome = story(&account, change_role(), on("PATCH", nothing_here())).await;
    assert_eq!(outcome, said("Changed", "GET PATCH GET PUT GET"));
    let neither = move |seen: &Seen| (seen.line.starts_with('P')).then(nothing_here);
    let (words, methods) = story(&held("analyst"), change_role(), neither).await;
    assert!(words.ends_with("(HTTP 404): the server answers 404 and still has the user"), "{words}");
    assert_eq!(methods, "GET PATCH GET PUT GET");
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
        let writer = ScimWriter::over(&server.connect(plain()), &CancellationToken::new());
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
async fn a_server_is_asked_once_whether_it_knows_patch_and_believed() {
    for (patch, methods) in [(true, "GET GET PATCH GET GET PATCH GET"), (false, "GET GET PUT GET GET PUT GET")] {
        let account = held("analyst");
        let inside = Arc::clone(&account);
        let server = Server::start(move |seen, _| {
            if seen.line.ends_with("/ServiceProviderConfig") {
                Reply::json(200, &json!({"patch": {"supported": patch}}))
            } else {
                good(&inside, seen)
            }
        })
        .await;
        let writer = ScimWriter::over(&server.connect(Dialect::rfc()), &CancellationToken::new());
        for change in [change_role(), update_profile()] {
            assert_eq!(writer.carry_out(&action(change)).await.ok(), Some(Effect::Changed));
        }
        let sent: Vec<String> = server.lines();
        assert_eq!(sent.iter().filter_map(|line| line.split(' ').next()).collect::<Vec<_>>().join(" "), methods);
        assert_eq!(sent.iter().position(|line| line.ends_with("/ServiceProviderConfig")), Some(1));
    }
}
