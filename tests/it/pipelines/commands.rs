//! Every command line of `roster` in the documentation, the examples and the workflows is one that the program takes.

use std::path::{Path, PathBuf};

use clap::Parser;
use pulldown_cmark::{CodeBlockKind, Event, Parser as MarkdownParser, Tag, TagEnd};
use roster::cli::args::Arguments;
use serde_json::Value;

use crate::interface::repository;
use crate::pipelines::workflow::{steps, yaml};

/// What is looked through, besides folders: files that are read as Markdown, as shell or as YAML by their names.
const FILES: &[&str] =
    &["README.md", "CONTRIBUTING.md", "action.yml", "install/action.yml", ".pre-commit-hooks.yaml", "Dockerfile"];
const FOLDERS: &[&str] = &["docs", "examples", "action", "deploy", ".github"];

fn files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    let mut folders: Vec<PathBuf> =
        FOLDERS.iter().map(PathBuf::from).filter(|folder| root.join(folder).is_dir()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            match entry.file_type().unwrap() {
                kind if kind.is_dir() && entry.file_name() != "images" && entry.file_name() != ".roster" => {
                    folders.push(path)
                }
                kind if kind.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found.into_iter().map(|path| path.to_str().unwrap().to_owned()).collect()
}

/// The shell in a file.
fn shell(file: &str) -> String {
    let text = repository(file);
    match Path::new(file).extension().and_then(|extension| extension.to_str()) {
        Some("md") => fenced(&text),
        Some("yml" | "yaml") if !file.starts_with("deploy/chart/templates") => scripts(&yaml_of(file, &text)),
        Some("sh") | None => text,
        Some("service") => {
            text.lines().filter_map(|line| line.strip_prefix("ExecStart=")).collect::<Vec<&str>>().join("\n")
        }
        Some(_) => String::new(),
    }
}

/// The last document of a file of YAML; the first ones are looked at by others.
fn yaml_of(file: &str, text: &str) -> Value {
    if text.contains("\n---\n") { Value::Null } else { yaml(file) }
}

/// The code of Markdown that is shell: whole, or behind a prompt.
fn fenced(text: &str) -> String {
    let mut shell = String::new();
    let mut language = None;
    for event in MarkdownParser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                language = Some(info.split_whitespace().next().unwrap_or_default().to_owned());
            }
            Event::End(TagEnd::CodeBlock) => language = None,
            Event::Text(code) => match language.as_deref() {
                Some("sh" | "bash") => shell.push_str(&code),
                Some("console") => {
                    let commands = code.lines().filter_map(|line| line.strip_prefix("$ "));
                    shell.extend(commands.flat_map(|command| [command, "\n"]));
                }
                _ => {}
            },
            _ => {}
        }
    }
    shell
}

/// What a workflow, an action, a pipeline or a hook runs.
fn scripts(of: &Value) -> String {
    let runs = steps(of).into_iter().filter_map(|step| step["run"].as_str().map(str::to_owned));
    let jobs = of.as_object().into_iter().flat_map(|jobs| jobs.values());
    let lists = jobs.flat_map(|job| ["before_script", "script", "after_script"].map(|name| job[name].clone()));
    let lines =
        lists.filter_map(|list| Some(list.as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")));
    let hooks = of.as_array().into_iter().flatten().filter_map(|hook| hook["entry"].as_str().map(str::to_owned));
    runs.chain(lines).chain(hooks).collect::<Vec<String>>().join("\n")
}

/// The words of each command of `roster` in a text of shell; a variable is the word that it stands for.
fn commands(shell: &str) -> Vec<Vec<String>> {
    let shell = shell.replace("\\\n", " ");
    let lines = shell.lines().filter(|line| !line.trim_start().starts_with('#'));
    let pieces = lines.flat_map(|line| line.split(['|', ';', '(']).flat_map(|piece| piece.split("&&")));
    pieces.filter_map(command).collect()
}

fn command(piece: &str) -> Option<Vec<String>> {
    let piece = piece.split(" #").next()?.split(" 2>").next()?.split([')', '>']).next()?;
    let words = quoted(piece);
    let mut words = words.iter().map(String::as_str).skip_while(|word| is_before(word));
    words.next().filter(|word| ["roster", "/usr/bin/roster", "/roster-program"].contains(word))?;
    let words = words.take_while(|word| !["||", "&", "<"].contains(word));
    // An array or an optional word of the shell may be nothing.
    let words = words.filter(|word| !word.contains("[@]}") && !word.contains(":+") && !word.ends_with('}'));
    Some(["roster"].into_iter().chain(words).map(str::to_owned).collect())
}

/// A text as words, where quotes hold several together.
fn quoted(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in text.chars() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (character, Some(open)) if character == open => quote = None,
            (character, None) if character.is_whitespace() => words.push(String::new()),
            (character, _) => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What may stand before a command.
fn is_before(word: &str) -> bool {
    matches!(word, "if" | "quietly" | "then" | "do" | "else" | "!" | "exec" | "plan)" | "validate)" | "sudo")
        || word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
}

#[test]
fn every_command_line_is_one_that_the_program_has() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files() {
        // A line that leaves something out is no whole command.
        for words in commands(&shell(&file)).into_iter().filter(|words| !words.contains(&"…".to_owned())) {
            seen += 1;
            // Where people are to put something of their own, anything of its kind will do.
            let concrete = words.iter().map(|word| match word.as_str() {
                "DIGEST" | "$APPROVE" => "0123456789abcdef".to_owned(),
                "$NUMBER" => "7".to_owned(),
                "$PAGE" => "https://ci.example".to_owned(),
                word => word.replace(['[', ']', '…'], "").replace("$NAME", "name"),
            });
            if let Err(error) = Arguments::try_parse_from(concrete)
                && error.use_stderr()
            {
                wrong.push(format!("{file}: `{}`: {}", words.join(" "), error.to_string().lines().next().unwrap()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= 30, "only {seen} were found, so something is not looked at any more");
}

#[test]
fn commands_are_found_wherever_shell_has_them() {
    let words = |shell: &str| commands(shell).into_iter().map(|words| words.join(" ")).collect::<Vec<String>>();
    assert_eq!(
        words(
            "if ! roster plan a.yaml --state none \\\n  --out \"$2\" >x; then\n# roster no\nA=b roster validate || true\n"
        ),
        ["roster plan a.yaml --state none --out $2", "roster validate"]
    );
    assert_eq!(
        words("x=$(roster schema | head)\necho roster; cd x && roster man plan # page"),
        ["roster schema", "roster man plan"]
    );
    assert_eq!(words("roster comment f ${NAME:+--name \"$NAME\"} --dry-run"), ["roster comment f --dry-run"]);
}

/// Whoever takes an action of somebody else takes a commit of it, which nobody can change.
#[test]
fn actions_of_others_are_pinned_by_a_commit() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.ends_with(".yml") && !file.contains("/templates/")) {
        for line in repository(file).lines() {
            let Some(action) = line.trim_start_matches([' ', '-']).strip_prefix("uses:") else { continue };
            let (name, rest) = action.trim().split_once('@').unwrap_or((action, ""));
            let commit = rest.split(' ').next().unwrap_or_default();
            let pinned = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            let own = name.starts_with("acme/roster");
            if !own && (!pinned || !rest.contains("# v")) {
                wrong.push(format!("{file}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
