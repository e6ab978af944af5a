//! Sessions: kept in memory, known by a random cookie, ended by an hour without a request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// How long a session lasts without a request.
const IDLE: SignedDuration = SignedDuration::from_hours(1);

/// The open sessions, and the secret that form tokens are made with.
pub(crate) struct Sessions {
    secret: [u8; 32],
    open: Mutex<HashMap<[u8; 32], Session>>,
}

/// The random value of a visitor's cookie, whether signed in or not.
#[derive(Clone)]
pub(crate) struct Cookie(String);

/// What the next page says about what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flash {
    /// How it went.
    pub(crate) tone: Tone,
    /// What to say: a sentence or two.
    pub(crate) text: String,
}

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Done,
    Refused,
}

#[derive(Debug)]
struct Session {
    account: String,
    until: Timestamp,
    flash: Option<Flash>,
}

impl Sessions {
    /// No sessions, and a new secret.
    pub(crate) fn new() -> Self {
        Self { secret: digest(&[random().as_bytes()]), open: Mutex::default() }
    }

    /// Opens a session with an account. The cookie is new, so that nobody can prepare one for somebody else.
    pub(crate) fn open(&self, account: &str, now: Timestamp) -> Cookie {
        let cookie = Cookie::new();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.until > now);
        open.insert(cookie.digest(), Session { account: account.to_owned(), until: until(now), flash: None });
        cookie
    }

    /// Whether a session with this account is open under the cookie; it then lasts on.
    pub(crate) fn goes_on(&self, cookie: &Cookie, account: &str, now: Timestamp) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&cookie.digest()) {
            Some(session) if session.until > now && session.account == account => {
                session.until = until(now);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Ends a session.
    pub(crate) fn close(&self, cookie: &Cookie) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&cookie.digest());
    }

    /// Leaves a message for the session's next page.
    pub(crate) fn leave(&self, cookie: &Cookie, flash: Flash) {
        if let Some(session) = self.open.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&cookie.digest()) {
            session.flash = Some(flash);
        }
    }

    /// Takes the message that was left.
    pub(crate) fn take(&self, cookie: &Cookie) -> Option<Flash> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&cookie.digest())?.flash.take()
    }

    /// The token that proves that a form came from a page of ours, given to the owner of this cookie.
    pub(crate) fn form_token(&self, cookie: &Cookie) -> String {
        hex(&digest(&[&self.secret, cookie.0.as_bytes()]))
    }

    /// Whether a form carries its token. Takes the same time whatever differs.
    pub(crate) fn is_form_token(&self, cookie: &Cookie, token: &str) -> bool {
        // Digests have one length, so the comparison does not tell how long the right token is.
        let (ours, theirs) = (digest(&[self.form_token(cookie).as_bytes()]), digest(&[token.as_bytes()]));
        ours.iter().zip(theirs).fold(0, |sum, (ours, theirs)| sum | (ours ^ theirs)) == 0
    }
}

impl Flash {
    /// The class of its style.
    pub(crate) fn class(&self) -> &'static str {
        match self.tone {
            Tone::Done => "done",
            Tone::Refused => "refused",
        }
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sessions(…)")
    }
}

impl Cookie {
    /// A value that nobody can guess.
    pub(crate) fn new() -> Self {
        Self(random())
    }

    /// A value that a browser sent.
    pub(crate) fn from_browser(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The value.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is looked up, so that how long a look-up takes tells nothing of the value.
    fn digest(&self) -> [u8; 32] {
        digest(&[self.0.as_bytes()])
    }
}

fn until(now: Timestamp) -> Timestamp {
    now.checked_add(IDLE).unwrap_or(Timestamp::MAX)
}

/// 244 random bits, from the operating system.
fn random() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), |sum, part| sum.chain_update(part)).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).expect("a time")
    }

    #[test]
    fn a_session_is_one_accounts_and_ends_an_hour_after_its_last_request() {
        let sessions = Sessions::new();
        let cookie = sessions.open("acme", minute(0));
        assert!(!sessions.goes_on(&cookie, "other", minute(1)));
        assert!(sessions.goes_on(&cookie, "acme", minute(59)));
        assert!(sessions.goes_on(&cookie, "acme", minute(118)));
        assert!(!sessions.goes_on(&cookie, "acme", minute(178)));
        let cookie = sessions.open("acme", minute(0));
        sessions.close(&cookie);
        assert!(!sessions.goes_on(&cookie, "acme", minute(0)));
        assert!(!sessions.goes_on(&Cookie::new(), "acme", minute(0)));
    }

    #[test]
    fn a_form_token_belongs_to_one_cookie() {
        let sessions = Sessions::new();
        let (mine, other) = (Cookie::new(), Cookie::new());
        let token = sessions.form_token(&mine);
        assert!(sessions.is_form_token(&mine, &token));
        assert!(!sessions.is_form_token(&other, &token));
        assert!(!sessions.is_form_token(&mine, ""));
        assert!(!Sessions::new().is_form_token(&mine, &token));
    }

    #[test]
    fn a_message_is_shown_once() {
        let sessions = Sessions::new();
        let cookie = sessions.open("acme", minute(0));
        sessions.leave(&cookie, Flash { tone: Tone::Done, text: "Done.".to_owned() });
        assert_eq!(sessions.take(&cookie).map(|flash| flash.text), Some("Done.".to_owned()));
        assert_eq!(sessions.take(&cookie), None);
    }
}
