//! Inviting a user.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::failure::{PageFailure, sentence};
use super::frame::{Choice, Frame, Tab, form_again, html, outcome};
use super::visit::{Member, Posted};
use crate::page::form::Form;
use crate::page::session::Tone;
use crate::sandbox::language::Language;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::rules::{RoleEntry, held};
use crate::sandbox::user::Profile;

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    frame: Frame,
    roles: Vec<RoleEntry>,
    languages: Vec<Choice>,
    problem: Option<String>,
    address: String,
    given_name: String,
    family_name: String,
    reason: String,
    role: String,
}

/// GET: the form.
pub(super) async fn show(member: Member) -> Result<Response, PageFailure> {
    html(&page(&member, &Form::default(), None))
}

/// POST: invites.
pub(super) async fn send(Posted { member, form }: Posted) -> Result<Response, PageFailure> {
    let address = form.one("address");
    if !email_address::EmailAddress::is_valid(address) {
        let problem = "This is not an e-mail address. Write it whole, such as ada@acme.example.";
        return form_again(&page(&member, &form, Some(problem.to_owned())));
    }
    let text = |field| Some(form.one(field).to_owned()).filter(|text| !text.is_empty());
    let profile = Profile {
        user_name: address.to_owned(),
        given_name: text("given_name"),
        family_name: text("family_name"),
        language: text("language"),
        reason: text("reason"),
        role: text("role").map(|role| held(&role)),
        active: Some(true),
        ..Profile::default()
    };
    match outcome(member.page().app.invite(member.site(), profile).await)? {
        Ok(user) => {
            let done = format!("An invitation is on its way to {}.", user.profile.user_name);
            Ok(member.lead(Tone::Done, done, "").into_response())
        }
        Err(refusal) => form_again(&page(&member, &form, Some(why(&refusal, address)))),
    }
}

fn why(refusal: &Refusal, address: &str) -> String {
    match refusal.keyword {
        Some(Keyword::Uniqueness) => format!("{address} is a user of this account already."),
        Some(_) | None => sentence(refusal),
    }
}

fn page(member: &Member, form: &Form, problem: Option<String>) -> InvitePage {
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let roles = &member.site().account.roles;
    let language = Language::of(Some(form.one("language"))).tag();
    InvitePage {
        frame: member.frame("Invite a user", Tab::Users),
        roles: roles.assignable().cloned().collect(),
        languages: Language::ALL.map(|known| Choice::new(known.tag(), known.name(), Some(language))).to_vec(),
        problem,
        address: form.one("address").to_owned(),
        given_name: form.one("given_name").to_owned(),
        family_name: form.one("family_name").to_owned(),
        reason: form.one("reason").to_owned(),
        role: or(form.one("role"), roles.default_slug()),
    }
}
