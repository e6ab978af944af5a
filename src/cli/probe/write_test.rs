//! `roster probe --write-test`: with which roles a throw-away user is tried, and that nobody has the address.

use tokio_util::sync::CancellationToken;

use crate::cli::connect::Access;
use crate::model::email::Email;
use crate::model::live::Snapshot;
use crate::model::role::{Catalogue, RoleName};
use crate::probe::trial::Trial;
use crate::provider::AccountReader;
use crate::provider::scim::probe::trial::{ThrowAway, try_out};
use crate::render::failure::Failure;

/// What a write test is asked to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct WriteTest<'a> {
    /// The address.
    pub(super) login: &'a Email,
    /// The roles that were named.
    pub(super) roles: &'a [RoleName],
    /// Which static roles the account has.
    pub(super) catalogue: Catalogue,
}

impl WriteTest<'_> {
    /// Tries what can be written. Nothing is written where somebody has the address, or nobody can tell.
    pub(super) async fn run(&self, access: &Access, stop: &CancellationToken) -> Result<Trial, Failure> {
        let Self { login, roles: _, catalogue: _ } = self;
        let live =
            access.reader.snapshot().await.map_err(|error| Failure::of(&error, error.hint().map(String::from)))?;
        if live.users().contains_key(login) {
            let message = format!("`{login}` is in the account, and a write test would delete the user");
            let hint = Some("name an address that nobody uses, at a domain of yours".to_owned());
            return Err(Failure { message, causes: Vec::new(), hint });
        }
        if !live.doubts().is_empty() {
            let doubts: Vec<String> = live.doubts().iter().map(ToString::to_string).collect();
            let message = format!("whether `{login}` is in the account cannot be told: {}", doubts.join("; "));
            let hint = Some("mend the dialect until `roster plan` proves the listing whole, then try again".to_owned());
            return Err(Failure { message, causes: Vec::new(), hint });
        }
        let roles = self.roles(&live);
        let Some(role) = roles.first() else {
            let message = "nobody in the account has a role that a throw-away user could have".to_owned();
            let hint = Some("name one or two with `--role`".to_owned());
            return Err(Failure { message, causes: Vec::new(), hint });
        };
        let who = ThrowAway { login, role, other_role: roles.get(1), before: &live };
        Ok(try_out(access.connection(), who, stop).await)
    }

    /// The roles that were named, or else two that people have or the account knows, none of which is an Owner's or an
    /// Admin's: the lowest first, where that is known.
    fn roles(&self, live: &Snapshot) -> Vec<RoleName> {
        let Self { login: _, roles, catalogue } = self;
        if !roles.is_empty() {
            return roles.to_vec();
        }
        let known = catalogue.slugs().iter().rev().filter_map(|slug| slug.parse().ok());
        let held = live.users().values().flat_map(|user| user.roles.iter().cloned());
        let mut found: Vec<RoleName> = Vec::new();
        for role in known.chain(held).filter(|role| !catalogue.is_administrative(role)) {
            if !found.contains(&role) {
                found.push(role);
            }
        }
        found.truncate(2);
        found
    }
}
