//! A plan that was saved is applied as it was shown, or not at all; and consent reaches one plan only.

use insta::assert_snapshot;

use crate::harness::{Sandbox, World};
use crate::remembering::place::block_on;

const HEAD: &str =
    "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n";

fn roster(users: &[(&str, &str)]) -> String {
    let users: String = users.iter().map(|(who, role)| format!("      {who}@acme.example: {role}\n")).collect();
    format!("{HEAD}{users}")
}

/// A world whose account is as the first roster says, and whose file is the second one.
fn between(there: &[(&str, &str)], wanted: &[(&str, &str)]) -> World {
    let world = World::with(&roster(there));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world.write("roster.yaml", roster(wanted));
    world
}

fn read(world: &World, file: &str) -> String {
    std::fs::read_to_string(world.path(file)).unwrap()
}

#[test]
fn a_saved_plan_is_applied_without_a_question() {
    let world = between(&[("ada", "analyst")], &[("ada", "manager"), ("bob", "support")]);
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    assert_snapshot!(world.told(&["apply", "plan.json"]), @"
    exit 0
    --- stdout
    acme  sandbox  2 users  roster.yaml:2
      ~ change role  ada@acme.example  analyst → manager, invited  roster.yaml:7
      + invite       bob@acme.example  support                     roster.yaml:8

    1 to invite, 1 to change in 1 account.
    Applied: 2 done in 1 account.
    ");
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    // By now the same plan does not come out any more.
    assert_snapshot!(world.told(&["apply", "plan.json"]), @"
    exit 6
    --- stderr
    error: the plan `plan.json` is stale: another one comes out now, so nothing was done
      acme: the account was changed since
      acme: no longer: change role ada@acme.example analyst → manager
      acme: no longer: invite bob@acme.example support
      hint: look at the plan as it is now, and save it anew: `roster plan --out FILE`
    ");
}

/// What a file is is told by its content, and the roster may have moved.
#[test]
fn a_plan_is_known_by_its_content() {
    let world = between(&[("ada", "analyst")], &[("ada", "manager")]);
    assert_eq!(world.run(&["plan", "--out", "saved.yaml"]).code, 0);
    std::fs::rename(world.path("roster.yaml"), world.path("moved.yaml")).unwrap();
    world.write("moved.yaml", format!("# Lines and comments do not count.\n{}", read(&world, "moved.yaml")));
    assert_eq!(world.run(&["apply", "saved.yaml"]).code, 65);
    assert_snapshot!(world.told(&["apply", "moved.yaml", "--yes", "--roster", "moved.yaml"]), @"
    exit 64
    --- stderr
    error: `--roster` says which roster a saved plan is for, and this is no saved plan
    ");
    assert_snapshot!(world.told(&["apply", "saved.yaml", "--roster", "moved.yaml", "--account", "acme"]), @"
    exit 64
    --- stderr
    error: a saved plan knows its accounts: `--account` cannot choose others
    ");
    assert_eq!(world.run(&["apply", "saved.yaml", "--roster", "moved.yaml"]).code, 0);
}

#[test]
fn what_appeared_vanished_and_changed_is_said() {
    let world = between(
        &[("ada", "analyst"), ("bob", "support"), ("cyd", "support")],
        &[("ada", "manager"), ("bob", "support"), ("dan", "support")],
    );
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    world.write("roster.yaml", roster(&[("ada", "admin"), ("cyd", "support"), ("dan", "support")]));
    assert_snapshot!(world.told(&["apply", "plan.json"]), @"
    exit 6
    --- stderr
    error: the plan `plan.json` is stale: another one comes out now, so nothing was done
      the roster was changed since
      acme: otherwise: change role ada@acme.example analyst → admin; it was: change role ada@acme.example analyst → manager
      acme: no longer: cancel invitation cyd@acme.example support
      acme: new: cancel invitation bob@acme.example support
      hint: look at the plan as it is now, and save it anew: `roster plan --out FILE`
    ");
    assert_eq!(world.run(&["apply", "plan.json", "--format", "json"]).json()["exit_code"], 6);
    world.write("roster.yaml", roster(&[("ada", "manager"), ("bob", "support"), ("dan", "support")]));
    assert_eq!(world.run(&["apply", "plan.json"]).code, 0, "nothing was done before");
}

#[test]
fn a_plan_that_was_touched_cut_or_kept_too_long_is_refused() {
    let world = between(&[("ada", "analyst")], &[("ada", "manager")]);
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    let text = read(&world, "plan.json");
    world.write("edited.json", text.replace("\"manager\"", "\"admin\""));
    assert_snapshot!(world.told(&["apply", "edited.json"]), @"
    exit 6
    --- stderr
    error: the plan `edited.json` cannot be applied
      caused by: it was changed after it was saved
      hint: plans are changed in the roster: change it there, and make a new one
    ");
    world.write("cut.json", &text[..text.len() - 40]);
    let cut = world.run(&["apply", "cut.json"]);
    assert!(cut.code == 6 && cut.stderr.contains("caused by: it is not a whole plan\n"), "{}", cut.told());
    world.write("newer.json", text.replace("\"format_version\": \"1.0\"", "\"format_version\": \"2.0\""));
    assert_snapshot!(world.told(&["apply", "newer.json"]), @"
    exit 6
    --- stderr
    error: the plan `newer.json` cannot be applied
      caused by: it has the format 2.0, and this program knows 1.0
      hint: apply it with the version of roster that made it, or make a new one
    ");
    let answer = world.run(&["plan", "--format", "json"]).stdout;
    world.write("answer.json", answer);
    assert_snapshot!(world.told(&["apply", "answer.json"]), @"
    exit 6
    --- stderr
    error: the plan `answer.json` cannot be applied
      caused by: it is no plan that was saved
      hint: make a new one: `roster plan --out FILE`
    ");
    assert_eq!(world.run(&["plan", "--out", "old.json", "--expires", "0s"]).code, 0);
    let old = world.run(&["apply", "old.json"]);
    assert_eq!(old.code, 6);
    assert!(old.stderr.contains("caused by: it could be applied before 20"), "{}", old.stderr);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2, "nothing was done");
}

/// A slip of the hand costs nobody a roster.
#[test]
fn a_plan_is_written_over_nothing_but_a_plan() {
    let world = World::with(&roster(&[("ada", "analyst")]));
    assert_snapshot!(world.told(&["plan", "--out", "roster.yaml"]), @"
    exit 64
    --- stderr
    error: `roster.yaml` is there already, and is no plan
      hint: choose a name that is free, or that of an older plan
    ");
    assert_eq!(read(&world, "roster.yaml"), roster(&[("ada", "analyst")]));
    for _ in 0..2 {
        let saved = world.run(&["plan", "--out", "plan.json"]);
        assert_eq!(saved.code, 0, "{}", saved.told());
        assert!(
            saved.stderr.starts_with("The plan is saved as `plan.json`, to be applied before 20"),
            "{}",
            saved.stderr
        );
    }
    assert_eq!(world.files(), [".roster", "plan.json", "roster.yaml"]);
}

/// A plan is passed around, shown in reviews, kept by machines that build: it holds no key.
#[test]
fn a_saved_plan_holds_no_key() {
    let world = World::new().set("K", "very-secret-key");
    let sandbox = Sandbox::start(&world, &["--key", "very-secret-key"]);
    world.write("roster.yaml", format!("accounts:\n  acme:\n    provider: {{ kind: scim, url: '{}', key: {{ env: K }} }}\n    owner: owner@acme.example\n    prune: all\n    users: {{ ada@acme.example: admin }}\n", sandbox.base));
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    assert!(!read(&world, "plan.json").contains("very-secret-key"));
    assert_eq!(world.run(&["apply", "plan.json"]).code, 0);
}

/// Whoever is invited has no id yet: the plan for one server is none for another, whose Owner may be the same.
#[test]
fn a_saved_plan_is_for_one_server() {
    let (world, elsewhere) = (World::new().set("K", "key"), World::new());
    let [staging, production] = [&world, &elsewhere].map(|place| Sandbox::start(place, &["--key", "key"]));
    world.write("roster.yaml", format!("accounts:\n  acme:\n    provider: {{ kind: scim, url: '{}', key: {{ env: K }} }}\n    owner: owner@acme.example\n    prune: all\n    users: {{ ada@acme.example: admin }}\n", staging.base));
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    world.edit(&staging.base, &production.base);
    assert_snapshot!(world.told(&["apply", "plan.json", "--state", "none"]), @"
    exit 6
    --- stderr
    error: the plan `plan.json` is stale: another one comes out now, so nothing was done
      the roster was changed since
      acme: the account was changed since
      acme: it is now http://127.0.0.1:PORT/acme/scim/v2, and was http://127.0.0.1:PORT/acme/scim/v2
      hint: look at the plan as it is now, and save it anew: `roster plan --out FILE`
    ");
    world.edit(&production.base, &staging.base);
    assert_eq!(world.run(&["apply", "plan.json"]).code, 0);
}

/// A plan comes from elsewhere, and the keys of a roster may be commands: it is the one who applies that chooses the roster.
#[test]
fn a_saved_plan_does_not_choose_the_roster() {
    let world = World::with(&roster(&[("ada", "support")]));
    std::fs::rename(world.path("roster.yaml"), world.path("other.yaml")).unwrap();
    assert_eq!(world.run(&["plan", "other.yaml", "--out", "plan.json"]).code, 0);
    assert_snapshot!(world.told(&["apply", "plan.json"]), @"
    exit 64
    --- stderr
    error: the plan is of the roster `other.yaml`, and which one to apply is not said
      hint: a plan does not choose what is applied: name the roster with `--roster`
    ");
    assert_eq!(world.run(&["apply", "plan.json", "--roster", "other.yaml"]).code, 0);
}

#[test]
fn consent_is_to_one_plan_and_is_remembered() {
    let five = [("a", "support"), ("b", "support"), ("c", "support"), ("d", "support"), ("e", "support")];
    let world = between(&five, &[("ada", "support")]);
    let digest =
        |world: &World| world.run(&["plan", "--format", "json"]).json()["plan"]["digest"].as_str().unwrap().to_owned();
    let first = digest(&world);
    // Somebody adds a line in the meantime.
    world.write("roster.yaml", roster(&[("ada", "support"), ("bob", "support")]));
    let other = world.run(&["apply", "--approve", &first]);
    assert_eq!(other.code, 6, "{}", other.told());
    assert!(other.stderr.contains("consent was given to another plan"), "{}", other.stderr);
    let second = digest(&world);
    assert_snapshot!(world.told(&["apply", "--approve", &second[..16], "--reason", "the agency leaves", "--actor", "ada"]), @"
    exit 0
    --- stdout
    acme  sandbox  6 users  roster.yaml:2
      - cancel invitation  a@acme.example    support  not in the file
      - cancel invitation  b@acme.example    support  not in the file
      - cancel invitation  c@acme.example    support  not in the file
      - cancel invitation  d@acme.example    support  not in the file
      - cancel invitation  e@acme.example    support  not in the file
      + invite             ada@acme.example  support  roster.yaml:7
      + invite             bob@acme.example  support  roster.yaml:8
      max_losses (consented, 5 actions): 5 losses among 6 users, the limit is 3

    2 to invite, 5 to cancel in 1 account.
    Applied: 7 done in 1 account.
    ");
    let journal = world.path(".roster/state.db");
    let state = block_on(async {
        let mut connection =
            <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite:{}", journal.display()))
                .await
                .unwrap();
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM roster_journal").fetch_all(&mut connection).await.unwrap();
        bodies.join("\n")
    });
    assert!(state.contains(&second) && state.contains("the agency leaves"), "{state}");
}

#[test]
fn a_saved_plan_and_consent_go_together() {
    let five = [("a", "support"), ("b", "support"), ("c", "support"), ("d", "support"), ("e", "support")];
    let world = between(&five, &[("ada", "support")]);
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    let saved: serde_json::Value = serde_json::from_str(&read(&world, "plan.json")).unwrap();
    assert_eq!(saved["plan"]["consentable"], 5);
    let digest = saved["plan"]["digest"].as_str().unwrap();
    assert_eq!(world.run(&["apply", "plan.json", "--approve", digest]).code, 0);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

/// Who was to lose nothing when the plan was made is to lose nothing when it is applied, without being named again.
#[test]
fn a_saved_plan_knows_whom_a_list_outside_the_roster_protects() {
    let world = between(&[("ada", "support"), ("bob", "support")], &[("bob", "support")]);
    world.write("protected.txt", "ada@acme.example\n");
    assert_eq!(world.run(&["plan", "--protect-file", "protected.txt", "--out", "plan.json"]).code, 0);
    let held = world.run(&["apply", "plan.json"]);
    assert!(held.code == 3 && held.stdout.contains("protect (held, 1 action)"), "{}", held.told());
    std::fs::remove_file(world.path("protected.txt")).unwrap();
    assert_eq!(world.run(&["apply", "plan.json"]).code, 65, "a list that is gone protects nobody");
}
