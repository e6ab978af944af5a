//! What can go wrong between roster and an account, classified once by what a caller can do about it.

use std::borrow::Cow;
use std::time::Duration;

/// A failed exchange with an account. Which account and user it concerns is said by whoever reports it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// No answer: name not found, connection refused or cut, TLS refused, time out.
    #[error("{request}: no answer")]
    Unreachable {
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
    #[error("{request}: the server asks for fewer requests (HTTP 429)")]
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
    /// An answer that is not what SCIM says it should be: HTML, half a page, JSON of another shape.
    #[error("{request}: the answer is not SCIM: {problem}")]
    Malformed {
        /// Method and URL.
        request: String,
        /// What is wrong with it, with a shortened excerpt.
        problem: String,
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
    /// The server said yes, and reading the user again shows that it did not store what it was sent.
    #[error("{request}: the server accepted the change and did not store it: {difference}")]
    NotStored {
        /// Method and URL.
        request: String,
        /// What differs.
        difference: String,
    },
}

fn with_detail(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

impl ProviderError {
    /// Whether every other request to this account would end the same way, so that going on helps nobody.
    #[must_use]
    pub fn concerns_whole_account(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Denied { .. } | Self::NoService { .. } | Self::Throttled { .. } => true,
            Self::Forbidden { .. }
            | Self::Unavailable { .. }
            | Self::Rejected { .. }
            | Self::Malformed { .. }
            | Self::UserGone { .. }
            | Self::Overtaken { .. }
            | Self::NotStored { .. } => false,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self {
            Self::Unreachable { .. } => "check `url` in the roster, and that this machine can reach it",
            Self::Denied { .. } => {
                "check that `key` names the key of this very account, with its prefix where it has one"
            }
            Self::Forbidden { .. } => "check what `key` may do: it has to read and change users",
            Self::NoService { .. } => "check `url` in the roster: it is the SCIM base URL, the part before `/Users`",
            Self::Throttled { .. } => "wait, then run the same command again: what is done stays done",
            Self::Unavailable { .. } => "run the same command again later: what is done stays done",
            Self::Malformed { .. } => "check `url` in the roster: a proxy or a sign-in page may be answering instead",
            Self::UserGone { .. } | Self::Overtaken { .. } => {
                "somebody else changed the account meanwhile: run the same command again"
            }
            Self::Rejected { .. } | Self::NotStored { .. } => return None,
        }))
    }
}
