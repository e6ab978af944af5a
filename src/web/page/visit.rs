//! Who looks at a page, and whether a form was really sent from one of ours.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{AppendHeaders, Redirect};

use crate::page::form::Form;
use crate::page::origin::{cookie, is_from_here};
use crate::page::session::{Cookie, Flash, Tone};
use crate::web::Desk;
use crate::web::admission::{Origin, peer};
use crate::web::page::Frame;
use crate::web::page::failure::PageFailure;

const COOKIE: &str = "roster_daemon";

/// Anybody.
pub(super) struct Guest {
    pub(super) desk: Arc<Desk>,
    pub(super) origin: Origin,
    /// What the browser sent, or a new one.
    pub(super) cookie: Cookie,
    is_new: bool,
    pub(super) signed_in: bool,
}

/// Somebody who may see everything: from this machine, or signed in.
pub(super) struct Viewer(pub(super) Guest);

/// A form from anybody.
pub(super) struct GuestPosted {
    pub(super) guest: Guest,
    pub(super) form: Form,
    pub(super) peer: Option<IpAddr>,
}

/// A form from somebody who may see everything. It must change nothing.
pub(super) struct ViewerPosted {
    pub(super) guest: Guest,
    pub(super) form: Form,
}

/// A form from somebody who is signed in.
pub(super) struct Posted {
    pub(super) guest: Guest,
    pub(super) form: Form,
}

impl Guest {
    /// Whether everything may be shown: to this machine, and to whoever is signed in.
    fn may_see(&self) -> bool {
        self.origin == Origin::Here || self.signed_in
    }

    /// The cookie's header, where the browser does not have it yet.
    pub(super) fn cookie_header(&self) -> AppendHeaders<Option<(header::HeaderName, String)>> {
        AppendHeaders(self.is_new.then(|| (header::SET_COOKIE, set_cookie(&self.cookie))))
    }

    /// What surrounds a page, with the message that was left for it.
    pub(super) fn frame(&self, title: &str) -> Frame {
        Frame {
            title: title.to_owned(),
            token: self.desk.sessions.form_token(&self.cookie),
            flash: self.desk.sessions.take(&self.cookie),
            signed_in: self.signed_in,
            can_sign_in: self.desk.secrets().token.is_some(),
        }
    }

    /// Leads to a page with a message there: how every form ends.
    pub(super) fn lead(&self, tone: Tone, text: impl Into<String>, path: &str) -> Redirect {
        self.desk.sessions.leave(&self.cookie, Flash { tone, text: text.into() });
        Redirect::to(path)
    }
}

/// The header value that gives the browser a cookie.
pub(super) fn set_cookie(cookie: &Cookie) -> String {
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", cookie.as_str())
}

impl FromRequestParts<Arc<Desk>> for Guest {
    type Rejection = PageFailure;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let origin = desk.origin(parts)?;
        let sent = cookie(&parts.headers, COOKIE);
        let signed_in = sent.as_ref().is_some_and(|cookie| desk.sessions.goes_on(cookie, &desk.whole(), desk.now()));
        let is_new = sent.is_none();
        Ok(Self { desk: Arc::clone(desk), origin, cookie: sent.unwrap_or_else(Cookie::new), is_new, signed_in })
    }
}

impl FromRequestParts<Arc<Desk>> for Viewer {
    type Rejection = PageFailure;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let guest = Guest::from_request_parts(parts, desk).await?;
        if guest.may_see() { Ok(Self(guest)) } else { Err(PageFailure::SignIn) }
    }
}

impl FromRequest<Arc<Desk>> for GuestPosted {
    type Rejection = PageFailure;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let guest = Guest::from_request_parts(&mut parts, desk).await?;
        if !is_from_here(&parts.headers) {
            return Err(PageFailure::Forged);
        }
        let peer = peer(&parts);
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, desk).await.map_err(|_| PageFailure::TooLong)?;
        let form = Form::parse(&body);
        if !desk.sessions.is_form_token(&guest.cookie, form.one("token")) {
            return Err(PageFailure::Forged);
        }
        Ok(Self { guest, form, peer })
    }
}

impl FromRequest<Arc<Desk>> for ViewerPosted {
    type Rejection = PageFailure;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let GuestPosted { guest, form, peer: _ } = GuestPosted::from_request(request, desk).await?;
        if guest.may_see() { Ok(Self { guest, form }) } else { Err(PageFailure::SignIn) }
    }
}

impl FromRequest<Arc<Desk>> for Posted {
    type Rejection = PageFailure;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let GuestPosted { guest, form, peer: _ } = GuestPosted::from_request(request, desk).await?;
        if guest.signed_in { Ok(Self { guest, form }) } else { Err(PageFailure::SignIn) }
    }
}
