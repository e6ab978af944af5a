//! A user as JSON in which no value can be recognised: what it is made of can be shown, who it is cannot.

use serde_json::Value;

/// Members whose values are words of the protocol or of the account rather than of a person.
const PLAIN: &[&str] =
    &["schemas", "resourcetype", "active", "primary", "type", "locale", "preferredlanguage", "usertype"];

/// Members below which everything is such a word.
const PLAIN_BELOW: &[&str] = &["roles", "entitlements", "role"];

/// The longest text that is shown, in characters: one that is masked, and one that is not.
const LONGEST_MASKED: usize = 48;
const LONGEST_PLAIN: usize = 200;

/// The user with every value masked.
pub(super) fn masked(user: &Value) -> String {
    let masked = mask(user);
    serde_json::to_string_pretty(&masked).unwrap_or_default()
}

fn mask(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let masked = members.iter().map(|(name, value)| {
                let folded = name.to_ascii_lowercase();
                let keeps = PLAIN.contains(&folded.as_str()) || PLAIN_BELOW.contains(&folded.as_str());
                (name.clone(), if keeps { shortened(value) } else { mask(value) })
            });
            Value::Object(masked.collect())
        }
        Value::Array(elements) => Value::Array(elements.iter().map(mask).collect()),
        Value::String(text) => Value::from(shape(text)),
        Value::Number(_) => Value::from(0),
        Value::Bool(_) | Value::Null => value.clone(),
    }
}

/// Letters and digits become signs for what they are; what stands between them stays.
fn shape(text: &str) -> String {
    let sign = |c: char| match c {
        _ if c.is_uppercase() => 'X',
        _ if c.is_alphabetic() => 'x',
        _ if c.is_numeric() => '0',
        _ => c,
    };
    text.chars().take(LONGEST_MASKED).map(sign).collect()
}

fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(text.chars().take(LONGEST_PLAIN).collect::<String>()),
        Value::Array(elements) => Value::Array(elements.iter().map(shortened).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), shortened(value))).collect())
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nobody_can_be_recognised() {
        let user = json!({
            "schemas": ["urn:x"], "id": "4711-ab", "userName": "Ada.L@acme.example", "active": true, "meta": {"version": 12},
            "name": {"givenName": "Ève"}, "roles": [{"value": "admin", "primary": true}], "phoneNumbers": [{"value": "+49 1", "type": "work"}],
        });
        let expected = json!({
            "schemas": ["urn:x"], "id": "0000-xx", "userName": "Xxx.X@xxxx.xxxxxxx", "active": true, "meta": {"version": 0},
            "name": {"givenName": "Xxx"}, "roles": [{"value": "admin", "primary": true}], "phoneNumbers": [{"value": "+00 0", "type": "work"}],
        });
        assert_eq!(masked(&user), serde_json::to_string_pretty(&expected).expect("JSON"));
    }
}
