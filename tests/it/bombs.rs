//! Files that are small to write and large to read: each is refused, in bounded memory and without being waited for.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::World;

/// How much the program may hold, in KiB: far more than the largest roster needs, far less than a machine has.
const MEMORY: &str = "524288";

/// How long a refusal may take. It takes seconds at most; what unfolds without end would take hours.
const PATIENCE: Duration = Duration::from_secs(120);

/// The code that a file is refused with, in bounded memory.
fn refused(text: &str) -> Vec<String> {
    let world = World::with(text);
    let inner = world.command(&["validate", "--format", "json"]);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "ulimit -d \"$0\" && exec \"$@\"", MEMORY]).arg(inner.get_program()).args(inner.get_args());
    command.current_dir(world.path("")).env_clear().stdin(Stdio::null());
    let began = Instant::now();
    let output = command.output().unwrap();
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(65), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut codes: Vec<String> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap().to_owned())
        .collect();
    codes.dedup();
    codes
}

#[test]
fn aliases_of_aliases_are_not_unfolded() {
    let ten = |of: &str| [of; 10].join(", ");
    let mut lists = format!("a0: &a0 [{}]\n", ten("x"));
    let mut mappings = "a0: &a0 { x: y }\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        writeln!(lists, "a{level}: &a{level} [{}]", ten(&below)).unwrap();
        let entries: Vec<String> = (0..10).map(|entry| format!("k{entry}: {below}")).collect();
        writeln!(mappings, "a{level}: &a{level} {{ {} }}", entries.join(", ")).unwrap();
    }
    assert_eq!(refused(&lists), ["too-complex"]);
    assert_eq!(refused(&mappings), ["too-complex"]);
}

#[test]
fn a_long_text_is_not_copied_for_ever() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 20_000].join(", "));
    assert_eq!(refused(&text), ["too-complex"]);
}

#[test]
fn what_nests_without_end_is_not_followed() {
    let open = |depth| "[".repeat(depth);
    assert_eq!(refused(&format!("{}{}", open(100_000), "]".repeat(100_000))), ["too-complex"]);
    let block: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(refused(&block), ["too-complex"]);
}

/// What is wrong with each of them is not kept either.
#[test]
fn a_file_of_nothing_but_mistakes_is_read_and_counted() {
    let keys: String = (0..30_000).map(|key| format!("key{key}: value\n")).collect();
    assert_eq!(refused(&keys), ["unknown-key", "not-told"]);
    let twice = format!("accounts:\n{}", "  acme: { provider: sandbox }\n".repeat(6_000));
    assert_eq!(refused(&twice).last().map(String::as_str), Some("not-told"));
}
