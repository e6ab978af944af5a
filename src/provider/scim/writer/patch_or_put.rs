//! Sends edits as a PATCH, or merged into the whole user where the server does not take that PATCH.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use reqwest::header::HeaderValue;
use serde_json::{Map, Value};

use crate::model::live::LiveUser;
use crate::provider::scim::edit::{Edit, merged, patch};
use crate::provider::scim::failure::Failure;
use crate::provider::scim::http::{Answer, Verb};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::{Found, ScimWriter, overtaken};

/// What a server said that it takes no PATCH for; it is not asked again.
#[derive(Default)]
pub(super) struct PatchRefusals(Mutex<Refused>);

#[derive(Default)]
struct Refused {
    /// It knows no PATCH at all (HTTP 405).
    all: bool,
    /// It does not know it for these attributes (HTTP 501); others it may.
    attributes: BTreeSet<Vec<String>>,
}

impl ScimWriter {
    /// Sends the edits of a user as it was read.
    pub(super) async fn write(&self, found: Found, edits: &[Edit]) -> Result<Answer, Failure> {
        if self.patch_refusals.allow(edits) {
            let patched = self.changing.send(Verb::Patch, Target::User(&found.user.id), Some(&patch(edits))).await;
            match patched {
                Err(failure) if self.patch_refusals.note(failure.status(), edits) => {}
                Ok(_) | Err(_) => return patched,
            }
        }
        let Found { user, answer } = found;
        let mut read = Some(answer);
        self.changing
            .patiently(|| {
                let read = read.take();
                let before = &user;
                async move {
                    // Before a repetition somebody else may have changed what would be put back.
                    let read = match read {
                        Some(read) => read,
                        None => {
                            self.unchanged(before).await.map_err(|failure| Failure::before_sending(failure.error))?
                        }
                    };
                    let whole: Map<String, Value> = read.read().map_err(Failure::before_sending)?;
                    let version = version(&whole, &read);
                    self.changing.put(Target::User(&before.id), &merged(whole, edits), version.as_ref()).await
                }
            })
            .await
    }

    /// Reads a user again who must be as before.
    async fn unchanged(&self, before: &LiveUser) -> Result<Answer, Failure> {
        let now = self.find(&before.id, &before.email).await?;
        if now.user == *before {
            return Ok(now.answer);
        }
        Err(Failure::before_sending(overtaken(&now.answer, "somebody else changed it before it could be replaced")))
    }
}

impl PatchRefusals {
    fn allow(&self, edits: &[Edit]) -> bool {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !refused.all && !refused.attributes.contains(&attributes(edits))
    }

    /// Takes note of a refusal; whether this status is one.
    fn note(&self, status: Option<u16>, edits: &[Edit]) -> bool {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match status {
            Some(405) => refused.all = true,
            Some(501) => drop(refused.attributes.insert(attributes(edits))),
            Some(_) | None => return false,
        }
        true
    }
}

fn attributes(edits: &[Edit]) -> Vec<String> {
    edits.iter().map(Edit::attribute).collect()
}

/// The version that was read, for `If-Match` (RFC 7644 section 3.14): `meta.version`, which a proxy does not touch, or
/// else the `ETag`. Some servers write a bare number there; no such header can be made of that (RFC 9110 section 8.8.3).
fn version(user: &Map<String, Value>, read: &Answer) -> Option<HeaderValue> {
    let member = |object: &Map<String, Value>, name: &str| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let said = member(user, "meta").and_then(|meta| member(meta.as_object()?, "version"));
    let is_tag = |text: &str| {
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"')
    };
    let tag = said.as_ref().and_then(Value::as_str).filter(|text| is_tag(text));
    tag.and_then(|tag| HeaderValue::from_str(tag).ok()).or_else(|| read.version.clone())
}
