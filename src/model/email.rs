//! The address a person signs in with.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use idna::AsciiDenyList;
use unicode_normalization::UnicodeNormalization;

use crate::model::folded::Folded;

/// An e-mail address: shown as written, compared without regard to case, and its domain by the form that travels
/// (`bücher.example` is `xn--bcher-kva.example`).
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
        (!text.is_empty()).then(|| Self(Folded::new(text, &fold(text))))
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.shown()
    }

    /// The form that comparisons use: lower case, and the domain as it travels.
    #[must_use]
    pub fn folded(&self) -> &str {
        self.0.folded()
    }

    /// What stands before the `@`, as comparisons use it; all of it where there is none.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.folded().rsplit_once('@').map_or(self.folded(), |(local, _)| local)
    }

    /// What stands behind the `@`, as comparisons use it; `None` for a login that is no address.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.folded().rsplit_once('@').map(|(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Reads an address without a display name, comment or quoted local part, as an account's login must be.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.contains(['"', '<', '>', '(', ')', '[']) && !text.chars().any(char::is_whitespace);
        let folded = fold(text);
        let travels = folded.rsplit_once('@').is_some_and(|(_, domain)| domain.is_ascii());
        if plain && travels && email_address::EmailAddress::is_valid(&folded) && !text.chars().any(char::is_control) {
            Ok(Self(Folded::new(text, &folded)))
        } else {
            Err(InvalidEmail { text: text.to_owned() })
        }
    }
}

/// The form of an address, or of a pattern for addresses, by which it is compared. What cannot be a domain stays as it
/// is, in lower case. Letters with accents are one character each (NFC, as RFC 6532 section 3.1 wants it), because editors
/// and servers write them in either way.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Composed before, so that an accent belongs to its letter, and after, because some lower case forms come apart.
    let lower: String = text.nfc().collect::<String>().to_lowercase().nfc().collect();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    let labels: Vec<Cow<'_, str>> = domain.split('.').map(travelling).collect();
    format!("{local}@{}", labels.join("."))
}

/// One label of a domain as it travels (RFC 5891, by the mapping of UTS 46).
fn travelling(label: &str) -> Cow<'_, str> {
    idna::domain_to_ascii_cow(label.as_bytes(), AsciiDenyList::EMPTY).unwrap_or(Cow::Borrowed(label))
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
    fn an_accent_is_the_same_beside_its_letter_and_in_it() {
        let email = |text: &str| Email::observed(text).expect("a login");
        assert_eq!(email("Jos\u{e9}@x.example"), email("jose\u{301}@x.example"));
        assert_eq!(email("JOSE\u{301}"), email("jos\u{e9}"));
        assert_eq!(email("Jose\u{301}@x.example").to_string(), "Jose\u{301}@x.example");
        assert_ne!(email("jos\u{e9}@x.example"), email("jose@x.example"));
    }

    #[test]
    fn a_domain_is_the_same_in_its_own_letters_and_as_it_travels() {
        let email = |text: &str| text.parse::<Email>().expect("an address");
        let one = email("Ada@Bücher.example");
        for other in [
            "ada@BÜCHER.example",
            "ada@xn--bcher-kva.example",
            "ADA@XN--BCHER-KVA.EXAMPLE",
            "ada@bu\u{308}cher.example",
        ] {
            assert_eq!(one, email(other), "{other}");
        }
        assert_eq!(Some(&one), Email::observed("ada@bücher.example").as_ref());
        assert_eq!(one.to_string(), "Ada@Bücher.example");
        // What only looks alike is somebody else: this `a` is Cyrillic.
        assert_ne!(email("ada@acme.example"), email("\u{430}da@acme.example"));
        assert_ne!(email("ada@acme.example"), email("ada@\u{430}cme.example"));
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
            "ada@b\u{fffd}cher.example",
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
