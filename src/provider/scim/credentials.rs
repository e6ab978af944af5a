//! The headers that every request has: the key, and what the dialect adds.

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::model::dialect::Dialect;
use crate::model::dialect::wire::Authentication;
use crate::provider::key::Key;
use crate::provider::scim::ConnectionError;
use crate::provider::scim::mask::Mask;

/// Who asks, where the dialect says nothing else.
const ROSTER: &str = concat!("roster/", env!("CARGO_PKG_VERSION"));

/// The headers of every request, the key among them, which is marked as sensitive.
pub(super) fn headers(key: &Key, dialect: &Dialect) -> Result<HeaderMap, ConnectionError> {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(ROSTER));
    headers.insert(ACCEPT, HeaderValue::from_static("application/scim+json, application/json"));
    for (name, text) in &dialect.headers {
        let unusable = || ConnectionError::Header { name: name.to_string() };
        let value = HeaderValue::from_str(text.as_str()).map_err(|_| unusable())?;
        headers.insert(HeaderName::from_bytes(name.as_str().as_bytes()).map_err(|_| unusable())?, value);
    }
    let Authentication { header, scheme: _ } = &dialect.authentication;
    let name = HeaderName::from_bytes(header.as_str().as_bytes());
    let name = name.map_err(|_| ConnectionError::Header { name: header.to_string() })?;
    headers.insert(name, credentials(key, &dialect.authentication)?);
    Ok(headers)
}

/// What hides the key in everything a server says.
pub(super) fn mask(key: &Key, authentication: &Authentication) -> Mask {
    Mask::of(bare(key, authentication))
}

fn credentials(key: &Key, authentication: &Authentication) -> Result<HeaderValue, ConnectionError> {
    let bare = bare(key, authentication);
    let text = match &authentication.scheme {
        Some(scheme) => format!("{scheme} {bare}"),
        None => bare.to_owned(),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| ConnectionError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The key without its scheme; one that was copied together with it is not given it twice.
fn bare<'a>(key: &'a Key, authentication: &Authentication) -> &'a str {
    let secret = key.expose();
    match (secret.split_once(' '), &authentication.scheme) {
        (Some((first, rest)), Some(scheme)) if first.eq_ignore_ascii_case(scheme.as_str()) => rest.trim_start(),
        _ => secret,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_its_scheme_is_not_given_it_twice() {
        let sent = |key: &str, scheme: Option<&str>| {
            let scheme = scheme.map(|scheme| scheme.parse().expect("a scheme"));
            let authentication = Authentication { scheme, ..Dialect::rfc().authentication };
            let value = credentials(&Key::new(key).expect("a key"), &authentication).expect("a header");
            assert!(value.is_sensitive());
            value.to_str().map(str::to_owned).expect("text")
        };
        assert_eq!(sent("abc", Some("Bearer")), "Bearer abc");
        assert_eq!(sent("bearer abc", Some("Bearer")), "Bearer abc");
        assert_eq!(sent("Klaviyo-API-Key pk_1", Some("Klaviyo-API-Key")), "Klaviyo-API-Key pk_1");
        assert_eq!(sent("pk_1", Some("Klaviyo-API-Key")), "Klaviyo-API-Key pk_1");
        assert_eq!(sent("Token token=1", None), "Token token=1");
    }

    #[test]
    fn a_dialect_adds_headers_and_names_the_one_with_the_key() {
        let header = "X-Auth-Token".parse().expect("a name");
        let dialect = Dialect {
            authentication: Authentication { header, scheme: None },
            headers: [("user-agent".parse().expect("a name"), "acme sync".parse().expect("a text"))].into(),
            ..Dialect::rfc()
        };
        let headers = headers(&Key::new("abc").expect("a key"), &dialect).expect("headers");
        assert_eq!(headers["x-auth-token"], "abc");
        assert_eq!(headers["user-agent"], "acme sync");
        assert!(!headers.contains_key("authorization"));
    }
}
