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
use super::failure::PageFailure;
use super::frame::{Frame, html, outcome};
use super::visit::{Guest, GuestPosted};
use crate::page::day::Day;
use crate::sandbox::http::invitations;
use crate::sandbox::language::Language;
use crate::sandbox::user::{Status, User};

/// What the page says, in one language.
struct Words {
    language: &'static str,
    skip: &'static str,
    invites: &'static str,
    invited_as: &'static str,
    role: &'static str,
    until: &'static str,
    accept: &'static str,
    decline: &'static str,
    decline_note: &'static str,
    expired: &'static str,
    accepted: &'static str,
    declined: GonePage,
    unknown: GonePage,
}

const ENGLISH: Words = Words {
    language: "en",
    skip: "Skip to content",
    invites: "invites you to the account",
    invited_as: "Your login",
    role: "Your role",
    until: "The invitation counts until",
    accept: "Accept invitation",
    decline: "Decline",
    decline_note: "Who declines is not added.",
    expired: "This invitation has expired. Ask for a new one.",
    accepted: "You have accepted: you are a user of this account now.",
    declined: GonePage {
        language: "en",
        skip: "Skip to content",
        title: "You declined the invitation",
        text: "You were not added to the account, and this link no longer works. You can close this page.",
    },
    unknown: GonePage {
        language: "en",
        skip: "Skip to content",
        title: "There is no such invitation",
        text: "It may have been cancelled, or replaced by a newer one: look for a newer mail, or ask for one.",
    },
};

const FRENCH: Words = Words {
    language: "fr",
    skip: "Aller au contenu",
    invites: "vous invite à rejoindre le compte",
    invited_as: "Votre identifiant",
    role: "Votre rôle",
    until: "L’invitation est valable jusqu’au",
    accept: "Accepter l’invitation",
    decline: "Refuser",
    decline_note: "Si vous refusez, vous ne serez pas ajouté(e).",
    expired: "Cette invitation a expiré. Demandez-en une nouvelle.",
    accepted: "Vous avez accepté : vous faites maintenant partie de ce compte.",
    declined: GonePage {
        language: "fr",
        skip: "Aller au contenu",
        title: "Vous avez refusé l’invitation",
        text: "Vous n’avez pas été ajouté(e) au compte, et ce lien ne fonctionne plus. Vous pouvez fermer cette page.",
    },
    unknown: GonePage {
        language: "fr",
        skip: "Aller au contenu",
        title: "Cette invitation n’existe pas",
        text: "Elle a peut-être été annulée, ou remplacée par une plus récente : cherchez un message plus récent, ou \
               demandez-en un.",
    },
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

#[derive(Clone, Template)]
#[template(path = "gone.html")]
struct GonePage {
    language: &'static str,
    skip: &'static str,
    title: &'static str,
    text: &'static str,
}

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
    if let Ok(user) = outcome(page.app.invited(&guest.site, &token).await)? {
        let shown = html(&invitation(&page, &guest, user, token).await?)?;
        return Ok((guest.cookie_header(), shown).into_response());
    }
    match uri.query().and_then(|query| query.strip_prefix("declined=")) {
        Some(tag) => html(&words(Language::of(Some(tag))).declined),
        None => Ok((StatusCode::NOT_FOUND, html(&words(preferred(&headers)).unknown)?).into_response()),
    }
}

/// POST: the answer.
pub(super) async fn answer(
    Path((_, token)): Path<(String, String)>,
    headers: HeaderMap,
    GuestPosted { guest, form }: GuestPosted,
) -> Result<Response, PageFailure> {
    let page = Arc::clone(&guest.page);
    let Ok(user) = outcome(page.app.invited(&guest.site, &token).await)? else {
        return Ok((StatusCode::NOT_FOUND, html(&words(preferred(&headers)).unknown)?).into_response());
    };
    let here = format!("/{}/invitations/{token}", guest.site.account.name);
    let (result, next) = match form.one("answer") {
        "accept" => (page.app.accept(&guest.site, &token).await.map(drop), here),
        "decline" => {
            let language = Language::of(user.profile.language.as_deref()).tag();
            (page.app.decline(&guest.site, &token).await, format!("{here}?declined={language}"))
        }
        _ => return Err(PageFailure::Forged),
    };
    match outcome(result)? {
        Ok(()) => Ok(Redirect::to(&next).into_response()),
        // The invitation itself says why, in the language of its mail.
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
            Ok((status, html(&invitation(&page, &guest, user, token).await?)?).into_response())
        }
    }
}

async fn invitation(page: &Page, guest: &Guest, user: User, token: String) -> Result<InvitationPage, PageFailure> {
    let account = &guest.site.account;
    let language = Language::of(user.profile.language.as_deref());
    let owner = page.app.store.owner_name(account.number, &account.roles.owner().slug).await?;
    let role = user.profile.role.as_ref().and_then(|role| account.roles.find(&role.slug));
    let day = match language {
        Language::English => Day::new,
        Language::French => Day::in_french,
    };
    let stage = match (user.status(), user.invitation_expires) {
        (Status::Active, _) => Stage::Accepted,
        (Status::Invited, Some(end)) if end > page.app.now() => Stage::Open { until: day(end) },
        (Status::Invited | Status::Deactivated, _) => Stage::Expired,
    };
    Ok(InvitationPage {
        frame: guest.frame(&account.name),
        words: words(language),
        inviter: owner.unwrap_or_else(|| account.name.clone()),
        role: role.map(|role| (role.title.clone(), role.allows_in(language).to_owned())),
        address: user.profile.user_name,
        token,
        stage,
    })
}

fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
    }
}

/// The language that a browser asks for first.
fn preferred(headers: &HeaderMap) -> Language {
    Language::of(headers.get(header::ACCEPT_LANGUAGE).and_then(|tags| tags.to_str().ok()))
}

/// Whether a request comes from a browser, which names HTML; programs name JSON or take anything.
fn wants_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
