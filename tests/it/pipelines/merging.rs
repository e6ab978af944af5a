//! What becomes of a change once it is merged: the plan that was reviewed is applied, and what is held waits for consent.

use insta::assert_snapshot;

use crate::harness::World;
use crate::pipelines::applied;
use crate::pipelines::workflow::{Job, Ran, gh};

const APPLY: &str = "examples/ci/github/apply.yml";

/// A world where one person is to get another role, and one is to lose access, which a guard holds.
pub(super) fn held() -> World {
    let world = applied();
    world.edit("prune: all", "guards: { max_losses: { percent: 0, at_least: 0 } }\n    prune: all");
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    world.edit("      cyd@acme.example: analyst\n", "");
    world
}

/// The word behind these ones, where they stand last.
pub(super) fn after<'a>(text: &'a str, words: &str) -> &'a str {
    let (_, rest) = text.rsplit_once(words).unwrap_or_else(|| panic!("no `{words}` in {text}"));
    rest.split_whitespace().next().unwrap()
}

fn apply(world: &World, inputs: &[(&str, &str)]) -> Ran {
    Job::new(world).action(&[&[("command", "apply")], inputs].concat())
}

#[test]
fn a_merge_applies_the_plan_that_was_reviewed_and_no_other() {
    let world = applied();
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    let reviewed = Job::new(&world).action(&[]).outputs["digest"].clone();
    let stale = apply(&world, &[("digest", "0123456789abcdef")]);
    assert_eq!((stale.code, stale.outputs["exit-code"].as_str()), (6, "6"));
    assert!(stale.log.contains("::error title=stale::another plan comes out"), "{}", stale.log);
    for none in ["", "true", &reviewed[..15], &format!("{reviewed}0")] {
        let none = apply(&world, &[("digest", none)]);
        assert!(none.code == 64 && none.log.contains("::error title=digest::"), "{}", none.log);
    }
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2, "nothing was done");
    // As the comment shows it, and as somebody copies it.
    let done = apply(&world, &[("digest", &format!(" {} ", reviewed[..16].to_uppercase()))]);
    assert_eq!((done.code, done.outputs["digest"] == reviewed), (0, true), "{}", done.log);
    assert!(done.summary.contains("Applied"), "{}", done.summary);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    assert_eq!(apply(&world, &[("digest", "any")]).code, 0);
}

