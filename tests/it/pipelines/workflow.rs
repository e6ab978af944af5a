//! Steps of workflows and actions, run in a shell as a runner would run them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::World;
use crate::interface::repository;

/// Where the programs are that scripts call.
const PROGRAMS: &str = "/usr/local/bin:/usr/bin:/bin";

/// A job of a workflow in a world of its own.
pub(super) struct Job<'a> {
    world: &'a World,
}

/// How a step ended.
pub(super) struct Ran {
    pub(super) code: i32,
    /// Both streams, as the log of a job has them.
    pub(super) log: String,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) summary: String,
}

/// A file of the repository, as data.
pub(super) fn yaml(file: &str) -> Value {
    serde_saphyr::from_str(&repository(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every step of every job, or of an action.
pub(super) fn steps(of: &Value) -> Vec<&Value> {
    let jobs = of["jobs"].as_object().into_iter().flat_map(|jobs| jobs.values()).map(|job| &job["steps"]);
    jobs.chain([&of["runs"]["steps"]]).filter_map(Value::as_array).flatten().collect()
}

impl<'a> Job<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// The step of `action.yml` that runs roster, with these inputs and the defaults of the others.
    pub(super) fn action(&self, inputs: &[(&str, &str)]) -> Ran {
        let action = yaml("action.yml");
        let mut values: BTreeMap<String, String> = BTreeMap::from([("runner.temp".into(), self.temp())]);
        for (name, input) in action["inputs"].as_object().unwrap() {
            let given = inputs.iter().find(|(given, _)| given == name).map(|(_, value)| *value);
            values.insert(format!("inputs.{name}"), given.unwrap_or(input["default"].as_str().unwrap()).to_owned());
        }
        let unknown = inputs.iter().find(|(name, _)| !values.contains_key(&format!("inputs.{name}")));
        assert_eq!(unknown, None, "no input of the action");
        self.run(&action, "Run roster", &values)
    }

    /// A step of a workflow by its name, where each expression has this value.
    pub(super) fn step(&self, file: &str, name: &str, expressions: &[(&str, &str)]) -> Ran {
        self.run(&yaml(file), name, &owned(expressions))
    }

    /// The step of a workflow that takes the action, where each expression has this value.
    pub(super) fn uses(&self, file: &str, expressions: &[(&str, &str)]) -> Ran {
        let workflow = yaml(file);
        let steps = steps(&workflow);
        let action = |step: &&&Value| step["uses"].as_str().is_some_and(|action| action.starts_with("acme/roster@"));
        let inputs = steps.iter().find(action).unwrap()["with"].as_object().unwrap();
        let values = owned(expressions);
        let inputs = inputs.iter().map(|(name, value)| (&**name, evaluated(value.as_str().unwrap(), &values)));
        let inputs: Vec<(&str, String)> = inputs.collect();
        self.action(&inputs.iter().map(|(name, value)| (*name, &**value)).collect::<Vec<_>>())
    }

    /// The script of a job of GitLab, in the shell of its image.
    pub(super) fn gitlab(&self, name: &str, variables: &[(&str, &str)]) -> Ran {
        let pipeline = yaml("examples/ci/gitlab/.gitlab-ci.yml");
        let lines = pipeline[name]["script"].as_array().unwrap_or_else(|| panic!("no job `{name}`"));
        let script: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
        let mut command = self.shell();
        command.envs(variables.iter().copied()).args(["--noprofile", "--norc", "-e", "-c", &script.join("\n")]);
        self.ended(command)
    }

    /// A script of the repository.
    pub(super) fn script(&self, file: &str, words: &[&str]) -> Ran {
        let mut command = self.shell();
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).args(words);
        self.ended(command)
    }

    fn run(&self, of: &Value, name: &str, values: &BTreeMap<String, String>) -> Ran {
        let steps = steps(of);
        let step = steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step `{name}`"));
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "what comes from elsewhere comes by a variable: {script}");
        let mut command = self.shell();
        for (variable, value) in step["env"].as_object().unwrap() {
            command.env(variable, evaluated(value.as_str().unwrap(), values));
        }
        // As a runner starts `shell: bash`.
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        self.ended(command)
    }

    fn shell(&self) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_roster")).parent().unwrap();
        let path = format!("{}:{}:{PROGRAMS}", self.world.path("bin").display(), program.display());
        let mut command = self.world.command(&[]);
        let environment: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
        command = Command::new("bash");
        command.current_dir(self.world.path("")).env_clear().envs(environment).env("PATH", path);
        command
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("GITHUB_REPOSITORY", "acme/access")
            .env("GITHUB_SHA", "merged")
            .env("RUNNER_TEMP", self.temp())
            .env("GITHUB_OUTPUT", self.world.path("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.world.path("summary"));
        self.world.write("outputs", "");
        self.world.write("summary", "");
        self.world.write("temp/.keep", "");
        command
    }

    fn temp(&self) -> String {
        self.world.path("temp").to_str().unwrap().to_owned()
    }

    fn ended(&self, mut command: Command) -> Ran {
        let output = command.output().expect("bash runs");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let file = |name: &str| std::fs::read_to_string(self.world.path(name)).unwrap();
        let outputs = file("outputs");
        let outputs = outputs.lines().filter_map(|line| line.split_once('='));
        Ran {
            code: output.status.code().unwrap(),
            log: text(&output.stdout) + &text(&output.stderr),
            outputs: outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            summary: file("summary"),
        }
    }
}

fn owned(expressions: &[(&str, &str)]) -> BTreeMap<String, String> {
    expressions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A text with its expressions replaced by their values; one that has none is an error.
fn evaluated(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut pieces = text.split("${{");
    let mut evaluated = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (expression, rest) = piece.split_once("}}").unwrap();
        let value = values.get(expression.trim()).unwrap_or_else(|| panic!("what is `{expression}`?"));
        evaluated += value;
        evaluated += rest;
    }
    evaluated
}

/// A `gh` that answers with JSON that was put down for it, through the real `jq`, and writes down what it was asked.
pub(super) mod gh {
    use super::*;

    const SCRIPT: &str = r#"#!/usr/bin/env bash
set -euo pipefail
echo "$*" >>asked
for answer in answers/*; do
  words=$(head -n 1 "$answer")
  [[ "$*" == "$words"* ]] || continue
  while [[ $# -gt 1 && $1 != --jq ]]; do shift; done
  tail -n +2 "$answer" | jq -r "$2"
  exit
done
if [[ "$1 $2" == "run download" ]]; then
  while [[ $1 != --dir ]]; do shift; done
  mkdir -p "$2"
  cp reviewed.json "$2/plan.json"
fi
"#;

    /// Whether there is a `jq`; where it is missing that is said, and an error where ROSTER_REQUIRE names it.
    pub(in crate::pipelines) fn is_possible() -> bool {
        let there = PROGRAMS.split(':').any(|folder| Path::new(folder).join("jq").exists());
        if !there {
            let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
            assert!(!required.contains("jq"), "ROSTER_REQUIRE names `jq`, and there is none here");
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED: there is no jq").unwrap();
        }
        there
    }

    /// What is answered to commands that begin like this.
    pub(in crate::pipelines) fn answers(world: &World, answers: &[(&str, &str)]) {
        world.write("bin/gh", SCRIPT);
        let script = world.path("bin/gh");
        assert!(Command::new("chmod").arg("+x").arg(&script).status().unwrap().success());
        world.write("asked", "");
        for (number, (begins, answer)) in answers.iter().enumerate() {
            world.write(&format!("answers/{number}"), format!("{begins}\n{answer}\n"));
        }
    }

    /// What was asked, a line each.
    pub(in crate::pipelines) fn asked(world: &World) -> String {
        std::fs::read_to_string(world.path("asked")).unwrap()
    }
}
