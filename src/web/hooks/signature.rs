//! How forges sign what they say.

use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};

use crate::provider::key::Key;

/// How far the time of a word may be from ours.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// What was said, in one of the ways in which it can be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signed<'a> {
    /// As GitHub, Gitea and Forgejo do: `X-Hub-Signature-256` over the body. It carries no time.
    Body {
        /// What is signed.
        body: &'a [u8],
        /// The signature.
        signature: Vec<u8>,
    },
    /// As the Standard Webhooks say, and GitLab with a signing token: over an id, a time and the body.
    Standard {
        /// The id.
        id: &'a str,
        /// The time, in seconds, as it is signed.
        time: &'a str,
        /// The body.
        body: &'a [u8],
        /// The signatures, of which one has to be right.
        signatures: Vec<Vec<u8>>,
    },
    /// As GitLab with a secret token: nothing is signed, and the secret itself is sent.
    Token(&'a str),
}

/// Why a word does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// It is signed in no way that is known here.
    #[error("The request has no signature: X-Hub-Signature-256, webhook-signature or X-Gitlab-Token.")]
    Unsigned,
    /// It is signed by somebody else.
    #[error("The signature is not one of this secret.")]
    Forged,
    /// Its time is not now.
    #[error("The request was signed too long ago, or a clock is wrong.")]
    TooLate,
}

impl<'a> Signed<'a> {
    /// What is said, and how it is signed.
    pub(super) fn of(headers: &'a HeaderMap, body: &'a [u8]) -> Result<Self, Refused> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if let (Some(id), Some(time), Some(signatures)) =
            (text("webhook-id"), text("webhook-timestamp"), text("webhook-signature"))
        {
            let first = |signature: &str| BASE64_STANDARD.decode(signature.strip_prefix("v1,")?).ok();
            return Ok(Self::Standard {
                id,
                time,
                body,
                signatures: signatures.split(' ').filter_map(first).collect(),
            });
        }
        if let Some(signature) = text("x-hub-signature-256") {
            let signature = signature.strip_prefix("sha256=").and_then(bytes).ok_or(Refused::Forged)?;
            return Ok(Self::Body { body, signature });
        }
        text("x-gitlab-token").map(Self::Token).ok_or(Refused::Unsigned)
    }

    /// The same, where it is signed by whoever has the secret, and just now.
    pub(super) fn check(self, secret: &Key, now: Timestamp) -> Result<Self, Refused> {
        let signed = match &self {
            Self::Body { body, signature } => secret.has_signed(&[*body], signature),
            Self::Standard { id, time, body, signatures } => {
                let parts: [&[u8]; 5] = [id.as_bytes(), b".", time.as_bytes(), b".", *body];
                signatures.iter().any(|signature| secret.has_signed(&parts, signature))
            }
            Self::Token(token) => secret.is(token),
        };
        if !signed {
            return Err(Refused::Forged);
        }
        if let Self::Standard { time, .. } = &self {
            let at = time.parse().ok().and_then(|time| Timestamp::from_second(time).ok());
            if at.is_none_or(|at| now.duration_since(at).abs() > WINDOW) {
                return Err(Refused::TooLate);
            }
        }
        Ok(self)
    }

    /// What makes it the same word as one before, where something signed does.
    pub(super) fn word(&self) -> Option<&[u8]> {
        match self {
            Self::Body { body: _, signature } => Some(signature),
            Self::Standard { id, .. } => Some(id.as_bytes()),
            Self::Token(_) => None,
        }
    }
}

/// Bytes from hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (hex.len().is_multiple_of(2) && hex.is_ascii()).then(|| hex.as_bytes().chunks(2).map(pair).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"{\"ref\":\"refs/heads/main\"}";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    fn checked(pairs: &[(&'static str, &str)], second: i64) -> Result<(), Refused> {
        let secret = Key::new("It's a Secret to Everybody").expect("a key");
        let now = Timestamp::from_second(second).expect("a time");
        Signed::of(&headers(pairs), BODY).and_then(|signed| signed.check(&secret, now)).map(|_| ())
    }

    #[test]
    fn only_the_secret_makes_a_signature_and_only_for_this_body() {
        let secret = Key::new("It's a Secret to Everybody").expect("a key");
        let hex = |parts: &[&[u8]]| -> String {
            let digits: String = secret.sign(parts).iter().map(|byte| format!("{byte:02x}")).collect();
            format!("sha256={digits}")
        };
        assert_eq!(checked(&[("x-hub-signature-256", &hex(&[BODY]))], 0), Ok(()));
        assert_eq!(checked(&[("x-hub-signature-256", &hex(&[b"{}"]))], 0), Err(Refused::Forged));
        assert_eq!(checked(&[("x-hub-signature-256", "sha256=zz")], 0), Err(Refused::Forged));
        assert_eq!(checked(&[("x-hub-signature-256", "sha256=")], 0), Err(Refused::Forged));
        assert_eq!(checked(&[("x-gitlab-token", "It's a Secret to Everybody")], 0), Ok(()));
        assert_eq!(checked(&[("x-gitlab-token", "it's a secret to everybody")], 0), Err(Refused::Forged));
        assert_eq!(checked(&[], 0), Err(Refused::Unsigned));
    }

    #[test]
    fn a_signed_time_counts_for_five_minutes() {
        let secret = Key::new("It's a Secret to Everybody").expect("a key");
        let signature = BASE64_STANDARD.encode(secret.sign(&[b"msg_1.1000.", BODY]));
        let signed = |time: &'static str| {
            let signatures = format!("v1,AAAA v1,{signature} v2,{signature}");
            checked(&[("webhook-id", "msg_1"), ("webhook-timestamp", time), ("webhook-signature", &signatures)], 1200)
        };
        assert_eq!(signed("1000"), Ok(()));
        assert_eq!(signed("1001"), Err(Refused::Forged));
        let signature = format!("v1,{signature}");
        let late = [("webhook-id", "msg_1"), ("webhook-timestamp", "1000"), ("webhook-signature", signature.as_str())];
        assert_eq!(checked(&late, 1301), Err(Refused::TooLate));
    }
}
