//! Handing the ownership over: who gets it, and the address once more so that nobody does it by accident.

use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};

use super::failure::{PageFailure, sentence};
use super::frame::{Frame, Tab, form_again, html, outcome};
use super::visit::{Member, Posted};
use crate::page::form::Form;
use crate::page::session::Tone;
use crate::sandbox::folding::fold;

#[derive(Template)]
#[template(path = "ownership.html")]
struct OwnershipPage {
    frame: Frame,
    owner: String,
    former_role: String,
    to: String,
    problem: Option<String>,
}

/// GET: the form, for a user whom the address may name.
pub(super) async fn show(uri: Uri, member: Member) -> Result<Response, PageFailure> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    html(&page(&member, query.one("to"), None).await?)
}

/// POST: hands over.
pub(super) async fn hand_over(Posted { member, form }: Posted) -> Result<Response, PageFailure> {
    let (to, again) = (form.one("to"), form.one("confirmation"));
    let (app, site) = (&member.page().app, member.site());
    let problem = match app.store.user_named(site.account.number, to).await? {
        None => format!("{to} is not a user of this account."),
        Some(_) if fold(to) != fold(again) => {
            "The two addresses differ. Type the new Owner’s address in both fields.".to_owned()
        }
        Some(user) => match outcome(app.hand_over(site, &user.id).await)? {
            Err(refusal) => sentence(&refusal),
            Ok(heir) => {
                let done = format!("{} is now the Owner.", heir.profile.user_name);
                return Ok(member.lead(Tone::Done, done, "ownership").into_response());
            }
        },
    };
    form_again(&page(&member, to, Some(problem)).await?)
}

async fn page(member: &Member, to: &str, problem: Option<String>) -> Result<OwnershipPage, PageFailure> {
    let account = &member.site().account;
    let succession = account.roles.succession();
    let owner = member.page().app.store.owner_name(account.number, &succession.owner.slug).await?;
    Ok(OwnershipPage {
        owner: owner.unwrap_or_default(),
        former_role: account.roles.title(&succession.former.slug),
        to: to.to_owned(),
        problem,
        frame: member.frame("Ownership", Tab::Ownership),
    })
}
