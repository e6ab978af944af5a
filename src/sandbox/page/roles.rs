//! The account's roles, and its custom ones made, edited and deleted.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};

use super::failure::{PageFailure, sentence};
use super::frame::{Frame, Tab, conclude, form_again, html, outcome};
use super::people::grouped;
use super::visit::{Member, Posted};
use crate::page::form::Form;
use crate::page::session::Tone;
use crate::sandbox::custom_role::{Contents, CustomRole, PERMISSION_SETS, PermissionSet};
use crate::sandbox::refusal::Refusal;

struct Row {
    slug: String,
    title: String,
    /// What it is for, in the words of who made it.
    description: String,
    allows: String,
    holders: String,
}

/// A permission set that can be ticked.
struct Tick {
    set: PermissionSet,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "roles.html")]
struct RolesPage {
    frame: Frame,
    fixed: Vec<Row>,
    custom: Vec<Row>,
}

#[derive(Template)]
#[template(path = "role.html")]
struct RolePage {
    frame: Frame,
    /// Where the form goes.
    target: String,
    /// The slug of a role that is there already.
    slug: Option<String>,
    title: String,
    description: String,
    ticks: Vec<Tick>,
    problem: Option<String>,
}

/// GET: all roles.
pub(super) async fn show(member: Member) -> Result<Response, PageFailure> {
    let (account, store) = (&member.site().account, &member.page().app.store);
    let holders: BTreeMap<String, u64> = store.role_holders(account.number).await?.into_iter().collect();
    let custom = store.custom_roles(account.number).await?;
    let row = |slug: &str, title: &str, description: &str, allows: &str| Row {
        slug: slug.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        allows: allows.to_owned(),
        holders: grouped(holders.get(slug).copied().unwrap_or(0)),
    };
    let is_custom = |slug: &str| custom.iter().any(|role| role.slug == slug);
    let fixed = account.roles.entries().iter().filter(|entry| !is_custom(&entry.slug));
    html(&RolesPage {
        fixed: fixed.map(|entry| row(&entry.slug, &entry.title, "", &entry.allows)).collect(),
        custom: custom.iter().map(|role| row(&role.slug, &role.title, &role.description, &role.allows())).collect(),
        frame: member.frame("Roles", Tab::Roles),
    })
}

/// GET: the form for a new role.
pub(super) async fn blank(member: Member) -> Result<Response, PageFailure> {
    html(&page(&member, None, Contents::default(), None))
}

/// POST: makes a role.
pub(super) async fn make(Posted { member, form }: Posted) -> Result<Response, PageFailure> {
    let contents = sent(&form);
    let made = outcome(member.page().app.make_role(member.site(), &contents).await)?;
    conclude_form(&member, None, contents, made, |role| {
        format!("The role {} is there. It can be given to users now.", role.title)
    })
}

/// GET: the form for a role that is there.
pub(super) async fn open(Path((_, slug)): Path<(String, String)>, member: Member) -> Result<Response, PageFailure> {
    let contents = find(&member, &slug).await?.contents();
    html(&page(&member, Some(slug), contents, None))
}

/// POST: changes a role.
pub(super) async fn edit(
    Path((_, slug)): Path<(String, String)>,
    Posted { member, form }: Posted,
) -> Result<Response, PageFailure> {
    let external_id = find(&member, &slug).await?.external_id;
    let contents = Contents { external_id, ..sent(&form) };
    let edited = outcome(member.page().app.edit_role(member.site(), &slug, &contents).await)?;
    conclude_form(&member, Some(slug), contents, edited, |role| format!("The role {} is changed.", role.title))
}

/// POST: deletes a role.
pub(super) async fn delete(
    Path((_, slug)): Path<(String, String)>,
    Posted { member, .. }: Posted,
) -> Result<Redirect, PageFailure> {
    let CustomRole { title, .. } = find(&member, &slug).await?;
    let deleted = member.page().app.delete_role(member.site(), &slug).await;
    conclude(&member, deleted, |()| format!("The role {title} is deleted."), "roles")
}

fn sent(form: &Form) -> Contents {
    Contents {
        title: form.one("title").to_owned(),
        description: form.one("description").to_owned(),
        permissions: form.all("permission"),
        external_id: None,
    }
}

fn conclude_form(
    member: &Member,
    slug: Option<String>,
    contents: Contents,
    kept: Result<CustomRole, Refusal>,
    done: impl FnOnce(&CustomRole) -> String,
) -> Result<Response, PageFailure> {
    match kept {
        Ok(role) => Ok(member.lead(Tone::Done, done(&role), "roles").into_response()),
        Err(refusal) => form_again(&page(member, slug, contents, Some(sentence(&refusal)))),
    }
}

async fn find(member: &Member, slug: &str) -> Result<CustomRole, PageFailure> {
    let roles = member.page().app.store.custom_roles(member.site().account.number).await?;
    roles.into_iter().find(|role| role.slug == slug).ok_or(PageFailure::NothingHere)
}

fn page(member: &Member, slug: Option<String>, contents: Contents, problem: Option<String>) -> RolePage {
    let Contents { title, description, permissions, external_id: _ } = contents;
    let ticks =
        PERMISSION_SETS.iter().map(|set| Tick { set: *set, ticked: permissions.iter().any(|slug| slug == set.slug) });
    RolePage {
        frame: member.frame(if slug.is_some() { "Edit role" } else { "New role" }, Tab::Roles),
        // A role can be named like anything, so the form for a new one stands beside the roles.
        target: member.address(&slug.as_ref().map_or("new-role".to_owned(), |slug| format!("roles/{slug}"))),
        slug,
        title,
        description,
        ticks: ticks.collect(),
        problem,
    }
}
