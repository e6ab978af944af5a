//! The key, taken out of what a server says before anybody sees it.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::model::dialect::wire::Escaping;
use crate::provider::scim::target::escape;

/// The shortest part of a key that is hidden by itself; shorter ones are parts of ordinary words.
const SHORTEST: usize = 4;

/// How many layers of JSON escapes are looked through, as where a server quotes JSON inside JSON.
const LAYERS: usize = 4;

/// What must not be shown: the key as it is sent, each of its parts, and the forms in which they travel, in lower case,
/// longest first.
pub(super) struct Mask(Vec<SecretString>);

/// The shortest part of an encoded key that is hidden; shorter ones come up by chance.
const SHORTEST_ENCODED: usize = 8;

impl Mask {
    /// Hides this key, which stands here without its scheme.
    pub(super) fn of(key: &str) -> Self {
        let parts = key.split_whitespace().filter(|part| part.len() >= SHORTEST);
        let plain: Vec<&str> = parts.chain([key.trim()]).filter(|secret| !secret.is_empty()).collect();
        let mut secrets: Vec<String> = plain.iter().map(|secret| (*secret).to_owned()).collect();
        secrets.extend(plain.iter().map(|secret| escape(secret, Escaping::Strict)));
        secrets.extend(plain.iter().flat_map(|secret| in_base64(secret)));
        secrets.iter_mut().for_each(|secret| secret.make_ascii_lowercase());
        secrets.sort_by(|one, other| (Reverse(one.len()), one).cmp(&(Reverse(other.len()), other)));
        secrets.dedup();
        Self(secrets.into_iter().map(SecretString::from).collect())
    }

    /// The text with `***` where the key stood, in whatever case, and also where it stood behind JSON escapes; those are
    /// then resolved in the whole text.
    pub(super) fn hide(&self, text: &str) -> String {
        let mut shown = self.replaced(text);
        let mut decoded = shown.clone();
        for _ in 0..LAYERS {
            let next = unescaped(&decoded);
            if next == decoded {
                break;
            }
            decoded = self.replaced(&next);
            if decoded != next {
                shown.clone_from(&decoded);
            }
        }
        shown
    }

    /// The same for a text that may have been cut in the middle of the key.
    pub(super) fn hide_cut(&self, text: &str) -> String {
        let mut text = self.hide(text);
        let lower = text.to_ascii_lowercase();
        let begun =
            self.secrets().flat_map(|secret| (SHORTEST..secret.len()).filter_map(|length| secret.get(..length)));
        if let Some(longest) = begun.filter(|start| lower.ends_with(start)).map(str::len).max() {
            text.truncate(text.len() - longest);
            text.push_str("***");
        }
        text
    }

    /// The same for every text in a JSON value.
    pub(super) fn hide_in(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hide(&text)),
            Value::Array(elements) => Value::Array(elements.into_iter().map(|element| self.hide_in(element)).collect()),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (self.hide(&name), self.hide_in(value))).collect()
            }
            Value::Number(_) | Value::Bool(_) | Value::Null => value,
        }
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(ExposeSecret::expose_secret)
    }

    fn replaced(&self, text: &str) -> String {
        self.secrets().fold(text.to_owned(), |text, secret| {
            // A key is ASCII, so both texts have the same places, and each is between two characters.
            let lower = text.to_ascii_lowercase();
            let mut shown = String::with_capacity(text.len());
            let mut rest = 0;
            for (start, found) in lower.match_indices(secret) {
                shown.push_str(&text[rest..start]);
                shown.push_str("***");
                rest = start + found.len();
            }
            shown.push_str(&text[rest..]);
            shown
        })
    }
}

