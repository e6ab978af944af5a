//! What people see for each mistake: the file, and the whole output.

use super::*;
use crate::file;

/// Everything that is printed about these files.
fn shown<const FILES: usize>(texts: [(&str, &str); FILES]) -> String {
    let (problems, sources) = match file::read(Sources::from_texts(texts)) {
        Ok(loaded) => (loaded.warnings, loaded.sources),
        Err(invalid) => (invalid.problems, invalid.sources),
    };
    let mut out = Vec::new();
    write_problems(&mut out, &problems, &sources, Colours::None).expect("a Vec takes everything");
    String::from_utf8(out).expect("text")
}

#[test]
fn several_mistakes_are_shown_in_one_run() {
    let file = "accounts:
  acme:
    provider: sandbox
    onwer: founder@acme.example
    prune: all
    users:
      ada@acme.example: admn
  beta:
    provider: sandbox
    owner: founder
    prune: most
    guards: { max_losses: { percnt: 10 } }
    users:
      linus@acme.example: 7
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[unknown-key]: an account has no key `onwer`
     --> roster.yaml:4:5
      |
    4 |     onwer: founder@acme.example
      |     ^^^^^
      |
      = help: did you mean `owner`?

    error[unknown-role]: an account has no role `admn`
     --> roster.yaml:7:25
      |
    7 |       ada@acme.example: admn
      |                         ^^^^
      |
      = help: did you mean `admin`?

    error[not-an-address]: `founder` is not an e-mail address
      --> roster.yaml:10:12
       |
    10 |     owner: founder
       |            ^^^^^^^
       |
       = help: write the whole address, such as `ada@acme.example`

    error[unknown-word]: `most` is none of `all` and `none`
      --> roster.yaml:11:12
       |
    11 |     prune: most
       |            ^^^^

    error[unknown-key]: `max_losses` has no key `percnt`
      --> roster.yaml:12:29
       |
    12 |     guards: { max_losses: { percnt: 10 } }
       |                             ^^^^^^
       |
       = help: did you mean `percent`?

    warning[no-users]: the account `beta` lists no users
      --> roster.yaml:14:7
       |
    14 |       linus@acme.example: 7
       |       ^
       |
       = help: write `allow_empty: true` if nobody should be in the account

    error[wrong-type]: expected text, found the number 7
      --> roster.yaml:14:27
       |
    14 |       linus@acme.example: 7
       |                           ^
       |
       = help: put it in quotes if it is meant as text
    ");
}

#[test]
fn a_person_stands_once_whatever_the_case() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: admin
      Ada@Acme.example: analyst
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[person-twice]: `Ada@Acme.example` stands here twice
     --> roster.yaml:8:7
      |
    7 |       ada@acme.example: admin
      |       ---------------- first here
    8 |       Ada@Acme.example: analyst
      |       ^^^^^^^^^^^^^^^^
      |
      = help: keep one of the two: an address is the same in upper and lower case
    ");
}

#[test]
fn an_account_stands_in_one_file() {
    let first = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
";
    let second = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
";
    insta::assert_snapshot!(shown([("a.yaml", first), ("b.yaml", second)]), @r"
    error[account-twice]: the account `acme` stands here twice
     --> b.yaml:2:3
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
      |   ^^^^
      |
     ::: a.yaml:2:3
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
      |   ---- first here
      |
      = help: keep one of the two, with the users of both
    ");
}

#[test]
fn defaults_stand_in_one_file() {
    let first = "defaults: { prune: all }
accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: admin
";
    let second = "defaults: { prune: none }\n";
    insta::assert_snapshot!(shown([("a.yaml", first), ("b.yaml", second)]), @r"
    error[defaults-twice]: `defaults` stands in more than one file
     --> b.yaml:1:11
      |
    1 | defaults: { prune: none }
      |           ^
      |
     ::: a.yaml:1:11
      |
    1 | defaults: { prune: all }
      |           - first here
      |
      = help: keep one: it holds for all files of the folder
    ");
}

#[test]
fn a_key_stands_once() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
    prune: none
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[duplicate-key]: an account has the key `prune` twice
     --> roster.yaml:7:5
      |
    5 |     prune: all
      |     ----- first here
    6 |     users: { ada@acme.example: admin }
    7 |     prune: none
      |     ^^^^^
      |
      = help: keep one of the two
    ");
}

#[test]
fn users_without_a_value_may_mean_two_things() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      # ada@acme.example: admin
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
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
fn users_are_never_left_out() {
    let file = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, prune: all }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[missing-key]: the account `acme` does not say its users
     --> roster.yaml:2:3
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: all }
      |   ^^^^
      |
      = help: list the users; or, if nobody should be in the account, write `users: {}` and `allow_empty: true`
    ");
}

