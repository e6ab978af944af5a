//! What can go wrong between roster and an account, classified once by what a caller can do about it.

use std::borrow::Cow;
use std::time::Duration;

/// A failed exchange with an account. Which account and user it concerns is said by whoever reports it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// No connection, so nothing was sent: name not found, connection or TLS refused.
    #[error("{request}: no answer")]
    Unreachable {
        /// Method and URL.
        request: String,
        /// What the HTTP client says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A connection, and no answer over it: cut, or too late.
    #[error("{request}: no answer")]
    Unanswered {
        /// Method and URL.
        request: String,
        /// What the HTTP client says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// 401: the key is not one of this account.
    #[error("{request}: the server refuses the key (HTTP 401)")]
    Denied {
        /// Method and URL.
        request: String,
    },
    /// 403: the key is known and may not do this, as where the server protects its Owner.
    #[error("{request}: the server forbids this (HTTP 403){}", with_detail(.detail))]
    Forbidden {
        /// Method and URL.
        request: String,
        /// What the server says of it, shortened.
        detail: String,
    },
    /// 404 where the listing should be.
    #[error("{request}: there is no SCIM service here (HTTP 404)")]
    NoService {
        /// Method and URL.
        request: String,
    },
    /// 429, and retrying did not help.
    #[error("{request}: the server asks for fewer requests (HTTP 429){}", with_wait(.retry_after))]
    Throttled {
        /// Method and URL.
        request: String,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// 5xx, and retrying, where that is safe, did not help.
    #[error("{request}: the server failed (HTTP {status}){}", with_detail(.detail))]
    Unavailable {
        /// Method and URL.
        request: String,
        /// 500 to 599.
        status: u16,
        /// What the server says of it, shortened.
        detail: String,
    },
    /// 409: what was to be made is there already, whatever the listing shows.
    #[error("{request}: the server refused (HTTP 409){}", with_detail(.detail))]
    Conflict {
        /// Method and URL.
        request: String,
        /// What the server says of it, shortened.
        detail: String,
    },
    /// Any other status: the server understood and said no.
    #[error("{request}: the server refused (HTTP {status}){}", with_detail(.detail))]
    Rejected {
        /// Method and URL.
        request: String,
        /// The HTTP status.
        status: u16,
        /// What the server says of it, shortened.
        detail: String,
    },
    /// An answer that is not what SCIM says it should be.
    #[error("{request}: {}: {problem}", .fault.words())]
    Malformed {
        /// Method and URL.
        request: String,
        /// In which way.
        fault: Fault,
        /// What is wrong with it, with a shortened excerpt where that helps.
        problem: String,
    },
    /// The server has no way to do this; nothing was sent.
    #[error("{request}: this server does not offer it")]
    NotOffered {
        /// What was to be done.
        request: String,
    },
    /// The run was told to stop before this was sent.
    #[error("{request}: not sent, because the run was told to stop")]
    Stopped {
        /// Method and URL.
        request: String,
    },
    /// The user an action is about is no longer there.
    #[error("{request}: the user is gone (HTTP 404)")]
    UserGone {
        /// Method and URL.
        request: String,
    },
    /// The user an action is about is no longer as the plan saw it, so carrying it out could hit somebody else.
    #[error("{request}: the user changed since the plan was made: {difference}")]
    Overtaken {
        /// Method and URL.
        request: String,
        /// What differs from the plan.
        difference: String,
    },
    /// The change was sent, and reading the user again shows something else than what was sent.
    #[error("{request}: the change is not stored as it was sent: {difference}")]
    NotStored {
        /// Method and URL.
        request: String,
        /// What differs.
        difference: String,
    },
    /// The change was sent, and the account could not be asked what became of it, or has not finished it.
    #[error("{request}: sent, and nobody knows whether it was stored")]
    Unconfirmed {
        /// Method and URL.
        request: String,
        /// Why the account could not be asked; nothing where it answered that it will do it later (HTTP 202).
        #[source]
        source: Option<Box<Self>>,
    },
}

/// In which way an answer is not SCIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is a page for a browser.
    Html,
    /// It ended before its end.
    BrokenOff,
    /// It is larger, or goes on for more pages, than any account.
    TooLarge,
    /// A user in it has no `id` or no login that can be used.
    Unidentified,
    /// It is empty, no JSON, or JSON of another shape.
    Undecodable,
}

fn with_detail(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

/// A wait in words; whole minutes and hours where it is long.
fn with_wait(retry_after: &Option<Duration>) -> String {
    match retry_after.map(|wait| wait.as_secs()) {
        None | Some(0) => String::new(),
        Some(seconds @ ..120) => format!(", and to wait {seconds} s"),
        Some(seconds @ ..7200) => format!(", and to wait {} min", seconds.div_ceil(60)),
        Some(seconds) => format!(", and to wait {} h", seconds.div_ceil(3600)),
    }
}

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Self::Html | Self::Unidentified | Self::Undecodable => "the answer is not SCIM",
            Self::BrokenOff | Self::TooLarge => "the answer cannot be used",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Html => "check `url` in the roster: a proxy or a sign-in page may be answering instead",
            Self::BrokenOff => {
                "run the same command again; if it stays, ask whoever runs the server or a proxy before it"
            }
            Self::TooLarge => "check `url` in the roster; if it is right, the server's listing has no end",
            Self::Unidentified => "ask whoever runs the server: every user needs an `id` and a `userName` (RFC 7643)",
            Self::Undecodable => "check `url` in the roster: it is the SCIM base URL, the part before `/Users`",
        }
    }
}

