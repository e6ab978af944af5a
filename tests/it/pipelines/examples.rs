//! What the examples promise besides their steps: that no change goes by unseen, that a change is not held to rules of its own,
//! and that keys stay where they belong.

use std::process::Command;

use serde_json::Value;

use crate::harness::World;
use crate::interface::repository;
use crate::pipelines::applied;
use crate::pipelines::workflow::{Job, steps, yaml};

const PLAN: &str = "examples/ci/github/plan.yml";

/// Which files a roster is made of, only the roster knows: `people.yaml` and `clients/` as well as `accounts/`, rules, lists.
#[test]
fn a_change_of_any_file_is_planned_and_applied() {
    for file in [PLAN, "examples/ci/github/apply.yml", "examples/ci/github/forks/check.yml"] {
        let workflow = yaml(file);
        let events = workflow["on"].as_object().unwrap();
        assert!(events.contains_key("pull_request") || events.contains_key("push"), "{file}");
        for filter in ["paths", "paths-ignore"] {
            assert!(events.values().all(|event| event[filter].is_null()), "{file} does not see every file");
        }
    }
    let pipeline = yaml("examples/ci/gitlab/.gitlab-ci.yml");
    let rules = pipeline.as_object().unwrap().values().filter_map(|job| job["rules"].as_array()).flatten();
    let rules: Vec<&Value> = rules.collect();
    assert!(rules.len() >= 4 && rules.iter().all(|rule| rule["changes"].is_null()), "{rules:?}");
}

/// The hooks look at the whole roster at each commit, and at no other YAML.
#[test]
fn hooks_look_at_the_roster_and_what_it_includes() {
    let world = World::with("include: [people.yaml, clients/*.yaml]\ndefaults: { prune: all }\n");
    world.write("people.yaml", "people:\n  ada: { email: ada@acme.example }\n");
    world.write(
        "clients/acme.yaml",
        "accounts:\n  acme:\n    provider: sandbox\n    owner: o@acme.example\n    users: { ada: admin }\n",
    );
    world.write("chart/templates/job.yaml", "on:\n      push:\n{{ .Values.more }}\n");
    let hook = |id: &str| {
        let hooks = yaml(".pre-commit-hooks.yaml");
        let hook = hooks.as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap().clone();
        assert_eq!((&hook["always_run"], &hook["pass_filenames"]), (&Value::Bool(true), &Value::Bool(false)));
        let words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').skip(1).chain(["roster.yaml"]).collect();
        world.run(&words).code
    };
    assert_eq!((hook("roster-validate"), hook("roster-fmt")), (0, 0));
    world.write("people.yaml", "people:\n  ada:   { email: ada }\n\n\n\n");
    assert_eq!((hook("roster-validate"), hook("roster-fmt")), (65, 2));
}

/// A repository whose main branch denies whatever is planned, and a change that brings along a rule which does not.
fn loosened() -> World {
    let world = applied();
    world.write(
        "policies/none.rego",
        "package roster.none\n\nimport rego.v1\n\ndeny contains \"nothing changes\" if true\n",
    );
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=ada", "-c", "user.email=ada@acme.example"]).args(words);
        assert!(git.current_dir(world.path("")).output().unwrap().status.success(), "git {words:?}");
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "roster.yaml", "policies"]);
    git(&["commit", "--quiet", "--message", "all"]);
    git(&["clone", "--quiet", "--bare", ".", "origin.git"]);
    git(&["remote", "add", "origin", "origin.git"]);
    world.edit("bob@acme.example: analyst", "bob@acme.example: manager");
    world.write("policies/none.rego", "package roster.none\n\nimport rego.v1\n\ndeny contains \"never\" if false\n");
    world
}

#[test]
fn github_holds_a_change_to_the_rules_of_the_main_branch() {
    let workflow = yaml(PLAN);
    let steps = steps(&workflow);
    let rules = steps.iter().find(|step| step["with"]["path"] == "main").expect("a checkout beside that of the change");
    assert_eq!(rules["with"]["ref"], "${{ github.event.repository.default_branch }}");
    let world = loosened();
    let checkout =
        Command::new("git").args(["clone", "--quiet", "origin.git", "main"]).current_dir(world.path("")).output();
    assert!(checkout.unwrap().status.success());
    let plan = |policy: &str| {
        let expressions = [
            ("inputs.path || 'roster.yaml'", "roster.yaml"),
            ("hashFiles('main/policies/**') != '' && 'main/policies' || ''", policy),
        ];
        Job::new(&world).uses(PLAN, &expressions)
    };
    let held = plan("main/policies");
    assert_eq!((held.code, held.outputs["exit-code"].as_str()), (0, "3"), "{}", held.log);
    assert!(held.summary.contains("nothing changes"), "{}", held.summary);
    assert_eq!(plan("").outputs["exit-code"], "2", "a repository without rules");
}

#[test]
fn gitlab_holds_a_change_to_the_rules_of_the_main_branch() {
    let world = loosened();
    let ran = Job::new(&world).gitlab("roster plan", &[("CI_DEFAULT_BRANCH", "main")]);
    assert_eq!(ran.code, 0, "{}", ran.log);
    assert!(world.read("document.json").contains("nothing changes"), "{}", world.read("document.json"));
}

/// An apply that a rule refuses has done nothing, and is no green one.
#[test]
fn a_rule_that_refuses_fails_the_merge() {
    let world = loosened();
    world.write("rules/none.rego", "package roster.none\n\nimport rego.v1\n\ndeny contains \"no\" if true\n");
    let ran = Job::new(&world).action(&[("command", "apply"), ("digest", "any"), ("policy", "rules")]);
    assert_eq!(ran.code, 3, "{}", ran.log);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2, "nothing was done");
}

/// A roster from outside may name another server for a key, or a command to run for it.
#[test]
fn a_fork_is_planned_nowhere_with_a_key() {
    let pipeline = yaml("examples/ci/gitlab/.gitlab-ci.yml");
    let rule = pipeline["roster plan"]["rules"][0]["if"].as_str().unwrap();
    assert!(rule.contains("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"), "{rule}");
    let jenkinsfile = repository("examples/ci/generic/Jenkinsfile");
    let mut stages = jenkinsfile.split("stage('");
    assert!(!stages.next().unwrap().contains("credentials("), "no key for every stage");
    let keyed: Vec<&str> = stages.filter(|stage| stage.contains("credentials(")).collect();
    assert_eq!(keyed.len(), 3);
    for stage in keyed {
        assert!(stage.contains("env.CHANGE_FORK == null") || stage.contains("branch 'main'"), "{stage}");
    }
}
