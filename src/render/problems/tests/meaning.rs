//! Mistakes in what a roster says.

use super::shown;

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
     --> b.yaml:1:1
      |
    1 | defaults: { prune: none }
      | ^^^^^^^^
      |
     ::: a.yaml:1:1
      |
    1 | defaults: { prune: all }
      | -------- first here
      |
      = help: keep one: it holds for all files of the folder
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
     --> roster.yaml:2:71
      |
    2 |   acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: {} }
      |                                                                       ^^^^^
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
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @"
    error[unknown-role]: an account has no role `Lifecycle Marketer`
     --> roster.yaml:7:25
      |
    7 |       ada@acme.example: Lifecycle Marketer
      |                         ^^^^^^^^^^^^^^^^^^
      |
      = help: it has `owner`, `admin`, `manager`, `analyst`, `support`, `campaign-coordinator` and `content-creator`; a custom role is declared under `roles`
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
     --> roster.yaml:3:60
      |
    3 |     provider: { kind: scim, url: "http://scim.example/v2", key: { env: A, file: b } }
      |                                                            ^^^
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
fn a_key_in_place_of_its_place_is_never_shown() {
    let file = "accounts:
  acme:
    provider: { kind: klaviyo, url: https://scim.example, key: { env: pk_0123abcd } }
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
  beta:
    provider: { kind: klaviyo, url: https://scim.example, key: { pk_0123abcd } }
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[variable-like-key]: this looks like a key, not like the name of an environment variable
     --> roster.yaml:3:71
      |
    3 |     provider: { kind: klaviyo, url: https://scim.example, key: { env: *********** } }
      |                                                                       ^^^^^^^^^^^
      |
      = help: write the name of the variable, such as `ACME_SCIM_KEY`; if this was a real key, withdraw it: whoever can read the file has it

    error[key-form]: a key is taken from exactly one place
     --> roster.yaml:8:59
      |
    8 |     provider: { kind: klaviyo, url: https://scim.example, key: { *********** } }
      |                                                           ^^^
      |
      = help: write one of `env`, `file` and `command`

    error[unknown-key]: the place of a key has no such key
     --> roster.yaml:8:66
      |
    8 |     provider: { kind: klaviyo, url: https://scim.example, key: { *********** } }
      |                                                                  ^^^^^^^^^^^
      |
      = help: it may have `env`, `file` and `command`; if this was a real key, withdraw it: whoever can read the file has it
    ");
}

#[test]
fn a_key_beside_the_place_of_a_key_is_never_shown() {
    let file = "accounts:
  gamma:
    provider: { kind: pk_0123abcd, url: https://scim.example, pk_0123abcd: }
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
  delta:
    provider:
      kind: klaviyo
      url: https://scim.example
      key: |
        pk_0123abcd
    owner: founder@acme.example
    prune: all
    users: { ada@acme.example: admin }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @"
    error[key-in-file]: a key must not stand in a roster file
     --> roster.yaml:3:23
      |
    3 |     provider: { kind: ***********, url: https://scim.example, ***********: }
      |                       ^^^^^^^^^^^
      |
      = help: put it into an environment variable and write `key: { env: VARIABLE }`; if this was a real key, withdraw it: whoever can read the file has it

    error[unknown-key]: a provider has no such key
     --> roster.yaml:3:63
      |
    3 |     provider: { kind: ***********, url: https://scim.example, ***********: }
      |                                                               ^^^^^^^^^^^
      |
      = help: it may have `kind`, `url`, `key`, `ca`, `dialect` and `identity`; if this was a real key, withdraw it: whoever can read the file has it

    error[key-in-file]: a key must not stand in a roster file
      --> roster.yaml:12:9
       |
    12 |         ***********
       |         ^^^^^^^^^^^
       |
       = help: put it into an environment variable and write `key: { env: VARIABLE }`; if this was a real key, withdraw it: whoever can read the file has it
    ");
}

#[test]
fn a_name_is_not_empty() {
    let file = "accounts:
  acme:
    provider: sandbox
    owner: founder@acme.example
    prune: all
    users:
      ada@acme.example: { role: admin, first_name: '' }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[empty-value]: `first_name` is empty
     --> roster.yaml:7:52
      |
    7 |       ada@acme.example: { role: admin, first_name: '' }
      |                                                    ^^
      |
      = help: leave the key out
    ");
}
