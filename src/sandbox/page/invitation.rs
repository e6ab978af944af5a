//! What the invited see when they follow the link of their mail: who invites them to what, and two buttons.
//!
//! In their language: the mail was written in it, too. Programs get the same address as JSON.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::Page;
use super::day::Day;
use super::failure::PageFailure;
use super::frame::{Frame, html, outcome};
use super::visit::{Guest, GuestPosted};
use crate::sandbox::http::{invitations, now};
use crate::sandbox::store::people::Search;
use crate::sandbox::user::{Status, User};

/// What the page says, in one language.
struct Words {
    language: &'static str,
    invites: &'static str,
    invited_as: &'static str,
    role: &'static str,
    until: &'static str,
    accept: &'static str,
    decline: &'static str,
    decline_note: &'static str,
    expired: &'static str,
    accepted: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    invites: "invites you to the account",
    invited_as: "Your login",
    role: "Your role",
    until: "The invitation counts until",
    accept: "Accept invitation",
    decline: "Decline",
    decline_note: "Who declines is not added.",
    expired: "This invitation has expired. Ask for a new one.",
    accepted: "You have accepted: you are a user of this account now.",
};

const FRENCH: Words = Words {
    language: "fr",
    invites: "vous invite à rejoindre le compte",
    invited_as: "Votre identifiant",
    role: "Votre rôle",
    until: "L’invitation est valable jusqu’au",
    accept: "Accepter l’invitation",
    decline: "Refuser",
    decline_note: "Si vous refusez, vous ne serez pas ajouté(e).",
    expired: "Cette invitation a expiré. Demandez-en une nouvelle.",
    accepted: "Vous avez accepté : vous faites maintenant partie de ce compte.",
};

/// Where an invitation stands.
enum Stage {
    Open { until: Day },
    Expired,
    Accepted,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    words: &'static Words,
    inviter: String,
    address: String,
    role: Option<(String, String)>,
    token: String,
    stage: Stage,
}

#[derive(Template)]
#[template(path = "gone.html")]
struct GonePage {
    title: &'static str,
    text: &'static str,
}

const DECLINED: GonePage = GonePage {
    title: "You declined the invitation",
    text: "You were not added to the account, and this link no longer works. You can close this page.",
};

const UNKNOWN: GonePage = GonePage {
    title: "There is no such invitation",
    text: "It may have been cancelled, or replaced by a newer one: look for a newer mail, or ask for one.",
};

/// GET: the invitation.
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    path: Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    guest: Guest,
) -> Result<Response, PageFailure> {
    if !wants_html(&headers) {
        let json = invitations::show(State(Arc::clone(&page.app)), Extension(guest.site), path).await;
        return Ok(json.into_response());
    }
    let Path((_, token)) = path;
    match outcome(page.app.invited(&guest.site, &token).await)? {
        Ok(user) => {
            let shown = html(&invitation(&page, &guest, user, token).await?)?;
            Ok((guest.cookie_header(), shown).into_response())
        }
        Err(_) if uri.query() == Some("declined") => html(&DECLINED),
        Err(_) => Ok((StatusCode::NOT_FOUND, html(&UNKNOWN)?).into_response()),
    }
}

/// POST: the answer.
pub(super) async fn answer(
    Path((_, token)): Path<(String, String)>,
    GuestPosted { guest, form }: GuestPosted,
) -> Result<Redirect, PageFailure> {
    let app = &guest.page.app;
    let here = format!("/{}/invitations/{token}", guest.site.account.name);
    let (result, next) = match form.one("answer") {
        "accept" => (app.accept(&guest.site, &token).await.map(drop), here),
        "decline" => (app.decline(&guest.site, &token).await, format!("{here}?declined")),
        _ => return Err(PageFailure::Forged),
    };
    result?;
    Ok(Redirect::to(&next))
}

async fn invitation(page: &Page, guest: &Guest, user: User, token: String) -> Result<InvitationPage, PageFailure> {
    let account = &guest.site.account;
    let french = user.profile.language.as_deref().is_some_and(|language| language.to_lowercase().starts_with("fr"));
    let owner = Search { role: Some(account.roles.owner().slug), ..Search::default() };
    let owner = page.app.store.people(account.number, &owner, 0, 1).await?.users.into_iter().next();
    let role = user.profile.role.as_ref().and_then(|role| account.roles.find(&role.slug));
    let stage = match (user.status(), user.invitation_expires) {
        (Status::Active, _) => Stage::Accepted,
        (Status::Invited, Some(end)) if end > now() => {
            Stage::Open { until: if french { Day::in_french(end) } else { Day::new(end) } }
        }
        (Status::Invited | Status::Deactivated, _) => Stage::Expired,
    };
    Ok(InvitationPage {
        frame: guest.frame(&account.name),
        words: if french { &FRENCH } else { &ENGLISH },
        inviter: owner.map_or_else(|| account.name.clone(), |owner| owner.profile.user_name),
        role: role
            .map(|role| (role.title.clone(), if french { role.allows_in_french.clone() } else { role.allows.clone() })),
        address: user.profile.user_name,
        token,
        stage,
    })
}

/// Whether a request comes from a browser, which names HTML; programs name JSON or take anything.
fn wants_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
