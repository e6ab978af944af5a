//! The address a person signs in with.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// An e-mail address: shown as written, compared without regard to case.
///
/// The file is strict ([`Email::from_str`]): what stands there must be an address. An account is a fact
/// ([`Email::observed`]): a server may hold a login that is no address, and it must still be seen and counted.
#[derive(Debug, Clone)]
pub struct Email {
    shown: Box<str>,
    folded: Box<str>,
}

/// A text that is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an e-mail address")]
pub struct InvalidEmail {
    text: String,
}

impl Email {
    /// A login as a server holds it, which need not be an address; `None` where there is only white space.
    #[must_use]
    pub fn observed(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self { shown: text.into(), folded: text.to_lowercase().into() })
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form that comparisons use: lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Reads an address without a display name, comment or quoted local part, as an account's login must be.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.contains(['"', '<', '>', '(', ')', '[']) && !text.chars().any(char::is_whitespace);
        if plain && email_address::EmailAddress::is_valid(text) && !text.chars().any(char::is_control) {
            Ok(Self { shown: text.into(), folded: text.to_lowercase().into() })
        } else {
            Err(InvalidEmail { text: text.to_owned() })
        }
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Email {}

impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Email {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for Email {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_as_written_and_compared_without_case() {
        let written: Email = "Ada@Acme.Example".parse().expect("an address");
        let other: Email = "ada@acme.example".parse().expect("an address");
        assert_eq!(written, other);
        assert_eq!(written.cmp(&other), Ordering::Equal);
        assert_eq!(written.to_string(), "Ada@Acme.Example");
    }

    #[test]
    fn the_file_is_strict() {
        for bad in [
            "",
            "ada",
            "ada@",
            "@acme",
            "ada@acme..example",
            "Ada <ada@acme.example>",
            "ada lovelace@acme.example",
            "a@b@c",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
        for good in ["ada+news@acme.example", "o'hara@acme.example", "ада@пример.example"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
    }

    #[test]
    fn an_account_is_a_fact() {
        assert_eq!(Email::observed(" svc-01 ").map(|login| login.to_string()), Some("svc-01".to_owned()));
        assert_eq!(Email::observed("  "), None);
    }
}