impl ProviderError {
    /// Method and URL of the request that failed; where nothing was sent, what was to be done.
    #[must_use]
    pub fn request(&self) -> &str {
        match self {
            Self::Unreachable { request, .. }
            | Self::Unanswered { request, .. }
            | Self::Denied { request }
            | Self::Forbidden { request, .. }
            | Self::NoService { request }
            | Self::Throttled { request, .. }
            | Self::Unavailable { request, .. }
            | Self::Conflict { request, .. }
            | Self::Rejected { request, .. }
            | Self::Stopped { request }
            | Self::Malformed { request, .. }
            | Self::NotOffered { request }
            | Self::UserGone { request }
            | Self::Overtaken { request, .. }
            | Self::NotStored { request, .. }
            | Self::Unconfirmed { request, .. } => request,
        }
    }

    /// Whether every other request to this account would end the same way, so that going on helps nobody.
    #[must_use]
    pub fn concerns_whole_account(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Denied { .. }
            | Self::NoService { .. }
            | Self::Throttled { .. }
            | Self::Stopped { .. } => true,
            Self::Unconfirmed { source, .. } => source.as_deref().is_some_and(Self::concerns_whole_account),
            Self::Unanswered { .. }
            | Self::Forbidden { .. }
            | Self::Unavailable { .. }
            | Self::Conflict { .. }
            | Self::Rejected { .. }
            | Self::Malformed { .. }
            | Self::NotOffered { .. }
            | Self::UserGone { .. }
            | Self::Overtaken { .. }
            | Self::NotStored { .. } => false,
        }
    }

    /// Whether an invitation met somebody who is there already.
    #[must_use]
    pub fn finds_somebody(&self) -> bool {
        matches!(self, Self::Overtaken { .. } | Self::Conflict { .. })
    }

    /// Whether the server seems to be down. One such failure may pass by itself; several in a row mean that going on
    /// helps nobody.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Unanswered { .. } => true,
            // 501 is a feature that the server does not have.
            Self::Unavailable { status, .. } => *status != 501,
            Self::Malformed { fault, .. } => *fault == Fault::BrokenOff,
            Self::Unconfirmed { source, .. } => source.as_deref().is_some_and(Self::is_outage),
            Self::Denied { .. }
            | Self::Forbidden { .. }
            | Self::NoService { .. }
            | Self::Throttled { .. }
            | Self::Conflict { .. }
            | Self::Rejected { .. }
            | Self::Stopped { .. }
            | Self::NotOffered { .. }
            | Self::UserGone { .. }
            | Self::Overtaken { .. }
            | Self::NotStored { .. } => false,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self {
            Self::Unreachable { .. } | Self::Unanswered { .. } => {
                "check `url` in the roster, and that this machine can reach it"
            }
            Self::Denied { .. } => {
                "check that `key` names the key of this very account, with its prefix where it has one"
            }
            Self::Forbidden { .. } => "check what `key` may do: it has to read and change users",
            Self::NoService { .. } => "check `url` in the roster: it is the SCIM base URL, the part before `/Users`",
            Self::Throttled { .. } => "wait, then run the same command again: what is done stays done",
            Self::Unavailable { status: 501, request, .. } if request.starts_with("GET ") => NOT_ANSWERED,
            Self::Unavailable { status: 501, .. } | Self::NotOffered { .. } => NOT_OFFERED,
            Self::Unavailable { .. } => "run the same command again later: what is done stays done",
            Self::Malformed { fault, .. } => fault.hint(),
            Self::UserGone { .. } | Self::Overtaken { .. } => {
                "somebody else changed the account meanwhile: run the same command again"
            }
            Self::Conflict { .. } => "look at the user in the account itself",
            Self::Stopped { .. } | Self::Unconfirmed { .. } => "run the same command again: it reads the account first",
            Self::NotStored { .. } => {
                "look at the user in the account itself: it may not let this be changed over SCIM"
            }
            Self::Rejected { status: 400 | 422, request, .. } if request.starts_with("PATCH ") => {
                "this server may want its PATCH otherwise, or none (`update: put`): `roster probe --write-test` tells"
            }
            Self::Rejected { status: 405, request, .. } if request.starts_with("GET ") => NOT_ANSWERED,
            Self::Rejected { status, .. } => return refusal_hint(*status).map(Cow::Borrowed),
        }))
    }
}

