//! What is told of the past, and what is found out about a journal that somebody changed.

use insta::{assert_snapshot, with_settings};

use crate::harness::World;
use crate::remembering::place::{self, block_on};

const ROSTER: &str = "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n      ada@acme.example: admin\n      bob@acme.example: support\n";

/// Two runs: one lets two people in, the other changes one and takes the other out.
fn two_runs() -> World {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["apply", "--yes", "--actor", "kim"]).code, 0);
    world.edit("ada@acme.example: admin", "ada@acme.example: manager");
    world.edit("      bob@acme.example: support\n", "");
    assert_eq!(world.run(&["apply", "--yes", "--actor", "\u{1b}[31msam"]).code, 0);
    world
}

macro_rules! assert_told {
    ($told:expr, @$snapshot:literal) => {
        with_settings!({ filters => vec![
            (r"\b[0-9a-f]{12,64}\b", "DIGITS"),
            (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)", "WHEN"),
        ] }, { assert_snapshot!($told, @$snapshot) });
    };
}

#[test]
fn the_past_is_told_run_by_run() {
    let world = two_runs();
    assert_told!(world.told(&["history"]), @r"
    exit 0
    --- stdout
    acme  WHEN  apply DIGITS by kim  plan DIGITS
      + invite  ada@acme.example  admin    done
      + invite  bob@acme.example  support  done

    acme  WHEN  apply DIGITS by \u{1b}[31msam  plan DIGITS
      - change role        ada@acme.example  admin → manager, invited  done
      - cancel invitation  bob@acme.example  support                   done

    4 actions.
    ");
    assert_told!(world.told(&["history", "--user", "BOB@acme.example", "--format", "csv"]), @r"
    exit 0
    --- stdout
    at,account,number,run,command,actor,commit,plan,consent,reason,action,subject,particulars,loss,result,ended_at,answer
    WHEN,acme,3,DIGITS,apply,kim,,DIGITS,,,invite,bob@acme.example,support,false,done,WHEN,
    WHEN,acme,10,DIGITS,apply,\u{1b}[31msam,,DIGITS,,,cancel invitation,bob@acme.example,support,true,done,WHEN,
    ");
    assert_told!(world.told(&["history", "--until", "2020-01-01"]), @"
    exit 0
    --- stdout
    0 actions.
    ");
}

#[test]
fn programs_get_what_the_schema_says() {
    let world = two_runs();
    let told = world.run(&["history", "--format", "json"]);
    let schema = serde_json::from_str(&crate::interface::repository("schema/history.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert_eq!(validator.iter_errors(&told.json()).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    let deeds = told.json()["deeds"].as_array().unwrap().clone();
    assert_eq!((deeds.len(), &deeds[2]["run"]["actor"]), (4, &"\u{1b}[31msam".into()));
    let run = deeds[2]["run"]["id"].as_str().unwrap();
    let of_that_run = world.run(&["history", "--plan", run, "--format", "json"]).json();
    assert_eq!(of_that_run["deeds"].as_array().unwrap()[..], deeds[2..]);
    let plan = &deeds[0]["run"]["plan"].as_str().unwrap()[..16];
    assert_eq!(
        world.run(&["history", "--plan", plan, "--format", "json"]).json()["deeds"].as_array().unwrap()[..],
        deeds[..2]
    );
    let failed = world.run(&["history", "--format", "json", "--state", "sqlite:roster.yaml"]);
    assert_eq!((failed.code, failed.json()["exit_code"].as_u64()), (1, Some(1)));
    assert!(failed.json()["error"]["message"].is_string());
}

#[test]
fn where_nothing_is_remembered_there_is_no_past() {
    let world = World::new();
    assert_snapshot!(world.told(&["history"]), @"
    exit 0
    --- stdout
    0 actions.
    ");
    assert_snapshot!(world.told(&["history", "verify"]), @"
    exit 64
    --- stderr
    error: nothing is remembered here, so there is nothing to verify
      hint: check the path, `--state` and ROSTER_STATE
    ");
    assert_eq!(world.files(), [""; 0], "telling makes nothing");
}

#[test]
fn a_journal_is_whole_until_somebody_changes_it() {
    let world = two_runs();
    assert_told!(world.told(&["history", "verify"]), @"
    exit 0
    --- stdout
    acme  12  DIGITS  whole
    ");
    let kept = world.run(&["history", "verify"]).stdout;
    world.write("kept.txt", &kept);
    assert_eq!(world.run(&["history", "verify", "--kept", "kept.txt"]).code, 0);
    let tamper = |sql| block_on(place::execute(&world.path(".roster/state.db"), sql));
    tamper(
        "DELETE FROM roster_journal WHERE number > 10; UPDATE roster_accounts SET entries = 10, head = (SELECT digest FROM roster_journal WHERE number = 10); DELETE FROM roster_open_intents; INSERT INTO roster_open_intents SELECT account, number FROM roster_journal i WHERE kind = 'intended' AND NOT EXISTS (SELECT 1 FROM roster_journal e WHERE e.intent = i.number)",
    );
    assert_eq!(world.run(&["history", "verify"]).code, 0, "whoever can write the whole state can write it anew");
    assert_told!(world.told(&["history", "verify", "--kept", "kept.txt"]), @"
    exit 1
    --- stdout
    acme  10  DIGITS  broken: entry 12 is not the one that was kept elsewhere: the journal was written anew
    ");
    tamper("UPDATE roster_journal SET body = replace(body, 'kim', 'sam') WHERE number = 1");
    assert_told!(world.told(&["history", "verify"]), @"
    exit 1
    --- stdout
    acme  0  -  broken: entry 1, or the one before it, is not what was written
    ");
    world.write("kept.txt", "all is well");
    assert_snapshot!(world.told(&["history", "verify", "--kept", "kept.txt"]), @"
    exit 64
    --- stderr
    error: `kept.txt`, line 1: not a line of `roster history verify`
      hint: a line has an account, a number and a digest
    ");
}

#[test]
fn the_commit_of_the_roster_is_told() {
    let world = World::with(ROSTER).set("PATH", &std::env::var("PATH").unwrap()).set("HOME", "/nowhere");
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.arg("-C").arg(world.path("")).args(["-c", "user.name=kim", "-c", "user.email=kim@acme.example"]);
        assert!(git.args(arguments).output().unwrap().status.success(), "{arguments:?}");
    };
    let newest = || {
        let told = world.run(&["history", "--format", "json"]).json();
        told["deeds"].as_array().unwrap().last().unwrap()["run"]["commit"].as_str().map(str::to_owned)
    };
    git(&["init", "--quiet"]);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(newest(), None, "a roster that was never committed is at no commit");
    git(&["add", "roster.yaml"]);
    git(&["commit", "--quiet", "--message", "who may do what"]);
    world.edit("ada@acme.example: admin", "ada@acme.example: manager");
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let dirty = newest().unwrap();
    git(&["commit", "--quiet", "--all", "--message", "less"]);
    world.edit("bob@acme.example: support", "bob@acme.example: analyst");
    git(&["commit", "--quiet", "--all", "--message", "more"]);
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let clean = newest().unwrap();
    assert_eq!((dirty.len(), dirty.ends_with("-dirty"), clean.len()), (46, true, 40));
    let found = world.run(&["history", "--commit", &clean[..8], "--format", "json"]).json();
    assert_eq!(found["deeds"].as_array().unwrap().len(), 1);
}

#[test]
fn a_change_of_an_included_file_is_one_of_the_roster() {
    let world = World::new().set("PATH", &std::env::var("PATH").unwrap()).set("HOME", "/nowhere");
    world.write("roster.yaml", "include: [accounts/*.yaml]\n");
    world.write("accounts/acme.yaml", ROSTER);
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.arg("-C").arg(world.path("")).args(["-c", "user.name=kim", "-c", "user.email=kim@acme.example"]);
        assert!(git.args(arguments).output().unwrap().status.success(), "{arguments:?}");
    };
    let newest = || {
        let told = world.run(&["history", "--format", "json"]).json();
        told["deeds"].as_array().unwrap().last().unwrap()["run"]["commit"].as_str().map(str::to_owned).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["add", "roster.yaml", "accounts"]);
    git(&["commit", "--quiet", "--message", "who may do what"]);
    world.write("notes.txt", "no part of the roster");
    let ran = world.run(&["apply", "--yes"]);
    assert_eq!((ran.code, newest().len()), (0, 40), "{}", ran.told());
    world.write("accounts/acme.yaml", ROSTER.replace("support", "analyst"));
    let ran = world.run(&["apply", "--yes"]);
    assert!(ran.code == 0 && newest().ends_with("-dirty"), "{}", ran.told());
}
