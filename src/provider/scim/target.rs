//! What a request is about: its URL, and the text that stands for it in errors.
//!
//! URLs are made from the base URL and escaped parts alone; a server's `meta.location` is never followed, and no part
//! can climb out of the base path.

use reqwest::Method;
use url::Url;

use crate::model::dialect::Dialect;
use crate::model::dialect::reading::LookUp;
use crate::model::dialect::wire::{Escaping, Paths};
use crate::model::dialect::writing::Resend;
use crate::model::email::Email;
use crate::model::host::is_this_machine;
use crate::model::live::{RoleId, UserId};
use crate::provider::scim::ConnectionError;
use crate::provider::traffic::Route;

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// A page of the listing.
    Page {
        /// Where it begins.
        from: From<'a>,
        /// How many users to send at most; the server's choice where nothing is said.
        count: Option<u32>,
    },
    /// The users with this login.
    Login(&'a Email),
    /// The users as a whole, to create one.
    Users,
    /// One user.
    User(&'a UserId),
    /// One user with everything the server shows by itself, whichever attributes the dialect names.
    WholeUser(&'a UserId),
    /// What sends the invitation of a user again.
    Invitation(&'a UserId),
    /// The account's roles, to list them or to make one.
    Roles,
    /// One role of the account.
    Role(&'a RoleId),
    /// What the server says of itself.
    Discovery(Discovered),
    /// What is at this path below the base, with a query or without; its parts are escaped.
    Below(&'a str),
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From<'a> {
    /// At the beginning, without saying so: some servers know no `startIndex`.
    TheStart,
    /// At the user in this place, from one.
    Index(usize),
    /// Where this cursor points; an empty one asks for the first page by cursor (RFC 9865).
    Cursor(&'a str),
}

/// What a server says of itself (RFC 7644 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Discovered {
    /// What it can do.
    ServiceProviderConfig,
    /// Where its resources are.
    ResourceTypes,
    /// Which attributes they have.
    Schemas,
}

/// A base URL: `http` or `https`, without user, password, query and fragment, its path without a slash at the end; and
/// what a dialect says of the addresses below it.
pub(super) struct Base {
    url: Url,
    paths: Paths,
    look_up: LookUp,
    resend: Resend,
}

impl Target<'_> {
    /// The id that becomes part of the address.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::User(id) | Self::WholeUser(id) | Self::Invitation(id) => Some(id.as_str()),
            Self::Role(id) => Some(id.as_str()),
            Self::Page { .. } | Self::Login(_) | Self::Users | Self::Roles | Self::Discovery(_) | Self::Below(_) => {
                None
            }
        }
    }

    /// Whether it is about users, whose attributes can be named.
    pub(super) fn is_about_users(&self) -> bool {
        matches!(self, Self::Page { .. } | Self::Login(_) | Self::User(_))
    }

    /// What it is about for those who count: nobody's id stands in it.
    pub(super) fn route(&self, method: &Method) -> Route {
        let method = ["GET", "POST", "PATCH", "PUT", "DELETE"].into_iter().find(|known| method == known);
        let path = match self {
            Self::Page { .. } | Self::Login(_) | Self::Users => "/Users",
            Self::User(_) | Self::WholeUser(_) => "/Users/{id}",
            Self::Invitation(_) => "/Users/{id}/invitation",
            Self::Roles => "/Roles",
            Self::Role(_) => "/Roles/{id}",
            Self::Discovery(Discovered::ServiceProviderConfig) => "/ServiceProviderConfig",
            Self::Discovery(Discovered::ResourceTypes) => "/ResourceTypes",
            Self::Discovery(Discovered::Schemas) => "/Schemas",
            Self::Below(_) => "/…",
        };
        Route { method: method.unwrap_or("…"), path }
    }

    /// Whether a POST to it that is repeated makes or sends something twice.
    pub(super) fn is_made_anew(&self) -> bool {
        matches!(self, Self::Users | Self::Invitation(_) | Self::Roles)
    }
}

impl Base {
    pub(super) fn new(mut url: Url, dialect: &Dialect) -> Result<Self, ConnectionError> {
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
        let Dialect { paths, look_up, resend, .. } = dialect;
        Ok(Self { url, paths: paths.clone(), look_up: *look_up, resend: resend.clone() })
    }

    /// Whether everything sent here is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine, which no proxy stands in front of.
    pub(super) fn is_loopback(&self) -> bool {
        self.url.host().is_some_and(|host| is_this_machine(&host))
    }

    pub(super) fn url(&self, target: Target<'_>) -> Url {
        let users = &self.paths.users;
        let path = match target {
            Target::User(id) | Target::WholeUser(id) => format!("{users}/{}", self.escaped(id.as_str())),
            Target::Invitation(id) => match &self.resend {
                Resend::Post(path) => path.as_str().replace("{id}", &self.escaped(id.as_str())),
                Resend::Never | Resend::Recreate => format!("{users}/{}", self.escaped(id.as_str())),
            },
            Target::Page { .. } | Target::Login(_) | Target::Users => users.to_string(),
            Target::Roles => "Roles".to_owned(),
            Target::Role(id) => format!("Roles/{}", self.escaped(id.as_str())),
            Target::Discovery(Discovered::ServiceProviderConfig) => "ServiceProviderConfig".to_owned(),
            Target::Discovery(Discovered::ResourceTypes) => "ResourceTypes".to_owned(),
            Target::Discovery(Discovered::Schemas) => "Schemas".to_owned(),
            Target::Below(path) => path.split('?').next().unwrap_or_default().to_owned(),
        };
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{path}", self.url.path().trim_end_matches('/')));
        let query = match target {
            Target::Page { from, count } => page(from, count),
            Target::Login(email) => Some(self.filter(email)),
            Target::Below(path) => path.split_once('?').map(|(_, query)| query.to_owned()),
            _ => None,
        };
        url.set_query(query.as_deref());
        url
    }

    /// The filter that finds a login; its value is a JSON string (RFC 7644 section 3.4.2.2).
    fn filter(&self, email: &Email) -> String {
        let value = serde_json::Value::from(email.as_str());
        let filter = format!("{} eq {value}", self.looked_up_by());
        format!("filter={}", escape(&filter, Escaping::Strict))
    }

    fn looked_up_by(&self) -> &'static str {
        match self.look_up {
            LookUp::UserName | LookUp::Listing => "userName",
            LookUp::ExternalId => "externalId",
            LookUp::Email => "emails.value",
        }
    }

    fn escaped(&self, id: &str) -> String {
        escape(id, self.paths.escaping)
    }

    /// The request for people: no address that is looked up stands in it.
    pub(super) fn shown(&self, method: &str, target: Target<'_>) -> String {
        match target {
            Target::Login(_) => {
                format!("{method} {}?filter={} eq …", self.url(Target::Users), self.looked_up_by())
            }
            Target::Below(path) if path.contains("filter=") => {
                format!("{method} {}?filter=…", self.url(Target::Users))
            }
            _ => format!("{method} {}", self.url(target)),
        }
    }

    /// Scheme, host and port of where a `Location` header points to.
    pub(super) fn origin_of(&self, location: &str) -> Option<String> {
        self.url.join(location).ok().map(|url| url.origin().ascii_serialization())
    }
}

fn page(from: From<'_>, count: Option<u32>) -> Option<String> {
    let from = match from {
        From::TheStart => None,
        From::Index(place) => Some(format!("startIndex={place}")),
        From::Cursor(cursor) => Some(format!("cursor={}", escape(cursor, Escaping::Strict))),
    };
    let parts: Vec<String> = from.into_iter().chain(count.map(|count| format!("count={count}"))).collect();
    (!parts.is_empty()).then(|| parts.join("&"))
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3 (letters, digits, `-`, `.`, `_`, `~`),
/// or, sparingly, everything that may not stand in a path. A text that is `.` or `..` stays what it is: see
/// [`is_addressable`].
pub(super) fn escape(text: &str, escaping: Escaping) -> String {
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
pub(super) fn is_addressable(id: &str) -> bool {
    !matches!(id, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;

    fn base(text: &str) -> Result<Base, ConnectionError> {
        Base::new(text.parse().expect("a URL"), &Dialect::rfc())
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
        assert!(!is_addressable("..") && is_addressable("..."));
    }

    #[test]
    fn a_page_says_no_more_than_it_must() {
        let base = base("https://scim.example/v2").expect("a base");
        let query = |from, count| base.url(Target::Page { from, count }).query().map(str::to_owned);
        assert_eq!(query(From::TheStart, None), None);
        assert_eq!(query(From::TheStart, Some(200)).as_deref(), Some("count=200"));
        assert_eq!(query(From::Index(201), Some(200)).as_deref(), Some("startIndex=201&count=200"));
        assert_eq!(query(From::Cursor("a+b="), Some(2)).as_deref(), Some("cursor=a%2Bb%3D&count=2"));
        assert_eq!(query(From::Cursor(""), None).as_deref(), Some("cursor="));
    }

    #[test]
    fn a_dialect_names_paths_and_may_escape_less() {
        let paths = Paths { users: "v1/people".parse().expect("a path"), escaping: Escaping::Sparing };
        let dialect = Dialect { paths, ..Preset::Sandbox.dialect() };
        let base = Base::new("https://scim.example/acme/scim/v2".parse().expect("a URL"), &dialect).expect("a base");
        assert_eq!(
            base.url(Target::User(&id("a@x/b%"))).as_str(),
            "https://scim.example/acme/scim/v2/v1/people/a@x%2Fb%25"
        );
        let again = base.url(Target::Invitation(&id("../x")));
        assert_eq!(again.as_str(), "https://scim.example/acme/users/..%2Fx/invitation");
    }

    #[test]
    fn a_login_is_quoted_for_the_server_and_hidden_from_people() {
        let by = |look_up| {
            let dialect = Dialect { look_up, ..Dialect::rfc() };
            Base::new("https://scim.example".parse().expect("a URL"), &dialect).expect("a base")
        };
        let email = Email::observed("a+\"b\\@x.example").expect("a login");
        assert_eq!(
            by(LookUp::UserName).url(Target::Login(&email)).query(),
            Some("filter=userName%20eq%20%22a%2B%5C%22b%5C%5C%40x.example%22")
        );
        assert_eq!(
            by(LookUp::Email).shown("GET", Target::Login(&email)),
            "GET https://scim.example/Users?filter=emails.value eq …"
        );
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
