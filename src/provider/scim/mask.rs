//! The key, taken out of what a server says before anybody sees it.

use std::cmp::Reverse;

use secrecy::{ExposeSecret, SecretString};

/// The shortest part of a key that is hidden by itself; shorter ones are parts of ordinary words.
const SHORTEST: usize = 4;

/// How many layers of JSON escapes are looked through, as where a server quotes JSON inside JSON.
const LAYERS: usize = 4;

/// What must not be shown: the key as it is sent, and each of its parts, in lower case, longest first.
pub(super) struct Mask(Vec<SecretString>);

impl Mask {
    /// Hides this key, which stands here without its scheme.
    pub(super) fn of(key: &str) -> Self {
        let key = key.to_ascii_lowercase();
        let parts = key.split_whitespace().filter(|part| part.len() >= SHORTEST);
        let mut secrets: Vec<&str> = parts.chain([key.trim()]).filter(|secret| !secret.is_empty()).collect();
        secrets.sort_by_key(|secret| Reverse(secret.len()));
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

/// The text with one layer of those JSON escapes resolved (RFC 8259 section 7) that can stand for a printable character.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (character, length) = match after.as_bytes().first() {
            Some(b'"' | b'\\' | b'/') => (after.chars().next(), 1),
            Some(b'u') => {
                let code = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                (code.and_then(char::from_u32), 5)
            }
            Some(_) | None => (None, 0),
        };
        match character {
            Some(character) => {
                plain.push(character);
                rest = &after[length..];
            }
            None => {
                plain.push('\\');
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
