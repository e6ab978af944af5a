//! What is under `examples/`, in `action.yml` and in the documentation: the steps of workflows are run in a shell, and
//! every command line is one that the program has.

mod commands;
mod examples;
mod merging;
mod workflow;

use std::collections::BTreeMap;

use insta::assert_snapshot;

use crate::harness::World;
use crate::interface::repository;
use crate::pipelines::workflow::{Job, gh};

const ROSTER: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin
      bob@acme.example: analyst
      cyd@acme.example: analyst
      dan@acme.example: analyst
      eve@acme.example: analyst
";

/// A world whose account is as the roster says.
fn applied() -> World {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world
}

/// The action as a pull request runs it, and the comment that comes of it.
fn planned(world: &World, inputs: &[(&str, &str)]) -> String {
    let job = Job::new(world);
    let ran = job.action(inputs);
    let comment = match ran.outputs.get("document") {
        None => "none".to_owned(),
        Some(document) => {
            let pull = ["--dry-run", "--on", "github", "--repository", "acme/access", "--number", "7"];
            let comment = world.run(&[&["comment", document], &pull[..]].concat());
            assert_eq!(comment.code, 0, "{}", comment.stderr);
            assert!(ran.summary.contains("### Roster "), "the summary: {}", ran.summary);
            let line = comment.stdout.lines().nth(3).unwrap().to_owned();
            assert!(comment.stdout.len() < 65_536, "{line}");
            line
        }
    };
    let digest = ran.outputs.get("digest").map_or(0, String::len);
    let numbers = ["changes", "losses", "held"].map(|name| ran.outputs.get(name).cloned().unwrap_or_default());
    let annotations = ran.log.lines().filter(|line| line.starts_with("::")).count();
    format!(
        "step {}, roster {}; changes/losses/held {}; digest of {digest}; {annotations} annotations\n{comment}\n",
        ran.code,
        ran.outputs.get("exit-code").map_or("-", String::as_str),
        numbers.join("/")
    )
}

