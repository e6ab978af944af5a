//! Inviting: a token for the user, and the mail that carries it.

use jiff::Timestamp;

use super::{App, Site};
use crate::sandbox::invitation::{Letter, Token};
use crate::sandbox::store::users::Storing;
use crate::sandbox::user::User;

/// Puts the mail of an invitation into the outbox.
pub(super) async fn send(app: &App, site: &Site, user: &User, token: &Token, sent: Timestamp) {
    if site.writing.storing == Storing::Discard {
        return;
    }
    let address = site.view.base.strip_suffix("/scim/v2").unwrap_or(&site.view.base);
    let role = user.profile.role.as_ref().and_then(|role| site.account.roles.find(&role.slug));
    let letter = Letter { account: &site.account.name, user, role, address, token, sent };
    let name = format!("{}-{}.eml", sent.strftime("%Y%m%dT%H%M%S%.3f"), user.id);
    app.outbox.put(&site.account.name, &name, letter.to_mail()).await;
}
