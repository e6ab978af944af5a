//! What programs and scripts rely on: exit codes, schemas, generated text.

use std::process::Stdio;

use clap::CommandFactory;
use roster::cli::args::Arguments;
use roster::cli::exit::Exit;

use crate::harness::World;

pub(crate) fn repository(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::fs::File::open(path).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn the_readme_lists_every_exit_code() {
    let readme = repository("README.md");
    let documented: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let rows: Vec<String> = Exit::ALL.iter().map(|exit| format!("| {} | {} |", exit.code(), exit.meaning())).collect();
    assert_eq!(documented, rows);
}

#[test]
fn schemas_are_up_to_date() {
    let world = World::new();
    for of in ["roster", "output", "history", "review", "notification", "status"] {
        let file = format!("schema/{of}.schema.json");
        assert!(world.run(&["schema", of]).stdout == repository(&file), "{file} is old: run `just generate`");
    }
}

/// No command and no option is missing on the page that tells what they do.
#[test]
fn the_page_of_commands_has_all_of_them() {
    let page = World::new().run(&["schema", "commands"]).stdout;
    assert!(page == repository("docs/commands.md"), "docs/commands.md is old: run `just generate`");
    let mut waiting = vec![<Arguments as CommandFactory>::command()];
    while let Some(command) = waiting.pop() {
        for below in command.get_subcommands() {
            assert!(page.contains(&format!("{}`\n", below.get_name())), "{}", below.get_name());
            waiting.push(below.clone());
        }
        for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
            assert!(page.contains(&format!("--{option}")), "--{option} of {}", command.get_name());
        }
    }
}

#[test]
fn json_output_is_what_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(&repository("schema/output.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let account = |prune: &str, users: &str| {
        format!("accounts: {{ acme: {{ provider: sandbox, owner: o@x.example, prune: {prune}, users: {users} }} }}")
    };
    let world = World::with(&account(
        "all",
        "{ ada@x.example: { role: admin, first_name: Ada, language: fr }, bob@x.example: support }",
    ));
    let check = |arguments: &[&str]| {
        let ran = world.run(&[arguments, &["--format", "json"]].concat());
        let errors: Vec<String> = validator.iter_errors(&ran.json()).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(ran.json()["exit_code"].as_i64(), Some(i64::from(ran.code)));
        ran
    };
    check(&["validate"]);
    check(&["plan"]);
    let applied = check(&["apply", "--yes"]).json();
    assert_eq!(applied["summary"]["done"], 2);
    assert_eq!(applied["accounts"][0]["actions"][0]["outcome"]["result"], "done");
    world.write("roster.yaml", account("none", "{ ada@x.example: manager }"));
    check(&["plan", "--detailed-exitcode"]);
    world.write("roster.yaml", account("all", "{}"));
    check(&["apply", "--yes"]);
    check(&["status"]);
    check(&["undo", "--dry-run"]);
    check(&["plan", "--account", "other"]);
    check(&["apply"]);
    world.write("roster.yaml", "accounts: 7");
    check(&["plan"]);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let world = World::new();
    let (script, manual) = (world.run(&["completions", "bash"]).stdout, world.run(&["man"]).stdout);
    let commands = [
        "validate",
        "plan",
        "apply",
        "undo",
        "status",
        "review",
        "history",
        "notify",
        "schema",
        "sandbox",
        "completions",
        "man",
    ];
    for command in commands {
        assert!(script.contains(command) && manual.contains(command), "{command}");
    }
}

/// A release says which commit it is of. A build of developers does not, or each commit would have them build all of it.
#[test]
fn the_version_is_that_of_the_package() {
    let version = World::new().run(&["--version"]).stdout;
    let expected = concat!("roster ", env!("CARGO_PKG_VERSION"));
    assert!(version == format!("{expected}\n") || version.starts_with(&format!("{expected} (")), "{version}");
}

#[test]
fn colour_is_where_it_is_wanted() {
    let roster =
        "accounts: { acme: { provider: sandbox, owner: o@x.example, prune: all, users: { a@x.example: admin } } }";
    let colored = |world: &World, arguments: &[&str]| world.run(arguments).stdout.contains('\u{1b}');
    let world = World::with(roster);
    assert!(!colored(&world, &["plan"]), "not a terminal");
    assert!(colored(&world, &["plan", "--color", "always"]));
    assert!(!colored(&World::with(roster).set("NO_COLOR", "1"), &["plan"]));
}

/// Whoever reads our output may stop, as `head` does: the work is done all the same, and the exit code tells the truth.
#[test]
fn a_reader_who_has_had_enough_changes_nothing() {
    let people: String = (0..300).map(|number| format!(" p{number}@x.example: support,")).collect();
    let roster = |people: &str| {
        format!("accounts: {{ acme: {{ provider: sandbox, owner: o@x.example, prune: all, users: {{{people}}} }} }}")
    };
    let world = World::with(&roster(&people));
    let unread = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        let output = process.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(unread(&["plan", "--format", "json", "--detailed-exitcode"]), (Some(2), String::new()));
    assert_eq!(unread(&["apply", "--yes"]), (Some(0), String::new()));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0, "everybody was invited");
    world.write("roster.yaml", roster("ada@x.example: support"));
    assert_eq!(unread(&["apply", "--yes", "--format", "json"]), (Some(3), String::new()));
}
