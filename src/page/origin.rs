//! Where a request comes from, as far as a browser tells, and the cookie it brings.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::page::session::Cookie;

/// Whether the browser says that a form comes from one of our pages, as far as it says anything.
///
/// `Sec-Fetch-Site` is the browser's own word. Browsers leave it out where the connection is neither encrypted nor
/// local, and say `Origin: null` because our pages send no referrer; then the form's token has to do.
pub(crate) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match text("origin") {
        None | Some("null") => true,
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text("host"),
    }
}

/// The cookie of this name.
pub(crate) fn cookie(headers: &HeaderMap, wanted: &str) -> Option<Cookie> {
    let sent = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| Cookie::from_browser(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_here(headers: &[(&'static str, &'static str)]) -> bool {
        is_from_here(
            &headers
                .iter()
                .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
                .collect(),
        )
    }

    #[test]
    fn the_browsers_word_counts_before_the_origin() {
        assert!(from_here(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        for elsewhere in ["cross-site", "same-site", "none"] {
            assert!(!from_here(&[("sec-fetch-site", elsewhere), ("origin", "http://a:1"), ("host", "a:1")]));
        }
        assert!(from_here(&[("origin", "http://a:1"), ("host", "a:1")]));
        assert!(!from_here(&[("origin", "http://b:1"), ("host", "a:1")]));
        assert!(from_here(&[("origin", "null"), ("host", "a:1")]));
        assert!(from_here(&[("host", "a:1")]));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=1; roster_session=x; b=2"))]);
        assert_eq!(cookie(&headers, "roster_session").map(|cookie| cookie.as_str().to_owned()), Some("x".to_owned()));
        assert!(cookie(&HeaderMap::new(), "roster_session").is_none());
    }
}
