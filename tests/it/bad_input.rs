//! Files that cannot be used: each says what, where and what to do, ends with 65, and nothing is started or changed.

use insta::assert_snapshot;

use crate::harness::World;

/// Plans with this roster, and makes sure that nothing but the message came of it.
fn refused(roster: &str) -> String {
    let world = World::with(roster);
    let validated = world.run(&["validate"]);
    let applied = world.run(&["apply", "--yes"]);
    assert_eq!(validated.told(), applied.told(), "validate and apply say the same");
    assert_eq!(world.files(), ["roster.yaml"], "nothing was started");
    applied.told()
}

fn account(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n{body}")
}

#[test]
fn a_file_that_is_not_there() {
    let world = World::new();
    assert_snapshot!(world.told(&["plan"]), @r"
    exit 65
    --- stderr
    error[file-missing]: there is no file or folder `roster.yaml`
    help: name a roster file, or a folder of them
    ");
    assert_snapshot!(world.told(&["plan", "elsewhere/roster.yml"]), @r"
    exit 65
    --- stderr
    error[file-missing]: there is no file or folder `elsewhere/roster.yml`
    help: name a roster file, or a folder of them
    ");
}

#[test]
fn a_folder_without_rosters() {
    let world = World::new();
    world.write("rosters/README.md", "nothing here");
    assert_snapshot!(world.told(&["validate", "rosters"]), @r"
    exit 65
    --- stderr
    error[no-rosters]: the folder `rosters` holds no roster: no file in it ends in `.yaml` or `.yml`
    help: name the folder that holds the roster files; folders in it are not searched
    ");
}

#[test]
fn tabs() {
    assert_snapshot!(refused("accounts:\n\tacme:\n"), @r"
    exit 65
    --- stderr
    error[syntax]: this is not valid YAML: tabs disallowed within this context (block indentation)
     --> roster.yaml:2:2
      |
    2 |     acme:
      |     ^^^^^
      |
      = help: indent with spaces: YAML does not allow tabs
    ");
}

#[test]
fn duplicate_keys() {
    assert_snapshot!(refused(&account("prune: all\nprune: none\nusers: { ada@acme.example: admin }")), @r"
    exit 65
    --- stderr
    error[duplicate-key]: an account has the key `prune` twice
     --> roster.yaml:6:5
      |
    5 |     prune: all
      |     ----- first here
    6 |     prune: none
      |     ^^^^^
      |
      = help: keep one of the two
    ");
}

#[test]
fn one_person_twice() {
    assert_snapshot!(refused(&account("prune: all\nusers:\n  ada@acme.example: admin\n  Ada@Acme.example: support")), @r"
    exit 65
    --- stderr
    error[person-twice]: `Ada@Acme.example` stands here twice
     --> roster.yaml:8:7
      |
    7 |       ada@acme.example: admin
      |       ---------------- first here
    8 |       Ada@Acme.example: support
      |       ^^^^^^^^^^^^^^^^
      |
      = help: keep one of the two: an address is the same in upper and lower case
    ");
}

#[test]
fn an_address_that_is_none() {
    assert_snapshot!(refused(&account("prune: all\nusers: { ada.acme.example: admin }")), @r"
    exit 65
    --- stderr
    error[not-an-address]: `ada.acme.example` is not an e-mail address
     --> roster.yaml:6:14
      |
    6 |     users: { ada.acme.example: admin }
      |              ^^^^^^^^^^^^^^^^
      |
      = help: write the whole address, such as `ada@acme.example`
    ");
}

#[test]
fn a_role_nobody_knows() {
    assert_snapshot!(refused(&account("prune: all\nusers: { ada@acme.example: analist }")), @r"
    exit 65
    --- stderr
    error[unknown-role]: an account has no role `analist`
     --> roster.yaml:6:32
      |
    6 |     users: { ada@acme.example: analist }
      |                                ^^^^^^^
      |
      = help: did you mean `analyst`?
    ");
}

#[test]
fn a_key_nobody_knows() {
    assert_snapshot!(refused(&account("prnue: all\nusers: { ada@acme.example: { role: admin, lang: fr } }")), @r"
    exit 65
    --- stderr
    error[unknown-key]: an account has no key `prnue`
     --> roster.yaml:5:5
      |
    5 |     prnue: all
      |     ^^^^^
      |
      = help: did you mean `prune`?

    error[unknown-key]: a user has no key `lang`
     --> roster.yaml:6:47
      |
    6 |     users: { ada@acme.example: { role: admin, lang: fr } }
      |                                               ^^^^
      |
      = help: did you mean `language`?
    ");
}

#[test]
fn prune_is_never_guessed() {
    assert_snapshot!(refused(&account("users: { ada@acme.example: admin }")), @r"
    exit 65
    --- stderr
    error[prune-missing]: the account `acme` does not say what happens to users who are not listed
     --> roster.yaml:2:3
      |
    2 |   acme:
      |   ^^^^
      |
      = help: write `prune: all` to remove them, or `prune: none` to leave them alone; in the account or in `defaults`
    ");
}

#[test]
fn users_that_say_nothing() {
    assert_snapshot!(refused(&account("prune: all\nusers:\n#  ada@acme.example: admin")), @r"
    exit 65
    --- stderr
    error[no-value]: `users` has no value
     --> roster.yaml:6:5
      |
    6 |     users:
      |     ^^^^^
      |
      = help: list the users; or, if nobody should be in the account, write `users: {}` and `allow_empty: true`
    ");
}

#[test]
fn two_accounts_of_one_name() {
    let one = account("prune: all\nusers: { ada@acme.example: admin }");
    let world = World::new();
    world.write("rosters/a.yaml", &one);
    world.write("rosters/b.yaml", &one);
    assert_snapshot!(world.told(&["validate", "rosters"]), @r"
    exit 65
    --- stderr
    error[account-twice]: the account `acme` stands here twice
     --> rosters/b.yaml:2:3
      |
    2 |   acme:
      |   ^^^^
      |
     ::: rosters/a.yaml:2:3
      |
    2 |   acme:
      |   ---- first here
      |
      = help: keep one of the two, with the users of both
    ");
    assert_snapshot!(refused(&format!("{one}{}", one.trim_start_matches("accounts:\n"))), @r"
    exit 65
    --- stderr
    error[account-twice]: the account `acme` stands here twice
     --> roster.yaml:7:3
      |
    2 |   acme:
      |   ---- first here
    ...
    7 |   acme:
      |   ^^^^
      |
      = help: keep one of the two, with the users of both
    ");
}

#[test]
fn a_key_written_into_the_file() {
    let roster = "accounts:\n  acme:\n    provider: { kind: klaviyo, url: https://scim.example/v2, key: pk_live_0123456789 }\n    owner: owner@acme.example\n    prune: all\n    users: { ada@acme.example: admin }\n";
    let told = refused(roster);
    assert!(!told.contains("pk_live"), "{told}");
    assert_snapshot!(told, @r"
    exit 65
    --- stderr
    error[key-in-file]: a key must not stand in a roster file
     --> roster.yaml:3:67
      |
    3 |     provider: { kind: klaviyo, url: https://scim.example/v2, key: ****************** }
      |                                                                   ^^^^^^^^^^^^^^^^^^
      |
      = help: put it into an environment variable and write `key: { env: VARIABLE }`; if this was a real key, withdraw it: whoever can read the file has it
    ");
}

#[test]
fn everything_at_once() {
    let roster = account(
        "prune: sometimes\nusers:\n  ada: admin\n  bob@acme.example: boss\nguards: { max_losses: { percent: 150 } }",
    );
    assert_snapshot!(refused(&roster), @"
    exit 65
    --- stderr
    error[unknown-word]: `sometimes` is none of `all`, `managed` and `none`
     --> roster.yaml:5:12
      |
    5 |     prune: sometimes
      |            ^^^^^^^^^

    error[not-an-address]: `ada` is not an e-mail address
     --> roster.yaml:7:7
      |
    7 |       ada: admin
      |       ^^^
      |
      = help: write the whole address, such as `ada@acme.example`

    error[unknown-role]: an account has no role `boss`
     --> roster.yaml:8:25
      |
    8 |       bob@acme.example: boss
      |                         ^^^^
      |
      = help: it has `owner`, `admin`, `manager`, `analyst`, `support`, `campaign-coordinator` and `content-creator`; a custom role is declared under `roles`

    error[not-a-percentage]: 150 is not a share between 0 and 100 percent
     --> roster.yaml:9:38
      |
    9 |     guards: { max_losses: { percent: 150 } }
      |                                      ^^^
      |
      = help: write a number from 0 to 100
    ");
}

#[test]
fn the_same_as_json() {
    let world = World::with(&account("prune: all\nusers: { ada@acme.example: analist }"));
    let ran = world.run(&["plan", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["exit_code"].as_u64()), (65, Some(65)));
    assert_snapshot!(ran.json()["problems"].to_string(), @r#"[{"at":{"column":32,"file":"roster.yaml","line":6},"code":"unknown-role","hint":"did you mean `analyst`?","message":"an account has no role `analist`","severity":"error"}]"#);
}

#[test]
fn wrong_use() {
    let world = World::with(&account("prune: all\nusers: { ada@acme.example: admin }"));
    for arguments in [&["plan", "--acount", "acme"][..], &["paln"], &["plan", "--account", "Not A Name"], &[]] {
        assert_eq!(world.run(arguments).code, 64, "{arguments:?}");
    }
    assert_eq!(world.run(&["--version"]).code, 0);
    assert_eq!(world.run(&["plan", "--help"]).code, 0);
}
