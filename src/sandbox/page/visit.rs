//! Who asks: a guest or somebody signed in, and whether a form was really sent from one of our pages.
//!
//! Handlers take these types as arguments, so that none can forget a check: who holds a [`Member`] is signed in, who
//! holds a [`Posted`] or a [`GuestPosted`] has a form that passed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, Redirect};

use super::Page;
use super::failure::PageFailure;
use super::form::Form;
use super::frame::{Frame, Tab};
use super::session::{Cookie, Flash, Tone};
use crate::sandbox::activity::Actor;
use crate::sandbox::http::Site;
use crate::sandbox::store::users::Storing;

const COOKIE: &str = "roster_session";

/// Anybody at an account's address.
pub(super) struct Guest {
    pub(super) page: Arc<Page>,
    pub(super) site: Site,
    /// What the browser sent, or a new one.
    pub(super) cookie: Cookie,
    sent: Sent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Cookie,
    None,
}

/// Somebody who is signed in, and so acts as the Owner.
pub(super) struct Member(Guest);

/// A form from somebody who is signed in.
pub(super) struct Posted {
    pub(super) member: Member,
    pub(super) form: Form,
}

/// A form from anybody.
pub(super) struct GuestPosted {
    pub(super) guest: Guest,
    pub(super) form: Form,
}

impl Guest {
    /// The cookie's header, where the browser does not have it yet.
    pub(super) fn cookie_header(&self) -> AppendHeaders<Option<(header::HeaderName, String)>> {
        AppendHeaders((self.sent == Sent::None).then(|| (header::SET_COOKIE, self.set_cookie(&self.cookie))))
    }

    /// The header value that gives the browser a cookie for this account alone.
    pub(super) fn set_cookie(&self, cookie: &Cookie) -> String {
        format!("{COOKIE}={}; Path=/{}/; HttpOnly; SameSite=Strict", cookie.as_str(), self.site.account.name)
    }

    /// What surrounds a page for somebody who is not signed in.
    pub(super) fn frame(&self, title: &str) -> Frame {
        Frame {
            title: title.to_owned(),
            account: self.site.account.name.clone(),
            token: self.page.sessions.form_token(&self.cookie),
            flash: None,
            tab: Tab::None,
        }
    }

    /// The same visitor, where a session is open.
    pub(super) fn signed_in(self) -> Result<Member, Self> {
        if self.page.sessions.goes_on(&self.cookie, &self.site.account.name, self.page.app.now()) {
            Ok(Member(self))
        } else {
            Err(self)
        }
    }
}

impl Member {
    /// What serves the page.
    pub(super) fn page(&self) -> &Page {
        &self.0.page
    }

    /// The account, as the Owner acts in it.
    pub(super) fn site(&self) -> &Site {
        &self.0.site
    }

    /// The session's cookie.
    pub(super) fn cookie(&self) -> &Cookie {
        &self.0.cookie
    }

    /// What surrounds a page, with the message that was left for it.
    pub(super) fn frame(&self, title: &str, tab: Tab) -> Frame {
        Frame { flash: self.0.page.sessions.take(&self.0.cookie), tab, ..self.0.frame(title) }
    }

    /// The address of one of the account's pages.
    pub(super) fn address(&self, path: &str) -> String {
        format!("/{}/{path}", self.0.site.account.name)
    }

    /// Leads to a page with a message there: how every form ends.
    pub(super) fn lead(&self, tone: Tone, text: impl Into<String>, path: &str) -> Redirect {
        self.0.page.sessions.leave(&self.0.cookie, Flash { tone, text: text.into() });
        Redirect::to(&self.address(path))
    }
}

impl FromRequestParts<Arc<Page>> for Guest {
    type Rejection = PageFailure;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Self::Rejection> {
        let account = parts.uri.path().split('/').nth(1).unwrap_or_default();
        let by = if parts.uri.path().split('/').nth(2) == Some("invitations") { Actor::Invitee } else { Actor::Page };
        let site = page.app.site(account, &parts.headers, by, Storing::Keep).map_err(|_| PageFailure::NothingHere)?;
        let (cookie, sent) = match sent_cookie(&parts.headers) {
            Some(cookie) => (cookie, Sent::Cookie),
            None => (Cookie::new(), Sent::None),
        };
        Ok(Self { page: Arc::clone(page), site, cookie, sent })
    }
}

impl FromRequestParts<Arc<Page>> for Member {
    type Rejection = PageFailure;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Self::Rejection> {
        let guest = Guest::from_request_parts(parts, page).await?;
        guest.signed_in().map_err(|guest| PageFailure::SignIn { account: guest.site.account.name.clone() })
    }
}

impl FromRequest<Arc<Page>> for GuestPosted {
    type Rejection = PageFailure;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        if !is_from_here(&parts.headers) {
            return Err(PageFailure::Forged);
        }
        let guest = Guest::from_request_parts(&mut parts, page).await?;
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, page).await.map_err(|_| PageFailure::TooLong)?;
        let form = Form::parse(&body);
        if !page.sessions.is_form_token(&guest.cookie, form.one("token")) {
            return Err(PageFailure::Forged);
        }
        Ok(Self { guest, form })
    }
}

impl FromRequest<Arc<Page>> for Posted {
    type Rejection = PageFailure;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Self::Rejection> {
        let GuestPosted { guest, form } = GuestPosted::from_request(request, page).await?;
        match guest.signed_in() {
            Ok(member) => Ok(Self { member, form }),
            Err(guest) => Err(PageFailure::SignIn { account: guest.site.account.name.clone() }),
        }
    }
}

/// Whether the browser says that a form comes from one of our pages, as far as it says anything.
///
/// `Sec-Fetch-Site` is the browser's own word. Browsers leave it out where the connection is neither encrypted nor
/// local, and say `Origin: null` because our pages send no referrer; then the form's token has to do.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match text("origin") {
        None | Some("null") => true,
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text("host"),
    }
}

fn sent_cookie(headers: &HeaderMap) -> Option<Cookie> {
    let sent = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| Cookie::from_browser(value))
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
        assert_eq!(sent_cookie(&headers).map(|cookie| cookie.as_str().to_owned()), Some("x".to_owned()));
        assert!(sent_cookie(&HeaderMap::new()).is_none());
    }
}
