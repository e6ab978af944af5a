//! One change to a user, as a request of its own or as a part of a bulk request.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::Failure;
use super::precondition::Precondition;
use super::{App, Site, invite, role_change};
use crate::sandbox::attribute::Object;
use crate::sandbox::attribute::accept::accept_resource;
use crate::sandbox::folding::fold;
use crate::sandbox::invitation::{Token, expiry};
use crate::sandbox::patch::{self, Request};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{profile_from_json, user_to_json};
use crate::sandbox::rules::Write;
use crate::sandbox::store::users::{Change, Whom};
use crate::sandbox::user::{Profile, Status, User};
use crate::scim;

/// A change.
#[derive(Debug)]
pub(super) enum Operation {
    Create(Object),
    Replace(String, Object),
    Patch(String, Object),
    Delete(String),
}

/// What a change came to.
#[derive(Debug)]
pub(super) enum Outcome {
    Created(User),
    Changed(User),
    Deleted,
}

/// Carries a change out, where the user has the version that the client means.
///
/// # Errors
///
/// Where the protocol or the account refuses it, or the database fails.
pub(super) async fn perform(
    app: &App,
    site: &Site,
    operation: Operation,
    precondition: &Precondition,
) -> Result<Outcome, Failure> {
    let (_steady, site) = &role_change::steady(app, site).await;
    let account = &site.account;
    match operation {
        Operation::Create(body) => create(app, site, &body).await,
        Operation::Replace(id, body) => {
            let profile = profile_from_json(&accept_resource(&account.schema, &body)?)?;
            let new_profile = |before: &User| account.roles.settle(Write::Replace, Some(&before.profile), profile);
            change(app, site, &id, precondition, new_profile).await
        }
        Operation::Patch(id, body) => {
            let request = read_patch(body)?;
            let new_profile = |before: &User| {
                let patched = patch::apply(&account.schema, &user_to_json(before, &site.view), &request.operations)?;
                account.roles.settle(Write::Patch, Some(&before.profile), profile_from_json(&patched)?)
            };
            change(app, site, &id, precondition, new_profile).await
        }
        Operation::Delete(id) => {
            let check = |user: &User| {
                precondition.check(user.version)?;
                account.roles.check_delete(&user.profile)
            };
            if app.store.remove(account.number, Whom::Id(&id), site.writing, check).await? {
                Ok(Outcome::Deleted)
            } else {
                Err(Refusal::no_user(&id).into())
            }
        }
    }
}

/// Adds a user and invites them.
async fn create(app: &App, site: &Site, body: &Object) -> Result<Outcome, Failure> {
    Ok(Outcome::Created(add(app, site, profile_from_json(&accept_resource(&site.account.schema, body)?)?).await?))
}

/// Adds a user with this profile and invites them. The roles stay as they are meanwhile.
pub(super) async fn add(app: &App, site: &Site, profile: Profile) -> Result<User, Failure> {
    let account = &site.account;
    let profile = account.roles.settle(Write::Create, None, profile)?;
    let now = site.writing.at;
    let token = Token::new();
    let user = User {
        id: uuid::Uuid::new_v4().to_string(),
        version: 1,
        profile,
        added: now,
        modified: now,
        invited: None,
        invitation_expires: None,
        accepted: None,
        last_login: None,
    };
    if user.status() == Status::Deactivated {
        // Whoever may not come in gets no mail that says so; it is sent when they may.
        app.store.add(account.number, &user, None, site.writing).await?;
        return Ok(user);
    }
    let Change { after: user, invitation } = invited_anew(user, &token, now, app.lifetime);
    app.store.add(account.number, &user, invitation.as_deref(), site.writing).await?;
    invite::send(app, site, &user, &token, now).await;
    Ok(user)
}

/// Changes a user's profile. The roles stay as they are meanwhile.
pub(super) async fn change(
    app: &App,
    site: &Site,
    id: &str,
    precondition: &Precondition,
    new_profile: impl FnOnce(&User) -> Result<Profile, Refusal> + Send,
) -> Result<Outcome, Failure> {
    let (now, token) = (site.writing.at, Token::new());
    let mut invited = false;
    let changed = app.store.change(site.account.number, Whom::Id(id), site.writing, |before| {
        precondition.check(before.version)?;
        let profile = new_profile(before)?;
        if profile == before.profile {
            return Ok(before.clone().into());
        }
        // Whoever has the mail to the former address must not get in by it.
        let moved = fold(&profile.user_name) != fold(&before.profile.user_name);
        let after = User { profile, version: before.version + 1, modified: now, ..before.clone() };
        invited = after.status() == Status::Invited && (moved || after.invited.is_none());
        Ok(match (after.accepted, moved) {
            (None, _) if invited => invited_anew(after, &token, now, app.lifetime),
            (None, true) => {
                let after = User { invited: None, invitation_expires: None, ..after };
                Change { after, invitation: Some(token.digest()) }
            }
            (None | Some(_), _) => after.into(),
        })
    });
    let user = changed.await?.ok_or_else(|| Refusal::no_user(id))?;
    if invited {
        invite::send(app, site, &user, &token, now).await;
    }
    Ok(Outcome::Changed(user))
}

/// The same user with a new link and a new term.
pub(super) fn invited_anew(user: User, token: &Token, now: Timestamp, lifetime: SignedDuration) -> Change {
    let after = User { invited: Some(now), invitation_expires: Some(expiry(now, lifetime)), ..user };
    Change { after, invitation: Some(token.digest()) }
}

/// Reads the body of a PATCH.
///
/// # Errors
///
/// 400 `invalidSyntax` where it is none.
pub(super) fn read_patch(body: Object) -> Result<Request, Refusal> {
    let request: Request = serde_json::from_value(Value::Object(body))
        .map_err(|error| Refusal::bad(Keyword::InvalidSyntax, format!("the body is not a PATCH: {error}")))?;
    if !request.schemas.is_empty() && !request.schemas.iter().any(|urn| urn.eq_ignore_ascii_case(scim::PATCH_OP)) {
        let detail = format!("`schemas` must name `{}`", scim::PATCH_OP);
        return Err(Refusal::bad(Keyword::InvalidSyntax, detail));
    }
    Ok(request)
}
