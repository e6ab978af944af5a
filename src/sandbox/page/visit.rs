//! Who asks: a guest or somebody signed in, and whether a form was really sent from one of our pages.
//!
//! Handlers take these types as arguments, so that none can forget a check: who holds a [`Member`] is signed in, who
//! holds a [`Posted`] or a [`GuestPosted`] has a form that passed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{AppendHeaders, Redirect};

use super::Page;
use super::failure::PageFailure;
use super::frame::{Frame, Tab};
use crate::page::form::Form;
use crate::page::origin;
use crate::page::session::{Cookie, Flash, Tone};
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
        let site = page.app.site(account, &parts.uri, &parts.headers, by, Storing::Keep);
        let site = site.map_err(|_| PageFailure::NothingHere)?;
        let (cookie, sent) = match origin::cookie(&parts.headers, COOKIE) {
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
        if !origin::is_from_here(&parts.headers) {
            return Err(PageFailure::Forged);
        }
        let guest = Guest::from_request_parts(&mut parts, page).await?;
        if !is_about_the_session(parts.uri.path()) {
            page.app.check_writes(&parts.method).map_err(PageFailure::Refused)?;
        }
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, page).await.map_err(|_| PageFailure::TooLong)?;
        let form = Form::parse(&body);
        if !page.sessions.is_form_token(&guest.cookie, form.one("token")) {
            return Err(PageFailure::Forged);
        }
        Ok(Self { guest, form })
    }
}

/// Whether a form changes nothing in the account: who looks at a service that takes no writes signs in and out, too.
fn is_about_the_session(path: &str) -> bool {
    matches!(path.split('/').nth(2), Some("sign-in" | "sign-out"))
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
