//! Edits as people see them: a text, one edit, what is different.

use insta::assert_snapshot;
use similar::{ChangeTag, TextDiff};

use crate::file::edit::Editor;
use crate::file::edit::accounts::NewUser;
use crate::file::edit::person::{Detail, Details, Person, Who};
use crate::file::edit::refusal::Refusal;
use crate::model::account_name::AccountName;
use crate::model::person::Profile;

fn account(name: &str) -> AccountName {
    name.parse().expect("a name")
}

fn who(text: &str) -> Who {
    text.parse().expect("somebody")
}

fn role(name: &str) -> Details {
    Details::of_role(name.parse().expect("a role"))
}

fn user(name: &str, details: Details) -> NewUser {
    NewUser { who: who(name), details, comment: None }
}

fn until(details: Details) -> Details {
    Details { expires: Some("2027-01-31".parse().expect("a day")), ..details }
}

/// The lines that an edit changes, line breaks shown where they are unusual.
fn edited(text: &str, edit: impl FnOnce(&mut Editor) -> Result<(), Refusal>) -> String {
    let mut editor = Editor::open([("roster.yaml", text)]).expect("YAML");
    if let Err(refusal) = edit(&mut editor) {
        assert_eq!(editor.texts(), [text], "a refused edit changes nothing");
        return refusal.to_string();
    }
    let after = editor.texts().remove(0);
    let diff = TextDiff::from_lines(text, &after);
    let line = |change: similar::Change<&str>| {
        let sign = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let line = change.value();
        let end = if line.ends_with('\n') { "" } else { "⏎" };
        Some(format!("{sign}{}{end}\n", line.trim_end_matches('\n').replace('\r', "␍")))
    };
    diff.iter_all_changes().filter_map(line).collect()
}

/// The text after an edit that must succeed.
fn after(text: &str, edit: impl FnOnce(&mut Editor) -> Result<(), Refusal>) -> String {
    let mut editor = Editor::open([("roster.yaml", text)]).expect("YAML");
    edit(&mut editor).expect("an edit");
    editor.texts().remove(0)
}

const BLOCK: &str = "\
# Who may do what.
accounts:
  acme:
    provider: sandbox   # for trials
    users:
      # the founders
      ada@acme.example: admin   # since 2019

      kay@acme.example:         # a contractor
        role: analyst
        reason: 'Q4'            # OPS-123
          # see there
      # end of the founders

  beta:
    users: { ada@acme.example: admin, kay@acme.example: { role: support } } # both
";

