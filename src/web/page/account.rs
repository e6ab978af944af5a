//! One account: how it stands, what waits and why, what was done; and the orders that somebody signed in may give.

mod view;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse, Redirect, Response};

use crate::daemon::order::{Approval, Order, Trigger};
use crate::daemon::status::account::State;
use crate::model::account_name::AccountName;
use crate::model::digest::DigestPrefix;
use crate::model::upkeep::Suspension;
use crate::page::session::Tone;
use crate::render::json::history::Deed;
use crate::web::Desk;
use crate::web::page::Frame;
use crate::web::page::account::view::View;
use crate::web::page::failure::{PageFailure, html};
use crate::web::page::visit::{Posted, Viewer};

#[derive(Template)]
#[template(path = "daemon/account.html")]
struct AccountPage {
    frame: Frame,
    view: View,
}

/// The class of a state's colour.
pub(super) fn class(state: State) -> &'static str {
    match state {
        State::InSync => "active",
        State::Applying | State::Held | State::RateLimited | State::Drifted => "invited",
        State::AuthFailed | State::Failed | State::Flapping => "expired",
        State::Suspended | State::Unknown => "off",
    }
}

/// GET `/accounts/NAME`.
pub(super) async fn show(
    Viewer(guest): Viewer,
    Extracted(desk): Extracted<Arc<Desk>>,
    Path(name): Path<String>,
) -> Result<Response, PageFailure> {
    let name: AccountName = name.parse().map_err(|_| PageFailure::NothingHere)?;
    let status = desk.status();
    let account = status.accounts.get(&name).ok_or(PageFailure::NothingHere)?;
    let journal: Vec<Deed> = desk.newest(&name).await.iter().map(Deed::of).collect();
    let view = View::of(&name, account, &status.source, &journal, desk.now());
    let page = AccountPage { frame: guest.frame(name.as_str()), view };
    Ok((guest.cookie_header(), html(&page)?).into_response())
}

/// POST `/accounts/NAME/ORDER`.
pub(super) async fn order(
    Extracted(desk): Extracted<Arc<Desk>>,
    Path((name, order)): Path<(String, String)>,
    Posted { guest, form }: Posted,
) -> Result<Redirect, PageFailure> {
    let account: AccountName = name.parse().map_err(|_| PageFailure::NothingHere)?;
    let page = format!("/accounts/{account}");
    let refuse = |words: &str| Ok(guest.lead(Tone::Refused, words, &page));
    let reason = form.one("reason");
    let (order, words) = match order.as_str() {
        "reconcile" => {
            (Order::Look { account: Some(account), trigger: Trigger::Operator }, "The account is looked at.")
        }
        "resume" => (Order::Resume { account }, "The account is kept again."),
        "pause" | "approve" if reason.is_empty() => return refuse("Nothing was changed: say why."),
        "pause" => {
            let suspension = Suspension { reason: reason.to_owned(), until: None };
            (Order::Pause { account, suspension }, "The account is left alone until somebody resumes it.")
        }
        "approve" => {
            let (Ok(digest), actor) = (form.one("plan").parse::<DigestPrefix>(), form.one("actor")) else {
                return Err(PageFailure::Forged);
            };
            if actor.is_empty() {
                return refuse("Nothing was changed: say who you are.");
            }
            let approval = Approval { digest, actor: actor.to_owned(), reason: Some(reason.to_owned()) };
            (Order::Approve { account, approval }, "What is held is carried out, if the plan is still the same.")
        }
        _ => return Err(PageFailure::NothingHere),
    };
    desk.order(order).await.map_err(PageFailure::NotTaken)?;
    Ok(guest.lead(Tone::Done, words, &page))
}
