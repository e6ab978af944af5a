//! What a client may take in: no more than was asked for, once, and never in the place of lasting access.

use super::{LINK, ROSTER, signed};
use crate::harness::World;

/// People who are in by a team.
const TEAM: &str = "\
people: { ada: ada@acme.example }
teams: { care: [ada] }
accounts:
  acme:
    provider: sandbox
    owner: owner@acme.example
    prune: all
    teams: { care: support }
    users: { zoe@acme.example: admin }
";

/// Whoever reviews may say less than was asked for.
#[test]
fn less_can_be_granted_than_was_asked_for() {
    let (agency, client) = (World::new(), World::with(ROSTER));
    let (request, fingerprint) = signed(&agency, &LINK);
    client.write("request.json", request);
    let accept = ["request", "accept", "request.json", "--account=acme", "--fingerprint", &fingerprint];
    let tried = client.run(&[&accept[..], &["--dry-run"]].concat());
    assert_eq!((tried.code, client.read("roster.yaml").as_str()), (0, ROSTER), "{}", tried.told());
    let until = jiff::Zoned::now().tomorrow().unwrap().date().to_string();
    let less = client.run(&[&accept[..], &["--role=content-creator", &format!("--until={until}")]].concat());
    assert_eq!(less.code, 0, "{}", less.told());
    let after = client.read("roster.yaml");
    assert!(after.contains("content-creator") && after.contains(&until) && !after.contains("support"), "{after}");
}

/// The entry says who asked for it, so it says what they asked for.
#[test]
fn more_cannot_be_granted_than_was_asked_for() {
    let (agency, client) = (
        World::new(),
        World::with(&format!(
            "{ROSTER}  other:\n    provider: sandbox\n    owner: o@acme.example\n    prune: all\n    users: {{ ada@acme.example: admin }}\n"
        )),
    );
    let before = client.read("roster.yaml");
    let (request, fingerprint) = signed(&agency, &LINK);
    client.write("request.json", request);
    let accept = |account: &str, more: &str| {
        client.run(&["request", "accept", "request.json", account, "--fingerprint", &fingerprint, more])
    };
    for (more, why) in [
        ("--role=admin", "`admin` is not known to be less"),
        ("--role=analyst", "`analyst` is not known to be less"),
        ("--until=2999-01-31", "31 Jan 2999 is later"),
        ("--until=2020-01-31", "over already"),
    ] {
        let refused = accept("--account=acme", more);
        assert!(refused.code == 64 && refused.stderr.contains(why), "{more}: {}", refused.told());
    }
    assert_eq!(client.read("roster.yaml"), before);
    let elsewhere = accept("--account=other", "--dry-run");
    assert!(elsewhere.stderr.contains("is for the account `acme`"), "{}", elsewhere.told());
    assert!(!accept("--account=acme", "--dry-run").stderr.contains("is for the account"));
}

/// An entry takes a team's place, and one that ends would end all access.
#[test]
fn whoever_is_in_by_a_team_is_nobody_new() {
    let (agency, client) = (World::new(), World::with(TEAM));
    let asking = |who| LINK.map(|word| if word == "--who=kay@agency.example" { who } else { word });
    let (request, fingerprint) = signed(&agency, &asking("--who=ada@acme.example"));
    client.write("request.json", request);
    let accept = ["request", "accept", "request.json", "--account=acme", "--fingerprint", &fingerprint];
    let patch = ["request", "--account=acme", "--who=ada@acme.example", "--role=admin", "--for=9d", "--reason=Q4"];
    for arguments in [&accept[..], &patch] {
        let refused = client.run(arguments);
        let why = "`ada@acme.example` is in `acme` already, by the team `care` at roster.yaml:8";
        assert!(refused.code == 1 && refused.stderr.contains(why), "{}", refused.told());
        assert_eq!((client.read("roster.yaml").as_str(), refused.stdout.as_str()), (TEAM, ""));
    }
    let add = ["user", "add", "ada", "--account=acme", "--role=admin", "--dry-run"];
    let note = "by the team `care`: the entry takes its place, and its last day ends all access";
    let ending = client.run(&[&add[..], &["--expires=2999-01-31"]].concat());
    assert!(ending.code == 0 && ending.stderr.contains(note), "{}", ending.told());
    assert!(!client.run(&add).stderr.contains(note));
}

/// However the path to the roster is typed, and also where the note is lost.
#[test]
fn a_request_counts_once_by_every_way_to_the_file() {
    let (agency, client) = (World::new(), World::with(ROSTER));
    let (request, fingerprint) = signed(&agency, &LINK);
    client.write("request.json", request);
    client.write("z/all.yaml", "include: [acme/roster.yaml]\n");
    std::fs::create_dir(client.path("z/acme")).unwrap();
    std::fs::rename(client.path("roster.yaml"), client.path("z/acme/roster.yaml")).unwrap();
    std::os::unix::fs::symlink("z/acme/roster.yaml", client.path("roster.yaml")).unwrap();
    let accept = |roster: &str| {
        let arguments = ["request", "accept", "request.json", "--account=acme", "--fingerprint", &fingerprint];
        client.run(&[&arguments[..], &["--roster", roster]].concat())
    };
    let accepted = accept("z/all.yaml");
    assert_eq!(accepted.code, 0, "{}", accepted.told());
    let with_entry = client.read("z/acme/roster.yaml");
    let again = |why: &str| {
        for roster in ["roster.yaml", "z/acme/roster.yaml", "z/acme", "z/all.yaml", "z"] {
            let again = accept(roster);
            assert!(again.code == 1 && again.stderr.contains("accepted before"), "{why}, {roster}: {}", again.told());
        }
    };
    client.write("z/acme/roster.yaml", ROSTER);
    again("noted");
    for folder in ["z/.roster", "z/acme/.roster"] {
        assert_eq!(client.read(&format!("{folder}/.gitignore")), "*\n");
        std::fs::remove_dir_all(client.path(folder)).unwrap();
    }
    // Another role since, and the reason as it was written.
    client.write("z/acme/roster.yaml", with_entry.replace("kay@agency.example", "eve@agency.example"));
    again("in a reason");
}

/// Whoever makes the folder first, a key in it is never committed by accident.
#[test]
fn the_state_folder_is_kept_from_git_whoever_made_it() {
    let world = World::with(ROSTER);
    std::fs::create_dir(world.path(".roster")).unwrap();
    signed(&world, &LINK);
    assert_eq!(world.read(".roster/.gitignore"), "*\n");
    std::fs::remove_file(world.path(".roster/.gitignore")).unwrap();
    assert_eq!(world.run(&["plan", "--state=none"]).code, 0);
    assert_eq!(world.read(".roster/.gitignore"), "*\n");
}
