//! What people do to an account without JSON: the changes that SCIM requests make, by the same rules, for the page.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};

use super::answer::Failure;
use super::operation::{self, Operation};
use super::precondition::Precondition;
use super::{Account, App, Site, invitations, role_change};
use crate::sandbox::RoleCatalogue;
use crate::sandbox::activity::Actor;
use crate::sandbox::custom_role::{Contents, CustomRole};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::resource::View;
use crate::sandbox::rules::{Write, held};
use crate::sandbox::store::users::{Storing, Writing};
use crate::sandbox::user::{Profile, User};

impl App {
    /// The account of this name, as it is now.
    pub(crate) fn account(&self, name: &str) -> Option<Arc<Account>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    /// All accounts, by name.
    pub(crate) fn accounts(&self) -> Vec<Arc<Account>> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        BTreeMap::values(&accounts).map(Arc::clone).collect()
    }

    /// What a request is about.
    ///
    /// # Errors
    ///
    /// 404 where there is no such account.
    pub(crate) fn site(
        &self,
        account: &str,
        uri: &Uri,
        headers: &HeaderMap,
        by: Actor,
        storing: Storing,
    ) -> Result<Site, Refusal> {
        let Some(account) = self.account(account) else {
            return Err(Refusal::plain(404, format!("there is no account `{account}` here")));
        };
        let view = View { base: format!("{}/{}/scim/v2", self.origin(uri, headers), account.name), facts: self.facts };
        Ok(Site { account, view, writing: Writing { by, at: self.now(), storing } })
    }

    /// What the client calls the service by, which a request of HTTP/2 says in its target and a very old one says nowhere.
    fn origin(&self, uri: &Uri, headers: &HeaderMap) -> String {
        if let Some(public) = &self.public {
            return public.clone();
        }
        let host = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let called = uri.authority().map(Authority::as_str).or_else(host).unwrap_or(&self.listening);
        format!("http://{called}")
    }

    /// Lets a request that goes on see the roles that there are now.
    pub(crate) fn refresh(&self, site: &mut Site) {
        if let Some(account) = self.account(&site.account.name) {
            site.account = account;
        }
    }

    /// Adds a user and sends the invitation.
    pub(crate) async fn invite(&self, site: &Site, profile: Profile) -> Result<User, Failure> {
        let (_steady, site) = &role_change::steady(self, site).await;
        operation::add(self, site, profile).await
    }

    /// Sends an invitation again; the old link is dead.
    pub(crate) async fn resend(&self, site: &Site, id: &str) -> Result<User, Failure> {
        invitations::renew(self, site, id).await
    }

    /// Takes an invitation back.
    pub(crate) async fn cancel(&self, site: &Site, id: &str) -> Result<(), Failure> {
        invitations::withdraw(self, site, id).await
    }

    /// Finds whom an invitation is for, by the token of its link.
    pub(crate) async fn invited(&self, site: &Site, token: &str) -> Result<User, Failure> {
        invitations::find(self, site, token).await
    }

    /// Accepts an invitation.
    pub(crate) async fn accept(&self, site: &Site, token: &str) -> Result<User, Failure> {
        invitations::take_up(self, site, token).await
    }

    /// Declines an invitation: who declines is not added.
    pub(crate) async fn decline(&self, site: &Site, token: &str) -> Result<(), Failure> {
        invitations::turn_down(self, site, token).await
    }

    /// Gives a user another role.
    pub(crate) async fn give_role(&self, site: &Site, id: &str, role: &str) -> Result<(), Failure> {
        let (_steady, site) = &role_change::steady(self, site).await;
        let roles = &site.account.roles;
        let new_profile = |before: &User| {
            let after = Profile { role: Some(held(role)), ..before.profile.clone() };
            roles.settle(Write::Patch, Some(&before.profile), after)
        };
        operation::change(self, site, id, &Precondition::default(), new_profile).await?;
        Ok(())
    }

    /// Removes a user.
    pub(crate) async fn remove(&self, site: &Site, id: &str) -> Result<(), Failure> {
        operation::perform(self, site, Operation::Delete(id.to_owned()), &Precondition::default()).await?;
        Ok(())
    }

    /// Makes an active user the Owner and the former Owner an Admin. Only the Owner may ask for it.
    pub(crate) async fn hand_over(&self, site: &Site, id: &str) -> Result<User, Failure> {
        let Account { number, roles, .. } = &*site.account;
        let check = |user: &User| roles.check_heir(user);
        let heir = self.store.hand_over(*number, id, roles.succession(), site.writing, check).await?;
        Ok(heir.ok_or_else(|| Refusal::no_user(id))?)
    }

    /// Makes a custom role.
    pub(crate) async fn make_role(&self, site: &Site, contents: &Contents) -> Result<CustomRole, Failure> {
        role_change::make(self, site, contents).await
    }

    /// Gives a custom role other contents.
    pub(crate) async fn edit_role(&self, site: &Site, slug: &str, contents: &Contents) -> Result<CustomRole, Failure> {
        role_change::edit(self, site, slug, &Precondition::default(), |_| Ok(contents.clone())).await
    }

    /// Deletes a custom role that nobody holds.
    pub(crate) async fn delete_role(&self, site: &Site, slug: &str) -> Result<(), Failure> {
        role_change::delete(self, site, slug, &Precondition::default()).await
    }
}

impl Account {
    /// Whether a text is the account's key.
    pub(crate) fn opens_with(&self, key: &str) -> bool {
        self.key.is(key)
    }

    /// Whether this is a portfolio.
    pub(crate) fn is_portfolio(&self) -> bool {
        self.catalogue == RoleCatalogue::Portfolio
    }
}
