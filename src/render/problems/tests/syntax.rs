//! Mistakes in how a roster is written, and how they are laid out.

use super::shown;

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
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @"
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

    error[unknown-word]: `most` is none of `all`, `managed` and `none`
      --> roster.yaml:11:12
       |
    11 |     prune: most
       |            ^^^^

    error[unknown-key]: a limit on losses has no key `percnt`
      --> roster.yaml:12:29
       |
    12 |     guards: { max_losses: { percnt: 10 } }
       |                             ^^^^^^
       |
       = help: did you mean `percent`?

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
fn control_characters_are_written_out() {
    let file = "accounts: { \"\\e[31m\": { provider: sandbox, owner: \"\u{202e}ada\", prune: all, users: {} } }\n";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r#"
    error[account-name]: `\u{1b}[31m` cannot name an account
     --> roster.yaml:1:13
      |
    1 | accounts: { "\e[31m": { provider: sandbox, owner: "�ada", prune: all, users: {} } }
      |             ^^^^^^^^
      |
      = help: use 1 to 64 lower-case letters, digits, `-` and `_`, a letter or digit first; `title` may be any text

    error[not-an-address]: `\u{202e}ada` is not an e-mail address
     --> roster.yaml:1:51
      |
    1 | accounts: { "\e[31m": { provider: sandbox, owner: "�ada", prune: all, users: {} } }
      |                                                   ^^^^^^
      |
      = help: write the whole address, such as `ada@acme.example`

    warning[no-users]: the account `\u{1b}[31m` lists no users
     --> roster.yaml:1:71
      |
    1 | accounts: { "\e[31m": { provider: sandbox, owner: "�ada", prune: all, users: {} } }
      |                                                                       ^^^^^
      |
      = help: write `allow_empty: true` if nobody should be in the account
    "#);
}

#[test]
fn a_long_line_is_cut() {
    let file = "accounts: { acme: { provider: sandbox, owner: founder@acme.example, prune: all, users: { user0@acme.example: support, user1@acme.example: support, user2@acme.example: support, user3@acme.example: support, user4@acme.example: support, user5@acme.example: support, user6@acme.example: support, user7@acme.example: support, ada@acme.example: admn } } }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[unknown-role]: an account has no role `admn`
     --> roster.yaml:1:340
      |
    1 | ...ample: support, user7@acme.example: support, ada@acme.example: admn } } }
      |                                                                   ^^^^
      |
      = help: did you mean `admin`?
    ");
}

#[test]
fn a_key_below_its_name_in_a_text_that_is_no_yaml_is_never_shown() {
    let below = "provider:
  key: |
      pk_0123abcd
    pk_4567efgh
";
    let tag = "provider:
  key: !pk_0123abcd x
";
    let name = "provider:
  key: *pk_0123abcd
";
    insta::assert_snapshot!(shown([("below.yaml", below), ("tag.yaml", tag), ("name.yaml", name)]), @r#"
    error[syntax]: this is not valid YAML: while parsing a block mapping, did not find expected key
     --> below.yaml:4:5
      |
    4 |     ***********
      |     ^^^^^^^^^^^

    error[syntax]: this is not valid YAML: tags are not supported
     --> tag.yaml:2:21
      |
    2 |   key: **************
      |                     ^
      |
      = help: put a text that begins with `!` in quotes

    error[syntax]: this is not valid YAML: alias references unknown anchor
     --> name.yaml:2:8
      |
    2 |   key: ************
      |        ^^^^^^^^^^^^
      |
      = help: put a text that begins with `*` in quotes, such as `"*@vendor.example"`
    "#);
}

#[test]
fn nothing_is_merged() {
    let file = "defaults: &all { prune: all }
accounts:
  acme:
    <<: *all
    provider: sandbox
    owner: founder@acme.example
    users: { ada@acme.example: admin }
";
    insta::assert_snapshot!(shown([("roster.yaml", file)]), @r"
    error[merge-key]: YAML 1.2 has no merge key `<<`
     --> roster.yaml:4:5
      |
    4 |     <<: *all
      |     ^^^
      |
      = help: write the keys out here; what all accounts share may stand in `defaults`
    ");
}

/// Also not where an author of a pull request chooses names of files.
#[test]
fn what_is_shown_of_a_file_is_no_command_to_what_reads_the_log() {
    let file = "accounts: { acme: { provider: sandbox, owner: \"o#[x]@acme.example\", prune: all, users: { \"##[stop-commands]tok\": admin } } }\n";
    insta::assert_snapshot!(shown([("acc/a\n::stop-commands::tok.yaml", file)]), @r#"
    error[not-an-address]: `o#[x]@acme.example` is not an e-mail address
     --> acc/a\u{a}::stop-commands::tok.yaml:1:47
      |
    1 | accounts: { acme: { provider: sandbox, owner: "o#[x]@acme.example", prune: all, users: { "�#[stop-commands]tok": admin } } }
      |                                               ^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the address alone, such as `ada@acme.example`

    error[not-an-address]: `\u{23}#[stop-commands]tok` is not an e-mail address
     --> acc/a\u{a}::stop-commands::tok.yaml:1:90
      |
    1 | accounts: { acme: { provider: sandbox, owner: "o#[x]@acme.example", prune: all, users: { "�#[stop-commands]tok": admin } } }
      |                                                                                          ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the whole address, such as `ada@acme.example`
    "#);
}
