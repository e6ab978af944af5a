//! Keys of accounts.

use axum::http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The digest of an account's key; the key itself is not kept.
#[derive(Clone)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// Keeps the digest of a key, which may come as people paste it: with the scheme before it.
    pub(super) fn new(key: &SecretString) -> Self {
        Self(digest(bare(key.expose_secret()).as_bytes()))
    }

    /// Whether a text is the key, as people paste it: with the scheme before it or without.
    pub(super) fn is(&self, text: &str) -> bool {
        self.matches(bare(text))
    }

    /// Whether an `Authorization` header carries the key, as `Bearer KEY` or `Klaviyo-API-Key KEY`.
    ///
    /// Digests are compared, and all of them whatever differs, so that the time it takes tells nothing about the key.
    pub(super) fn opens(&self, authorization: Option<&HeaderValue>) -> bool {
        let Some((scheme, key)) = authorization.and_then(|value| value.to_str().ok()?.split_once(' ')) else {
            return false;
        };
        is_scheme(scheme) && self.matches(key.trim())
    }

    fn matches(&self, key: &str) -> bool {
        let theirs = digest(key.as_bytes());
        self.0.iter().zip(theirs).fold(0, |sum, (ours, theirs)| sum | (ours ^ theirs)) == 0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// The key in a text.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)).map_or(text, |(_, key)| key.trim())
}

fn is_scheme(word: &str) -> bool {
    word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("klaviyo-api-key")
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_carry_the_key_and_nothing_else_does() {
        let key = Key::new(&SecretString::from("pk_1"));
        let opens = |header: &str| key.opens(Some(&HeaderValue::from_str(header).expect("a header")));
        assert!(opens("Bearer pk_1"));
        assert!(opens("klaviyo-api-key pk_1"));
        for wrong in ["Bearer pk_2", "pk_1", "Basic pk_1", "Bearer", "Bearer pk_1 pk_1"] {
            assert!(!opens(wrong), "{wrong}");
        }
        assert!(key.is("pk_1") && key.is(" Klaviyo-API-Key pk_1\n") && !key.is("Basic pk_1") && !key.is(""));
        assert!(Key::new(&SecretString::from("Klaviyo-API-Key pk_1")).is("pk_1"));
        assert!(!key.opens(None));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }
}
