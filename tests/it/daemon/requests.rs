//! Signed requests at the daemon's page: looked at, and nothing else.

use roster::request::{Request, SigningKey};
use url::form_urlencoded;

use super::http::{Answer, Http};
use super::process::{Daemon, account};
use crate::harness::World;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const ELSEWHERE: &str = "X-Forwarded-For: 203.0.113.9";

/// A browser that has seen the page.
struct Visit {
    http: Http,
    cookie: String,
    token: String,
}

impl Visit {
    fn begin(http: Http) -> Self {
        let page = http.get("/request", &[]);
        assert_eq!(page.status, 200, "{}", page.body);
        let (_, cookie) = page.head.split_once("set-cookie: ").unwrap();
        let (_, token) = page.body.split_once("name=\"token\" value=\"").unwrap();
        let (cookie, token) = (cookie.split(';').next().unwrap(), token.split('"').next().unwrap());
        Self { http, cookie: format!("Cookie: {cookie}"), token: token.to_owned() }
    }

    fn body(&self, text: &str) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &self.token)
            .append_pair("request", text)
            .finish()
    }

    fn look_at(&self, text: &str) -> Answer {
        self.http.ask("POST", "/request", &[FORM, &self.cookie], &self.body(text))
    }
}

/// A request of somebody who tries something.
fn request(ends: &str) -> Request {
    Request {
        id: "0b7c".to_owned(),
        from: "The <script>alert(1)</script> Agency".to_owned(),
        account: "acme".to_owned(),
        people: vec![("kay@agency.example".parse().unwrap(), "admin".parse().unwrap())],
        until: None,
        reason: "Q4 & more".to_owned(),
        ends: ends.parse().unwrap(),
    }
}

/// The moment in so many days, counted from when the test runs.
fn in_days(days: i64) -> String {
    jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap().to_string()
}

fn daemon(arguments: &[&str]) -> (World, Daemon, Http, impl Drop) {
    let (world, service) = account("{ ada@acme.example: admin }");
    let world = world.set("TOKEN", "open-sesame-to-everything");
    let mut daemon = Daemon::start(&world, arguments);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended", "done=1"]);
    (world, daemon, http, service)
}

#[test]
fn a_request_is_looked_at_and_nothing_is_granted() {
    let (world, daemon, http, _service) = daemon(&[]);
    let before = world.read("roster.yaml");
    let visit = Visit::begin(http);
    let (_, key) = SigningKey::generate().unwrap();
    let file = request(&in_days(14)).sign(&key).unwrap();
    let page = visit.look_at(&file);
    assert_eq!(page.status, 200, "{}", page.body);
    let fingerprint = key.fingerprint().to_string();
    for shown in [
        "The &#60;script&#62;alert(1)&#60;/script&#62; Agency",
        "kay@agency.example as admin",
        "may do everything and let others in",
        "for good",
        "Q4 &#38; more",
        "The signature holds",
        &fingerprint,
        // The fingerprint is for whoever compares it to type, and not for copying.
        "<code>roster request accept request.json --account acme --fingerprint &#39;…&#39;</code>",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    // An account that the roster does not have is left to be named.
    let other = Request { account: "acme; rm -rf /".to_owned(), ..request(&in_days(14)) }.sign(&key).unwrap();
    let page = visit.look_at(&other);
    assert!(page.body.contains("--account ACCOUNT --fingerprint"), "{}", page.body);
    assert_eq!(world.read("roster.yaml"), before);
    assert!(!world.path(".roster/requests").exists());
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn what_cannot_be_accepted_has_no_command() {
    let (_world, daemon, http, _service) = daemon(&[]);
    let visit = Visit::begin(http);
    let (_, key) = SigningKey::generate().unwrap();
    let file = request(&in_days(14)).sign(&key).unwrap();
    let ended = request(&in_days(-1)).sign(&key).unwrap();
    let lasting = request(&in_days(400)).sign(&key).unwrap();
    let large = "x".repeat(300_000);
    for (text, why, facts) in [
        (file.replace("admin", "owner"), "was altered after it was signed", false),
        (file.replace("{", "["), "this is no request for access", false),
        (large, "it is larger than", false),
        (ended, "could be accepted until", true),
        (lasting, "none may count for more than 90 days", true),
    ] {
        let page = visit.look_at(&text);
        assert_eq!(page.status, 422, "{why}: {}", page.body);
        assert!(page.body.contains("It cannot be accepted: ") && page.body.contains(why), "{why}: {}", page.body);
        assert!(!page.body.contains("roster request accept"), "{why}");
        assert_eq!(page.body.contains("What it asks for"), facts, "{why}");
    }
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn it_is_as_closed_as_every_other_page() {
    let (_world, daemon, http, _service) = daemon(&["--token", "env:TOKEN"]);
    let visit = Visit::begin(http);
    let (_, key) = SigningKey::generate().unwrap();
    let body = visit.body(&request(&in_days(14)).sign(&key).unwrap());
    let post = |headers: &[&str], body: &str| http.ask("POST", "/request", &[&[FORM], headers].concat(), body);
    assert_eq!(post(&[&visit.cookie], &body).status, 200);
    assert_eq!(post(&[], &body).status, 403, "a token without its cookie");
    assert_eq!(post(&[&visit.cookie], "request=x").status, 403, "no token");
    assert_eq!(post(&[&visit.cookie, "Sec-Fetch-Site: cross-site"], &body).status, 403);
    assert_eq!(post(&[&visit.cookie, "Host: evil.example"], &body).status, 421);
    assert_eq!(post(&[&visit.cookie], &format!("{body}{}", "x".repeat(1 << 20))).status, 413);
    for answer in [http.get("/request", &[ELSEWHERE]), post(&[&visit.cookie, ELSEWHERE], &body)] {
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.head.contains("location: /sign-in"), "{}", answer.head);
    }
    assert_eq!(daemon.stop(), 0);
}
