//! The address a person signs in with.

use std::fmt;
use std::str::FromStr;

use crate::model::folded::Folded;

/// An e-mail address: shown as written, compared without regard to case.
///
/// The file is strict ([`Email::from_str`]): what stands there must be an address. An account is a fact
/// ([`Email::observed`]): a server may hold a login that is no address, and it must still be seen and counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Folded);

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
        (!text.is_empty()).then(|| Self(Folded::new(text, text.to_lowercase())))
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.shown()
    }

    /// The form that comparisons use: lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        self.0.folded()
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Reads an address without a display name, comment or quoted local part, as an account's login must be.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.contains(['"', '<', '>', '(', ')', '[']) && !text.chars().any(char::is_whitespace);
        if plain && email_address::EmailAddress::is_valid(text) && !text.chars().any(char::is_control) {
            Ok(Self(Folded::new(text, text.to_lowercase())))
        } else {
            Err(InvalidEmail { text: text.to_owned() })
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
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
        assert_eq!(written.cmp(&other), std::cmp::Ordering::Equal);
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
