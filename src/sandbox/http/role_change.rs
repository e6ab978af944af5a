//! Changes to the account's custom roles, for SCIM and for the page. One at a time, so that a name that is free when it
//! is looked at is free when it is taken.

use std::sync::{Arc, PoisonError};

use tokio::sync::RwLockReadGuard;

use super::answer::Failure;
use super::precondition::Precondition;
use super::{Account, App, Site};
use crate::sandbox::attribute::account_user::account_user;
use crate::sandbox::custom_role::{Contents, CustomRole};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::rules::Roles;

/// The roles that there are, which stay as they are as long as the first part of the answer is kept: whoever gives a role to a
/// user holds it, so that nobody is left with a role that was deleted at the same time.
pub(super) async fn steady<'a>(app: &'a App, site: &Site) -> (RwLockReadGuard<'a, ()>, Site) {
    let guard = app.changing_roles.read().await;
    let mut site = site.clone();
    app.refresh(&mut site);
    (guard, site)
}

/// Makes a role.
pub(super) async fn make(app: &App, site: &Site, contents: &Contents) -> Result<CustomRole, Failure> {
    let _one_at_a_time = app.changing_roles.write().await;
    let custom = app.store.custom_roles(site.account.number).await?;
    let roles = Roles::of(site.account.catalogue).with_custom(&custom);
    let role = CustomRole::new(&roles, contents, site.writing.at)?;
    let role = app.store.put_custom_role(site.account.number, role, site.writing).await?;
    take_over(app, site).await?;
    Ok(role)
}

/// Gives a role other contents, where it has the version that the client means.
pub(super) async fn edit(
    app: &App,
    site: &Site,
    slug: &str,
    precondition: &Precondition,
    new_contents: impl FnOnce(&CustomRole) -> Result<Contents, Refusal>,
) -> Result<CustomRole, Failure> {
    let _one_at_a_time = app.changing_roles.write().await;
    let custom = app.store.custom_roles(site.account.number).await?;
    let before = find(site, &custom, slug)?;
    precondition.check(before.version)?;
    let contents = new_contents(before)?;
    let roles = Roles::of(site.account.catalogue).with_custom(&custom);
    let role = before.edited(&roles, &contents, site.writing.at)?;
    if role == *before {
        return Ok(role);
    }
    let role = app.store.put_custom_role(site.account.number, role, site.writing).await?;
    take_over(app, site).await?;
    Ok(role)
}

/// Deletes a role that nobody holds.
pub(super) async fn delete(app: &App, site: &Site, slug: &str, precondition: &Precondition) -> Result<(), Failure> {
    let _one_at_a_time = app.changing_roles.write().await;
    let custom = app.store.custom_roles(site.account.number).await?;
    precondition.check(find(site, &custom, slug)?.version)?;
    app.store.delete_custom_role(site.account.number, slug, site.writing).await?;
    take_over(app, site).await
}

fn find<'r>(site: &Site, custom: &'r [CustomRole], slug: &str) -> Result<&'r CustomRole, Refusal> {
    let found = custom.iter().find(|role| role.slug == slug);
    found.ok_or_else(|| match site.account.roles.entries().iter().find(|entry| entry.slug == slug) {
        Some(entry) => {
            let detail = format!("the role `{}` is the same in every account and cannot be changed", entry.title);
            Refusal::bad(Keyword::Mutability, detail)
        }
        None => no_role(slug),
    })
}

/// 404 for a role.
pub(super) fn no_role(slug: &str) -> Refusal {
    Refusal::plain(404, format!("there is no role `{slug}`"))
}

/// Lets requests see the custom roles that are stored now.
async fn take_over(app: &App, site: &Site) -> Result<(), Failure> {
    let custom = app.store.custom_roles(site.account.number).await?;
    let roles = Roles::of(site.account.catalogue).with_custom(&custom);
    let schema = account_user(&roles, app.facts);
    let account = Arc::new(Account { roles, schema, ..Account::clone(&site.account) });
    app.accounts.write().unwrap_or_else(PoisonError::into_inner).insert(account.name.clone(), account);
    Ok(())
}
