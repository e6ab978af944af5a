//! What a key proves to us: that somebody else has it. It does not leave its type for that.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::provider::key::Key;

/// What a secret begins with that is written as the Standard Webhooks write one: the rest is base64.
const ENCODED: &str = "whsec_";

impl Key {
    /// Whether this text is the key. It takes the same time whatever differs.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        // Digests have one length, so the comparison does not tell how long the key is.
        let digest = |text: &str| <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
        let (ours, theirs) = (digest(self.expose()), digest(given));
        ours.iter().zip(theirs).fold(0, |sum, (ours, theirs)| sum | (ours ^ theirs)) == 0
    }

    /// Whether the other is the same key.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.is(other.expose())
    }

    /// How long it is.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.expose().chars().count()
    }

    /// Whether whoever signed these parts, one after the other, has the key (HMAC-SHA-256). It takes the same time whatever
    /// differs.
    #[must_use]
    pub fn has_signed(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.seal(parts).is_some_and(|seal| seal.verify_slice(signature).is_ok())
    }

    /// A signature over these parts, one after the other (HMAC-SHA-256).
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        self.seal(parts).map(|seal| seal.finalize().into_bytes().to_vec()).unwrap_or_default()
    }

    fn seal(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let text = self.expose();
        let encoded = text.strip_prefix(ENCODED).and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
        let key = encoded.as_deref().unwrap_or(text.as_bytes());
        let seal = <Hmac<Sha256> as KeyInit>::new_from_slice(key).ok()?;
        Some(parts.iter().fold(seal, |seal, part| seal.chain_update(part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::new(text).expect("a key")
    }

    #[test]
    fn only_the_same_text_is_the_key() {
        let secret = key("correct horse");
        assert!(secret.is("correct horse"));
        assert!(["", "correct hors", "correct horsf", "correct horse "].iter().all(|other| !secret.is(other)));
    }

    /// The example of RFC 4231, section 4.3, and that of the Standard Webhooks.
    #[test]
    fn a_signature_is_that_of_the_standards() {
        let signature = key("Jefe").sign(&[b"what do ya want ", b"for nothing?"]);
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(key("Jefe").has_signed(&[b"what do ya want for nothing?"], &signature));
        assert!(!key("Jefes").has_signed(&[b"what do ya want for nothing?"], &signature));
        assert!(!key("Jefe").has_signed(&[b"what do ya want for nothing?"], &signature[..31]));
        let standard = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        assert_eq!(BASE64_STANDARD.encode(standard.sign(&[signed])), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
