//! An account without a listing: the people whom the file lists are looked up, one by one.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};

use crate::model::email::Email;
use crate::model::live::Doubt;
use crate::provider::error::ProviderError;
use crate::provider::scim::http::Asking;
use crate::provider::scim::listing::reading::Reading;
use crate::provider::scim::look_up::ask;

/// Looks these people up. Nobody else can be seen, so the reading is never proven.
pub(super) async fn read(
    http: &Asking,
    logins: &BTreeSet<Email>,
    at_once: usize,
    reading: &mut Reading,
) -> Result<(), ProviderError> {
    reading.doubt(Doubt::NoListing);
    let look = |login: Email| async move { ask(http, &login).await.map(|listed| (login, listed)) };
    let mut answers = stream::iter(logins.iter().cloned()).map(look).buffered(at_once);
    while let Some(answer) = answers.next().await {
        let (login, listed) = answer?;
        for user in reading.meaning(&listed, &login) {
            reading.add(user);
        }
    }
    Ok(())
}
