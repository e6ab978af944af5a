//! A signed request for access: somebody outside, such as an agency, writes down what they ask for, and whoever owns the
//! account reviews it and takes it into their roster. The file grants nothing.
//!
//! The signature proves that the file is as its writer made it. Whose key it is no file can prove: people compare the
//! fingerprint over another way, such as the telephone. Reading and writing files does not belong here.

mod seal;
mod wire;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::model::email::Email;
use crate::model::role::RoleName;
use crate::model::visible;

pub use crate::request::seal::{Fingerprint, InvalidFingerprint, SigningKey, UnusableKey};

/// How many people one request may be for.
const MOST_PEOPLE: usize = 100;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 500;

/// The largest file of a request, in bytes: a hundred people with long names, and room.
pub const LARGEST: usize = 256 << 10;

/// How long a request may count from now on: one that counts for ever could be brought again years later.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What tells this request from every other.
    pub id: String,
    /// Who asks, in their own words.
    pub from: String,
    /// What the account is called by whoever asks; the roster that takes it in may call it otherwise.
    pub account: String,
    /// Who is to be let in, and as what.
    pub people: Vec<(Email, RoleName)>,
    /// The last day of the access; `None` means for good.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
    /// From which moment on the request can no longer be accepted.
    pub ends: Timestamp,
}

/// A request whose signature fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What is asked for.
    pub request: Request,
    /// Whose key signed it.
    pub fingerprint: Fingerprint,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it and its fields are")]
pub enum Refused {
    #[error("this is no request for access: {why}")]
    NotARequest { why: String },
    #[error("the request was altered after it was signed, or is incomplete")]
    Altered,
    #[error("the request could be accepted until {ends}")]
    Ended { ends: Timestamp },
    #[error("the request counts until {ends}, and none may count for more than 90 days")]
    Lasting { ends: Timestamp },
    #[error("the request was signed by the key {found}, not by {expected}")]
    OtherKey { found: Fingerprint, expected: Fingerprint },
    #[error("the request was accepted before")]
    Accepted,
}

impl Request {
    /// The signed file.
    ///
    /// # Errors
    /// Where a text is too long, or shows something else than it holds.
    pub fn sign(&self, key: &SigningKey) -> Result<String, Refused> {
        self.check()?;
        let public = key.public();
        let signature = key.sign(&wire::signed_bytes(self, &public));
        Ok(wire::write(self, &public, &signature))
    }

    /// Whether it counts at this moment.
    ///
    /// # Errors
    /// Where it has ended, or would count for too long.
    pub fn counts(&self, now: Timestamp) -> Result<(), Refused> {
        let ends = self.ends;
        if ends <= now {
            return Err(Refused::Ended { ends });
        }
        if ends.duration_since(now) > LONGEST { Err(Refused::Lasting { ends }) } else { Ok(()) }
    }

    /// What the reason of an entry ends with that came from this request, and from no other.
    #[must_use]
    pub fn origin(id: &str) -> String {
        format!("request {id})")
    }

    /// Whether every text is one that people can read, and everybody is in it once.
    fn check(&self) -> Result<(), Refused> {
        let Self { id, from, account, people, until: _, reason, ends: _ } = self;
        let not = |why: &str| Err(Refused::NotARequest { why: why.to_owned() });
        if people.is_empty() || people.len() > MOST_PEOPLE {
            return not("it is for nobody, or for more than 100 people");
        }
        let different: BTreeSet<&Email> = people.iter().map(|(email, _)| email).collect();
        if different.len() < people.len() {
            return not("somebody is in it twice");
        }
        let roles = people.iter().map(|(_, role)| role.as_str());
        let texts = [id, from, account, reason].into_iter().map(String::as_str).chain(roles);
        for text in texts {
            if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT || !visible::is_plain(text) {
                return not("a text in it is empty, too long, or has characters that cannot be seen");
            }
        }
        Ok(())
    }
}

impl Signed {
    /// Reads a request whose signature fits.
    ///
    /// # Errors
    /// Where the file is no request, or was altered.
    pub fn read(text: &str) -> Result<Self, Refused> {
        if text.len() > LARGEST {
            return Err(Refused::NotARequest { why: format!("it is larger than {LARGEST} bytes") });
        }
        let wire::Parts { request, public, signature } = wire::read(text)?;
        if !seal::fits(&public, &wire::signed_bytes(&request, &public), &signature) {
            return Err(Refused::Altered);
        }
        request.check()?;
        Ok(Self { request, fingerprint: Fingerprint::of(&public) })
    }

    /// Whether it may be accepted now by somebody who was told this fingerprint by whoever asks.
    ///
    /// # Errors
    /// Where another key signed it, or it does not count now.
    pub fn may_be_accepted(&self, told: &Fingerprint, now: Timestamp) -> Result<(), Refused> {
        let Self { request, fingerprint } = self;
        if fingerprint != told {
            return Err(Refused::OtherKey { found: fingerprint.clone(), expected: told.clone() });
        }
        request.counts(now)
    }
}