#[test]
fn nobody_is_a_warning() {
    let file = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {} }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    warning[no-users]: the account `acme` lists no users
     --> roster.yaml:2:78
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {} }
      |                                                                              ^
      |
      = help: write `allow_empty: true` if nobody should be in the account
    ");
}

#[test]
fn prune_has_no_default() {
    let file = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[prune-missing]: the account `acme` does not say what happens to users who are not listed
     --> roster.yaml:2:3
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, users: { ada@acme.example: admin } }
      |   ^^^^
      |
      = help: write `prune: all` to remove them, or `prune: none` to leave them alone; in the account or in `defaults`
    ");
}

#[test]
fn managed_needs_a_record() {
    let file = "accounts:
  acme: { provider: sandbox, owner: founder@acme.example, prune: managed, users: { ada@acme.example: admin } }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[prune-managed]: `prune: managed` needs a record of whom roster invited, which this version does not keep
     --> roster.yaml:2:66
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: managed, users: { ada@acme.example: admin } }
      |                                                                  ^^^^^^^
      |
      = help: write `prune: all` or `prune: none`
    ");
}

#[test]
fn the_owner_is_owner_and_nobody_else() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      founder@acme.example: admin
      ada@acme.example: owner
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[owner-other-role]: `founder@acme.example` is the Owner, and the Owner's role is not `admin`
     --> roster.yaml:7:29
      |
    7 |       founder@acme.example: admin
      |                             ^^^^^
      |
      = help: write the Owner's role, or leave the Owner out of `users`

    error[second-owner]: `ada@acme.example` cannot be Owner: the Owner is `founder@acme.example`
     --> roster.yaml:8:25
      |
    8 |       ada@acme.example: owner
      |                         ^^^^^
      |
      = help: give another role: only the Owner can hand the account over, in its settings
    ");
}

#[test]
fn whoever_is_ignored_is_not_listed() {
    let file = r#"accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    ignore: ["*@vendor.example"]
    users:
      help@vendor.example: support
"#;
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r#"
    error[ignored-listed]: `help@vendor.example` is ignored and listed
     --> roster.yaml:8:7
      |
    6 |     ignore: ["*@vendor.example"]
      |              ------------------ ignored here
    7 |     users:
    8 |       help@vendor.example: support
      |       ^^^^^^^^^^^^^^^^^^^
      |
      = help: remove the user, or the pattern
    "#);
}

#[test]
fn a_role_the_account_does_not_have() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: Lifecycle Marketer
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[unknown-role]: an account has no role `Lifecycle Marketer`
     --> roster.yaml:7:25
      |
    7 |       ada@acme.example: Lifecycle Marketer
      |                         ^^^^^^^^^^^^^^^^^^
      |
      = help: it has `owner`, `admin`, `manager`, `analyst`, `support`, `campaign-coordinator` and `content-creator`; write `catalogue: any` for an account with custom roles
    ");
}

#[test]
fn a_language_the_account_does_not_have() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: { role: admin, language: fr-CA }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[unknown-language]: this account does not know the language `fr-CA`
     --> roster.yaml:7:50
      |
    7 |       ada@acme.example: { role: admin, language: fr-CA }
      |                                                  ^^^^^
      |
      = help: did you mean `fr`?
    ");
}

#[test]
fn a_key_of_a_later_version() {
    let file = "teams: { design: [ada@acme.example] }
accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: admin
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[unknown-key]: a roster has no key `teams`
     --> roster.yaml:1:1
      |
    1 | teams: { design: [ada@acme.example] }
      | ^^^^^
      |
      = help: this version of roster cannot do `teams` yet: remove it
    ");
}

#[test]
fn a_key_in_the_file_is_never_shown() {
    let file = "accounts:
  acme:
    provider:
      kind: klaviyo
      url: https://me:hunter2@scim.example/v2
      key: pk_live_1234567890
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[bad-url]: a user name or password must not stand in the URL
     --> roster.yaml:5:12
      |
    5 |       url: **********************************
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the key's place under `key`

    error[key-in-file]: a key must not stand in a roster file
     --> roster.yaml:6:12
      |
    6 |       key: ******************
      |            ^^^^^^^^^^^^^^^^^^
      |
      = help: put it into an environment variable and write `key: { env: VARIABLE }`; if this was a real key, withdraw it: whoever can read the file has it
    ");
}

#[test]
fn a_key_in_a_text_that_is_no_yaml_is_never_shown() {
    let file = "provider:
  key: pk_live_1234567890: x
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[syntax]: this is not valid YAML: mapping values are not allowed in this context
     --> roster.yaml:2:26
      |
    2 |   key: *********************
      |                          ^
    ");
}

