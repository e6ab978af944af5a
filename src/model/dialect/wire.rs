//! What every request has: the key, other headers, the media type, and addresses.

use crate::model::dialect::{fixed, name};

/// How the key is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// The header that carries it.
    pub header: HeaderName,
    /// What stands before it, as `Bearer`; nothing where the key is all there is. A key that brings it along is not given
    /// it twice.
    pub scheme: Option<Scheme>,
}

/// The name of an HTTP header (RFC 9110 section 5.1), in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderName(Box<str>);

/// What stands in a header: printable ASCII, no blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderText(Box<str>);

/// The word before a key (RFC 9110 section 11.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scheme(Box<str>);

/// What bodies that are sent are said to be. Answers are understood as either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/scim+json` (RFC 7644 section 3.1).
    Scim,
    /// `application/json`.
    Json,
}

/// How addresses are made: the base URL, a path below it, and an id, percent-encoded. What a server says of its own
/// addresses is never followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The path of the users below the base URL.
    pub users: RelativePath,
    /// What of an id is percent-encoded.
    pub escaping: Escaping,
}

/// A path below the base URL, without a slash at its beginning and end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelativePath(Box<str>);

/// What of an id is percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// Everything but letters, digits, `-`, `.`, `_` and `~`.
    Strict,
    /// As `Strict`, but `@`, `:`, `+` and the other characters that may stand in a path stay what they are (RFC 3986
    /// section 3.3), for servers that do not decode.
    Sparing,
}

impl HeaderName {
    /// Whether the client sets this header by itself, so that a dialect cannot.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        const RESERVED: &[&str] = &[
            "accept",
            "accept-encoding",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "if-match",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
        ];
        RESERVED.contains(&self.as_str())
    }

    /// Whether what stands in this header is usually a secret.
    #[must_use]
    pub fn is_secretive(&self) -> bool {
        const SECRETIVE: &[&str] = &["auth", "cookie", "credential", "key", "passw", "secret", "session", "token"];
        SECRETIVE.iter().any(|word| self.as_str().contains(word))
    }
}

impl HeaderName {
    /// The header that carries keys by the book.
    #[must_use]
    pub fn authorization() -> Self {
        Self("authorization".into())
    }

    /// The text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for HeaderName {
    type Err = super::NotInDialect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.is_empty() && text.bytes().all(is_token) {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(super::NotInDialect { text: text.to_owned(), what: "the name of a header" })
        }
    }
}

impl std::fmt::Display for HeaderName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&self.0)
    }
}

fixed!(Scheme, RelativePath);

name!(HeaderText, "what may stand in a header", |text| {
    !text.is_empty() && text.trim() == text && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
});

name!(Scheme, "a word such as `Bearer`", |text| !text.is_empty() && text.bytes().all(is_token));

name!(RelativePath, "a path below the base URL, such as `Users`", |text| {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.split('/').all(|part| !part.is_empty() && !matches!(part, "." | "..") && part.bytes().all(plain))
});

/// A character of a token (RFC 9110 section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_that_a_dialect_may_set() {
        let name = |text: &str| text.parse::<HeaderName>().expect("a name");
        assert_eq!(name("X-Request-Origin"), name("x-request-origin"));
        assert!(name("Content-Type").is_reserved() && !name("User-Agent").is_reserved());
        assert!(name("X-Api-Key").is_secretive() && !name("User-Agent").is_secretive());
        assert!("a b".parse::<HeaderName>().is_err());
        for bad in ["", " a", "a\r\nb: c", "é"] {
            assert!(bad.parse::<HeaderText>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_stays_below_the_base() {
        assert!("Users".parse::<RelativePath>().is_ok() && "v1/users".parse::<RelativePath>().is_ok());
        for bad in ["", "/Users", "Users/", "../Users", "a?b", "https://x.example"] {
            assert!(bad.parse::<RelativePath>().is_err(), "{bad}");
        }
    }
}
