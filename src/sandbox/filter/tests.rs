//! The RFC's own filters, and filters that are none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::evaluate::matches;
use super::*;
use crate::sandbox::attribute::rfc::examples;

fn passes(filter: &str, resource: &Value) -> bool {
    let expression = read(filter, &examples()).unwrap_or_else(|refusal| panic!("{filter}: {refusal}"));
    matches(&expression, resource.as_object().expect("an object"))
}

fn jensen() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "bjensen",
        "userType": "Employee",
        "name": { "familyName": "O'Malley" },
        "emails": [
            { "type": "home", "value": "babs@jensen.org" },
            { "type": "work", "value": "BJensen@Example.com" },
        ],
        "meta": { "lastModified": "2011-05-13T04:42:34Z" },
    })
}

/// RFC 7644, figure 2 and the filters that follow it.
#[test]
fn the_filters_of_the_rfc_find_who_they_should() {
    for (filter, expected) in [
        (r#"userName eq "bjensen""#, true),
        (r#"name.familyName co "O'Malley""#, true),
        (r#"userName sw "J""#, false),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#, false),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b""#, true),
        ("title pr", false),
        (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, false),
        (r#"meta.lastModified ge "2011-05-13T04:42:34Z""#, true),
        (r#"meta.lastModified lt "2011-05-13T04:42:34Z""#, false),
        (r#"meta.lastModified le "2011-05-13T06:42:34+02:00""#, true),
        (r#"title pr and userType eq "Employee""#, false),
        (r#"title pr or userType eq "Intern""#, false),
        (r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#, false),
        (r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#, true),
        (r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#, false),
        (r#"userType eq "Employee" and (emails.type eq "work")"#, true),
        (r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#, true),
        (r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#, true),
        (r#"emails[type eq "home" and value co "@example.com"]"#, false),
    ] {
        assert_eq!(passes(filter, &jensen()), expected, "{filter}");
    }
}

#[test]
fn operators_bind_as_the_rfc_says() {
    let user = json!({ "userName": "a", "title": "t" });
    assert!(passes(r#"userName eq "a" or userName eq "b" and title eq "x""#, &user));
    assert!(!passes(r#"(userName eq "a" or userName eq "b") and title eq "x""#, &user));
    assert!(passes(r#"not(userName eq "b") AND Title PR"#, &user));
    assert!(passes(r#"userName EQ "a""#, &user));
    assert!(passes("nickName eq null and title ne null", &user));
    assert!(passes(r#"nickName ne "x" and not (nickName eq "x")"#, &user));
}

#[test]
fn a_filter_that_is_none_is_refused() {
    for filter in [
        "",
        "userName",
        "userName eq",
        r#"userName eq "a"#,
        r#"userName eq "a" and"#,
        r#"userName is "a""#,
        r#"(userName eq "a""#,
        r#"shoeSize eq "44""#,
        "userName eq 3",
        r#"meta.lastModified gt "yesterday""#,
        r#"emails[type eq "work" and shoe eq "x"]"#,
        r#"userName[value eq "x"]"#,
        r#"emails.primary co "x""#,
        "emails.primary gt true",
    ] {
        let refusal = read(filter, &examples()).expect_err(filter);
        assert_eq!((refusal.status, refusal.keyword), (400, Some(Keyword::InvalidFilter)), "{filter}");
    }
    let deep = format!("{}title pr{}", "(".repeat(5000), ")".repeat(5000));
    assert!(read(&deep, &examples()).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _whatever = read(&text, &examples());
    }

    #[test]
    fn no_heap_of_tokens_makes_the_parser_panic(tokens in prop::collection::vec(prop::sample::select(vec![
        "userName", "emails", "emails.type", "meta.created", "eq", "co", "pr", "and", "or", "not", "(", ")", "[", "]", ".",
        "\"x\"", "\"\\u12\"", "\"", "true", "null", "-1e9", ":", "urn:ietf:params:scim:schemas:core:2.0:User:", " ", "é",
    ]), 0..12)) {
        let _whatever = read(&tokens.join(" "), &examples());
        let _whatever = read(&tokens.concat(), &examples());
    }
}
