//! Keys, signatures (Ed25519) and fingerprints.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::model::digest;

/// How many digits a fingerprint has: 128 bits, which nobody hits with another key, and few enough for a telephone.
const DIGITS: usize = 32;

/// The key of whoever asks. It is never shown; what it writes can be checked by everybody.
pub struct SigningKey(Ed25519KeyPair);

/// What a public key is known by: short enough to be read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

/// A text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is {DIGITS} digits and letters from `a` to `f`, in any groups")]
pub struct InvalidFingerprint;

/// A key that cannot be used or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this holds no key for signing requests")]
pub struct UnusableKey;

impl SigningKey {
    /// A new key, and the text that keeps it.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn generate() -> Result<(String, Self), UnusableKey> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| UnusableKey)?;
        let text = BASE64_STANDARD.encode(document.as_ref());
        let key = Self::read(&text)?;
        Ok((text, key))
    }

    /// The key that this text keeps.
    ///
    /// # Errors
    /// Where it keeps none.
    pub fn read(text: &str) -> Result<Self, UnusableKey> {
        let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| UnusableKey)?;
        Ed25519KeyPair::from_pkcs8(&bytes).map(Self).map_err(|_| UnusableKey)
    }

    /// What its public half is known by.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.public())
    }

    pub(super) fn public(&self) -> String {
        BASE64_STANDARD.encode(self.0.public_key().as_ref())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> String {
        BASE64_STANDARD.encode(self.0.sign(bytes).as_ref())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(***)")
    }
}

/// Whether a public key made this signature of these bytes.
pub(super) fn fits(public: &str, bytes: &[u8], signature: &str) -> bool {
    let decoded = |text: &str| BASE64_STANDARD.decode(text).ok();
    let (Some(public), Some(signature)) = (decoded(public), decoded(signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, public).verify(bytes, &signature).is_ok()
}

impl Fingerprint {
    pub(super) fn of(public: &str) -> Self {
        let mut fingerprint = digest::Fingerprint::of("roster request key 1");
        fingerprint.text(public);
        let mut digits = fingerprint.finish().to_string();
        digits.truncate(DIGITS);
        Self(digits)
    }
}

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    /// Reads a fingerprint as somebody wrote it down: case, blanks and hyphens do not matter.
    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let digits: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
        let valid = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if valid { Ok(Self(digits)) } else { Err(InvalidFingerprint) }
    }
}

impl fmt::Display for Fingerprint {
    /// In groups of four, as it is read out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
        formatter.pad(&groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_people_write_it() {
        let (text, key) = SigningKey::generate().expect("a key");
        let shown = key.fingerprint().to_string();
        assert_eq!(shown.len(), 39);
        assert_eq!(shown.to_uppercase().replace('-', " ").parse(), Ok(key.fingerprint()));
        assert_eq!(shown[..38].parse::<Fingerprint>(), Err(InvalidFingerprint));
        assert_eq!(SigningKey::read(&text).map(|key| key.fingerprint()), Ok(key.fingerprint()));
        assert_eq!(SigningKey::read("c2VjcmV0").map(drop), Err(UnusableKey));
        assert_eq!(format!("{key:?}"), "SigningKey(***)");
    }
}
