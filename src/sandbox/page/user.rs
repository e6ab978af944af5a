//! What is done to one user, or to several ticked ones.

use askama::Template;
use axum::extract::Path;
use axum::response::{Redirect, Response};

use super::failure::{PageFailure, sentence};
use super::frame::{Frame, Tab, conclude, html, outcome};
use super::people::full_name;
use super::visit::{Member, Posted};
use crate::page::session::Tone;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::User;

#[derive(Template)]
#[template(path = "remove.html")]
struct RemovePage {
    frame: Frame,
    id: String,
    name: String,
    address: String,
    role: Option<String>,
}

/// POST: another role.
pub(super) async fn give_role(
    Path((_, id)): Path<(String, String)>,
    Posted { member, form }: Posted,
) -> Result<Redirect, PageFailure> {
    let user = find(&member, &id).await?;
    let (site, slug) = (member.site(), form.one("role"));
    let title = site.account.roles.find(slug).map_or_else(|| slug.to_owned(), |role| role.title.clone());
    let given = member.page().app.give_role(site, &id, slug).await;
    conclude(&member, given, |()| format!("{} is now {title}.", user.profile.user_name), "")
}

/// POST: the invitation once more.
pub(super) async fn resend(
    Path((_, id)): Path<(String, String)>,
    Posted { member, .. }: Posted,
) -> Result<Redirect, PageFailure> {
    let sent = member.page().app.resend(member.site(), &id).await;
    let done =
        |user: User| format!("A new invitation is on its way to {}. The old link is dead.", user.profile.user_name);
    conclude(&member, sent, done, "")
}

/// POST: the invitations of all who are ticked.
pub(super) async fn resend_ticked(Posted { member, form }: Posted) -> Result<Redirect, PageFailure> {
    let ticked = form.all("user");
    let mut refused: Option<Refusal> = None;
    let mut sent = 0_usize;
    for id in &ticked {
        match outcome(member.page().app.resend(member.site(), id).await)? {
            Ok(_) => sent += 1,
            Err(refusal) => refused = Some(refusal),
        }
    }
    let (tone, text) = match (refused, sent) {
        (None, 0) => (Tone::Refused, "Tick the invitations that are to be sent again.".to_owned()),
        (None, 1) => (Tone::Done, "1 new invitation is on its way. The old link is dead.".to_owned()),
        (None, _) => (Tone::Done, format!("{sent} new invitations are on their way. The old links are dead.")),
        (Some(refusal), _) => (
            Tone::Refused,
            format!("{sent} of {} new invitations are on their way. {}", ticked.len(), sentence(&refusal)),
        ),
    };
    Ok(member.lead(tone, text, ""))
}

/// POST: the invitation is taken back.
pub(super) async fn cancel(
    Path((_, id)): Path<(String, String)>,
    Posted { member, .. }: Posted,
) -> Result<Redirect, PageFailure> {
    let user = find(&member, &id).await?;
    let cancelled = member.page().app.cancel(member.site(), &id).await;
    conclude(&member, cancelled, |()| format!("The invitation of {} is cancelled.", user.profile.user_name), "")
}

/// GET: asks whether the user is really to be removed.
pub(super) async fn ask_removal(
    Path((_, id)): Path<(String, String)>,
    member: Member,
) -> Result<Response, PageFailure> {
    let User { id, profile, .. } = find(&member, &id).await?;
    let roles = &member.site().account.roles;
    html(&RemovePage {
        frame: member.frame("Remove user", Tab::Users),
        id,
        name: full_name(&profile).unwrap_or_else(|| profile.user_name.clone()),
        role: profile.role.and_then(|role| roles.find(&role.slug).map(|role| role.title.clone())),
        address: profile.user_name,
    })
}

/// POST: removes the user.
pub(super) async fn remove(
    Path((_, id)): Path<(String, String)>,
    Posted { member, .. }: Posted,
) -> Result<Redirect, PageFailure> {
    let user = find(&member, &id).await?;
    let removed = member.page().app.remove(member.site(), &id).await;
    conclude(&member, removed, |()| format!("{} is removed.", user.profile.user_name), "")
}

async fn find(member: &Member, id: &str) -> Result<User, PageFailure> {
    let found = member.page().app.store.user(member.site().account.number, id).await?;
    found.ok_or(PageFailure::NothingHere)
}
