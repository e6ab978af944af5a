//! The RFC's own operations, and operations that go wrong.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::sandbox::attribute::rfc::examples;

fn patched(resource: Value, operations: Value) -> Result<Value, Refusal> {
    let operations: Vec<PatchOperation> = serde_json::from_value(operations).expect("operations");
    let Value::Object(resource) = resource else { panic!("an object") };
    apply(&examples(), &resource, &operations).map(Value::Object)
}

fn keyword(resource: Value, operation: Value) -> Option<Keyword> {
    patched(resource, json!([operation])).expect_err("refused").keyword
}

/// RFC 7644 section 3.5.2.1.
#[test]
fn the_rfc_adds() {
    let james = json!({ "display": "James Smith", "$ref": "/Users/08e1d05d...473d93df9210", "value": "08e1d05d" });
    let babs = json!({ "display": "Babs Jensen", "$ref": "/Users/2819c223...413861904646", "value": "2819c223" });
    let outcome =
        patched(json!({ "members": [james] }), json!([{ "op": "add", "path": "members", "value": [babs, james] }]));
    assert_eq!(outcome, Ok(json!({ "members": [james, babs] })));

    let outcome = patched(
        json!({ "emails": [{ "value": "old@example.com", "primary": true }] }),
        json!([{ "op": "add", "value": {
            "emails": [{ "value": "babs@jensen.org", "type": "home", "primary": true }], "nickname": "Babs",
        } }]),
    );
    assert_eq!(
        outcome,
        Ok(json!({
            "emails": [
                { "value": "old@example.com", "primary": false },
                { "value": "babs@jensen.org", "type": "home", "primary": true },
            ],
            "nickName": "Babs",
        }))
    );
}