#[test]
fn a_pull_request_is_told_whatever_comes_of_its_plan() {
    let mut told = String::new();
    let mut case = |name: &str, world: &World, inputs: &[(&str, &str)]| {
        told.extend([name, ": ", &planned(world, inputs)]);
    };
    let world = applied();
    case("no change", &world, &[]);
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    case("grants only", &world, &[]);
    case("grants only, fail-on changes", &world, &[("fail-on", "changes")]);
    world.edit("      cyd@acme.example: analyst\n", "");
    case("a loss", &world, &[]);
    case("a loss, fail-on losses", &world, &[("fail-on", "losses")]);
    case("a loss, fail-on held", &world, &[("fail-on", "held")]);
    world.edit("      dan@acme.example: analyst\n      eve@acme.example: analyst\n", "");
    world.edit("prune: all", "guards: { max_losses: { percent: 0, at_least: 2 } }\n    prune: all");
    case("held", &world, &[]);
    case("held, fail-on held", &world, &[("fail-on", "held")]);
    world.edit("bob@acme.example: manager", "bob@acme.example: manger");
    case("invalid", &world, &[]);
    case("invalid, checked", &world, &[("command", "validate")]);
    let down =
        World::with(&ROSTER.replace("sandbox", "{ kind: scim, url: \"http://127.0.0.1:9/v2\", key: { env: KEY } }"));
    case("account down", &down.set("KEY", "very-secret"), &[]);
    let people: String = (0..2000).map(|number| format!("      person-{number}@acme.example: support\n")).collect();
    case("2,000 changes", &World::with(&format!("{ROSTER}{people}")), &[("redact", "emails")]);
    case("wrong use", &applied(), &[("command", "destroy")]);
    assert_snapshot!(told, @"
    no change: step 0, roster 0; changes/losses/held 0/0/0; digest of 64; 0 annotations
    **Nothing to do: the account is as the roster says.**
    grants only: step 0, roster 2; changes/losses/held 1/0/0; digest of 64; 0 annotations
    **1 to change in 1 account.**
    grants only, fail-on changes: step 2, roster 2; changes/losses/held 1/0/0; digest of 64; 0 annotations
    **1 to change in 1 account.**
    a loss: step 0, roster 5; changes/losses/held 2/1/0; digest of 64; 0 annotations
    **1 to change, 1 to cancel in 1 account.**
    a loss, fail-on losses: step 5, roster 5; changes/losses/held 2/1/0; digest of 64; 0 annotations
    **1 to change, 1 to cancel in 1 account.**
    a loss, fail-on held: step 0, roster 5; changes/losses/held 2/1/0; digest of 64; 0 annotations
    **1 to change, 1 to cancel in 1 account.**
    held: step 0, roster 3; changes/losses/held 4/3/3; digest of 64; 1 annotations
    **1 to change in 1 account; 3 held.**
    held, fail-on held: step 3, roster 3; changes/losses/held 4/3/3; digest of 64; 1 annotations
    **1 to change in 1 account; 3 held.**
    invalid: step 65, roster 65; changes/losses/held //; digest of 0; 1 annotations
    **The roster is invalid: 1 error, so nothing was looked at.**
    invalid, checked: step 65, roster 65; changes/losses/held //; digest of 0; 1 annotations
    **The roster is invalid: 1 error, so nothing was looked at.**
    account down: step 1, roster 1; changes/losses/held //; digest of 64; 1 annotations
    **1 account could not be read.**
    2,000 changes: step 0, roster 2; changes/losses/held 2005/0/0; digest of 64; 0 annotations
    **2,005 to invite in 1 account.**
    wrong use: step 64, roster -; changes/losses/held //; digest of 0; 1 annotations
    none
    ");
}

/// Inputs may come from a pull request: they are words, whatever stands in them.
#[test]
fn an_input_is_no_command() {
    let world = applied();
    let ran = Job::new(&world).action(&[("path", "$(touch pwned); roster.yaml"), ("accounts", "acme; touch pwned")]);
    assert_ne!(ran.code, 0);
    assert!(!world.path("pwned").exists());
    // Nor a pattern: a file of that name is no account.
    world.write("acme", "");
    let ran = Job::new(&world).action(&[("accounts", "a*")]);
    assert!(ran.code == 64 && ran.log.contains("a*"), "{}", ran.log);
}

/// Whatever forms the action makes of it, the log has it once, and once more where the line stands.
#[test]
fn a_mistake_is_told_once() {
    let world = applied();
    world.edit("bob@acme.example: analyst", "bob@acme.example: manger");
    for command in ["plan", "validate", "apply"] {
        let ran = Job::new(&world).action(&[("command", command), ("digest", "any")]);
        let told = ran.log.lines().filter(|line| line.contains("`manger`")).count();
        assert_eq!((ran.code, told), (65, 2), "{command}: {}", ran.log);
    }
}

#[test]
fn drift_has_one_issue() {
    if !gh::is_possible() {
        return;
    }
    let world = applied();
    let issue = |open: &str| -> String {
        gh::answers(&world, &[("issue list", open)]);
        let ran = Job::new(&world).action(&[("state", "none")]);
        let (code, document) = (ran.outputs["exit-code"].clone(), ran.outputs["document"].clone());
        let expressions = [
            ("github.token", "t"),
            ("github.repository", "acme/access"),
            ("steps.roster.outputs.exit-code", &*code),
            ("steps.roster.outputs.document", &*document),
        ];
        let ran =
            Job::new(&world).step("examples/ci/github/drift.yml", "Open, update or close the issue", &expressions);
        assert_eq!(ran.code, 0, "{}", ran.log);
        let asked = gh::asked(&world);
        let did: Vec<&str> = asked.lines().filter(|line| !line.contains("list")).collect();
        did.join("; ").replace(world.path("").to_str().unwrap(), "")
    };
    let in_sync = [issue("[]"), issue(r#"[{"number":4}]"#)];
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    let drifted = [issue("[]"), issue(r#"[{"number":4}]"#)];
    assert_snapshot!([in_sync, drifted].concat().join("\n"), @"

    issue close 4 --comment The accounts are as the roster says.
    label create roster-drift --color d93f0b --description An account is not as the roster says --force; issue create --title Accounts are not as the roster says --label roster-drift --body-file temp/drift.md
    issue edit 4 --body-file temp/drift.md
    ");
}

/// The second step for forks: the number is what GitHub says of the commit, and the document is data.
#[test]
fn a_fork_is_told_by_the_second_step() {
    if !gh::is_possible() {
        return;
    }
    let world = applied();
    let find = |pulls: &str| {
        gh::answers(&world, &[("api --method GET repos/acme/access/pulls", pulls)]);
        let expressions = [
            ("github.token", "t"),
            ("github.event.workflow_run.head_repository.owner.login", "mallory"),
            ("github.event.workflow_run.head_branch", "$(touch pwned)"),
            ("github.event.workflow_run.head_sha", "abc"),
        ];
        Job::new(&world).step("examples/ci/github/forks/comment.yml", "Find the pull request", &expressions)
    };
    let found = find(r#"[{"number":6,"head":{"sha":"other"}},{"number":7,"head":{"sha":"abc"}}]"#);
    assert_eq!(found.outputs, BTreeMap::from([("number".to_owned(), "7".to_owned())]), "{}", found.log);
    assert!(gh::asked(&world).contains("-f head=mallory:$(touch pwned)") && !world.path("pwned").exists());
    let gone = find(r#"[{"number":6,"head":{"sha":"other"}}]"#);
    assert_eq!((gone.code, gone.outputs.len()), (0, 0));
    let forged = find(r#"[{"number":"7; touch pwned","head":{"sha":"abc"}}]"#);
    assert_eq!((forged.code, forged.outputs.len()), (0, 0));
}

/// Alerts on a metric that nobody writes never fire.
#[test]
fn alerts_and_the_board_ask_for_metrics_that_there_are() {
    let documented = repository("docs/metrics.md");
    for file in ["deploy/chart/files/alerts.yaml", "deploy/chart/files/dashboard.json"] {
        let text = repository(file);
        let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '_');
        let metrics: Vec<&str> = words.filter(|word| word.starts_with("roster_")).collect();
        assert!(metrics.len() > 9, "{file} asks for {metrics:?}");
        for metric in metrics {
            let name = metric.strip_suffix("_bucket").unwrap_or(metric);
            assert!(documented.contains(&format!("`{name}")), "{file}: there is no metric {metric}");
        }
    }
}

#[test]
fn the_plain_script_plans_and_applies() {
    let world = applied();
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    let job = Job::new(&world);
    let run = |words: &[&str]| job.script("examples/ci/generic/roster.sh", words);
    assert_eq!(run(&["check"]).code, 0);
    assert_eq!(run(&["drift"]).code, 2);
    assert_eq!(run(&["plan", "plan.json"]).code, 0);
    assert!(world.path("plan.json.md").exists());
    assert_eq!(run(&["apply", "plan.json"]).code, 0);
    assert_eq!((run(&["drift"]).code, run(&["apply", "plan.json"]).code, run(&[]).code), (0, 6, 64));
}

/// What is held ends the script as it ends roster, is shown, and is consented to by the digest that is shown.
#[test]
fn the_plain_script_takes_consent() {
    let world = merging::held();
    let run = |words: &[&str]| Job::new(&world).script("examples/ci/generic/roster.sh", words);
    assert_eq!(run(&["plan", "plan.json"]).code, 0);
    let applied = run(&["apply", "plan.json"]);
    assert_eq!(applied.code, 3, "{}", applied.log);
    let digest = merging::after(&applied.log, "--approve ");
    assert_eq!(run(&["consent", digest, "they have left"]).code, 0);
    assert_eq!(run(&["drift"]).code, 0);
}
