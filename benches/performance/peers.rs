//! Programs that do the same work, on the same service or as near to it as they can.
//!
//! Peers in Python come from PyPI into `target/performance`; terraform is taken where the machine has it. Whatever is not there
//! is said, and not measured.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::figures::{Case, Row, Verdict, in_turns, ratio};
use crate::process::{roster, run};
use crate::remote::{Account, asked};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/performance");
const USERS: usize = 10_000;
const ROUNDS: usize = 3;

pub(crate) fn cases() -> Vec<Case> {
    let python = python();
    let mut cases = Vec::new();
    if let Some(python) = &python {
        cases.extend([script(python), octodns(python)]);
    }
    cases.extend(terraform());
    cases
}

/// A straight script that lists, compares and would write, against a plan.
fn script(python: &Path) -> Case {
    let account = Account::with(USERS, &[]);
    let script = [&format!("{HERE}/scim2_script.py"), &account.base(), "roster.yaml"];
    let requests = asked(&run(&mut account.roster(&["plan", "-vv"])));
    let mut rows = in_turns(
        ROUNDS,
        vec![
            ("`roster plan`", Box::new(|| run(&mut account.roster(&["plan"])))),
            (
                "a script on scim2-client",
                Box::new(|| run(Command::new(python).args(script).current_dir(account.folder()))),
            ),
        ],
    );
    rows[0].requests = Some(requests);
    let verdicts = vec![
        Verdict::at_least("at least 20 × faster", ratio(&rows[1], &rows[0]), 20.0),
        Verdict::at_least("at most a tenth of the memory", rows[1].megabytes() / rows[0].megabytes(), 10.0),
    ];
    Case { work: format!("`plan` against a straight script, {USERS} users"), rows, verdicts }
}

/// The nearest planner of another kind: as many records, both sides in files, so without any network.
fn octodns(python: &Path) -> Case {
    let folder = tempfile::tempdir().expect("a folder");
    for (side, other) in [("source", "192.0.2.1"), ("target", "192.0.2.2")] {
        let mut zone = String::from("---\n");
        for number in 0..USERS {
            let value = if number % 100 == 7 { other } else { "192.0.2.1" };
            let _ = writeln!(zone, "user{number}:\n  type: A\n  value: {value}");
        }
        let directory = folder.path().join(side);
        std::fs::create_dir(&directory).expect("a folder");
        std::fs::write(directory.join("example.test.yaml"), zone).expect("a zone");
    }
    let provider = |side: &str| {
        format!(
            "  {side}:\n    class: octodns.provider.yaml.YamlProvider\n    directory: ./{side}\n    enforce_order: false\n"
        )
    };
    let zones = "zones:\n  example.test.:\n    sources: [source]\n    targets: [target]\n";
    let config = format!("---\nproviders:\n{}{}{zones}", provider("source"), provider("target"));
    std::fs::write(folder.path().join("config.yaml"), config).expect("a file");
    let program = python.with_file_name("octodns-sync");
    let sync = || run(Command::new(&program).args(["--config-file", "config.yaml"]).current_dir(folder.path()));
    let account = Account::with(USERS, &[]);
    account.declare(
        (0..USERS)
            .map(|number| format!("user{}@acme.example", if number % 100 == 7 { number + USERS } else { number })),
        8,
    );
    let rows = in_turns(
        ROUNDS,
        vec![
            ("`roster plan`, over HTTP", Box::new(|| run(&mut account.roster(&["plan"])))),
            ("`octodns-sync`, both sides in YAML files", Box::new(sync)),
        ],
    );
    Case { work: format!("planning {USERS} records, 1 % different"), rows, verdicts: Vec::new() }
}

/// Terraform with one resource for each user. No provider that could speak to the service can be had, so its resources are of
/// its own `terraform_data`, which asks nobody: its planning alone, against all of roster's run.
fn terraform() -> Option<Case> {
    /// Making the state takes terraform a time that grows with the square of this.
    const RESOURCES: usize = 1_000;
    let found = Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success());
    if !found {
        crate::print("SKIPPED: this machine has no terraform\n");
        return None;
    }
    let account = Account::with(RESOURCES, &[]);
    let text = r#"
locals { users = yamldecode(file("${path.module}/roster.yaml")).accounts.bench.users }
resource "terraform_data" "user" {
  for_each = local.users
  input    = { who = each.key, role = each.value }
}
"#;
    std::fs::write(account.folder().join("main.tf"), text).expect("a file");
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.current_dir(account.folder()).env("CHECKPOINT_DISABLE", "1").args(arguments);
        run(&mut command)
    };
    terraform(&["apply", "-auto-approve", "-no-color"]);
    let rows: Vec<Row> = in_turns(
        ROUNDS,
        vec![
            ("`roster plan`, over HTTP", Box::new(|| run(&mut roster(account.folder(), &["plan"])))),
            ("`terraform plan`, without any network", Box::new(|| terraform(&["plan", "-no-color"]))),
        ],
    );
    Some(Case { work: format!("`plan` against terraform, {RESOURCES} users in sync"), rows, verdicts: Vec::new() })
}

/// An interpreter with the peers in Python, installed where they are not there yet.
fn python() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/performance");
    let program = home.join("bin/python");
    let succeeds = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    let installed = program.exists()
        || succeeds(Command::new("python3").args(["-m", "venv"]).arg(&home))
            && succeeds(
                Command::new(&program)
                    .args(["-m", "pip", "install", "--quiet", "--requirement"])
                    .arg(format!("{HERE}/requirements.txt")),
            );
    if !installed {
        crate::print("SKIPPED: the peers in Python cannot be had\n");
    }
    installed.then_some(program)
}
