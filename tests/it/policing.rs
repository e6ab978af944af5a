//! Policies as code, through the program: each example, what is denied and by whom, and that nobody talks past a rule.

use std::os::unix::ffi::OsStrExt as _;

use insta::assert_snapshot;

use crate::harness::World;
use crate::interface::repository;

/// An account with these users, and the examples beside it.
fn world(account: &str, users: &str) -> World {
    let world = World::with(&format!(
        "teams:\n  buyers: [eve@acme.example]\naccounts:\n  {account}:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n{users}"
    ));
    for file in ["fridays", "duties", "outsiders", "removals"] {
        let file = format!("policies/{file}.rego");
        world.write(&file, repository(&format!("examples/{file}")));
    }
    world.write("policies/removals_test.rego", repository("examples/policies/removals_test.rego"));
    world
}

/// A rule that denies whatever makes an Admin.
const NO_ADMINS: &str = "package roster.admins

deny contains {\"msg\": sprintf(\"%s would become Admin\", [action.email]), \"action\": place} if {
	some place, action in input.accounts[0].actions
	\"admin\" in action.after.roles
}
";

const ONE_ADMIN: &str = "    users: { ada@acme.example: admin, bob@acme.example: support }\n";

#[test]
fn who_buys_may_not_pay() {
    let world = world("payouts", "    teams: { buyers: manager }\n    users: { ada@acme.example: support }\n");
    assert_snapshot!(world.told(&["plan", "--policy", "policies/duties.rego"]), @"
    exit 0
    --- stdout
    payouts  sandbox  1 user  roster.yaml:4
      + invite  ada@acme.example  support  roster.yaml:9
      ! invite  eve@acme.example  manager  held, team buyers, roster.yaml:8
      policy (held, 1 action): eve@acme.example buys, and may not pay
        hint: plan something else, or ask whoever keeps the rule at policies/duties.rego:8; nobody can consent to it

    1 to invite in 1 account; 1 held.
    ");
    world.edit("buyers: manager", "buyers: analyst");
    assert_eq!(world.run(&["plan", "--policy", "policies", "--detailed-exitcode"]).code, 2);
}

#[test]
fn nobody_from_outside_is_admin() {
    let world = world(
        "acme",
        "    users: { kay@agency.example: admin, ann@agency.example: support, ada@acme.example: admin }\n",
    );
    assert_snapshot!(world.told(&["plan", "--policy", "policies/outsiders.rego"]), @"
    exit 0
    --- stdout
    acme  sandbox  1 user  roster.yaml:4
      + invite  ada@acme.example    admin    roster.yaml:8
      + invite  ann@agency.example  support  roster.yaml:8
      ! invite  kay@agency.example  admin    held, roster.yaml:8
      policy (held, 1 action): kay@agency.example is from outside, and would become Admin
        hint: plan something else, or ask whoever keeps the rule at policies/outsiders.rego:10; nobody can consent to it
      policy (warning): ann@agency.example comes from outside, and the roster says no reason
        hint: the rule is at policies/outsiders.rego:16
      policy (warning): kay@agency.example comes from outside, and the roster says no reason
        hint: the rule is at policies/outsiders.rego:16

    2 to invite in 1 account; 1 held.
    ");
}

/// A rule about the whole plan: nothing happens at all.
#[test]
fn at_most_two_people_are_taken_out() {
    let crew = |number: usize| -> String {
        let users: String = (0..number).map(|place| format!(" p{place}@acme.example: support,")).collect();
        format!("    guards: {{ max_losses: {{ at_least: 9 }} }}\n    removal: {{ }}\n    users: {{{users} ada@acme.example: support }}\n").replace("    removal: { }\n", "")
    };
    let world = world("acme", &crew(5));
    assert_eq!(world.run(&["apply", "--yes", "--policy", "policies/removals.rego"]).code, 0);
    world.write("most.rego", "package roster.most\n\ndeny contains \"too many\" if count([a | some a in input.accounts[0].actions; a.loss]) > 2\n");
    let all = world.read("roster.yaml");
    world.write(
        "roster.yaml",
        all.replace(" p0@acme.example: support, p1@acme.example: support, p2@acme.example: support,", ""),
    );
    let held = world.run(&["apply", "--yes", "--policy", "most.rego"]);
    assert_eq!(held.code, 3, "{}", held.told());
    assert!(held.stdout.contains("policy") && held.stdout.contains("too many"), "{}", held.told());
    assert_eq!(
        world.run(&["plan", "--policy", "policies/removals.rego", "--detailed-exitcode"]).code,
        5,
        "invitations are cancelled, nobody is removed"
    );
}

/// The day is that of the plan, so the rule can be tried on a plan that is made up.
#[test]
fn nobody_becomes_admin_on_a_friday() {
    let world = world("acme", ONE_ADMIN);
    let rule = repository("examples/policies/fridays.rego");
    let today = jiff::Timestamp::now().in_tz("Europe/Berlin").unwrap().strftime("%A").to_string();
    world.write("today.rego", rule.replace("== \"Friday\"", &format!("== \"{today}\"")));
    let other = if today == "Monday" { "Tuesday" } else { "Monday" };
    world.write("other.rego", rule.replace("== \"Friday\"", &format!("== \"{other}\"")));
    assert_eq!(world.run(&["plan", "--policy", "today.rego", "--detailed-exitcode"]).code, 3);
    assert_eq!(world.run(&["plan", "--policy", "other.rego", "--detailed-exitcode"]).code, 2);
}

/// Consent lets through what a guard takes for a mistake. A policy takes nothing for anything.
#[test]
fn nobody_talks_past_a_rule() {
    let world = world("acme", ONE_ADMIN);
    world.write("admins.rego", NO_ADMINS);
    let plan = world.run(&["plan", "--policy", "admins.rego", "--format", "json"]).json();
    let finding = &plan["accounts"][0]["findings"][0];
    assert_eq!((finding["guard"].as_str(), finding["consent"].as_str()), (Some("policy"), Some("never")));
    assert_eq!(plan["plan"]["consentable"], 0);
    let digest = plan["plan"]["digest"].as_str().unwrap();
    let held = world.run(&["apply", "--policy", "admins.rego", "--approve", digest, "--reason", "please"]);
    assert_eq!(held.code, 3, "{}", held.told());
    let status = world.run(&["status", "--format", "json"]).json();
    let there: Vec<&str> = status["accounts"][0]["people"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|person| person.get("account").is_some())
        .map(|person| person["email"].as_str().unwrap())
        .collect();
    assert_eq!(there, ["bob@acme.example", "owner@acme.example"], "what is not denied goes on");
    let by_environment = world.set("ROSTER_POLICY", "admins.rego");
    assert_eq!(by_environment.run(&["apply", "--yes"]).code, 3);
    let kept = by_environment.run(&["daemon", "--once", "--listen", "none"]);
    assert_eq!(kept.code, 3, "{}", kept.told());
}

/// A saved plan is applied with the rules it was made with, although nobody names them again.
#[test]
fn a_saved_plan_keeps_its_rules() {
    let world = world("acme", ONE_ADMIN);
    world.write("admins.rego", NO_ADMINS);
    world.write("none.rego", "package roster.none\n\ndeny contains \"never\" if 1 == 2\n");
    assert_eq!(world.run(&["plan", "--policy", "admins.rego", "--out", "held.json"]).code, 0);
    assert_eq!(world.run(&["apply", "held.json"]).code, 3);
    let other = world.run(&["apply", "held.json", "--policy", "none.rego"]);
    assert_eq!(other.code, 6, "another plan comes out: {}", other.told());
    std::fs::remove_file(world.path("admins.rego")).unwrap();
    assert_eq!(world.run(&["apply", "held.json"]).code, 1, "rules that are gone allow nothing");
}

#[test]
fn a_broken_rule_is_as_a_broken_roster() {
    let world = world("acme", ONE_ADMIN);
    world.write("broken/a.rego", "package roster.a\n\ndeny contains msg if { some a in input.accounts  a >> 1 }\n");
    world.write("broken/b.rego", "pakage roster.b\n");
    world.write("nothing.rego", "package roster.nothing\n\ndenies contains \"x\" if true\n");
    std::fs::create_dir_all(world.path("empty")).unwrap();
    assert_snapshot!(world.told(&["plan", "--policy", "broken"]), @"
    exit 65
    --- stderr
    error[policy-invalid]: expecting `}` while parsing query
    --> broken/a.rego:3:50
     = help: docs/policies.md has examples; `opa check` looks at them, too

    error[policy-invalid]: expecting `package` Missing package declaration.
    --> broken/b.rego:1:1
     = help: docs/policies.md has examples; `opa check` looks at them, too
    ");
    for wrong in ["nothing.rego", "empty"] {
        for command in [&["plan"][..], &["apply", "--yes"], &["daemon", "--once", "--listen", "none"]] {
            let ran = world.run(&[command, &["--policy", wrong]].concat());
            assert_eq!(ran.code, 65, "{}", ran.told());
            assert!(ran.stderr.contains("no rule is called `deny` or `warn`"), "{}", ran.told());
        }
    }
    let told = world.run(&["plan", "--policy", "broken", "--format", "json"]).json();
    assert_eq!(told["problems"].as_array().unwrap().len(), 2);
    assert_eq!(told["problems"][0]["at"]["line"], 3);
}

/// What cannot be asked, takes for ever, or wants out into the world, allows nothing.
#[test]
fn a_rule_that_cannot_answer_has_not_said_yes() {
    let world = world("acme", ONE_ADMIN);
    let bodies = [
        "msg := http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1:1\"})",
        "msg := sprintf(\"%v\", [opa.runtime()])",
        "msg := sprintf(\"%v\", [time.now_ns()])",
        "msg := sprintf(\"%v\", [rand.intn(\"a\", 2)])",
        "msg := sprintf(\"%v\", [to_number(\"many\")])",
        "msg := no.such.thing(1)",
        "msg := 7",
        "msg := {\"msg\": \"a\", \"action\": 9}",
        "some a in numbers.range(1, 30000); some b in numbers.range(1, 30000); a * b < 0; msg := \"never\"",
    ];
    let told = bodies.map(|body| {
        world.write("rule.rego", format!("package roster.rule\n\ndeny contains msg if {{ {body} }}\n"));
        let ran = world.run(&["plan", "--policy", "rule.rego", "--format", "json", "--detailed-exitcode"]);
        assert_eq!(ran.code, 3, "{body}: {}", ran.told());
        let finding = ran.json()["accounts"][0]["findings"][0].clone();
        assert_eq!(
            (finding["reason"].as_str(), finding["verdict"].as_str()),
            (Some("not-judged"), Some("refuse")),
            "{body}"
        );
        finding["message"].as_str().unwrap().to_owned()
    });
    assert_snapshot!(told.join("\n"), @r#"
    the policies could not judge this plan: rule.rego:3:40: could not find function http.send
    the policies could not judge this plan: rule.rego:3:57: could not find function opa.runtime
    the policies could not judge this plan: rule.rego:3:57: there is no clock here: `input.plan.created` is when the plan was made
    the policies could not judge this plan: rule.rego:3:55: there is no chance here: the same plan is judged alike each time
    the policies could not judge this plan: rule.rego:3:57: could not parse string as number
    the policies could not judge this plan: rule.rego:3:44: could not find function no.such.thing
    the policies could not judge this plan: `deny` at rule.rego:3 says `7`, which is neither a text with something in it nor an object with `msg`, such a text, and, where it is about one action, `action`, its place
    rule.rego:3 speaks of action 9, and the plan has 2
    the policies could not judge this plan: a rule of data["roster"]["rule"] takes longer than 5s
    "#);
}

/// What `opa eval --data` would read is read, and what cannot be read ends the command.
#[test]
fn every_file_below_a_folder_holds() {
    let world = world("acme", ONE_ADMIN);
    world.write("rules/warns.rego", "package roster.warns\n\nwarn contains \"never\" if 1 == 2\n");
    world.write("rules/..2026/old.rego", "pakage\n");
    let planned = |code| assert_eq!(world.run(&["plan", "--policy", "rules", "--detailed-exitcode"]).code, code);
    planned(2);
    world.write("rules/inner/most/ADMINS.REGO", NO_ADMINS);
    planned(3);
    std::os::unix::fs::symlink(world.path("rules"), world.path("rules/inner/round")).unwrap();
    planned(1);
    std::fs::remove_file(world.path("rules/inner/round")).unwrap();
    let nameless = std::ffi::OsStr::from_bytes(b"rules/\xff.rego");
    std::fs::write(world.path("").join(nameless), NO_ADMINS).unwrap();
    planned(1);
    let empty = world.set("ROSTER_POLICY", "").run(&["plan"]);
    assert_eq!(empty.code, 64);
    assert!(empty.stderr.contains("`ROSTER_POLICY` or `--policy` is empty"), "{}", empty.told());
}

#[test]
fn a_rule_that_would_never_hold_or_never_end_is_no_rule() {
    let world = world("acme", ONE_ADMIN);
    let endless =
        "deny contains \"x\" if f(1) == 2\n\n  f(x) := y if {\n\ty := [z | z := data.roster.x[\"f\"](x)]\n}\n";
    for (rules, told) in [
        ("deny(x) := x\n", "`deny` is a function here, which nobody calls: write `deny contains …`"),
        (endless, "`f` calls itself, or is called by what it calls: that may never end"),
    ] {
        world.write("rule.rego", format!("package roster.x\n\nimport rego.v1\n\n{rules}"));
        let ran = world.run(&["plan", "--policy", "rule.rego"]);
        assert_eq!(ran.code, 65, "{}", ran.told());
        assert!(ran.stderr.contains(told), "{}", ran.told());
    }
    world.write("rule.rego", "package roster[\"no-admins\"]\n\ndeny contains \"no\" if input.accounts[0].actions\n");
    assert_eq!(world.run(&["plan", "--policy", "rule.rego", "--detailed-exitcode"]).code, 3);
}

/// A rule may call people by their names.
#[test]
fn nobody_is_named_by_a_rule_where_people_are_masked() {
    let world =
        world("acme", "    users: { ada.king@acme.example: { role: admin, first_name: Ada, last_name: Lovelace } }\n");
    world.write("names.rego", "package roster.names

deny contains {\"msg\": sprintf(\"%s %s, login %s: no\", [a.after.first_name, a.after.last_name, split(a.email, \"@\")[0]]), \"action\": i} if {
\tsome i, a in input.accounts[0].actions
}
");
    let plan = ["plan", "--policy", "names.rego", "--format", "json"];
    let message = |arguments: &[&str]| {
        let document = world.run(&[&plan, arguments].concat()).json();
        document["accounts"][0]["findings"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(message(&[]), "Ada Lovelace, login ada.king: no");
    assert_snapshot!(message(&["--redact", "emails"]), @"A…a5e444 L…a7278e, login a…a5e444.k…722c23: no");
}
