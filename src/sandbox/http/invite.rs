//! Inviting: a token for the user, and the mail that carries it.

use jiff::Timestamp;

use super::{App, Site};
use crate::sandbox::invitation::{Letter, Token};
use crate::sandbox::post::Parcel;
use crate::sandbox::store::users::Storing;
use crate::sandbox::user::User;

/// Puts the mail of an invitation into the outbox.
///
/// The user is stored by then: what goes wrong with the mail is reported, and the invitation can be sent again.
pub(super) async fn send(app: &App, site: &Site, user: &User, token: &Token, sent: Timestamp) {
    if site.writing.storing == Storing::Discard || app.outbox.is_none() {
        return;
    }
    let account = &site.account;
    let owner = app.store.owner_name(account.number, &account.roles.owner().slug).await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "an invitation mail does not say who invites");
        None
    });
    let address = site.view.base.strip_suffix("/scim/v2").unwrap_or(&site.view.base);
    let role = user.profile.role.as_ref().and_then(|role| account.roles.find(&role.slug));
    let inviter = owner.as_deref().unwrap_or(&account.name);
    let letter = Letter { from: app.outbox.from(), account: &account.name, inviter, user, role, address, token, sent };
    let parcel = Parcel {
        account: account.name.clone(),
        name: format!("{}-{}.eml", sent.strftime("%Y%m%dT%H%M%S%.3f"), user.id),
        to: user.profile.user_name.clone(),
        mail: letter.to_mail(),
    };
    app.outbox.put(parcel).await;
}
