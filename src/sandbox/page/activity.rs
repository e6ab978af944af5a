//! The activity log: who did what to whom, newest first.

use askama::Template;
use axum::http::Uri;
use axum::response::Response;

use super::failure::PageFailure;
use super::frame::{Frame, Tab, html};
use super::visit::Member;
use crate::page::day::Day;
use crate::page::form::Form;
use crate::sandbox::activity::{Actor, Deed, Happening};
use crate::sandbox::rules::Roles;
use crate::sandbox::store::activity::LogLine;

const PER_PAGE: u32 = 100;

/// A line as people read it: what was done, to whom, and the rest.
struct Line {
    when: Day,
    who: &'static str,
    what: &'static str,
    whom: String,
    rest: String,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    lines: Vec<Line>,
    older: Option<String>,
}

/// GET.
pub(super) async fn show(uri: Uri, member: Member) -> Result<Response, PageFailure> {
    let before = Form::parse(uri.query().unwrap_or_default().as_bytes()).one("before").parse().ok();
    let account = &member.site().account;
    let lines = member.page().app.store.activity(account.number, before, PER_PAGE).await?;
    // A full page may be the last one; the next is then empty, which is no harm.
    let last = lines.last().filter(|_| lines.len() == PER_PAGE as usize);
    html(&ActivityPage {
        older: last.map(|line| member.address(&format!("activity?before={}", line.number))),
        lines: lines.into_iter().map(|line| told(line, &account.roles)).collect(),
        frame: member.frame("Activity", Tab::Activity),
    })
}

fn told(LogLine { at, by, happening, .. }: LogLine, roles: &Roles) -> Line {
    let Happening { deed, subject, before, after } = happening;
    let role = |slug: Option<String>| slug.map_or_else(|| "no role".to_owned(), |slug| roles.title(&slug));
    let said = |text: Option<String>| text.unwrap_or_default();
    let (what, rest) = match deed {
        Deed::Invited => ("invited", format!("as {}", role(after))),
        Deed::InvitationResent => ("sent a new invitation to", String::new()),
        Deed::InvitationCancelled => ("cancelled the invitation of", String::new()),
        Deed::InvitationAccepted => ("accepted the invitation as", String::new()),
        Deed::InvitationDeclined => ("declined the invitation as", String::new()),
        Deed::RoleChanged => ("changed the role of", format!("from {} to {}", role(before), role(after))),
        Deed::AddressChanged => ("changed an address to", format!("from {}", said(before))),
        Deed::ProfileChanged => ("changed the profile of", String::new()),
        Deed::Deactivated => ("deactivated", String::new()),
        Deed::Reactivated => ("reactivated", String::new()),
        Deed::Removed => ("removed", format!("who was {}", role(before))),
        Deed::OwnershipHandedOver => ("handed the ownership to", format!("from {}", said(before))),
        Deed::CustomRoleMade => ("created the role", String::new()),
        Deed::CustomRoleEdited if before != after => ("edited the role", format!("formerly {}", said(before))),
        Deed::CustomRoleEdited => ("edited the role", String::new()),
        Deed::CustomRoleDeleted => ("deleted the role", String::new()),
    };
    let who = match by {
        Actor::Key => "API key",
        Actor::Page => "Owner (page)",
        Actor::Invitee => "Invitee",
    };
    Line { when: Day::new(at), who, what, whom: subject, rest }
}
