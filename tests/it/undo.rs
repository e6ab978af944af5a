//! A run is taken back: through the same guards as any other plan, as far as it was done, and nothing else.

use std::collections::BTreeSet;

use insta::{assert_snapshot, with_settings};

use crate::harness::{Sandbox, World};
use crate::remembering::place::{self, block_on};

const HEAD: &str =
    "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n";

fn roster(users: &[(&str, &str)]) -> String {
    let users: String = users.iter().map(|(who, role)| format!("      {who}@acme.example: {role}\n")).collect();
    format!("{HEAD}{users}")
}

/// A world whose account is as this says.
fn applied(users: &[(&str, &str)]) -> World {
    let world = World::with(&roster(users));
    assert_eq!(world.run(&["apply", "--yes", "--actor", "kim"]).code, 0);
    world
}

/// Who is there, with role and status.
fn there(world: &World) -> BTreeSet<String> {
    let told = world.run(&["status", "--format", "json"]).json();
    let people = told["accounts"][0]["people"].as_array().unwrap().iter();
    let people = people.filter(|person| person["account"].is_object());
    people.map(|person| format!("{} {}", person["email"], person["account"]["roles"])).collect()
}

macro_rules! assert_told {
    ($told:expr, @$snapshot:literal) => {
        with_settings!({ filters => vec![(r"\b[0-9a-f]{12}\b", "DIGITS")] }, { assert_snapshot!($told, @$snapshot) });
    };
}

const BEFORE: [(&str, &str); 3] = [("ada", "analyst"), ("bob", "support"), ("cyd", "manager")];
const AFTER: [(&str, &str); 3] = [("ada", "manager"), ("cyd", "manager"), ("dee", "support")];