impl Refused {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotARequest { .. } => "`roster request --link` writes requests",
            Self::Altered => "ask for the file again, and tell whoever sent it",
            Self::Ended { .. } | Self::Lasting { .. } => "ask for a new request",
            Self::OtherKey { .. } => {
                "compare the fingerprints again, letter by letter; if they differ the file is not from whom you think"
            }
            Self::Accepted => "if the access has ended since and is wanted again, ask for a new request",
        }
    }
}

impl fmt::Display for Request {
    /// One line that tells whoever reviews the roster where an entry came from.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, from, account: _, people: _, until: _, reason, ends: _ } = self;
        write!(formatter, "{reason} (asked for by {from}, {}", Self::origin(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            id: "0b7c".to_owned(),
            from: "Agency".to_owned(),
            account: "acme".to_owned(),
            people: vec![("kay@agency.example".parse().expect("an address"), "support".parse().expect("a role"))],
            until: Some(jiff::civil::date(2027, 1, 31)),
            reason: "Q4 campaign".to_owned(),
            ends: "2026-12-15T00:00:00Z".parse().expect("a moment"),
        }
    }

    #[test]
    fn what_is_signed_is_read_and_nothing_else() {
        let (_, key) = SigningKey::generate().expect("a key");
        let file = request().sign(&key).expect("a file");
        let read = Signed::read(&file).expect("a request");
        assert_eq!((&read.request, &read.fingerprint), (&request(), &key.fingerprint()));
        // How the JSON is laid out is no part of it.
        let value: serde_json::Value = serde_json::from_str(&file).expect("JSON");
        assert_eq!(Signed::read(&value.to_string()), Ok(read.clone()));
        for (from, to) in [
            ("support", "admin"),
            ("kay@", "eve@"),
            ("2027-01-31", "2028-01-31"),
            ("0b7c", "0b7d"),
            ("Agency", "Agencx"),
        ] {
            assert_eq!(Signed::read(&file.replacen(from, to, 1)), Err(Refused::Altered), "{from}");
        }
        let (_, other) = SigningKey::generate().expect("a key");
        let now = "2026-12-01T00:00:00Z".parse().expect("a moment");
        assert_eq!(read.may_be_accepted(&key.fingerprint(), now), Ok(()));
        assert!(matches!(read.may_be_accepted(&other.fingerprint(), now), Err(Refused::OtherKey { .. })));
        assert!(matches!(read.may_be_accepted(&key.fingerprint(), request().ends), Err(Refused::Ended { .. })));
    }

    /// Whoever asks cannot make a request that can be brought again for ever.
    #[test]
    fn a_request_counts_for_a_while() {
        let at = |text: &str| request().counts(text.parse().expect("a moment"));
        assert_eq!(at("2026-12-14T23:59:59Z"), Ok(()));
        assert_eq!(at("2026-12-15T00:00:00Z"), Err(Refused::Ended { ends: request().ends }));
        assert_eq!(at("2026-09-16T00:00:00Z"), Ok(()));
        assert_eq!(at("2026-09-15T23:59:59Z"), Err(Refused::Lasting { ends: request().ends }));
    }

    #[test]
    fn everybody_is_in_a_request_once() {
        let person = |email: &str, role: &str| (email.parse().expect("an address"), role.parse().expect("a role"));
        let twice = vec![person("kay@agency.example", "support"), person("Kay@agency.example", "admin")];
        let (_, key) = SigningKey::generate().expect("a key");
        let refused = Request { people: twice, ..request() }.sign(&key);
        assert_eq!(refused, Err(Refused::NotARequest { why: "somebody is in it twice".to_owned() }));
    }

    /// Whoever signs with another key is somebody else, and the fingerprint shows it.
    #[test]
    fn a_key_that_is_put_in_anothers_place_has_another_fingerprint() {
        let keys = [SigningKey::generate().expect("a key").1, SigningKey::generate().expect("a key").1];
        let [one, other] = keys.map(|key| Signed::read(&request().sign(&key).expect("a file")).expect("a request"));
        assert_ne!(one.fingerprint, other.fingerprint);
    }

    #[test]
    fn a_text_that_shows_something_else_is_refused_on_both_sides() {
        let (_, key) = SigningKey::generate().expect("a key");
        let hidden = Request { from: "Ag\u{202e}ency".to_owned(), ..request() };
        assert!(matches!(hidden.sign(&key), Err(Refused::NotARequest { .. })));
        let signature = key.sign(&wire::signed_bytes(&hidden, &key.public()));
        let forced = wire::write(&hidden, &key.public(), &signature);
        assert!(matches!(Signed::read(&forced), Err(Refused::NotARequest { .. })));
        for junk in ["", "{}", "[]", "{\"roster_request\":2}", &" ".repeat(LARGEST + 1)] {
            assert!(matches!(Signed::read(junk), Err(Refused::NotARequest { .. })), "{junk}");
        }
    }
}
