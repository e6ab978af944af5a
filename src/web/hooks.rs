//! What forges say when something was pushed. It only makes the daemon look at the repository, which decides what is so: all
//! that a forged or repeated word could do is to make it look once more.

mod signature;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::daemon::order::{Order, Trigger};
use crate::web::Desk;
use crate::web::hooks::signature::{Refused, Signed};

/// How long a word is remembered, so that it counts once. What carries its time counts no longer than that anyhow.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// How many words are remembered.
const MOST: usize = 10_000;

/// Words that were taken.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<HashMap<[u8; 32], Timestamp>>);

pub(super) fn router() -> Router<Arc<Desk>> {
    Router::new().route("/hooks/git", post(git))
}

/// POST `/hooks/git`.
async fn git(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(secret) = desk.secrets().hook_secret else {
        return (StatusCode::FORBIDDEN, "This daemon takes no webhooks: start it with `--hook-secret`.\n")
            .into_response();
    };
    match Signed::of(&headers, &body).and_then(|signed| signed.check(&secret, desk.now())) {
        Ok(signed) if !desk.heard.is_new(signed.word(), desk.now()) => {
            (StatusCode::OK, "Heard before.\n").into_response()
        }
        Ok(_) => match desk.order(Order::Look { account: None, trigger: Trigger::Hook }).await {
            Ok(()) => (StatusCode::ACCEPTED, "The repository is looked at.\n").into_response(),
            Err(refused) => (StatusCode::SERVICE_UNAVAILABLE, format!("{refused}\n")).into_response(),
        },
        Err(refused @ Refused::TooLate) => (StatusCode::FORBIDDEN, format!("{refused}\n")).into_response(),
        Err(refused) => (StatusCode::UNAUTHORIZED, format!("{refused}\n")).into_response(),
    }
}

impl Heard {
    /// Whether this word was not heard before; it is from now on.
    fn is_new(&self, word: Option<&[u8]>, now: Timestamp) -> bool {
        let Some(word) = word else { return true };
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MOST {
            heard.retain(|_, at| now.duration_since(*at) < REMEMBERED);
        }
        if heard.len() >= MOST {
            // So many in a day come from no forge; what is forgotten can do no harm but this once.
            heard.clear();
        }
        let before = heard.insert(Sha256::digest(word).into(), now);
        before.is_none_or(|at| now.duration_since(at) >= REMEMBERED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_once_a_day() {
        let heard = Heard::default();
        let hour = |hour: i64| Timestamp::from_second(hour * 3600).expect("a time");
        assert!(heard.is_new(Some(b"one"), hour(0)));
        assert!(!heard.is_new(Some(b"one"), hour(1)));
        assert!(heard.is_new(Some(b"two"), hour(1)));
        assert!(heard.is_new(Some(b"one"), hour(26)));
        assert!(heard.is_new(None, hour(26)) && heard.is_new(None, hour(26)));
    }
}