/// The workflow for merges, with a `gh` that answers as GitHub would.
#[test]
fn the_reviewed_plan_is_found_by_the_merged_commit() {
    if !gh::is_possible() {
        return;
    }
    let world = applied();
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    assert_eq!(world.run(&["plan", "--out", "reviewed.json"]).code, 0);
    let find = |pulls: &str, artifacts: &str| -> Ran {
        gh::answers(
            &world,
            &[
                ("api repos/acme/access/commits", pulls),
                ("api --paginate repos/acme/access/actions/artifacts?name=roster-plan", artifacts),
            ],
        );
        step(&world, "push", "", "false")
    };
    let pulls = r#"[{"merged_at":null,"head":{"sha":"bad"}},{"merged_at":"2026-11-25","head":{"sha":"abc"}}]"#;
    let artifact = |run: u8, commit: &str, from: u8, expired: bool| {
        format!(
            r#"{{"expired":{expired},"workflow_run":{{"id":{run},"head_sha":"{commit}","repository_id":1,"head_repository_id":{from}}}}}"#
        )
    };
    let artifacts = |all: &[String]| format!(r#"{{"artifacts":[{}]}}"#, all.join(","));
    let (fork, old) = (artifact(6, "abc", 2, false), artifact(7, "abc", 1, true));
    let others = [artifact(5, "other", 1, false), fork, old];
    let found = find(
        pulls,
        &artifacts(&[&others[..], &[artifact(9, "abc", 1, false)], &[artifact(4, "abc", 1, false)]].concat()),
    );
    assert_eq!((found.code, found.outputs["digest"].len()), (0, 64), "{}", found.log);
    assert!(
        gh::asked(&world).contains("run download 9 --repo acme/access --name roster-plan"),
        "{}",
        gh::asked(&world)
    );
    let none = find(pulls, &artifacts(&others));
    assert!(none.code == 1 && none.log.contains("no plan was reviewed"), "of others, of a fork, or gone: {}", none.log);
    assert_eq!(find("[]", &artifacts(&[])).code, 1, "a push without a pull request");
}

/// The step of the workflow for merges that says which plan is meant.
fn step(world: &World, event: &str, digest: &str, approve: &str) -> Ran {
    let expressions =
        [("github.token", "t"), ("github.event_name", event), ("inputs.digest", digest), ("inputs.approve", approve)];
    Job::new(world).step(APPLY, "Find the plan that was reviewed", &expressions)
}

/// The whole workflow as it is run by hand.
fn by_hand(world: &World, event: &str, digest: &str, reason: &str) -> Ran {
    let found = step(world, event, digest, "true");
    assert_eq!(found.code, 0, "{}", found.log);
    let output = |name: &str| found.outputs.get(name).cloned().unwrap_or_default();
    let (digest, approve) = (output("digest"), output("approve"));
    let expressions = [
        ("inputs.path || 'roster.yaml'", "roster.yaml"),
        ("steps.reviewed.outputs.digest", &*digest),
        ("steps.reviewed.outputs.approve", &*approve),
        ("inputs.reason", reason),
        ("hashFiles('policies/**') != '' && 'policies' || ''", ""),
    ];
    Job::new(world).uses(APPLY, &expressions)
}

#[test]
fn what_is_held_fails_the_merge_until_somebody_consents_to_it() {
    let world = held().set("ROSTER_DATABASE", "sqlite:.roster/state.db");
    let reviewed = Job::new(&world).action(&[]);
    assert_eq!((reviewed.code, reviewed.outputs["exit-code"].as_str()), (0, "3"), "a plan is there to be looked at");
    let merged = by_hand(&world, "push", &reviewed.outputs["digest"], "");
    assert_eq!((merged.code, merged.outputs["exit-code"].as_str()), (3, "3"), "{}", merged.log);
    assert!(merged.summary.contains("Applied in part: 1 done, 1 held"), "{}", merged.summary);
    let left = after(&merged.log, "a plan of its own with the digest ");
    let shown = after(&merged.summary, "roster apply --approve ");
    assert!(left.starts_with(shown) && !reviewed.outputs["digest"].starts_with(shown), "{}", merged.summary);

    let not_meant = by_hand(&world, "push", shown, "no person");
    assert_eq!(not_meant.code, 3, "{}", not_meant.log);
    let unsaid = by_hand(&world, "workflow_dispatch", shown, "");
    assert!(unsaid.code == 64 && unsaid.log.contains("::error title=reason::"), "{}", unsaid.log);
    let other = by_hand(&world, "workflow_dispatch", &reviewed.outputs["digest"], "they have left");
    assert_eq!(other.code, 6, "{}", other.log);
    let consented = by_hand(&world, "workflow_dispatch", shown, "they have left, OPS-123");
    assert_eq!(consented.code, 0, "{}", consented.log);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    let history = world.run(&["history"]).stdout;
    assert!(history.contains("with consent to what was held  “they have left, OPS-123”"), "{history}");
}

#[test]
fn a_merge_may_leave_what_is_held_where_that_is_wished() {
    let held = apply(&held(), &[("digest", "any"), ("fail-on", "never")]);
    assert_eq!((held.code, held.outputs["exit-code"].as_str()), (0, "3"), "{}", held.log);
}

/// A secret that nobody has set is handed on as an empty text.
#[test]
fn a_state_that_nobody_has_set_is_named() {
    let world = applied().set("ROSTER_DATABASE", "");
    let ran = apply(&world, &[("digest", "any"), ("state", "env:ROSTER_DATABASE")]);
    let error: String = ran.log.lines().filter(|line| line.starts_with("error")).collect();
    assert_eq!(ran.code, 64);
    assert_snapshot!(error, @"error: `--state env:ROSTER_DATABASE`: nothing is in the environment variable `ROSTER_DATABASE`");
}

/// GitLab's jobs for what is merged, and for consent.
#[test]
fn gitlab_takes_consent_in_a_pipeline_that_somebody_started() {
    let world = held();
    let job = |name: &str, variables: &[(&str, &str)]| Job::new(&world).gitlab(name, variables);
    let digest = world.run(&["plan", "--format", "outputs"]).stdout;
    let digest = after(&digest, "digest=");
    let unsaid = job("roster consent", &[("APPROVE", digest)]);
    assert!(unsaid.code == 64 && unsaid.log.contains("REASON"), "{}", unsaid.log);
    let consented = job("roster consent", &[("APPROVE", digest), ("REASON", "they have left")]);
    assert_eq!(consented.code, 0, "{}", consented.log);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}
