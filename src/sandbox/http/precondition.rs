//! Conditions on versions: `If-Match` and `If-None-Match` (RFC 7644 section 3.14, RFC 9110 section 13).

use axum::http::{HeaderMap, HeaderName, header};

use crate::sandbox::refusal::Refusal;
use crate::sandbox::resource::etag;

/// What a request says of the version that it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Precondition {
    any_of: Option<String>,
    none_of: Option<String>,
}

impl Precondition {
    /// Reads the headers.
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        Self { any_of: all(headers, &header::IF_MATCH), none_of: all(headers, &header::IF_NONE_MATCH) }
    }

    /// The condition of one operation of a bulk request.
    pub(super) fn version(version: Option<&str>) -> Self {
        Self { any_of: version.map(str::to_owned), none_of: None }
    }

    /// Whether the version is one that the client has already.
    pub(super) fn is_known(&self, version: i64) -> bool {
        self.none_of.as_deref().is_some_and(|tags| names(tags, version))
    }

    /// Checks that a change is about the version that the client means.
    ///
    /// # Errors
    ///
    /// 412 where the resource changed since.
    pub(super) fn check(&self, version: i64) -> Result<(), Refusal> {
        match &self.any_of {
            Some(tags) if !names(tags, version) => {
                Err(Refusal::plain(412, format!("it was changed meanwhile: its version is {}", etag(version))))
            }
            Some(_) | None if self.is_known(version) => {
                Err(Refusal::plain(412, format!("its version is {}", etag(version))))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn all(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    // What is no text is a tag all the same, and matches nothing.
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Tags are compared weakly: ours are weak, and clients drop the mark.
fn names(tags: &str, version: i64) -> bool {
    let ours = format!("\"{version}\"");
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == ours)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn versions_are_compared_weakly_and_in_lists() {
        let condition = |any_of: &str| Precondition::version(Some(any_of)).check(3).map_err(|refusal| refusal.status);
        assert_eq!(condition("W/\"3\""), Ok(()));
        assert_eq!(condition("\"2\", \"3\""), Ok(()));
        assert_eq!(condition("*"), Ok(()));
        assert_eq!(condition("W/\"2\""), Err(412));
        assert_eq!(Precondition::default().check(3), Ok(()));
        let headers = [(header::IF_MATCH, HeaderValue::from_bytes(b"\"\xe9\"").expect("a value"))];
        let odd = Precondition::from_headers(&headers.into_iter().collect());
        assert_eq!(odd.check(3).map_err(|refusal| refusal.status), Err(412));
    }
}