#[test]
fn a_user_is_added_in_the_style_of_the_file() {
    let add = |account_name: &str, details: Details| {
        edited(BLOCK, |editor| editor.add_users(&account(account_name), &[user("zoe@acme.example", details)]))
    };
    assert_snapshot!(add("acme", role("support")), @"+      zoe@acme.example: support");
    assert_snapshot!(add("acme", until(role("support"))), @r"
    +      zoe@acme.example:
    +        role: support
    +        expires: 2027-01-31
    ");
    assert_snapshot!(add("beta", until(role("Lifecycle Marketer, EU"))), @r#"
    -    users: { ada@acme.example: admin, kay@acme.example: { role: support } } # both
    +    users: { ada@acme.example: admin, kay@acme.example: { role: support }, zoe@acme.example: { role: "Lifecycle Marketer, EU", expires: 2027-01-31 } } # both
    "#);
}

#[test]
fn where_everybody_has_a_long_form_a_newcomer_has_one() {
    let text =
        "accounts:\n  acme:\n    users:\n      'a@x.example': {role: admin}\n      'b@x.example': {role: \"admin\"}\n";
    assert_snapshot!(edited(text, |editor| editor.add_users(&account("acme"), &[user("c@x.example", role("support"))])), @"+      'c@x.example': {role: support}");
}

#[test]
fn a_sorted_list_stays_sorted() {
    let text = "accounts:\n  acme:\n    users:\n      # a comment on ada\n      ada@x.example: admin\n      bob@x.example: admin\n      Dan@x.example: admin\n";
    let users = ["eve", "aaa", "cat"].map(|name| user(&format!("{name}@x.example"), role("support")));
    assert_snapshot!(after(text, |editor| editor.add_users(&account("acme"), &users)), @r"
    accounts:
      acme:
        users:
          aaa@x.example: support
          # a comment on ada
          ada@x.example: admin
          bob@x.example: admin
          cat@x.example: support
          Dan@x.example: admin
          eve@x.example: support
    ");
}

#[test]
fn a_comment_on_a_removed_line_goes_with_it_and_no_other() {
    let remove =
        |account_name: &str, name: &str| edited(BLOCK, |editor| editor.remove_user(&account(account_name), &who(name)));
    assert_snapshot!(remove("acme", "Ada@ACME.example"), @"-      ada@acme.example: admin   # since 2019");
    assert_snapshot!(remove("acme", "kay@acme.example"), @r"
    -      kay@acme.example:         # a contractor
    -        role: analyst
    -        reason: 'Q4'            # OPS-123
    -          # see there
    ");
    assert_snapshot!(remove("beta", "ada@acme.example"), @r"
    -    users: { ada@acme.example: admin, kay@acme.example: { role: support } } # both
    +    users: { kay@acme.example: { role: support } } # both
    ");
    assert_snapshot!(remove("acme", "zoe@acme.example"), @"`zoe@acme.example` has no entry in `acme`");
}

#[test]
fn the_last_one_leaves_an_empty_mapping_that_can_be_filled_again() {
    let text = "accounts:\r\n  acme:\r\n    users: # all of them\r\n      ada@acme.example: admin # A";
    let removed = after(text, |editor| editor.remove_user(&account("acme"), &who("ada@acme.example")));
    assert_eq!(removed, "accounts:\r\n  acme:\r\n    users: {} # all of them");
    let filled = after(&removed, |editor| editor.add_users(&account("acme"), &[user("bob@x.example", role("admin"))]));
    assert_eq!(filled, "accounts:\r\n  acme:\r\n    users: # all of them\r\n      bob@x.example: admin");
    let flow = "{ accounts: { acme: { users: { ada@acme.example: admin } } } }";
    let removed = after(flow, |editor| editor.remove_user(&account("acme"), &who("ada@acme.example")));
    assert_eq!(removed, "{ accounts: { acme: { users: {} } } }");
    let filled =
        after(&removed, |editor| editor.add_users(&account("acme"), &[user("ada@acme.example", role("admin"))]));
    assert_eq!(filled, flow);
}

#[test]
fn braces_over_several_lines_keep_their_commas() {
    for (comma, comment) in [("", ""), (",", ""), ("", "  # no } here"), (",", "  # no, comma")] {
        let text = format!(
            "accounts:\n  acme:\n    users: {{\n      ada@x.example: admin, # A\n      bob@x.example: support{comma}{comment}\n    }}\n"
        );
        let added = after(&text, |editor| editor.add_users(&account("acme"), &[user("c@x.example", role("admin"))]));
        assert_eq!(
            added,
            format!(
                "accounts:\n  acme:\n    users: {{\n      ada@x.example: admin, # A\n      bob@x.example: support,{comment}\n      c@x.example: admin{comma}\n    }}\n"
            )
        );
        assert_eq!(after(&added, |editor| editor.remove_user(&account("acme"), &who("c@x.example"))), text);
        let first = after(&text, |editor| editor.remove_user(&account("acme"), &who("ada@x.example")));
        assert_eq!(first, text.replace("      ada@x.example: admin, # A\n", ""));
    }
}

#[test]
fn an_entry_is_changed_where_it_stands() {
    let set = |account_name: &str, name: &str, details: Details, cleared: &[Detail]| {
        edited(BLOCK, |editor| editor.set_user(&account(account_name), &who(name), &details, cleared))
    };
    assert_snapshot!(set("acme", "ada@acme.example", role("manager"), &[]), @r"
    -      ada@acme.example: admin   # since 2019
    +      ada@acme.example: manager   # since 2019
    ");
    assert_snapshot!(set("acme", "ada@acme.example", until(role("manager")), &[]), @r"
    -      ada@acme.example: admin   # since 2019
    +      ada@acme.example:   # since 2019
    +        role: manager
    +        expires: 2027-01-31
    ");
    let why = Details { reason: Some("Q1: more".to_owned()), ..until(Details::default()) };
    assert_snapshot!(set("acme", "kay@acme.example", why, &[]), @r"
    -        reason: 'Q4'            # OPS-123
    +        expires: 2027-01-31
    +        reason: 'Q1: more'            # OPS-123
    ");
    assert_snapshot!(set("acme", "kay@acme.example", Details::default(), &[Detail::Reason, Detail::Expires]), @r"
    -        reason: 'Q4'            # OPS-123
    -          # see there
    ");
    assert_snapshot!(set("beta", "ada@acme.example", until(Details::default()), &[]), @r"
    -    users: { ada@acme.example: admin, kay@acme.example: { role: support } } # both
    +    users: { ada@acme.example: { role: admin, expires: 2027-01-31 }, kay@acme.example: { role: support } } # both
    ");
}

const PEOPLE: &str = "\
people:
  ada:   { email: ada@acme.example, formerly: [ada@old.example] }
  grace: grace@acme.example # G
teams:
  design: [ada, kay@acme.example]
  all:
  - grace
  - kay@acme.example # K
accounts:
  acme:
    users:
      ada: admin
      kay@acme.example: { role: support }
  beta:
    teams: { design: support }
";

#[test]
fn short_names_and_addresses_are_the_same_person() {
    let text = after(PEOPLE, |editor| editor.remove_user(&account("acme"), &who("ADA@acme.example")));
    assert!(!text.contains("ada: admin"));
    let grace = user("grace@acme.example", role("admin"));
    assert_snapshot!(edited(PEOPLE, |editor| editor.add_users(&account("acme"), &[grace])), @"+      grace: admin");
    assert_snapshot!(edited(PEOPLE, |editor| editor.add_users(&account("acme"), &[user("ada", role("admin"))])), @"`ada` stands in `acme` already, at roster.yaml:12");
    assert_snapshot!(edited(PEOPLE, |editor| editor.add_users(&account("beta"), &[user("garce", role("admin"))])), @"nobody is called `garce` in the roster");
    assert_snapshot!(edited(PEOPLE, |editor| editor.add_users(&account("beta"), &[user("grace", role("admin"))])), @r"
    +    users:
    +      grace: admin
    ");
}

#[test]
fn a_person_moves_everywhere_at_once() {
    let moved =
        |name: &str| edited(PEOPLE, |editor| editor.move_person(&who(name), &"new@acme.example".parse().expect("")));
    assert_snapshot!(moved("grace"), @r"
    -  grace: grace@acme.example # G
    +  grace: { email: new@acme.example, formerly: [grace@acme.example] } # G
    ");
    assert_snapshot!(moved("ada@acme.example"), @r"
    -  ada:   { email: ada@acme.example, formerly: [ada@old.example] }
    +  ada:   { email: new@acme.example, formerly: [ada@old.example, ada@acme.example] }
    ");
    assert_snapshot!(moved("kay@acme.example"), @r"
    +  new: { email: new@acme.example, formerly: [kay@acme.example] }
    -  design: [ada, kay@acme.example]
    +  design: [ada, new@acme.example]
    -  - kay@acme.example # K
    +  - new@acme.example # K
    -      kay@acme.example: { role: support }
    +      new@acme.example: { role: support }
    ");
    assert_snapshot!(moved("zoe@acme.example"), @"the roster does not name `zoe@acme.example`");
    let back = "ada@old.example".parse().expect("an address");
    assert_snapshot!(edited(PEOPLE, |editor| editor.move_person(&who("ada"), &back)), @r"
    -  ada:   { email: ada@acme.example, formerly: [ada@old.example] }
    +  ada:   { email: ada@old.example, formerly: [ada@acme.example] }
    ");
}

#[test]
fn teams_and_what_they_may_do() {
    let edit = |edit: &dyn Fn(&mut Editor) -> Result<(), Refusal>| edited(PEOPLE, edit);
    assert_snapshot!(edit(&|editor| editor.add_members("all", &[who("ada"), who("zoe@acme.example")])), @r"
    +  - ada
    +  - zoe@acme.example
    ");
    assert_snapshot!(edit(&|editor| editor.add_members("design", &[who("grace@acme.example")])), @r"
    -  design: [ada, kay@acme.example]
    +  design: [ada, kay@acme.example, grace]
    ");
    assert_snapshot!(edit(&|editor| editor.remove_members("all", &[who("grace"), who("kay@acme.example")])), @r"
    -  all:
    -  - grace
    -  - kay@acme.example # K
    +  all: []
    ");
    assert_snapshot!(edit(&|editor| editor.add_team("new", &[who("ada")])), @"+  new: [ada]");
    assert_snapshot!(edit(&|editor| editor.grant(&account("acme"), "all", &"support".parse().expect(""))), @r"
    +    teams:
    +      all: support
    ");
    assert_snapshot!(edit(&|editor| editor.grant(&account("beta"), "design", &"admin".parse().expect(""))), @r"
    -    teams: { design: support }
    +    teams: { design: admin }
    ");
    assert_snapshot!(edit(&|editor| editor.revoke(&account("beta"), "design")), @r"
    -    teams: { design: support }
    +    teams: {}
    ");
    assert_snapshot!(edit(&|editor| editor.revoke(&account("acme"), "all")), @"the team `all` has no access to `acme`");
    assert_snapshot!(edit(&|editor| editor.add_members("desing", &[])), @"there is no team `desing` in the roster");
}

#[test]
fn sections_that_are_missing_are_made_where_they_belong() {
    let text = "# yaml-language-server: $schema=x\naccounts:\n  acme: {}\n";
    let people = [Person {
        name: "ada".to_owned(),
        email: "ada@acme.example".parse().expect("an address"),
        profile: Profile { first_name: Some("Ada".to_owned()), last_name: None },
        language: None,
        formerly: Vec::new(),
    }];
    assert_snapshot!(after(text, |editor| {
        editor.add_people(&people)?;
        editor.add_team("design", &[who("ada@acme.example")])?;
        editor.add_users(&account("acme"), &[NewUser { comment: Some("a founder".to_owned()), ..user("ada", role("admin")) }])
    }), @r"
    # yaml-language-server: $schema=x
    people:
      ada:
        email: ada@acme.example
        first_name: Ada

    teams:
      design: [ada]

    accounts:
      acme:
        users:
          ada: admin  # a founder
    ");
}

#[test]
fn what_is_shared_is_not_changed() {
    let text = "accounts:\n  acme: &acme\n    users: &users { ada@x.example: &role admin, bob@x.example: *role }\n  beta:\n    users: *users\n";
    let remove = |name: &str, from: &str| edited(text, |editor| editor.remove_user(&account(from), &who(name)));
    assert_snapshot!(remove("ada@x.example", "acme"), @"what stands at roster.yaml:3 has an anchor, so that a change of it would change other places too");
    assert_snapshot!(remove("ada@x.example", "beta"), @"`ada@x.example` has no entry in `beta`");
    let add = |to: &str| edited(text, |editor| editor.add_users(&account(to), &[user("c@x.example", role("admin"))]));
    assert_snapshot!(add("beta"), @"what stands at roster.yaml:5 refers to something that is written elsewhere");
    let unused = "accounts:\n  acme: &acme\n    users: &users { ada@x.example: &role admin }\n";
    assert_snapshot!(edited(unused, |editor| editor.set_user(&account("acme"), &who("ada@x.example"), &role("support"), &[])), @r"
    -    users: &users { ada@x.example: &role admin }
    +    users: &users { ada@x.example: &role support }
    ");
}

#[test]
fn the_right_file_is_edited() {
    let files = [
        ("a.yaml", "people: { ada: ada@x.example }\n"),
        ("b.yaml", "accounts: { acme: { users: { ada: admin } } }\n"),
        ("c.yaml", "\u{feff}accounts: { beta: { users: { ada@x.example: admin } } }\n"),
    ];
    let mut editor = Editor::open(files).expect("YAML");
    let ada = who("ada@x.example");
    assert_eq!(editor.accounts_of(&ada).expect("accounts"), [account("acme"), account("beta")]);
    editor.remove_user(&account("beta"), &who("ada")).expect("an edit");
    assert_eq!(editor.texts(), [files[0].1, files[1].1, "\u{feff}accounts: { beta: { users: {} } }\n"]);
    editor.remove_person("ada").expect("an edit");
    assert_eq!(editor.texts()[0], "people: {}\n");
    let left: Vec<String> = editor.mentions(&["ada", "ada@x.example"]).iter().map(ToString::to_string).collect();
    assert_eq!(left, ["b.yaml:1"]);
}

#[test]
fn what_is_no_yaml_is_not_edited() {
    for text in ["a: [", "a: 1\n---\nb: 2\n", "a: 1\rb: 2\r", "a: *b\n"] {
        assert_eq!(
            Editor::open([("x.yaml", text)]).err(),
            Some(Refusal::NotYaml { file: "x.yaml".to_owned() }),
            "{text}"
        );
    }
}