#[test]
fn an_apply_is_taken_back_and_the_account_is_as_before() {
    let world = applied(&BEFORE);
    let before = there(&world);
    world.write("roster.yaml", roster(&AFTER));
    assert_eq!(world.run(&["apply", "--yes", "--actor", "kim"]).code, 0);
    let after = there(&world);
    assert_told!(world.told(&["undo", "--dry-run"]), @"
    exit 0
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      - change role        ada@acme.example  manager → analyst, invited  takes back DIGITS
      - cancel invitation  dee@acme.example  support                     takes back DIGITS
      + invite             bob@acme.example  support                     takes back DIGITS

    1 to invite, 1 to lower, 1 to cancel in 1 account.
    It takes back apply DIGITS by kim.
    The file says otherwise, so the next apply does this again, and a daemon at once:
      acme: ada@acme.example is to be manager, roster.yaml:7
      acme: bob@acme.example is not in the file
      acme: dee@acme.example is to be support, roster.yaml:9
      hint: change the file first: `roster undo --run DIGITS --dry-run --format diff` shows what it has to say
    Whoever is invited has to accept anew; their password, and what they had in the account as this user, does not come back.
    ");
    assert_eq!(there(&world), after, "a dry run changes nothing");
    assert_snapshot!(world.told(&["undo"]).replace(char::is_whitespace, " ").split("error: ").nth(1).unwrap(), @"nobody is there to be asked whether to go on   hint: add `--yes` to carry out what the guards approve, or look first with `roster undo --dry-run`");
    assert_eq!(world.run(&["undo", "--yes", "--reason", "a slip"]).code, 0);
    assert_eq!(there(&world), before);
    // The file still says otherwise, as was told.
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 5);
    world.write("roster.yaml", roster(&BEFORE));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    assert_eq!(world.run(&["history", "verify"]).code, 0);
    let told = world.run(&["history", "--format", "json"]).json();
    let newest = told["deeds"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((newest["run"]["command"].as_str(), newest["run"]["reason"].as_str()), (Some("undo"), Some("a slip")));
    assert_eq!(newest["action"]["cause"], "taken back");
}

#[test]
fn an_undo_is_taken_back_as_any_run() {
    let world = applied(&BEFORE);
    world.write("roster.yaml", roster(&AFTER));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let after = there(&world);
    assert_eq!(world.run(&["undo", "--yes"]).code, 0);
    assert_ne!(there(&world), after);
    let again = world.run(&["undo", "--yes"]);
    assert_eq!(again.code, 0, "{}", again.told());
    assert_eq!(there(&world), after);
    assert!(!again.stdout.contains("The file says otherwise"), "now the file agrees: {}", again.told());
}

/// A plan that takes back is a plan: over a limit its losses wait, and consent is to it alone.
#[test]
fn guards_hold_in_an_undo_and_consent_lets_through() {
    let many = ["a", "b", "c", "d", "e"].map(|who| (who, "support"));
    let world = applied(&[("ada", "analyst")]);
    world.write("roster.yaml", roster(&[&[("ada", "analyst")], &many[..]].concat()));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let held = world.run(&["undo", "--yes"]);
    assert!(held.code == 3 && held.stdout.contains("max_losses (held, 5 actions)"), "{}", held.told());
    let planned = world.run(&["undo", "--dry-run", "--format", "json"]).json();
    let run = planned["plan"]["takes_back"]["id"].as_str().unwrap().to_owned();
    let shown = world.run(&["undo", "--dry-run"]).stdout;
    assert!(shown.contains(&format!("  roster undo --account acme --run {run} --approve ")), "{shown}");
    assert_eq!(world.run(&["undo", "--approve", "0123456789abcdef"]).code, 6, "consent to another plan");
    assert_eq!(there(&world).len(), 7);
    let digest = planned["plan"]["digest"].as_str().unwrap();
    let consented = world.run(&["undo", "--run", &run, "--approve", digest, "--reason", "OPS-7"]);
    assert_eq!(consented.code, 0, "{}", consented.told());
    assert_eq!(there(&world).len(), 2);
}

/// Of a run that broke off, what was done is taken back, and what was not is left.
#[test]
fn half_an_apply_is_taken_back_as_far_as_it_was_done() {
    let world = World::new().set("K", "k");
    let sandbox = Sandbox::start(&world, &["--key", "k", "--fault", "status 400 nth 2 on POST /Users"]);
    let provider = format!("provider: {{ kind: klaviyo, url: '{}', key: {{ env: K }} }}", sandbox.base);
    let wanted = roster(&[("ada", "support"), ("bob", "support"), ("cyd", "support")]);
    world.write("roster.yaml", wanted.replace("provider: sandbox", &provider));
    let half = world.run(&["apply", "--yes", "--concurrency", "1"]);
    assert_eq!(half.code, 4, "{}", half.told());
    let planned = world.run(&["undo", "--dry-run", "--format", "json"]).json();
    let actions = planned["accounts"][0]["actions"].as_array().unwrap();
    let who: Vec<_> = actions.iter().map(|action| action["email"].as_str().unwrap()).collect();
    assert_eq!(who, ["ada@acme.example", "cyd@acme.example"], "{planned}");
    assert_eq!(world.run(&["undo", "--yes"]).code, 0);
    assert_eq!(there(&world).len(), 1, "the Owner alone");
}

/// What somebody changed since is theirs.
#[test]
fn what_was_changed_since_is_left_alone() {
    let world = applied(&BEFORE);
    world.write("roster.yaml", roster(&AFTER));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let told = world.run(&["history", "--format", "json"]).json();
    let run = told["deeds"].as_array().unwrap().last().unwrap()["run"]["id"].as_str().unwrap().to_owned();
    world.write("roster.yaml", roster(&[("ada", "admin"), ("cyd", "manager"), ("dee", "support")]));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_told!(world.told(&["undo", "--run", &run[..8], "--yes"]), @"
    exit 3
    --- stdout
    acme  sandbox  4 users  roster.yaml:2
      - cancel invitation  dee@acme.example  support  takes back DIGITS
      + invite             bob@acme.example  support  takes back DIGITS
      1 changed again since: what somebody did later is not taken back with it
          ada@acme.example  admin  invited

    1 to invite, 1 to cancel in 1 account; 1 for a person to settle.
    It takes back apply DIGITS by user 0.
    The file says otherwise, so the next apply does this again, and a daemon at once:
      acme: bob@acme.example is not in the file
      acme: dee@acme.example is to be support, roster.yaml:9
      hint: change the file first: `roster undo --run DIGITS --dry-run --format diff` shows what it has to say
    Whoever is invited has to accept anew; their password, and what they had in the account as this user, does not come back.
    Applied in part: 2 done, 1 for a person to settle in 1 account.
    ");
    assert!(there(&world).contains(r#""ada@acme.example" ["admin"]"#), "{:?}", there(&world));
}

#[test]
fn a_journal_that_was_changed_takes_nothing_back() {
    let world = applied(&BEFORE);
    let state = world.path(".roster/state.db");
    let tamper = "UPDATE roster_journal SET body = replace(body, 'support', 'admin')";
    block_on(place::execute(&state, tamper));
    assert_told!(world.told(&["undo", "--yes"]), @"
    exit 1
    --- stderr
    error: the journal of `acme` is not as it was written, so nothing is taken back by it: entry 3, or the one before it, is not what was written
      hint: `roster history verify` tells of all journals; change the roster instead, and apply it
    ");
    assert_eq!(there(&world).len(), 4);
}

#[test]
fn where_there_is_nothing_to_take_back_it_says_so() {
    let world = World::with(&roster(&BEFORE));
    assert_told!(world.told(&["undo"]), @"
    exit 64
    --- stderr
    error: nothing is remembered here
      hint: check the path, `--state` and ROSTER_STATE
    ");
    assert_eq!(world.files(), ["roster.yaml"], "and makes nothing");
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_told!(world.told(&["undo", "--run", "feed"]), @"
    exit 64
    --- stderr
    error: no run is called `feed`
      hint: `roster history` tells the names of all runs
    ");
    assert_eq!(world.run(&["undo", "--yes"]).code, 0);
    // The run that let them in is taken back already.
    let told = world.run(&["history", "--format", "json"]).json();
    let first = told["deeds"][0]["run"]["id"].as_str().unwrap().to_owned();
    assert_told!(world.told(&["undo", "--run", &first, "--yes"]), @"
    exit 0
    --- stdout
    acme  sandbox  1 user  as before  roster.yaml:2
    Nothing to take back: the account is as it was before that run.
    It takes back apply DIGITS by user 0.
    ");
}
