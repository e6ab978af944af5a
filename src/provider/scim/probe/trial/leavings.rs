//! Who is left of a trial in the account, and that they go.
//!
//! What an answer says of a new user proves nothing: it may have been lost, or be about somebody else. So whoever is in the
//! listing afterwards with a login of this trial, and was not in the account before, is taken away; and that nobody is left
//! is said only where the listing proves it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::dialect::writing::PatchShape;
use crate::model::live::{LiveUser, Snapshot, Status, UserId};
use crate::probe::trial::{Left, LeftBehind};
use crate::provider::error::ProviderError;
use crate::provider::scim::listing;
use crate::provider::scim::probe::trial::account::{Account, Way};
use crate::provider::scim::probe::trial::aim::Aim;

impl Account<'_> {
    /// Takes everybody away who was made; tells of those who could not be, and where nobody can tell.
    pub(super) async fn clean_up(self) -> Vec<LeftBehind> {
        if !self.has_posted() {
            return Vec::new();
        }
        let mut tried: BTreeMap<UserId, Option<Left>> = BTreeMap::new();
        for id in self.made().rev() {
            tried.insert(id.clone(), self.put_away(id).await);
        }
        loop {
            let now = match self.list().await {
                Ok(now) => now,
                Err(error) => return vec![self.perhaps(error.to_string())],
            };
            let ours: Vec<&LiveUser> = now.users().values().filter(|user| self.is_ours(user)).collect();
            let untried: Vec<_> = ours.iter().filter(|user| !tried.contains_key(&user.id)).collect();
            if untried.is_empty() {
                return self.told(&now, &ours, &tried);
            }
            for user in untried {
                tried.insert(user.id.clone(), self.put_away(&user.id).await);
            }
        }
    }

    fn told(&self, now: &Snapshot, ours: &[&LiveUser], tried: &BTreeMap<UserId, Option<Left>>) -> Vec<LeftBehind> {
        let left = ours.iter().map(|user| {
            let is_out = user.status == Status::Deactivated || tried.get(&user.id) == Some(&Some(Left::Inactive));
            LeftBehind { who: user.id.to_string(), how: if is_out { Left::Inactive } else { Left::Active } }
        });
        let doubts: Vec<String> = now.doubts().iter().map(ToString::to_string).collect();
        let unproven = (!doubts.is_empty()).then(|| self.perhaps(doubts.join("; ")));
        left.chain(unproven).collect()
    }

    async fn list(&self) -> Result<Snapshot, ProviderError> {
        let logins: BTreeSet<_> = self.logins().into_iter().collect();
        listing::read(self.asking(), self.learned(), &logins).await
    }

    /// Somebody of whom nobody knows whether they are there, and so no id either.
    fn perhaps(&self, why: String) -> LeftBehind {
        LeftBehind { who: self.login().to_string(), how: Left::Unknown { why } }
    }

    /// How somebody is left; nothing where nobody is.
    async fn put_away(&self, id: &UserId) -> Option<Left> {
        self.out(id).await.unwrap_or_else(|error| Some(Left::Unknown { why: error.to_string() }))
    }

    async fn out(&self, id: &UserId) -> Result<Option<Left>, ProviderError> {
        // A user whom the server does not show by the id may be there all the same, and is deleted all the same.
        let there = self.read(id).await?;
        match self.delete(id).await?.there {
            None => return Ok(None),
            Some(there) if there.is_inactive() => return Ok(Some(Left::Inactive)),
            Some(_) => {}
        }
        let Some(there) = there else { return Ok(Some(Left::Active)) };
        for way in [Way::Patch(PatchShape::default()), Way::Put] {
            let sent = self.change(&there, &Aim::inactive(), way, None).await?;
            match sent.map(|sent| sent.there) {
                Some(None) => return Ok(None),
                Some(Some(there)) if there.is_inactive() => {
                    return Ok(self.delete(id).await?.there.map(|_| Left::Inactive));
                }
                Some(Some(_)) | None => {}
            }
        }
        Ok(Some(Left::Active))
    }
}
