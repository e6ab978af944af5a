//! A request that failed, classified once: what it means, whether it may be sent again, whether it may have arrived.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::provider::error::ProviderError;
use crate::provider::scim::excerpt::{Said, Voice};
use crate::provider::scim::target::Target;

/// A request that did not end well.
#[derive(Debug)]
pub(super) struct Failure {
    /// What it means to the caller.
    pub(super) error: ProviderError,
    /// Which requests may be sent again after this.
    pub(super) repeat: Repeat,
    /// How long the server asks to wait before that.
    pub(super) retry_after: Option<Duration>,
    /// Whether a change may have been made all the same.
    pub(super) arrival: Arrival,
    /// Who said no, where somebody did.
    pub(super) voice: Voice,
    /// The HTTP status, where an answer came.
    pub(super) status: Option<u16>,
    /// Whether the status line says so too, and not the body alone.
    pub(super) stated: bool,
}

/// Which requests may be sent again after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// None: the same would come out.
    Nothing,
    /// Those that change nothing.
    Reads,
    /// All: the server said that it did nothing.
    Everything,
}

/// Whether a change may have been made although the request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It was not made.
    Refused,
    /// Nobody knows; the account has to be read.
    Unknown,
}

impl Failure {
    /// No answer came.
    pub(super) fn unanswered(request: String, error: reqwest::Error) -> Self {
        let (is_connect, is_timeout) = (error.is_connect(), error.is_timeout());
        let source = deepest(&error.without_url()).into();
        if is_connect {
            let error = ProviderError::Unreachable { request, source };
            return Self { repeat: Repeat::Everything, ..Self::before_sending(error) };
        }
        let error = ProviderError::Unanswered { request, source };
        Self { repeat: if is_timeout { Repeat::Nothing } else { Repeat::Reads }, ..Self::unusable(error) }
    }

    /// Nothing was sent.
    pub(super) fn before_sending(error: ProviderError) -> Self {
        Self { arrival: Arrival::Refused, ..Self::unusable(error) }
    }

    /// An answer came, said yes, and cannot be used.
    pub(super) fn unusable(error: ProviderError) -> Self {
        let (repeat, arrival, voice) = (Repeat::Nothing, Arrival::Unknown, Voice::Anybody);
        Self { error, repeat, retry_after: None, arrival, voice, status: None, stated: false }
    }

    /// An answer came and said no.
    pub(super) fn refused(
        request: String,
        target: Target<'_>,
        status: StatusCode,
        headers: &HeaderMap,
        said: Said,
    ) -> Self {
        let Said { detail, voice, status: _, keyword: _ } = said;
        let retry_after = retry_after(headers);
        let code = status.as_u16();
        let mut repeat = Repeat::Nothing;
        let mut arrival = Arrival::Refused;
        let error = match (code, target) {
            (401, _) => ProviderError::Denied { request },
            (403, _) => ProviderError::Forbidden { request, detail },
            (404, Target::Page { .. }) => ProviderError::NoService { request },
            (404, Target::User(_) | Target::WholeUser(_)) => ProviderError::UserGone { request },
            (409, _) => ProviderError::Conflict { request, detail },
            (429, _) => {
                // Who creates a user twice invites twice, so that the server said it did nothing is not enough.
                (repeat, arrival) = match target.is_made_anew() {
                    true => (Repeat::Reads, Arrival::Unknown),
                    false => (Repeat::Everything, Arrival::Refused),
                };
                ProviderError::Throttled { request, retry_after }
            }
            (412 | 428, Target::User(_)) => {
                ProviderError::Overtaken { request, difference: "its version is another one now".to_owned() }
            }
            (501, _) => ProviderError::Unavailable { request, status: code, detail },
            (500..=599, _) => {
                (repeat, arrival) = match code {
                    503 if retry_after.is_some() && !target.is_made_anew() => (Repeat::Everything, Arrival::Refused),
                    500 | 502..=504 => (Repeat::Reads, Arrival::Unknown),
                    _ => (Repeat::Nothing, Arrival::Unknown),
                };
                ProviderError::Unavailable { request, status: code, detail }
            }
            (408, _) => {
                // It may have waited for the rest of a request that it had begun to act on.
                (repeat, arrival) = (Repeat::Reads, Arrival::Unknown);
                ProviderError::Rejected { request, status: code, detail }
            }
            _ => ProviderError::Rejected { request, status: code, detail },
        };
        Self { error, repeat, retry_after, arrival, voice, status: Some(code), stated: true }
    }

    /// The same where only the body says so and the status says otherwise: one of the two is wrong, so that nothing is sent
    /// again because of it but questions, and what became of a change has to be read.
    pub(super) fn by_its_body(self) -> Self {
        let repeat = if self.repeat == Repeat::Nothing { Repeat::Nothing } else { Repeat::Reads };
        Self { repeat, arrival: Arrival::Unknown, stated: false, ..self }
    }

    /// Whether the server asked for patience in its status, so that whoever looks before may send again.
    pub(super) fn asks_for_patience(&self) -> bool {
        self.stated && matches!(self.error, ProviderError::Throttled { .. })
    }

    /// What is at the bottom of it, where no answer came.
    pub(super) fn words(&self) -> String {
        deepest(&self.error)
    }

    /// Whether the server says that there is no such user.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.error, ProviderError::UserGone { .. })
    }

    /// Whether the server refused the version that was named, or wants one named.
    pub(super) fn is_about_versions(&self) -> bool {
        matches!(self.status, Some(412 | 428))
    }
}

impl From<Failure> for ProviderError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// What is at the bottom of an error of the HTTP client. The layers above say only that there was one, or repeat the URL,
/// and with it the address that is looked up.
fn deepest(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).last().map(ToString::to_string).unwrap_or_default()
}

/// `Retry-After`, in seconds or as a date (RFC 9110 section 10.2.3). A date is measured against the server's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds.max(0.0)).ok();
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(clock);
    Some(until.duration_since(now).unwrap_or_default())
}

#[expect(clippy::disallowed_methods, reason = "only where a server asks to wait until a date without saying its own")]
fn clock() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_asks_to_wait_in_seconds_or_until_a_date() {
        let asked = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (name.parse().expect("a name"), reqwest::header::HeaderValue::from_static(value)));
            retry_after(&headers.collect())
        };
        assert_eq!(asked(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(asked(&[("retry-after", "-7")]), Some(Duration::ZERO));
        let dated = [("retry-after", "Sun, 22 Nov 2026 00:00:30 GMT"), ("date", "Sun, 22 Nov 2026 00:00:00 GMT")];
        assert_eq!(asked(&dated), Some(Duration::from_secs(30)));
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
        assert_eq!(asked(&[("retry-after", "soon")]), None);
        assert_eq!(asked(&[]), None);
    }
}
