//! Every form of an answer through the program: what `render` shows of a kept plan, what a failure leaves on stdout, and
//! what is masked.

use insta::assert_snapshot;

use crate::harness::{Ran, World};

const ROSTER: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin
      kay@agency.example: { role: analyst, first_name: Kaylee, last_name: McNulty }
";

const FORMS: [&str; 9] =
    ["text", "json", "diff", "markdown", "github", "github-annotations", "gitlab", "gitlab-report", "outputs"];

/// One path: what a plan says is made from what is kept of it, and from nothing else.
#[test]
fn a_kept_plan_is_shown_as_the_plan_was() {
    let world = World::with(ROSTER);
    world.write("plan.json", world.run(&["plan", "--format", "json"]).stdout);
    for form in FORMS.iter().filter(|form| **form != "json") {
        let (planned, kept) =
            (world.run(&["plan", "--format", form]), world.run(&["render", "plan.json", "--format", form]));
        assert_eq!((kept.code, kept.stdout), (0, planned.stdout), "{form}");
    }
    let kept = world.run(&["render", "plan.json", "--format", "json"]);
    assert_eq!(kept.stdout, std::fs::read_to_string(world.path("plan.json")).unwrap());
}

/// What is saved to be applied is never masked, whoever may read the answer.
#[test]
fn a_saved_plan_is_shown_as_the_plan_was_and_is_whole() {
    let world = World::with(ROSTER);
    let planned = world.run(&["plan", "--out", "plan.json", "--redact", "emails", "--format", "github"]).stdout;
    assert!(!planned.contains("ada@"), "{planned}");
    assert_eq!(world.run(&["render", "plan.json", "--redact", "emails", "--format", "github"]).stdout, planned);
    assert!(world.run(&["render", "plan.json", "--format", "github"]).stdout.contains("ada@acme.example"));
    assert_eq!(world.run(&["apply", "plan.json"]).code, 0);
}

#[test]
fn a_kept_apply_is_shown_as_the_apply_was() {
    let (text, kept) = (World::with(ROSTER), World::with(ROSTER));
    let shown = text.run(&["apply", "--yes"]).stdout;
    kept.write("applied.json", kept.run(&["apply", "--yes", "--format", "json"]).stdout);
    assert_eq!(kept.run(&["render", "applied.json"]).stdout, shown);
}

#[test]
fn what_is_no_plan_is_not_shown() {
    let world = World::new();
    world.write("other.json", r#"{"format_version":"7.0"}"#);
    world.write("half.json", r#"{"format_version":"1.0","command":"plan""#);
    let told = ["other.json", "half.json", "missing.json"].map(|file| world.told(&["render", file]));
    assert_snapshot!(told.join("\n"), @"
    exit 1
    --- stderr
    error: `other.json` cannot be shown
      caused by: this has format 7.0, and this program reads 1.0
      hint: make the plan again with this version of roster

    exit 1
    --- stderr
    error: `half.json` cannot be shown
      caused by: this is not what `--format json` writes
      caused by: EOF while parsing an object at line 1 column 40
      hint: make it with `roster plan --format json`

    exit 1
    --- stderr
    error: cannot read `missing.json`
      caused by: No such file or directory (os error 2)
    ");
}

/// Nobody has to guess from an empty answer whether there is nothing to do or everything went wrong.
#[test]
fn a_failure_is_told_in_every_form() {
    let invalid = World::with("accounts: 7");
    let wrong = World::with(ROSTER);
    for form in FORMS.iter().filter(|form| !["text", "diff", "gitlab-report", "outputs"].contains(form)) {
        assert!(invalid.run(&["plan", "--format", form]).stdout.contains("wrong-type"), "{form}");
        let ran = wrong.run(&["plan", "--account", "other", "--format", form]);
        assert!(ran.code == 64 && ran.stdout.contains("the roster has no account"), "{form}: {}", ran.told());
        let shown = wrong.run(&["render", "missing.json", "--format", form]);
        assert!(shown.code == 1 && shown.stdout.contains("cannot read"), "{form}: {}", shown.told());
    }
    // A report of noughts would say that nothing changes.
    assert_eq!(invalid.run(&["plan", "--format", "gitlab-report"]).stdout, "");
    assert_eq!(invalid.run(&["plan", "--format", "outputs"]).stdout, "changes=\nlosses=\nheld=\ndigest=\n");
    // Nor is there a digest of what cannot be shown, not even an empty one.
    let shown = wrong.run(&["render", "missing.json", "--format", "outputs"]);
    assert_eq!((shown.code, &*shown.stdout), (1, ""));
}

#[test]
fn problems_are_told_where_the_files_are_reviewed() {
    let world = World::with(&ROSTER.replace("admin", "admln"));
    let validated = |format: &str| world.run(&["validate", "--format", format]);
    assert_snapshot!(validated("github").stdout, @"::error file=roster.yaml,line=7,col=25,title=unknown-role::an account has no role `admln`%0Ahint: did you mean `admin`?");
    let sarif = validated("sarif");
    assert_eq!((sarif.code, &sarif.json()["runs"][0]["results"][0]["ruleId"]), (65, &"unknown-role".into()));
}

/// `--redact emails` masks people in every form and on both streams.
#[test]
fn masked_is_masked_everywhere() {
    let named =
        |ran: &Ran| ["ada@", "kay@", "Kaylee", "McNulty", "owner@"].iter().any(|name| ran.told().contains(name));
    let world = World::with(ROSTER);
    for form in FORMS {
        let ran = world.run(&["plan", "--redact", "emails", "--format", form]);
        assert!(ran.code == 0 && !named(&ran), "{form}: {}", ran.told());
    }
    for look in [["plan", "-vv"], ["status", "-vv"]] {
        let ran = world.run(&[&look[..], &["--redact", "emails"]].concat());
        assert!(!named(&ran), "{look:?}: {}", ran.told());
    }
    let ran = world.run(&["apply", "--yes", "-vv", "--redact", "emails"]);
    assert!(ran.code == 0 && !named(&ran), "{}", ran.told());
    let undone = world.run(&["undo", "--dry-run", "-vv", "--redact", "emails"]);
    assert!(undone.stdout.contains("cancel invitation") && !named(&undone), "{}", undone.told());
    let other = World::with(&ROSTER.replace("admin", "admln").replace("kay@", "ADA@acme.example: admin\n      kay@"));
    assert_snapshot!(other.told(&["validate", "--redact", "emails"]), @"
    exit 65
    --- stderr
    error[unknown-role]: an account has no role `admln`
    --> roster.yaml:7:25
     = help: did you mean `admin`?

    error[person-twice]: `A…e0b25f@acme.example` stands here twice
    --> roster.yaml:8:7
    ::: roster.yaml:7:7
     = help: keep one of the two: an address is the same in upper and lower case
    ");
    assert!(named(&other.run(&["validate"])), "without it, lines of the file are shown");
}
