//! `roster comment` before services that behave as the documents of GitHub and GitLab say.

mod fake;

use axum::http::{Method, StatusCode};
use insta::assert_snapshot;

use crate::commenting::fake::{APP, Accident, Fake, ME, PERSON, PROJECT};
use crate::harness::{Ran, World};

const ROSTER: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin
";

/// A world with a plan that was kept, in a workflow of GitHub for pull request 7.
fn workflow(fake: &Fake) -> World {
    let world = World::with(ROSTER)
        .set("GITHUB_ACTIONS", "true")
        .set("GITHUB_API_URL", &fake.github())
        .set("GITHUB_SERVER_URL", "https://github.example")
        .set("GITHUB_REPOSITORY", "acme/access")
        .set("GITHUB_RUN_ID", "99")
        .set("GITHUB_REF", "refs/pull/7/merge")
        .set("GITHUB_TOKEN", APP);
    world.write("plan.json", world.run(&["plan", "--format", "json"]).stdout);
    world
}

/// The same in a job of GitLab for merge request 7.
fn job(fake: &Fake) -> World {
    let world = World::with(ROSTER)
        .set("GITLAB_CI", "true")
        .set("CI_API_V4_URL", &fake.gitlab())
        .set("CI_PROJECT_ID", "42")
        .set("CI_MERGE_REQUEST_IID", "7")
        .set("CI_JOB_URL", "https://gitlab.example/acme/access/-/jobs/99")
        .set("GITLAB_TOKEN", PROJECT);
    world.write("plan.json", world.run(&["plan", "--format", "json"]).stdout);
    world
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap()
}