/// What stands for a text in the base64 of anything that holds it, as a header that a server quotes so: with it may begin
/// the first, second or third byte of three, and what its ends share with their neighbours is not part of it.
fn in_base64(text: &str) -> Vec<String> {
    let places = (0..3).flat_map(|before| {
        let bytes = [&[0, 0][..before], text.as_bytes()].concat();
        let first = (before * 8).div_ceil(6);
        let end = bytes.len() * 8 / 6;
        [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
            .into_iter()
            .filter_map(move |encoded| encoded.get(first..end).map(str::to_owned))
    });
    places.filter(|encoded| encoded.len() >= SHORTEST_ENCODED).collect()
}

/// The text with one layer of those escapes resolved, of JSON (RFC 8259 section 7) and of URLs (RFC 3986 section 2.1), that
/// can stand for a printable character.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '%']) {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        let (sign, after) = after.split_at(1);
        let code = |digits: std::ops::Range<usize>| {
            let code = after.get(digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            code.and_then(char::from_u32)
        };
        let (character, length) = match (sign, after.as_bytes().first()) {
            ("%", _) => (code(0..2).filter(char::is_ascii_graphic), 2),
            (_, Some(b'"' | b'\\' | b'/')) => (after.chars().next(), 1),
            (_, Some(b'u')) => (code(1..5), 5),
            (_, Some(_) | None) => (None, 0),
        };
        match character {
            Some(character) => {
                plain.push(character);
                rest = &after[length..];
            }
            None => {
                plain.push_str(sign);
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_hidden_however_it_is_spelled() {
        let mask = Mask::of("pk-a/b");
        assert_eq!(mask.hide("bad key PK-A/B, pk-a/b!"), "bad key ***, ***!");
        assert_eq!(mask.hide(r#"{"x":"pk\u002da\/b"}"#), r#"{"x":"***"}"#);
        assert_eq!(mask.hide(r#"{"x":"{\"y\":\"pk\\u002Da/b\"}"}"#), r#"{"x":"{"y":"***"}"}"#);
        let plain = r#"a \"word\" and \u00e9"#;
        assert_eq!(mask.hide(plain), plain);
    }

    #[test]
    fn the_key_is_hidden_in_the_forms_in_which_it_travels() {
        let key = "ab+cd/ef0123456789==";
        let mask = Mask::of(key);
        for escaped in ["ab%2Bcd%2Fef0123456789%3D%3D", "ab%2bcd%2fef0123456789%3d%3d", "ab+cd%2Fef0123456789=="] {
            let shown = mask.hide(&format!("/v2/Users?access_token={escaped}&x=%20"));
            assert!(shown.starts_with("/v2/Users?access_token=***&x="), "{shown}");
        }
        for quoted in [key.to_owned(), format!("Bearer {key}"), format!("x: {key}\n"), format!("{key}:y")] {
            for encoded in [STANDARD_NO_PAD.encode(&quoted), URL_SAFE_NO_PAD.encode(&quoted)] {
                let shown = mask.hide(&format!("you sent {encoded}!"));
                let rest = shown.replace("***", "");
                let telling = encoded
                    .as_bytes()
                    .windows(4)
                    .skip(8)
                    .take(12)
                    .any(|part| rest.contains(std::str::from_utf8(part).expect("base64")));
                assert!(shown.contains("***") && !telling, "{quoted}: {shown}");
            }
        }
        let half = mask.hide_cut("access_token=ab%2Bcd%2Fef01");
        assert_eq!(half, "access_token=***");
    }

    #[test]
    fn every_part_of_a_key_is_hidden() {
        let mask = Mask::of("Token token=abc x");
        assert_eq!(mask.hide("Token token=abc x; token=abc"), "***; ***");
        assert_eq!(mask.hide("an x"), "an x");
        assert_eq!(Mask::of("abc").hide("abcd"), "***d");
    }

    #[test]
    fn half_a_key_at_the_end_of_what_came_is_hidden() {
        let mask = Mask::of("secret-key");
        assert_eq!(mask.hide_cut("the key secret-"), "the key ***");
        assert_eq!(mask.hide_cut("a sec"), "a sec");
    }
}
