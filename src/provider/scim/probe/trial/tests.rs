//! Stories of servers that answer a new user with somebody else, or not at all.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::model::email::Email;
use crate::probe::trial::Left;
use crate::provider::AccountReader;
use crate::provider::scim::reader::ScimReader;
use crate::provider::scim::scripted::{Reply, Seen, Server, page, plain, user};

type People = Arc<Mutex<Vec<Value>>>;

fn people() -> People {
    Arc::new(Mutex::new(vec![user(1), user(2)]))
}

/// A server by the book for several people, which takes no PATCH.
fn good(people: &People, seen: &Seen) -> Reply {
    let mut people = people.lock().expect("the people");
    let (method, path) = seen.line.split_once(' ').expect("a request");
    let place =
        people.iter().position(|user| path.ends_with(&format!("/Users/{}", user["id"].as_str().expect("an id"))));
    match (method, place) {
        ("GET", None) if path.contains("/Users?") => Reply::json(200, &page(&people, seen, 100)),
        ("POST", _) => {
            let is_it = |user: &&Value| {
                user["userName"].as_str().map(str::to_lowercase)
                    == seen.body["userName"].as_str().map(str::to_lowercase)
            };
            if people.iter().any(|user| is_it(&user)) {
                return Reply::json(409, &json!({"scimType": "uniqueness"}));
            }
            let mut new = seen.body.clone();
            new["id"] = json!((people.len() + 100).to_string());
            people.push(new.clone());
            Reply::json(201, &new)
        }
        ("GET", Some(place)) => Reply::json(200, &people[place]),
        ("PUT", Some(place)) => {
            people[place] = seen.body.clone();
            Reply::json(200, &people[place])
        }
        ("DELETE", Some(place)) => {
            people.remove(place);
            Reply::text(204, "")
        }
        ("PATCH", Some(_)) => Reply::text(501, ""),
        _ => Reply::json(404, &json!({"status": "404", "detail": "nobody"})),
    }
}

/// A trial with a server by the book that goes wrong where `fault` says; and every request that was no question.
async fn tried(
    people: &People,
    fault: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> (Trial, Vec<String>) {
    let inside = Arc::clone(people);
    let server = Server::start(move |seen, _| fault(seen).unwrap_or_else(|| good(&inside, seen))).await;
    let connection = server.connect(plain());
    let before = ScimReader::over(&connection).snapshot().await.expect("an account");
    let login: Email = "throw.away@acme.example".parse().expect("an address");
    let role = "support".parse().expect("a role");
    let who = ThrowAway { login: &login, role: &role, other_role: None, before: &before };
    let trial = try_out(&connection, who, &CancellationToken::new()).await;
    let mut lines = server.lines();
    lines.retain(|line| !line.starts_with("GET"));
    (trial, lines)
}

fn logins(people: &People) -> Vec<String> {
    let people = people.lock().expect("the people");
    people.iter().map(|user| user["userName"].as_str().expect("a login").to_owned()).collect()
}

const BEFORE: [&str; 2] = ["u1@acme.example", "u2@acme.example"];

#[tokio::test]
async fn by_the_book_nobody_is_left_and_nobody_else_was_touched() {
    let people = people();
    let (trial, sent) = tried(&people, |_| None).await;
    assert_eq!((trial.broken_off.as_deref(), &trial.left_behind[..]), (None, &[][..]));
    assert_eq!(logins(&people), BEFORE);
    assert!(sent.iter().all(|line| !line.ends_with("/Users/1") && !line.ends_with("/Users/2")), "{sent:?}");
}

#[tokio::test]
async fn an_answer_that_is_about_somebody_else_ends_it_before_anybody_is_touched() {
    for is_stored in [true, false] {
        let people = people();
        let inside = Arc::clone(&people);
        let other = move |seen: &Seen| {
            seen.line.starts_with("POST").then(|| {
                if is_stored {
                    drop(good(&inside, seen));
                }
                Reply::json(201, &user(2))
            })
        };
        let (trial, sent) = tried(&people, other).await;
        let words = trial.broken_off.expect("an end");
        assert!(words.contains("with the user `2`, who is somebody else"), "{words}");
        assert!(trial.left_behind.is_empty(), "{:?}", trial.left_behind);
        assert_eq!(logins(&people), BEFORE);
        assert_eq!(sent.len(), if is_stored { 2 } else { 1 }, "{sent:?}");
        assert!(sent.iter().all(|line| !line.ends_with("/Users/2")), "{sent:?}");
    }
}

#[tokio::test]
async fn whoever_was_made_without_a_word_is_taken_away() {
    for answer in [Reply::text(204, ""), Reply::text(502, ""), Reply::text(201, "{}"), Reply::cut()] {
        let people = people();
        let inside = Arc::clone(&people);
        let silent = move |seen: &Seen| {
            seen.line.starts_with("POST").then(|| {
                drop(good(&inside, seen));
                answer.clone()
            })
        };
        let (trial, sent) = tried(&people, silent).await;
        assert!(trial.left_behind.is_empty(), "{:?}", trial.left_behind);
        assert_eq!(logins(&people), BEFORE);
        assert_eq!(sent, ["POST /v2/Users", "DELETE /v2/Users/102"]);
    }
}

#[tokio::test]
async fn whoever_cannot_be_read_by_the_id_is_taken_away_all_the_same() {
    let people = people();
    let blind = |seen: &Seen| seen.line.starts_with("GET /v2/Users/").then(|| Reply::text(404, ""));
    let (trial, _) = tried(&people, blind).await;
    assert!(trial.left_behind.is_empty(), "{:?}", trial.left_behind);
    assert_eq!(logins(&people), BEFORE);
}

#[tokio::test]
async fn whoever_is_left_is_told_of_and_so_is_that_nobody_knows() {
    let people = people();
    let kept = |seen: &Seen| seen.line.starts_with("DELETE").then(|| Reply::text(403, ""));
    let locked = move |seen: &Seen| kept(seen).or_else(|| seen.line.starts_with("PUT").then(|| Reply::text(403, "")));
    let (trial, _) = tried(&people, locked).await;
    assert_eq!(trial.left_behind.iter().map(|left| &left.how).collect::<Vec<_>>(), [&Left::Active]);
    assert!(!trial.is_clean());

    let people = people_who_vanish();
    let (trial, _) = tried(&people.0, people.1).await;
    let [left] = &trial.left_behind[..] else { panic!("{:?}", trial.left_behind) };
    assert!(left.to_string().starts_with("perhaps the user `throw.away@acme.example`"), "{left}");
    assert!(!trial.is_clean());
}

/// An account whose listing fails once somebody was created.
fn people_who_vanish() -> (People, impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) {
    let posted = Mutex::new(false);
    let failing = move |seen: &Seen| {
        let mut posted = posted.lock().expect("the flag");
        *posted |= seen.line.starts_with("POST");
        (*posted && seen.line.contains("/Users?")).then(|| Reply::text(400, "no listing"))
    };
    (people(), failing)
}
