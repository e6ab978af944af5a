//! Who asks, and what they may see: handlers take these types as arguments, so that none can forget a check.
//!
//! A request is local where it comes from this machine, was not passed on by a proxy, and names the listener by an address,
//! by `localhost` or by a name of ours: a page of somebody else's whose name leads here is none of these.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::Desk;

/// Headers by which proxies say that a request is not their own.
const PASSED_ON: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Somebody who may see everything.
pub(super) struct Reader;

/// Somebody who sent the token along, and may change everything. A browser sends it for no page, ours or another's.
pub(super) struct Bearer;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It names a host that is not ours.
    OtherHost,
    /// There is no token by which anybody could be admitted.
    NoToken,
    /// It has no token, or a wrong one.
    Unknown,
    /// There were too many wrong tokens.
    TooMany {
        /// In how many seconds the next one is looked at.
        seconds: i64,
    },
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From this machine.
    Here,
    /// From another one, as far as one can tell.
    Elsewhere,
}

impl Desk {
    /// Where a request comes from.
    ///
    /// # Errors
    ///
    /// Where it names a host that is not ours.
    pub(super) fn origin(&self, parts: &Parts) -> Result<Origin, Refusal> {
        if !self.is_ours(&parts.headers) {
            return Err(Refusal::OtherHost);
        }
        let is_passed_on = PASSED_ON.iter().any(|name| parts.headers.contains_key(*name));
        let is_here = peer(parts).is_some_and(|peer| peer.to_canonical().is_loopback());
        Ok(if is_here && !is_passed_on { Origin::Here } else { Origin::Elsewhere })
    }

    /// Admits whoever has the token.
    ///
    /// # Errors
    ///
    /// Where the request has none or a wrong one, or too many wrong ones came from there.
    pub(super) fn admit(&self, given: &str, peer: Option<IpAddr>) -> Result<(), Refusal> {
        let Some(token) = self.secrets().token else { return Err(Refusal::NoToken) };
        // Whoever has it is let in, whatever others from there have tried.
        if token.is(given) {
            return Ok(());
        }
        let (from, now) = (peer.map(neighbourhood).unwrap_or_default(), self.now());
        if let Some(wait) = self.attempts.wait(&from, now) {
            return Err(Refusal::TooMany { seconds: wait.as_secs().saturating_add(1) });
        }
        self.attempts.failed(&from, now);
        Err(Refusal::Unknown)
    }

    /// Admits whoever sends the token along.
    pub(super) fn admit_bearer(&self, parts: &Parts) -> Result<(), Refusal> {
        match bearer(&parts.headers) {
            Some(given) => self.admit(given, peer(parts)),
            None if self.secrets().token.is_none() => Err(Refusal::NoToken),
            None => Err(Refusal::Unknown),
        }
    }

    /// Whether a request names the listener. An address cannot be led here by somebody else; a name can.
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else { return false };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        name == "localhost" || name.parse::<IpAddr>().is_ok() || self.settings.hosts.contains(&name)
    }
}

impl FromRequestParts<Arc<Desk>> for Reader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        match desk.origin(parts)? {
            Origin::Here => Ok(Self),
            Origin::Elsewhere => desk.admit_bearer(parts).map(|()| Self),
        }
    }
}

impl FromRequestParts<Arc<Desk>> for Bearer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        desk.origin(parts)?;
        desk.admit_bearer(parts).map(|()| Self)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::OtherHost => {
                (StatusCode::MISDIRECTED_REQUEST, "This daemon does not go by that name; `--host NAME` gives it one.\n")
                    .into_response()
            }
            Self::NoToken => {
                (StatusCode::FORBIDDEN, "Only with a token, and this daemon has none: start it with `--token`.\n")
                    .into_response()
            }
            Self::Unknown => (
                StatusCode::UNAUTHORIZED,
                [(header::WWW_AUTHENTICATE, "Bearer realm=\"roster\"")],
                "Only with the token of `--token`, as `Authorization: Bearer …`.\n",
            )
                .into_response(),
            Self::TooMany { seconds } => (
                StatusCode::TOO_MANY_REQUESTS,
                [(header::RETRY_AFTER, seconds.to_string())],
                format!("Too many wrong tokens. Try again in {seconds} seconds.\n"),
            )
                .into_response(),
        }
    }
}

/// Who is at the other end of the connection.
pub(super) fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Whose attempts are counted together: an address, or what one customer of a provider has of IPv6.
fn neighbourhood(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments()[..4].iter().map(|segment| format!("{segment:x}:")).collect(),
    }
}
