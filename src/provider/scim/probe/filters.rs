//! How a server answers filters: about somebody who is there, and about nobody.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::probe::observation::{Filter, Filtered};
use crate::provider::error::ProviderError;
use crate::provider::scim::probe::exchange::{Asker, escaped};
use crate::provider::scim::probe::pages::id;
use crate::provider::scim::transport::raw::RawAnswer;

/// Tries filters that are about this user.
pub(super) async fn ask(asker: &Asker, user: &Value) -> Result<BTreeMap<Filter, Filtered>, ProviderError> {
    let mut seen = BTreeMap::new();
    for (filter, attribute, text) in questions(user) {
        let condition = format!("{attribute} eq {}", Value::from(text));
        let reply = asker.users(&format!("filter={}", escaped(&condition))).await?;
        seen.insert(filter, read(&reply, id(user).as_deref()));
    }
    Ok(seen)
}

fn questions(user: &Value) -> Vec<(Filter, &'static str, String)> {
    let login = user["userName"].as_str().filter(|login| !login.is_empty());
    let email = user["emails"][0]["value"].as_str().filter(|email| !email.is_empty());
    let external = user["externalId"].as_str().filter(|id| !id.is_empty());
    let nobody = format!("nobody-{}@roster.invalid", uuid::Uuid::new_v4().simple());
    let other_case = login.map(in_other_case).filter(|other| Some(other.as_str()) != login);
    [
        login.map(|login| (Filter::Login, "userName", login.to_owned())),
        other_case.map(|login| (Filter::LoginInOtherCase, "userName", login)),
        Some((Filter::Nobody, "userName", nobody)),
        email.map(|email| (Filter::Email, "emails.value", email.to_owned())),
        external.map(|id| (Filter::ExternalId, "externalId", id.to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The text with every letter in its other case, so that none is as it was.
pub(super) fn in_other_case(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }).collect()
}

fn read(reply: &RawAnswer, of: Option<&str>) -> Filtered {
    let Some(json) = reply.listing() else { return Filtered::Refused(reply.told()) };
    let found: Vec<Option<String>> = json["Resources"].as_array().into_iter().flatten().map(id).collect();
    match &found[..] {
        [] => Filtered::Nobody,
        [Some(one)] if Some(one.as_str()) == of => Filtered::TheOne,
        others => Filtered::Others { came: others.len() },
    }
}