const NOT_OFFERED: &str = "this server does not offer this over SCIM: make the change in the account itself";

const NOT_ANSWERED: &str =
    "this server is asked otherwise: `roster probe` shows what it answers, and which dialect follows";

/// What can be done about a refusal, as far as its status tells.
fn refusal_hint(status: u16) -> Option<&'static str> {
    match status {
        300..=399 => Some("if that address is the account's own, write it as `url` in the roster"),
        400 | 422 => Some("check `provider.kind` in the roster: this server may speak another dialect"),
        405 => Some(NOT_OFFERED),
        404 => Some("look at the user in the account itself"),
        410 | 412 => Some("somebody else changed the account meanwhile: run the same command again"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> String {
        "GET /Users".to_owned()
    }

    #[test]
    fn a_wait_is_told_in_words() {
        let said = |seconds| {
            ProviderError::Throttled { request: request(), retry_after: Some(Duration::from_secs(seconds)) }.to_string()
        };
        assert_eq!(said(90), "GET /Users: the server asks for fewer requests (HTTP 429), and to wait 90 s");
        assert!(
            said(3601).ends_with("wait 61 min") && said(86_400).ends_with("wait 24 h") && said(0).ends_with("429)")
        );
    }

    #[test]
    fn a_hint_is_about_what_was_asked() {
        let hint = |request: &str, status| {
            let (request, detail) = (request.to_owned(), String::new());
            let error = match status {
                501 => ProviderError::Unavailable { request, status, detail },
                _ => ProviderError::Rejected { request, status, detail },
            };
            error.hint().unwrap_or_default().into_owned()
        };
        assert!(hint("GET /Users", 501).contains("roster probe") && hint("GET /Users", 405).contains("roster probe"));
        assert!(hint("POST /Users", 501).contains("in the account itself"));
        assert!(hint("PATCH /Users/7", 400).contains("`update: put`") && !hint("POST /Users", 400).contains("update"));
    }

    #[test]
    fn one_lost_answer_is_no_reason_to_stop_and_a_refused_connection_is() {
        let failed = |status| ProviderError::Unavailable { request: request(), status, detail: String::new() };
        let facts = |error: ProviderError| (error.is_outage(), error.concerns_whole_account());
        assert_eq!(facts(ProviderError::Unanswered { request: request(), source: "cut".into() }), (true, false));
        assert_eq!(facts(ProviderError::Unreachable { request: request(), source: "refused".into() }), (true, true));
        assert_eq!((facts(failed(503)), facts(failed(501))), ((true, false), (false, false)));
        let unconfirmed = |source| ProviderError::Unconfirmed { request: request(), source };
        assert_eq!(facts(unconfirmed(Some(Box::new(failed(500))))), (true, false));
        assert_eq!(facts(unconfirmed(Some(Box::new(ProviderError::Denied { request: request() })))), (false, true));
        assert_eq!(facts(unconfirmed(None)), (false, false));
    }
}
