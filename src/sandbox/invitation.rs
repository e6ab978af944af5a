//! Invitations: the token that proves that somebody got the mail, and how long it counts.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// How long an invitation counts.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The secret part of an invitation's link.
pub(crate) struct Token(String);

impl Token {
    /// A new token that nobody can guess.
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().simple().to_string())
    }

    /// A token as it stands in a link.
    pub(crate) fn from_link(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is stored of the token, so that who reads the database cannot accept for others.
    pub(crate) fn digest(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// When an invitation that is sent now ends.
pub(crate) fn expiry(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}