#[test]
fn a_plan_has_one_comment_that_is_edited() {
    let talk = (0..250).map(|number| (5, format!("comment {number}")));
    let fake = Fake::start().with(talk);
    let world = workflow(&fake);
    assert_snapshot!(world.told(&["comment", "plan.json"]), @"
    exit 0
    --- stdout
    https://github.example/c/1250
    --- stderr
    Posted a comment under pull request 7 of acme/access.
    ");
    let asked = fake.seen();
    assert_eq!(asked.len(), 5, "who, three pages, and the comment: {asked:?}");
    let posted = fake.ours();
    assert!(posted[0].starts_with("<!-- roster:plan -->\n### Roster plan\n"), "{}", posted[0]);
    assert!(posted[0].ends_with("\n<sub>[All of it](<https://github.example/acme/access/actions/runs/99>)</sub>\n"));

    assert!(world.run(&["comment", "plan.json"]).stderr.starts_with("The same is said already"));
    assert!(!fake.seen().iter().any(|line| line.starts_with("PATCH")));

    world.edit("ada@acme.example: admin", "bob@acme.example: analyst");
    world.write("plan.json", world.run(&["plan", "--out", "saved.json", "--format", "json"]).stdout);
    assert!(world.run(&["comment", "saved.json"]).stderr.starts_with("Edited the comment"));
    let edited = fake.ours();
    assert!(edited.len() == 1 && edited[0].contains("bob@acme.example") && !edited[0].contains("ada@"), "{edited:?}");

    // Another plan in the same request, and people masked.
    world.run(&["comment", "plan.json", "--name", "other", "--redact", "emails"]);
    let both = fake.ours();
    assert_eq!(
        both.iter().map(|body| first_line(body)).collect::<Vec<&str>>(),
        ["<!-- roster:plan -->", "<!-- roster:plan other -->"]
    );
    assert!(!both[1].contains("bob@"), "{}", both[1]);
}

/// Whoever writes a comment that looks like ours keeps it, and never gets the plan into it: they could change it later.
#[test]
fn a_comment_of_somebody_else_is_never_taken_for_ours() {
    let forged = || (666, "<!-- roster:plan -->\n### Roster plan\n\n**No changes.**\n".to_owned());
    for (token, mine) in [(APP, 0), (PERSON, ME)] {
        let fake = Fake::start().with([forged(), (mine, "<!-- roster:plan -->\nold".to_owned())]);
        let world = workflow(&fake).set("GITHUB_TOKEN", token);
        let before = fake.comments()[0].clone();
        assert_eq!(world.run(&["comment", "plan.json"]).code, 0);
        let comments = fake.comments();
        assert_eq!(comments[0], before);
        let (found, new) = if token == PERSON { (1, 2) } else { (2, 3) };
        assert!(comments.len() == new && comments[found].body.contains("ada@acme.example"), "{token}: {comments:?}");
    }
}

#[test]
fn a_merge_request_has_one_note() {
    let fake = Fake::start().with((0..120).map(|number| (5, format!("note {number}"))));
    let world = job(&fake);
    assert_snapshot!(world.told(&["comment", "plan.json"]), @"
    exit 0
    --- stdout
    https://github.example/c/1120
    --- stderr
    Posted a comment under merge request 7 of 42.
    ");
    world.write("checked.json", world.run(&["validate", "--format", "json"]).stdout);
    assert!(world.run(&["comment", "checked.json"]).stderr.starts_with("Edited the comment under merge request 7"));
    assert_eq!(fake.ours().len(), 1);
    assert!(fake.ours()[0].contains("/-/jobs/99"));
    assert!(fake.seen().contains(&"PUT /api/v4/projects/42/merge_requests/7/notes/1120".to_owned()));
    let fork = world.set("CI_MERGE_REQUEST_PROJECT_ID", "43");
    assert!(fork.run(&["comment", "plan.json"]).stderr.contains("projects/43/merge_requests/7/notes"));
}

#[test]
fn each_refusal_says_what_to_do() {
    let refused = |status: u16, words: &'static str, header: (&'static str, &'static str)| {
        let fake = Fake::start();
        let world = workflow(&fake).set("GITHUB_TOKEN", PERSON);
        fake.happens(Method::POST, Accident::Refused(StatusCode::from_u16(status).unwrap(), words, header));
        let told = world.told(&["comment", "plan.json"]);
        assert!(fake.ours().is_empty() && !told.contains(PERSON));
        told
    };
    let told = [
        refused(401, "Bad credentials", ("x-a", "b")),
        refused(403, "Resource not accessible by personal access token", ("x-a", "b")),
        refused(404, "Not Found", ("x-a", "b")),
        refused(422, "Validation Failed", ("x-a", "b")),
        refused(429, "You have exceeded a secondary rate limit", ("retry-after", "600")),
        refused(403, "API rate limit exceeded", ("retry-after", "90")),
        refused(301, "Moved Permanently", ("location", "https://elsewhere.example/")),
    ];
    assert_snapshot!(told.join("\n"), @"
    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 401: Bad credentials
      hint: the token is wrong or has ended; in a workflow take `${{ github.token }}`, which lives as long as its job

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 403: Resource not accessible by personal access token
      hint: the job needs `permissions: { pull-requests: write }`; for pull requests from forks there is no such token: docs/pipelines.md has a form of two steps

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 404: Not Found
      hint: there is no such pull request, or the token may not see it: check `--repository` and `--number`

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 422: Validation Failed
      hint: the service takes no such comment: it may be too long, or the conversation is locked

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 429: You have exceeded a secondary rate limit
      hint: the service asks for patience: run it again later

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 403: API rate limit exceeded
      hint: the service asks for patience: run it again later

    exit 1
    --- stderr
    error: `POST http://127.0.0.1:PORT/repos/acme/access/issues/7/comments` was answered with 301: Moved Permanently
      hint: the token is sent to the API's own address only: give the new one with `--api`
    ");
}

/// What passes is waited for, and each try looks first: an answer that got lost makes no second comment.
#[test]
fn a_service_in_trouble_gets_one_comment_all_the_same() {
    let fake = Fake::start();
    let world = workflow(&fake);
    let busy = Accident::Refused(StatusCode::SERVICE_UNAVAILABLE, "Service unavailable", ("retry-after", "0"));
    let throttled = Accident::Refused(StatusCode::TOO_MANY_REQUESTS, "Slow down", ("retry-after", "1"));
    fake.happens(Method::GET, busy);
    fake.happens(Method::POST, throttled);
    fake.happens(Method::POST, Accident::Lost);
    let Ran { code, stderr, .. } = world.run(&["comment", "plan.json"]);
    assert_eq!((code, fake.ours().len()), (0, 1), "{stderr}");
    assert!(stderr.starts_with("The same is said already"), "{stderr}");
}

#[test]
fn a_token_is_shown_to_nobody() {
    let fake = Fake::start();
    let world = workflow(&fake).set("GITHUB_TOKEN", "ada@acme.example");
    let told = world.told(&["comment", "plan.json"]);
    assert_snapshot!(told, @"
    exit 1
    --- stderr
    error: the comment would show the token, so it is not posted
      hint: whoever can read the roster or the account has the token: have it replaced
    ");
    assert_eq!(fake.seen(), Vec::<String>::new());
    let world = workflow(&fake);
    let Ran { stdout, stderr, .. } = world.run(&["comment", "plan.json", "-vv"]);
    assert!(stderr.contains("POST http://") && !stderr.contains(APP) && !stdout.contains(APP), "{stderr}");
}

#[test]
fn a_dry_run_shows_the_comment_and_sends_nothing() {
    let fake = Fake::start();
    let world = workflow(&fake).set("GITHUB_TOKEN", "");
    let Ran { code, stdout, stderr } = world.run(&["comment", "plan.json", "--dry-run"]);
    assert_eq!((code, first_line(&stdout)), (0, "<!-- roster:plan -->"));
    assert_eq!(stderr, "This would be a comment under pull request 7 of acme/access.\n");
    assert_eq!(fake.seen(), Vec::<String>::new());
}

/// Where neither the arguments nor a CI system say it, nothing is guessed.
#[test]
fn the_request_is_what_arguments_or_the_ci_say() {
    let fake = Fake::start();
    let world = World::with(ROSTER);
    world.write("plan.json", world.run(&["plan", "--format", "json"]).stdout);
    let told = [
        world.told(&["comment", "plan.json"]),
        world.told(&["comment", "plan.json", "--on", "github", "--repository", "acme/access"]),
        world.told(&["comment", "plan.json", "--on", "gitlab", "--repository", "acme/access", "--number", "7"]),
        workflow(&fake).told(&["comment", "plan.json", "--api", "http://api.example"]),
        workflow(&fake).told(&["comment", "plan.json", "--token", "ghp_secret"]),
    ];
    assert_snapshot!(told.join("\n"), @r#"
    exit 64
    --- stderr
    error: which service the comment is for is not known
      hint: give `--on`; in a job for a pull or merge request of GitHub or GitLab, their variables tell

    exit 64
    --- stderr
    error: which request the comment is for is not known
      hint: give `--number`; in a job for a pull or merge request of GitHub or GitLab, their variables tell

    exit 1
    --- stderr
    error: the token cannot be had
      caused by: environment variable `GITLAB_TOKEN` is not set
      hint: make a project access token with the scope `api`, and a masked CI variable GITLAB_TOKEN that holds it; `--token` names another variable, or a file

    exit 1
    --- stderr
    error: the API `http://api.example/` is not encrypted, so the token is not sent there
      hint: give an address that begins with `https://`

    exit 64
    --- stderr
    error: `--token` names no place where a token could be
      hint: write `env:NAME` or `file:PATH`, and never the token itself
    "#);
    world.write("token", format!("{PERSON}\n"));
    let (api, place) = (fake.github(), ["--on", "github", "--repository", "acme/access", "--number", "7"]);
    let arguments = [&["comment", "plan.json", "--token", "file:token", "--api", &api], &place[..]].concat();
    let Ran { code, stderr, .. } = world.run(&arguments);
    assert_eq!(code, 0, "{stderr}");
    assert!(fake.ours()[0].contains("ada@acme.example"));
    assert!(!fake.ours()[0].contains("All of it"), "nobody says where");
    world.write("event.json", r#"{"pull_request":{"number":7}}"#);
    let by_event = workflow(&fake)
        .set("GITHUB_REF", "refs/heads/main")
        .set("GITHUB_EVENT_PATH", world.path("event.json").to_str().unwrap());
    assert_eq!(by_event.run(&["comment", "plan.json"]).code, 0);
}

/// A comment that is too long says so, and where the rest is; the service takes it.
#[test]
fn a_plan_of_two_thousand_changes_fits() {
    let people: String = (0..2000).map(|number| format!("      person-{number}@acme.example: support\n")).collect();
    let fake = Fake::start();
    let world = workflow(&fake);
    world.write("roster.yaml", format!("{ROSTER}{people}"));
    world.write("plan.json", world.run(&["plan", "--format", "json"]).stdout);
    let Ran { code, stderr, .. } = world.run(&["comment", "plan.json"]);
    assert_eq!(code, 0, "{stderr}");
    let body = &fake.ours()[0];
    assert!(
        body.contains("**This is not all of it") && body.contains("[All of it](<https://github.example/"),
        "{body}"
    );
    assert!(body.len() > 50_000 && body.len() < 65_536, "{}", body.len());
}
