//! Asks a server how it really behaves. What follows from it is said in [`crate::probe`].

mod claims;
mod exchange;
mod filters;
mod masked;
mod pages;
mod people;
pub mod trial;

use serde_json::Value;

use crate::probe::Observations;
use crate::probe::observation::{Attributes, Single, Version};
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::probe::exchange::Asker;
use crate::provider::scim::probe::pages::Pages;

/// The id of nobody.
const NOBODY: &str = "ffffffff-ffff-4fff-bfff-ffffffffffff";

/// Looks at a server; all it can do is ask.
pub struct Probe {
    asker: Asker,
}

impl Probe {
    /// A look over this connection.
    #[must_use]
    pub fn over(connection: &Connection) -> Self {
        Self { asker: Asker::over(connection) }
    }

    /// Asks what there is to be asked.
    ///
    /// # Errors
    ///
    /// Where the server cannot be reached, refuses the key, or goes on asking for fewer requests: see [`ProviderError`].
    /// Any other answer is something seen.
    pub async fn look(&self) -> Result<Observations, ProviderError> {
        let Self { asker } = self;
        let claims = claims::ask(asker).await?;
        let Pages { seen: listing, mut users, nameless } = pages::ask(asker).await?;
        let on_request = match claims.schemas.said() {
            Some(Attributes { on_request, .. }) if !on_request.is_empty() && !users.is_empty() => {
                Some(pages::on_request(asker, on_request, &mut users).await?)
            }
            _ => None,
        };
        let somebody = users.iter().find(|user| user["userName"].is_string()).or(users.first());
        let filters = match somebody {
            Some(user) => filters::ask(asker, user).await?,
            None => filters::ask(asker, &Value::Null).await?,
        };
        let single = match somebody.and_then(pages::id) {
            Some(id) => self.single(&id).await?,
            None => None,
        };
        let nobody = asker.user(NOBODY).await?.told();
        let anatomy = people::anatomy(&users, nameless);
        Ok(Observations { claims, listing, filters, on_request, anatomy, single, nobody, trial: None })
    }

    /// One user, read twice.
    async fn single(&self, id: &str) -> Result<Option<Single>, ProviderError> {
        let (first, second) = (self.asker.user(id).await?, self.asker.user(id).await?);
        let Some(user) = first.json().filter(|_| first.is_yes()) else { return Ok(None) };
        let version = match (first.version(), second.version()) {
            (None, _) => Version::None,
            (one, other) if one == other => Version::Stable,
            (Some(_), _) => Version::Changing,
        };
        Ok(Some(Single { masked: self.asker.without_key(&masked::masked(&user)), version }))
    }
}
