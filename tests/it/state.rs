//! What a run leaves behind for the next one, as people meet it: where it is kept, and what happens where it cannot be.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::harness::World;
use crate::remembering::place::{self, block_on};

const ROSTER: &str = "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      bob@acme.example: support\n";

#[test]
fn a_plan_makes_no_state_and_an_apply_does() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["plan"]).code, 0);
    assert!(!world.path(".roster/state.db").exists());
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let mode = world.path(".roster/state.db").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "what people have access to is nobody else's business");
    assert_eq!(std::fs::read_to_string(world.path(".roster/.gitignore")).unwrap(), "*\n");
    assert_eq!(world.run(&["plan"]).code, 0);
    let beside: Vec<_> = ["state.db-wal", "state.db-shm"].map(|name| world.path(".roster").join(name)).into();
    assert!(beside.iter().all(|file| !file.exists()), "a plan left something behind");
}

#[test]
fn without_a_state_that_can_be_written_nothing_is_changed() {
    let world = World::with(ROSTER);
    world.write("occupied", "a file, not a folder");
    assert_snapshot!(world.told(&["apply", "--yes", "--state", "sqlite:occupied/state.db"]), @"
    exit 1
    --- stderr
    error: cannot open the state `occupied/state.db`
      caused by: File exists (os error 17)
      hint: check `--state` or ROSTER_STATE; `--state none` goes on without a memory, and then nothing is journaled
    ");
    assert!(!world.path(".roster").exists(), "not even the account was opened");
    assert_eq!(
        world.run(&["apply", "--yes", "--state", "none"]).code,
        0,
        "unless somebody says that nothing is to be remembered"
    );
    assert!(!world.path(".roster/state.db").exists());
}

#[test]
fn a_state_that_nobody_may_write_is_enough_for_a_plan() {
    let world = World::with(ROSTER);
    let state = ["--state", "sqlite:kept/state.db"];
    assert_eq!(world.run(&["apply", "--yes", state[0], state[1]]).code, 0);
    std::fs::set_permissions(world.path("kept/state.db"), Permissions::from_mode(0o400)).unwrap();
    std::fs::set_permissions(world.path("kept"), Permissions::from_mode(0o500)).unwrap();
    let planned = world.run(&["plan", "--detailed-exitcode", state[0], state[1]]);
    std::fs::set_permissions(world.path("kept"), Permissions::from_mode(0o700)).unwrap();
    assert_eq!(planned.code, 0, "{}", planned.told());
}

#[test]
fn a_state_of_a_newer_version_is_left_alone() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    block_on(place::execute(&world.path(".roster/state.db"), "UPDATE roster_layout SET version = 99"));
    assert_snapshot!(world.told(&["apply", "--yes"]), @"
    exit 1
    --- stderr
    error: the state `.roster/state.db` was written by a newer version of roster: it has layout 99, and this one knows 3
      hint: use the newer version here, too
    ");
    assert_eq!(world.run(&["plan"]).code, 1);
}

#[test]
fn a_password_is_never_repeated() {
    let world = World::with(ROSTER).set("DATABASE", "postgres://roster:very-secret@127.0.0.1:1/roster");
    for state in ["env:DATABASE", "postgres://roster:very-secret@127.0.0.1:1/roster", "mysql://roster:very-secret@db"] {
        let told = world.told(&["apply", "--yes", "--state", state]);
        assert!(!told.contains("very-secret"), "{told}");
    }
    assert_snapshot!(world.told(&["apply", "--yes", "--state", "env:DATABASE"]), @"
    exit 1
    --- stderr
    error: cannot open the state `postgres://roster@127.0.0.1:PORT/roster`
      caused by: error communicating with database: Connection refused (os error 111)
      hint: check `--state` or ROSTER_STATE; `--state none` goes on without a memory, and then nothing is journaled
    ");
    assert_snapshot!(world.told(&["plan", "--state", "mysql://roster:very-secret@db"]), @"
    exit 64
    --- stderr
    error: `--state` names neither a file nor a database that roster knows
      hint: write `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `env:NAME` for a variable that holds one of them, or `none`
    ");
    assert_snapshot!(world.told(&["plan", "--state", "env:ELSEWHERE"]), @"
    exit 64
    --- stderr
    error: `--state env:ELSEWHERE`: there is no environment variable `ELSEWHERE`
      hint: set it to `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`
    ");
}

/// A disk that is full, a server that goes away: whatever keeps the next intent from being written down.
#[test]
fn a_state_that_fails_in_the_middle_ends_the_run() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let state = world.path(".roster/state.db");
    // Entry 7 begins the next run, 8 and 9 are its first action, 10 the intent of the second.
    let full = "CREATE TRIGGER full BEFORE INSERT ON roster_journal WHEN NEW.number > 9
        BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";
    block_on(place::execute(&state, full));
    world.edit(
        "      bob@acme.example: support\n",
        "      bob@acme.example: analyst\n      cyd@acme.example: support\n      dee@acme.example: support\n",
    );
    assert_snapshot!(world.told(&["apply", "--yes", "--concurrency", "1"]), @"
    exit 4
    --- stdout
    acme  sandbox  3 users  roster.yaml:2
      ~ change role  bob@acme.example  support → analyst, invited  roster.yaml:8
      + invite       cyd@acme.example  support                     roster.yaml:9
      + invite       dee@acme.example  support                     roster.yaml:10

    2 to invite, 1 to change in 1 account.
    acme
      . invite  cyd@acme.example  support  not tried: the state cannot be written, and nothing is sent without a journal
      . invite  dee@acme.example  support  not tried: the state cannot be written, and nothing is sent without a journal
      failed: cannot write the state `.roster/state.db`
        caused by: error returned from database: (code: 1811) database or disk is full
        hint: run the same command again once the state can be used: it reads the account first

    Applied in part: 1 done, 2 not tried, 1 account not written down in 1 account.
    ");
    block_on(place::execute(&state, "DROP TRIGGER full"));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    assert_eq!(world.run(&["history", "verify"]).code, 0);
}

/// What was done and could not be written down is found by the next run.
#[test]
fn an_end_that_could_not_be_written_down_is_found_by_the_next_run() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let state = world.path(".roster/state.db");
    let gone = "CREATE TRIGGER gone BEFORE INSERT ON roster_journal WHEN NEW.kind = 'ended'
        BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END";
    block_on(place::execute(&state, gone));
    world.edit(
        "      bob@acme.example: support\n",
        "      bob@acme.example: support\n      cyd@acme.example: support\n",
    );
    assert_snapshot!(world.told(&["apply", "--yes"]), @"
    exit 4
    --- stdout
    acme  sandbox  3 users  roster.yaml:2
      + invite  cyd@acme.example  support  roster.yaml:9

    1 to invite in 1 account.
    acme
      failed: cannot write the state `.roster/state.db`
        caused by: error returned from database: (code: 1811) disk I/O error
        hint: run the same command again once the state can be used: it reads the account first

    Applied in part: 1 done, 1 account not written down in 1 account.
    ");
    let told = world.run(&["history", "--user", "cyd@acme.example"]).stdout;
    assert!(told.contains("nobody knows yet"), "{told}");
    block_on(place::execute(&state, "DROP TRIGGER gone"));
    assert_snapshot!(world.told(&["apply", "--yes"]), @"
    exit 0
    --- stdout
    acme  sandbox  4 users  in sync  roster.yaml:2
    Nothing to do: the account is as the roster says.
    ");
    let told = world.run(&["history", "--user", "cyd@acme.example"]).stdout;
    assert!(told.contains("found done"), "{told}");
    assert_eq!(world.run(&["history", "verify"]).code, 0);
}
