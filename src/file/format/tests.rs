//! Files before and after.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::file::edit::order;
use crate::file::format::format;
use crate::file::schema;

fn formatted(text: &str) -> String {
    let once = format("roster.yaml", text).expect("a text");
    assert_eq!(format("roster.yaml", &once).as_deref(), Ok(once.as_str()), "a second time changes nothing");
    once
}

#[test]
fn keys_stand_in_their_order_and_levels_two_blanks_apart() {
    assert_snapshot!(formatted("\
# yaml-language-server: $schema=x
# All of Acme.
accounts:   # everything


    # the main one
    acme:
        users:
            # founders

            ada@acme.example:      admin   # since 2019
            kay@acme.example:
                expires: 2027-01-31   # soon
                # the agency
                role: analyst
                    # aligned
            # end of the users
        owner: founder@acme.example  
        provider: { url: https://x.example, kind: scim, key: { env: K } }

        teams: {design: support}
    # end of the accounts

teams:
    design:
    - ada@acme.example   # A
    # nobody else
people: { zoe: { formerly: [z@x.example], email: zoe@acme.example } }
# the end"), @r"
    # yaml-language-server: $schema=x
    # All of Acme.
    people: { zoe: { email: zoe@acme.example, formerly: [z@x.example] } }

    teams:
      design:
        - ada@acme.example   # A
      # nobody else
    accounts:   # everything
      # the main one
      acme:
        provider: { kind: scim, url: https://x.example, key: { env: K } }
        owner: founder@acme.example

        teams: {design: support}
        users:
          # founders

          ada@acme.example:      admin   # since 2019
          kay@acme.example:
            # the agency
            role: analyst
                # aligned
            expires: 2027-01-31   # soon
          # end of the users
      # end of the accounts
    # the end
    ");
}

#[test]
fn texts_over_several_lines_keep_what_they_say() {
    let text = "a:\n    b: |\n        one\n          two  \n\n\n        three\n    c: \"x\n        y \n\n        z\"\n    d: plain\n     more\n    e: >-\n        folded\n\n        text\n";
    assert_snapshot!(formatted(text), @r#"
    a:
      b: |
          one
            two  


          three
      c: "x
          y 

          z"
      d: plain
       more
      e: >-
          folded

          text
    "#);
}

#[test]
fn line_breaks_and_markers_stay() {
    assert_eq!(formatted("---\r\na:\r\n    b: 1\r\n...\r\n"), "---\r\na:\r\n  b: 1\r\n...\r\n");
    assert_eq!(formatted("{ teams: {}, people: {} }   "), "{ people: {}, teams: {} }\n");
    assert_eq!(formatted("\n\n# only\na: 1"), "# only\na: 1\n");
    assert_eq!(formatted("a:\n- b: 1\n  c: 2\n"), "a:\n  - b: 1\n    c: 2\n");
}

#[test]
fn what_is_no_yaml_is_left_alone() {
    assert!(format("roster.yaml", "a: [").is_err());
    assert!(format("roster.yaml", "a: 1\rb: 2").is_err());
}

#[test]
fn every_key_of_the_schema_has_its_place() {
    let schema = schema::schema();
    let keys = |pointer: &str| -> BTreeSet<String> {
        let properties = schema.pointer(pointer).and_then(|properties| properties.as_object()).expect("properties");
        properties.keys().cloned().collect()
    };
    for (pointer, order) in [
        ("/properties", order::ROSTER),
        ("/$defs/Defaults/properties", order::DEFAULTS),
        ("/$defs/Account/properties", order::ACCOUNT),
        ("/$defs/Server/properties", order::PROVIDER),
        ("/$defs/UserDetails/properties", order::USER),
        ("/$defs/PersonDetails/properties", order::PERSON),
    ] {
        let missing: Vec<String> = keys(pointer).into_iter().filter(|key| !order.contains(&key.as_str())).collect();
        assert_eq!(missing, [""; 0], "{pointer}");
    }
}
