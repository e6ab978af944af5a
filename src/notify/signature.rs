//! Proof that a webhook comes from whoever knows the key, and was neither changed nor repeated: HMAC-SHA256 (RFC 2104) over
//! id, time and body, as the Standard Webhooks specification has it; and over the body alone, as many receivers check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The headers of the Standard Webhooks specification.
pub(super) const ID: &str = "webhook-id";
pub(super) const TIMESTAMP: &str = "webhook-timestamp";
pub(super) const SIGNATURE: &str = "webhook-signature";

/// The header of a signature over the body alone.
pub(super) const OVER_BODY: &str = "x-roster-signature";

/// How a key begins that is written in base64.
const ENCODED: &str = "whsec_";

/// A key to sign with.
pub(super) struct SigningKey(Hmac<Sha256>);

/// A key that says it is base64, and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key begins with `{ENCODED}`, and what follows is not base64")]
pub(super) struct NotEncoded;

impl SigningKey {
    /// The key in a text: its bytes, or those that it is the base64 of where it says so.
    pub(super) fn read(text: &SecretString) -> Result<Self, NotEncoded> {
        let text = text.expose_secret();
        let bytes = match text.strip_prefix(ENCODED) {
            Some(encoded) => STANDARD.decode(encoded).map_err(|_| NotEncoded)?,
            None => text.as_bytes().to_vec(),
        };
        // An HMAC takes keys of any length.
        Hmac::new_from_slice(&bytes).map(Self).map_err(|_| NotEncoded)
    }

    /// The headers that prove it, for one try at one moment.
    pub(super) fn headers(&self, id: &str, at: Timestamp, body: &[u8]) -> [(&'static str, String); 4] {
        let seconds = at.as_second().to_string();
        let standard = self.sign(&[id.as_bytes(), b".", seconds.as_bytes(), b".", body]);
        let over_body: String = self.sign(&[body]).iter().map(|byte| format!("{byte:02x}")).collect();
        [
            (ID, id.to_owned()),
            (TIMESTAMP, seconds),
            (SIGNATURE, format!("v1,{}", STANDARD.encode(standard))),
            (OVER_BODY, format!("sha256={over_body}")),
        ]
    }

    fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut signing = self.0.clone();
        parts.iter().for_each(|part| signing.update(part));
        signing.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(key: &str, id: &str, second: i64, body: &[u8]) -> Vec<String> {
        let key = SigningKey::read(&SecretString::from(key)).expect("a key");
        let at = Timestamp::from_second(second).expect("a time");
        key.headers(id, at, body).into_iter().map(|(name, value)| format!("{name}: {value}")).collect()
    }

    /// The example of the Standard Webhooks specification, and the second test case of RFC 4231.
    #[test]
    fn a_body_is_signed_as_the_specifications_say() {
        let standard = headers(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            standard[..3],
            [
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp: 1614265330",
                "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ]
        );
        let over_body = headers("Jefe", "msg_1", 0, b"what do ya want for nothing?");
        assert_eq!(
            over_body[3],
            "x-roster-signature: sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(SigningKey::read(&SecretString::from("whsec_*")).err(), Some(NotEncoded));
    }
}