/// RFC 7644 section 3.5.2.2.
#[test]
fn the_rfc_removes() {
    let group = json!({ "members": [{ "value": "2819c223" }, { "value": "902c246b" }] });
    let remove = |path: &str| json!([{ "op": "remove", "path": path }]);
    assert_eq!(
        patched(group.clone(), remove(r#"members[value eq "2819c223"]"#)),
        Ok(json!({ "members": [{ "value": "902c246b" }] }))
    );
    assert_eq!(patched(group, remove("members")), Ok(json!({})));
    let user =
        json!({ "emails": [{ "type": "work", "value": "a@example.com" }, { "type": "work", "value": "a@other.com" }] });
    assert_eq!(
        patched(user, remove(r#"emails[type eq "work" and value ew "example.com"]"#)),
        Ok(json!({ "emails": [{ "type": "work", "value": "a@other.com" }] }))
    );
    // Remove one member and add another in one request.
    let outcome = patched(
        json!({ "members": [{ "value": "2819c223" }] }),
        json!([
            { "op": "remove", "path": r#"members[value eq "2819c223"]"# },
            { "op": "add", "path": "members", "value": [{ "value": "08e1d05d" }] },
        ]),
    );
    assert_eq!(outcome, Ok(json!({ "members": [{ "value": "08e1d05d" }] })));
}

/// RFC 7644 section 3.5.2.3.
#[test]
fn the_rfc_replaces() {
    let address = |street: &str, primary: bool| json!({ "type": "work", "streetAddress": street, "primary": primary });
    let home = json!({ "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": true });
    let user = json!({ "addresses": [address("100 Universal City Plaza", false), home] });
    let outcome = patched(
        user.clone(),
        json!([{ "op": "replace", "path": r#"addresses[type eq "work"]"#, "value": address("911 Universal City Plaza", true) }]),
    );
    assert_eq!(
        outcome.expect("a match")["addresses"],
        json!([
            address("911 Universal City Plaza", true),
            { "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": false },
        ])
    );
    let outcome = patched(
        user,
        json!([{ "op": "replace", "path": r#"addresses[type eq "work"].streetAddress"#, "value": "1010 Broadway Ave" }]),
    );
    assert_eq!(outcome.expect("a match")["addresses"][0], address("1010 Broadway Ave", false));
    let outcome = patched(
        json!({ "emails": [{ "value": "old@example.com" }], "nickName": "Barbara", "title": "kept" }),
        json!([{ "op": "replace", "value": { "emails": [{ "value": "bjensen@example.com" }], "nickname": "Babs" } }]),
    );
    assert_eq!(
        outcome,
        Ok(json!({ "emails": [{ "value": "bjensen@example.com" }], "nickName": "Babs", "title": "kept" }))
    );
}

#[test]
fn parts_of_a_complex_attribute_are_written_without_the_others() {
    let user = json!({ "name": { "givenName": "Ada", "familyName": "Byron" } });
    let replace =
        |path: &str, value: Value| patched(user.clone(), json!([{ "op": "replace", "path": path, "value": value }]));
    let married = json!({ "name": { "givenName": "Ada", "familyName": "Lovelace" } });
    assert_eq!(replace("name.familyName", json!("Lovelace")), Ok(married.clone()));
    assert_eq!(replace("NAME", json!({ "FamilyName": "Lovelace" })), Ok(married));
    assert_eq!(replace("name.givenName", Value::Null), Ok(json!({ "name": { "familyName": "Byron" } })));
    assert_eq!(patched(user.clone(), json!([{ "op": "Remove", "path": "name" }])), Ok(json!({})));
    assert_eq!(
        patched(json!({}), json!([{ "op": "add", "path": "emails.value", "value": "x" }])),
        Ok(json!({ "emails": [{ "value": "x" }] }))
    );
}

#[test]
fn what_goes_wrong_has_its_keyword() {
    let user = json!({ "id": "1", "emails": [{ "type": "work", "value": "x" }] });
    for (operation, expected) in [
        (json!({ "op": "replace", "path": r#"emails[type eq "home"].value"#, "value": "x" }), Keyword::NoTarget),
        (json!({ "op": "remove", "path": r#"emails[type eq "home"]"# }), Keyword::NoTarget),
        (json!({ "op": "remove" }), Keyword::NoTarget),
        (json!({ "op": "add", "path": "emails[type eq", "value": "x" }), Keyword::InvalidPath),
        (json!({ "op": "add", "path": "shoes", "value": "x" }), Keyword::InvalidPath),
        (json!({ "op": "add", "path": r#"title[value eq "x"]"#, "value": "x" }), Keyword::InvalidPath),
        (json!({ "op": "add", "path": r#"emails[shoe eq "x"]"#, "value": {} }), Keyword::InvalidFilter),
        (json!({ "op": "add", "path": "id", "value": "2" }), Keyword::Mutability),
        (json!({ "op": "add", "path": "title" }), Keyword::InvalidValue),
        (json!({ "op": "add", "path": "title", "value": ["x"] }), Keyword::InvalidValue),
        (json!({ "op": "add", "path": "emails", "value": "x" }), Keyword::InvalidValue),
        (json!({ "op": "add", "value": "x" }), Keyword::InvalidValue),
        (json!({ "op": "move", "path": "title" }), Keyword::InvalidSyntax),
    ] {
        assert_eq!(keyword(user.clone(), operation.clone()), Some(expected), "{operation}");
    }
    assert_eq!(patched(user.clone(), json!([{ "op": "replace", "value": { "id": "1", "schemas": [] } }])), Ok(user));
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        "[a-z]{0,3}".prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec!["value", "type", "primary", "name", "emails", "title", "givenName", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(key, inner, 0..3).prop_map(|members| Value::Object(
                members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    /// Whatever is sent, the outcome has the schema's shape: sending it again as a whole is accepted and changes nothing.
    #[test]
    fn no_operation_leaves_the_schema(
        operations in prop::collection::vec((
            prop::sample::select(vec!["add", "replace", "remove"]),
            prop::option::of(prop::sample::select(vec![
                "title", "name", "name.givenName", "emails", "emails.value", "emails[type eq \"a\"]",
                "emails[primary eq true].value", "emails[not(value pr)]", "members", "id", "", "emails[",
            ])),
            prop::option::of(json_value()),
        ), 1..6),
    ) {
        let mut resource = json!({ "emails": [{ "type": "a", "value": "x", "primary": true }, { "value": "y" }] });
        for (op, path, value) in operations {
            let mut operation = json!({ "op": op });
            if let Some(path) = path {
                operation["path"] = json!(path);
            }
            if let Some(value) = value {
                operation["value"] = value;
            }
            if let Ok(outcome) = patched(resource.clone(), json!([operation])) {
                resource = outcome;
            }
        }
        let accepted = crate::sandbox::attribute::accept::accept_resource(
            &examples(),
            resource.as_object().expect("an object"),
        );
        prop_assert_eq!(accepted.map(Value::Object), Ok(resource.clone()));
        if let Some(emails) = resource.get("emails").and_then(Value::as_array) {
            let primary = emails.iter().filter(|email| email.get("primary") == Some(&json!(true))).count();
            prop_assert!(!emails.is_empty() && primary <= 1, "{resource}");
        }
    }

    #[test]
    fn no_text_makes_the_path_parser_panic(text in any::<String>()) {
        let _whatever = path::read(&text, &examples());
    }
}
