//! Asking for access: as a patch, as a branch, and as a signed file that the owner of an account accepts.

mod accepting;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use roster::request::{Request, SigningKey};

use crate::harness::World;

const ROSTER: &str = "\
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    users:
      ada@acme.example: admin   # the boss
";

const ASKING: [&str; 9] = [
    "request",
    "--account=acme",
    "--who=kay@agency.example",
    "--role=support",
    "--for=90d",
    "--reason",
    "Q4 campaign, OPS-123",
    "--roster",
    "roster.yaml",
];

fn git(world: &World, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(world.path(""));
    command.args(["-c", "user.name=Ada", "-c", "user.email=ada@acme.example"]);
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A repository with a roster, in a world whose git knows who commits.
fn repository() -> World {
    let world = World::with(ROSTER).set("GIT_AUTHOR_NAME", "Ada").set("GIT_AUTHOR_EMAIL", "ada@acme.example");
    let world = world.set("GIT_COMMITTER_NAME", "Ada").set("GIT_COMMITTER_EMAIL", "ada@acme.example");
    let world = world.set("PATH", &std::env::var("PATH").unwrap()).set("HOME", "/nowhere");
    git(&world, &["init", "--quiet", "--initial-branch=main"]);
    git(&world, &["add", "roster.yaml"]);
    git(&world, &["commit", "--quiet", "--message=Begin"]);
    world
}

#[test]
fn a_request_is_a_patch_that_git_applies() {
    let world = repository();
    let asked = world.run(&ASKING);
    assert_eq!((asked.code, world.read("roster.yaml").as_str()), (0, ROSTER), "{}", asked.told());
    world.write("request.patch", &asked.stdout);
    git(&world, &["apply", "request.patch"]);
    let after = world.read("roster.yaml");
    assert!(
        after.contains("kay@agency.example") && after.contains("expires: ") && after.contains("# the boss"),
        "{after}"
    );
    assert_eq!(world.run(&["validate"]).code, 0);
    let twice = world.run(&ASKING);
    assert!(twice.code != 0 && twice.stderr.contains("stands in `acme` already"), "{}", twice.told());
}

#[test]
fn a_request_is_a_branch_and_the_working_tree_stays_as_it_is() {
    let world = repository();
    world.write("notes.txt", "mine");
    git(&world, &["add", "notes.txt"]);
    let state =
        || (git(&world, &["status", "--porcelain"]), git(&world, &["rev-parse", "HEAD"]), world.read("roster.yaml"));
    let before = state();
    let asked = world.run(&[&ASKING[..], &["--branch", "ask/kay"]].concat());
    assert_eq!((asked.code, state()), (0, before), "{}", asked.told());
    let diff = git(&world, &["diff", "--stat", "main", "ask/kay"]);
    assert!(diff.contains("roster.yaml") && !diff.contains("notes.txt"), "{diff}");
    assert!(git(&world, &["show", "ask/kay:roster.yaml"]).contains("kay@agency.example"));
    assert!(asked.stdout.contains("OPS") && asked.stdout.contains("Merging this grants it"), "{}", asked.told());
    let again = world.run(&[&ASKING[..], &["--branch", "ask/kay"]].concat());
    assert_eq!(again.code, 1, "a branch is not moved: {}", again.told());
    assert!(asked.stderr.contains("`git push origin refs/heads/ask/kay`"), "{}", asked.told());
    for name in ["HEAD", "@", "-x", "refs/heads/x", "@{-1}", "a..b"] {
        let refused = world.run(&[&ASKING[..], &[&format!("--branch={name}")]].concat());
        assert!(refused.code == 64 && refused.stderr.contains("cannot name a branch"), "{name}: {}", refused.told());
    }
    assert_eq!(git(&world, &["for-each-ref", "--format=%(refname)"]), "refs/heads/ask/kay\nrefs/heads/main\n");
    world.write("roster.yaml", format!("{ROSTER}# a change\n"));
    let dirty = world.run(&[&ASKING[..], &["--branch", "ask/other"]].concat());
    assert!(dirty.code == 64 && dirty.stderr.contains("not as the last commit has it"), "{}", dirty.told());
}

#[test]
fn a_request_must_be_whole_and_fit_the_roster() {
    let world = World::with(ROSTER);
    assert_eq!(world.run(&["request", "--account=acme", "--who=kay@agency.example"]).code, 64);
    let unknown = ASKING.map(|word| if word == "--role=support" { "--role=boss" } else { word });
    assert_eq!(world.run(&unknown).code, 65);
    assert_eq!(world.run(&ASKING.map(|word| if word == "--for=90d" { "--for=0s" } else { word })).code, 64);
}

const LINK: [&str; 9] = [
    "request",
    "--link",
    "--from=The Agency",
    "--account=acme",
    "--who=kay@agency.example",
    "--role=support",
    "--for=90d",
    "--reason",
    "Q4 campaign",
];

/// The request as a file, and the fingerprint that is told by telephone.
fn signed(agency: &World, arguments: &[&str]) -> (String, String) {
    let ran = agency.run(arguments);
    assert_eq!(ran.code, 0, "{}", ran.told());
    (ran.stdout, ran.stderr.lines().last().unwrap().trim().to_owned())
}

#[test]
fn a_client_accepts_what_an_agency_asks_for_once() {
    let (agency, client) = (World::new(), World::with(ROSTER));
    let (request, fingerprint) = signed(&agency, &LINK);
    client.write("request.json", &request);
    let review = client.run(&["request", "review", "request.json"]);
    assert_eq!(review.code, 0, "{}", review.told());
    assert!(
        review.stdout.contains("kay@agency.example as support") && review.stdout.contains(&fingerprint),
        "{}",
        review.told()
    );
    // What is to be compared is not there to be copied.
    let command = "To accept: roster request accept request.json --account ACCOUNT --fingerprint '…'";
    assert!(review.stderr.contains(command), "{}", review.told());
    assert_eq!(client.read("roster.yaml"), ROSTER, "a look changes nothing");

    let accept = |fingerprint: &str| {
        client.run(&["request", "accept", "request.json", "--account=acme", "--fingerprint", fingerprint])
    };
    let other = accept(&"0".repeat(32));
    assert!(other.code == 1 && other.stderr.contains("signed by the key"), "{}", other.told());
    assert_eq!(client.read("roster.yaml"), ROSTER);
    let accepted = accept(&fingerprint.to_uppercase().replace('-', " "));
    assert_eq!(accepted.code, 0, "{}", accepted.told());
    let after = client.read("roster.yaml");
    assert!(after.contains("# the boss") && after.contains("asked for by The Agency"), "{after}");
    assert!(client.run(&["plan"]).stdout.contains("+ invite  kay@agency.example"));

    client.write("roster.yaml", ROSTER);
    let again = accept(&fingerprint);
    assert!(again.code == 1 && again.stderr.contains("accepted before"), "{}", again.told());
    assert_eq!(client.read("roster.yaml"), ROSTER);
    // The same key, another request.
    let (_, same) = signed(&agency, &LINK);
    assert_eq!(same, fingerprint);
}

#[test]
fn an_altered_or_ended_request_is_refused() {
    let (agency, client) = (World::new(), World::with(ROSTER));
    let (request, fingerprint) = signed(&agency, &LINK);
    client.write("request.json", request.replace("support", "admin"));
    let accept = ["request", "accept", "request.json", "--account=acme", "--fingerprint", &fingerprint];
    for arguments in [&accept[..], &["request", "review", "request.json"]] {
        let altered = client.run(arguments);
        assert!(altered.code == 1 && altered.stderr.contains("was altered"), "{}", altered.told());
    }
    for (ends, why) in
        [("2026-01-01T00:00:00Z", "could be accepted until"), ("2999-01-01T00:00:00Z", "for more than 90 days")]
    {
        let (_, key) = SigningKey::generate().unwrap();
        let request = Request {
            id: "0b7c".to_owned(),
            from: "The Agency".to_owned(),
            account: "acme".to_owned(),
            people: vec![("kay@agency.example".parse().unwrap(), "support".parse().unwrap())],
            until: None,
            reason: "Q4".to_owned(),
            ends: ends.parse().unwrap(),
        };
        client.write("request.json", request.sign(&key).unwrap());
        let fingerprint = key.fingerprint().to_string();
        let accept = ["request", "accept", "request.json", "--account=acme", "--fingerprint", &fingerprint];
        for arguments in [&accept[..], &["request", "review", "request.json"]] {
            let refused = client.run(arguments);
            assert!(refused.code == 1 && refused.stderr.contains(why), "{}", refused.told());
        }
    }
    for valid in ["--valid=0s", "--valid=91d"] {
        assert_eq!(agency.run(&[&LINK[..], &[valid]].concat()).code, 64, "{valid}");
    }
    assert_eq!(client.read("roster.yaml"), ROSTER);
    assert!(!client.path(".roster/requests").exists());
}

/// The key is its owner's alone, and never on its way into a repository.
#[test]
fn the_key_that_signs_is_private() {
    let agency = World::new();
    let (request, _) = signed(&agency, &LINK);
    let key = agency.path(".roster/request.key");
    let mode = |mode: u32| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(agency.read(".roster/.gitignore"), "*\n");
    assert!(!request.contains(agency.read(".roster/request.key").trim()));
    mode(0o640);
    let shared = agency.run(&LINK);
    assert!(shared.code == 64 && shared.stderr.contains("others than its owner may read the key"), "{}", shared.told());
    mode(0o600);
    agency.write(".roster/request.key", "no key\n");
    let unusable = agency.run(&LINK);
    assert!(unusable.code == 1 && unusable.stderr.contains("holds no key for signing requests"), "{}", unusable.told());
}
