//! What a request is about: its URL, and the text that stands for it in errors.
//!
//! URLs are made from the base URL and escaped parts alone; a server's `meta.location` is never followed, and no part
//! can climb out of the base path.

use url::Url;

use crate::model::dialect::wire::{Escaping, Paths};
use crate::model::email::Email;
use crate::model::live::UserId;
use crate::provider::scim::ConnectionError;

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// A page of the listing.
    Page {
        /// The place of its first user, from one.
        start: usize,
        /// How many users to send at most.
        count: usize,
    },
    /// The users with this login.
    Login(&'a Email),
    /// The users as a whole, to create one.
    Users,
    /// One user.
    User(&'a UserId),
}

/// A base URL: `http` or `https`, without user, password, query and fragment, its path without a slash at the end.
pub(super) struct Base {
    url: Url,
    paths: Paths,
}

impl Base {
    pub(super) fn new(mut url: Url, paths: Paths) -> Result<Self, ConnectionError> {
        let problem = if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            Some("it must begin with `https://` or `http://` and name a host")
        } else if !url.username().is_empty() || url.password().is_some() {
            Some("it must not hold a user or a password")
        } else if url.query().is_some() || url.fragment().is_some() {
            Some("it must not hold a query or a fragment")
        } else {
            None
        };
        if let Some(problem) = problem {
            let origin = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
            return Err(ConnectionError::Base { origin, problem });
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url, paths })
    }

    /// Whether everything sent here is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine, which no proxy stands in front of.
    pub(super) fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    pub(super) fn url(&self, target: Target<'_>) -> Url {
        let Self { url: base, paths: Paths { users, escaping } } = self;
        let mut url = base.clone();
        let base = base.path().trim_end_matches('/');
        match target {
            Target::User(id) => url.set_path(&format!("{base}/{users}/{}", escape(id.as_str(), *escaping))),
            Target::Page { .. } | Target::Login(_) | Target::Users => url.set_path(&format!("{base}/{users}")),
        }
        match target {
            Target::Page { start, count } => url.set_query(Some(&format!("startIndex={start}&count={count}"))),
            Target::Login(email) => {
                // The filter's value is a JSON string (RFC 7644 section 3.4.2.2).
                let value = serde_json::Value::from(email.as_str());
                url.set_query(Some(&format!("filter={}", escape(&format!("userName eq {value}"), Escaping::Strict))));
            }
            Target::User(_) | Target::Users => {}
        }
        url
    }

    /// The request for people: no address that is looked up stands in it.
    pub(super) fn shown(&self, method: &str, target: Target<'_>) -> String {
        match target {
            Target::Login(_) => format!("{method} {}?filter=userName eq …", self.url(Target::Users)),
            Target::Page { .. } | Target::User(_) | Target::Users => format!("{method} {}", self.url(target)),
        }
    }

    /// Scheme, host and port of where a `Location` header points to.
    pub(super) fn origin_of(&self, location: &str) -> Option<String> {
        self.url.join(location).ok().map(|url| url.origin().ascii_serialization())
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3 (letters, digits, `-`, `.`, `_`, `~`),
/// or, sparingly, everything that may not stand in a path. A text that is `.` or `..` stays what it is: see
/// [`is_addressable`].
fn escape(text: &str, escaping: Escaping) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' | b'.' => escaped.push(char::from(byte)),
            _ if escaping == Escaping::Sparing && b"@:!$&'()*+,;=".contains(&byte) => escaped.push(char::from(byte)),
            _ => {
                escaped.push('%');
                for digit in [byte >> 4, byte & 15] {
                    escaped.extend(char::from_digit(u32::from(digit), 16).map(|c| c.to_ascii_uppercase()));
                }
            }
        }
        escaped
    })
}

/// Whether an id can stand in a path: `.` and `..` cannot, escaped or not, because every URL parser resolves them, and
/// deleting the user `..` would delete something else.
pub(super) fn is_addressable(id: &UserId) -> bool {
    !matches!(id.as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::Dialect;

    fn base(text: &str) -> Result<Base, ConnectionError> {
        Base::new(text.parse().expect("a URL"), Dialect::rfc().paths)
    }

    fn id(text: &str) -> UserId {
        UserId::observed(text).expect("an id")
    }

    #[test]
    fn the_base_path_stays_and_parts_are_escaped() {
        let base = base("https://scim.example/acme/v2/").expect("a base");
        let odd = id("a/b?c#d%2e ü@x");
        assert_eq!(
            base.url(Target::User(&odd)).as_str(),
            "https://scim.example/acme/v2/Users/a%2Fb%3Fc%23d%252e%20%C3%BC%40x"
        );
        let page = Target::Page { start: 201, count: 200 };
        assert_eq!(base.shown("GET", page), "GET https://scim.example/acme/v2/Users?startIndex=201&count=200");
        assert!(!is_addressable(&id("..")) && is_addressable(&id("...")));
    }

    #[test]
    fn a_dialect_names_the_path_and_may_escape_less() {
        let paths = Paths { users: "v1/people".parse().expect("a path"), escaping: Escaping::Sparing };
        let base = Base::new("https://scim.example/v2".parse().expect("a URL"), paths).expect("a base");
        assert_eq!(base.url(Target::User(&id("a@x/b%"))).as_str(), "https://scim.example/v2/v1/people/a@x%2Fb%25");
    }

    #[test]
    fn a_login_is_quoted_for_the_server_and_hidden_from_people() {
        let base = base("https://scim.example").expect("a base");
        let email = Email::observed("a+\"b\\@x.example").expect("a login");
        assert_eq!(
            base.url(Target::Login(&email)).query(),
            Some("filter=userName%20eq%20%22a%2B%5C%22b%5C%5C%40x.example%22")
        );
        assert_eq!(base.shown("GET", Target::Login(&email)), "GET https://scim.example/Users?filter=userName eq …");
    }

    #[test]
    fn a_base_is_a_plain_http_url() {
        for bad in ["ftp://x.example", "https://user:pw@x.example", "https://x.example/?key=1", "mailto:a@x.example"] {
            let error = base(bad).err().map(|error| error.to_string()).expect("refused");
            assert!(!error.contains("pw"), "{error}");
        }
        let local = ["http://127.0.0.1:8080/a", "http://[::1]/", "http://localhost:1"];
        assert!(local.iter().all(|url| base(url).is_ok_and(|base| base.is_loopback())));
        assert!(base("https://scim.example").is_ok_and(|base| !base.is_loopback() && base.is_encrypted()));
    }
}
