//! What happens to the roster's files, and what becomes of the accounts.

use std::time::{Duration, Instant};

use super::process::{Daemon, account, behind_its_back, planned};

const IN_SYNC: &str = "Nothing to do: the account is as the roster says.";

#[test]
fn a_saved_edit_is_in_the_account_within_a_second() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "trigger=start", "done=1"]);
    let saved = Instant::now();
    world.edit("admin", "manager");
    daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    assert!(saved.elapsed() < Duration::from_secs(1), "{:?}", saved.elapsed());
    assert_eq!(planned(&world), IN_SYNC);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn a_broken_file_leaves_the_last_good_roster_in_force() {
    let (world, service) = account("{ ada@acme.example: admin, bob@acme.example: support }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "done=2"]);
    world.edit("support", "suport");
    daemon.says(&["ERROR", "the roster cannot be used", "an account has no role `suport`"]);
    behind_its_back(&world, &service, "{ ada@acme.example: admin, bob@acme.example: analyst }");
    daemon.signal("HUP");
    daemon.says(&["pass ended", "trigger=operator", "verdict=\"kept\"", "done=1"]);
    world.edit("suport", "manager");
    daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    assert_eq!(planned(&world), IN_SYNC);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn after_a_restart_with_a_broken_file_the_last_good_roster_is_compared_with_and_nothing_is_changed() {
    let (world, service) = account("{ ada@acme.example: admin, bob@acme.example: support }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "done=2"]);
    assert_eq!(daemon.stop(), 0);
    world.edit("support", "suport");
    behind_its_back(&world, &service, "{ ada@acme.example: admin, bob@acme.example: analyst }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["accounts are compared with the last good roster, and not changed"]);
    daemon.says(&["pass ended", "verdict=\"differs\"", "done=0", "pending=1"]);
    world.edit("suport", "support");
    daemon.says(&["pass ended", "verdict=\"kept\"", "done=1"]);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn who_only_observes_says_what_differs() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    let mut daemon = Daemon::start(&world, &["--observe"]);
    daemon.says(&["pass ended", "verdict=\"differs\"", "done=0", "pending=1"]);
    assert_eq!(daemon.stop(), 0);
    assert_eq!(planned(&world), "1 to invite in 1 account.");
}

#[test]
fn another_account_in_the_file_wakes_only_itself() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    let mut daemon = Daemon::start(&world, &["-v"]);
    daemon.says(&["pass ended", "account=acme", "done=1"]);
    world.edit("accounts:\n", "accounts:\n  beta:\n    provider: sandbox\n    owner: owner@beta.example\n    prune: all\n    users: { ada@acme.example: admin }\n");
    daemon.says(&["pass ended", "account=beta", "trigger=start", "done=1"]);
    world.edit(
        "owner@beta.example\n    prune: all\n    users: { ada@acme.example: admin }",
        "owner@beta.example\n    prune: all\n    users: { ada@acme.example: manager }",
    );
    daemon.says(&["pass ended", "account=beta", "trigger=roster", "done=1"]);
    assert_eq!(
        daemon.heard.iter().filter(|line| line.contains("pass ended account=acme")).count(),
        1,
        "{:#?}",
        daemon.heard
    );
    assert_eq!(daemon.stop(), 0);
}

/// What is held is carried out by hand, and the daemon goes on by itself.
#[test]
fn a_wave_of_removals_waits_for_a_person() {
    let names = ["bob", "cyd", "dan", "eve", "fay"].map(|name| format!(", {name}@acme.example: support"));
    let everybody = format!("{{ ada@acme.example: admin{} }}", names.concat());
    let (world, _service) = account(&everybody);
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "done=6"]);
    world.edit(&names[..4].concat(), "");
    daemon.says(&["pass ended", "verdict=\"held\"", "done=0", "pending=4"]);
    daemon.says(&["guards have found something", "held=4", "max_losses", "roster plan --account acme"]);
    let held = world.run(&["plan", "--format", "json"]).json();
    let digest = held["plan"]["digest"].as_str().unwrap_or_else(|| panic!("{held}")).to_owned();
    let ran = world.run(&["apply", "--yes", "--approve", &digest, "--reason", "OPS-1"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    world.edit("ada@acme.example: admin", "ada@acme.example: admin, gus@acme.example: support");
    daemon.says(&["pass ended", "trigger=roster", "verdict=\"kept\"", "done=1"]);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn a_commit_is_in_the_account_and_in_the_journal() {
    let (world, service) = account("{ ada@acme.example: admin }");
    // As in a hook of git, which works in a repository of its own.
    let world =
        world.set("GIT_DIR", "/nowhere").set("GIT_OBJECT_DIRECTORY", "/nowhere").set("GIT_NAMESPACE", "nowhere");
    if std::process::Command::new("git").arg("--version").output().is_err() {
        let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
        assert!(!required.contains("git"), "ROSTER_REQUIRE names `git`, and there is none here");
        return;
    }
    let upstream = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let settings = ["-c", "user.name=Ada", "-c", "user.email=ada@acme.example", "-c", "commit.gpgsign=false"];
        let mut command = std::process::Command::new("git");
        let ran = command.current_dir(upstream.path()).args(settings).args(arguments).output().unwrap();
        assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    };
    let commit = |users: &str| {
        std::fs::write(upstream.path().join("roster.yaml"), super::process::roster(&service, users)).unwrap();
        git(&["add", "."]);
        git(&["commit", "--quiet", "-m", "access"]);
        git(&["rev-parse", "HEAD"])
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    commit("{ ada@acme.example: admin }");
    let url = format!("file://{}", upstream.path().display());
    let mut daemon = Daemon::start(&world, &["--git", &url, "--pull", "1s"]);
    daemon.says(&["pass ended", "trigger=start", "done=1"]);
    let second = commit("{ ada@acme.example: manager }");
    daemon.says(&["the repository has a new commit", &second]);
    daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    assert_eq!(daemon.stop(), 0);
    let history = world.run(&["history", "--user", "ada@acme.example", "--format", "json"]);
    assert!(history.stdout.contains(&second), "{}", history.told());
}

#[test]
fn another_key_in_its_file_is_tried_at_once() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    world.write("key", "a-key-that-was-taken-back");
    world.edit("{ env: ACME_KEY }", "{ file: key }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["verdict=\"denied\""]);
    world.write("key", "very-secret-key");
    daemon.says(&["there is another key"]);
    daemon.says(&["pass ended", "verdict=\"kept\"", "done=1"]);
    daemon.says(&["the account can be kept again"]);
    assert_eq!(daemon.stop(), 0);
}