#[test]
fn a_key_comes_from_one_place() {
    let file = r#"accounts:
  acme:
    provider: { kind: scim, url: "http://scim.example/v2", key: { env: A, file: b } }
    prune: all
    users: { ada@acme.example: admin }
"#;
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r#"
    error[bad-url]: a key must not travel over plain `http:`
     --> roster.yaml:3:34
      |
    3 |     provider: { kind: scim, url: "http://scim.example/v2", key: { env: A, file: b } }
      |                                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `https:`; `http:` is for this machine only

    error[key-form]: a key is taken from exactly one place
     --> roster.yaml:3:65
      |
    3 |     provider: { kind: scim, url: "http://scim.example/v2", key: { env: A, file: b } }
      |                                                                 ^
      |
      = help: write one of `env`, `file` and `command`
    "#);
}

#[test]
fn a_provider_that_is_only_a_name() {
    let file = "accounts:
  acme: { provider: klaviyo, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[provider-too-short]: a provider of kind `klaviyo` needs more than its name
     --> roster.yaml:2:21
      |
    2 |   acme: { provider: klaviyo, owner: founder@acme.example, prune: all, users: { ada@acme.example: admin } }
      |                     ^^^^^^^
      |
      = help: write `provider: { kind: klaviyo, url: https://…, key: { env: VARIABLE } }`
    ");
}

#[test]
fn tabs_do_not_indent() {
    let file = "accounts:\n\tacme: {}\n";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[syntax]: this is not valid YAML: tabs disallowed within this context (block indentation)
     --> roster.yaml:2:2
      |
    2 |     acme: {}
      |     ^^^^^
      |
      = help: indent with spaces: YAML does not allow tabs
    ");
}

#[test]
fn a_star_needs_quotes() {
    let file = "accounts:
  acme:
    ignore: [*@vendor.example]
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r#"
    error[syntax]: this is not valid YAML: alias references unknown anchor
     --> roster.yaml:3:14
      |
    3 |     ignore: [*@vendor.example]
      |              ^^^^^^^^^^^^^^^^^
      |
      = help: put a text that begins with `*` in quotes, such as `"*@vendor.example"`
    "#);
}

#[test]
fn what_is_not_closed() {
    let file = "accounts:
  acme: { provider: sandbox
  beta: {}
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[syntax]: this is not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'
     --> roster.yaml:3:7
      |
    3 |   beta: {}
      |       ^
    ");
}

#[test]
fn one_document() {
    let file = "version: 1
---
version: 1
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[several-documents]: a second document begins here; a roster file holds one
     --> roster.yaml:3:1
      |
    3 | version: 1
      | ^^^^^^^^
      |
      = help: remove the line `---`, or put what follows into a file of its own
    ");
}

#[test]
fn nothing_at_all() {
    let file = "# later\n";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[empty-file]: this file is empty
     --> roster.yaml:1:1
      |
    1 | # later
      | ^
      |
      = help: begin with `accounts:`, and an account's name below it
    ");
}

#[test]
fn no_account() {
    let file = "version: 1\n";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[no-accounts]: there is no account in `roster.yaml`
     --> roster.yaml:1:1
      |
    1 | version: 1
      | ^
      |
      = help: begin with `accounts:`, and an account's name below it
    ");
}

#[test]
fn every_file_of_a_folder_reports_its_own() {
    let first = "accounts: [\n";
    let second = "acounts: {}\n";
    insta::assert_snapshot!(shown([("a.yaml", first), ("b.yaml", second)]), @r"
    error[syntax]: this is not valid YAML: unclosed bracket '['
     --> a.yaml:1:11
      |
    1 | accounts: [
      |           ^

    error[unknown-key]: a roster has no key `acounts`
     --> b.yaml:1:1
      |
    1 | acounts: {}
      | ^^^^^^^
      |
      = help: did you mean `accounts`?
    ");
}

#[test]
fn a_long_line_is_cut_and_control_characters_are_written_out() {
    let file = "accounts: { \"acm\u{1b}[31me\": { provider: sandbox, owner: founder@acme.example, prune: all, users: { user0@acme.example: support, user1@acme.example: support, user2@acme.example: support, user3@acme.example: support, user4@acme.example: support, user5@acme.example: support, user6@acme.example: support, user7@acme.example: support, ada@acme.example: admn } } }\n";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r#"
    error[syntax]: this is not valid YAML: unexpected character: `\u{1b}'
     --> roster.yaml:1:17
      |
    1 | accounts: { "acm\u{1b}[31me": { provider: sandbox, owner: founder@acme.example, prune: all, users: { user0@acme.example: support, use...
      |                 ^^^^^^^^^^^^^
    "#);
}
