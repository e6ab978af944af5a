//! The file of a request: JSON for people to look into, and the bytes that are signed, which do not depend on its layout.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::digest::Fingerprint;
use crate::request::{Refused, Request};

/// The version of the format.
const VERSION: u32 = 1;

/// A request as it stands in a file, with what proves it.
pub(super) struct Parts {
    pub(super) request: Request,
    pub(super) public: String,
    pub(super) signature: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    roster_request: u32,
    id: String,
    from: String,
    account: String,
    people: Vec<Person>,
    until: Option<Date>,
    reason: String,
    ends: Timestamp,
    key: String,
    signature: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    email: String,
    role: String,
}

/// Everything that is asked for, each fact with its length, and whose signature it will be.
pub(super) fn signed_bytes(request: &Request, public: &str) -> Vec<u8> {
    let Request { id, from, account, people, until, reason, ends } = request;
    let mut facts = Fingerprint::of("roster request 1");
    facts.texts([id, from, account, reason].map(String::as_str));
    facts.texts(people.iter().flat_map(|(email, role)| [email.as_str(), role.as_str()]));
    facts.optional(until.map(|day| day.to_string()).as_deref());
    facts.text(&ends.to_string());
    facts.text(public);
    facts.finish().to_string().into_bytes()
}

pub(super) fn write(request: &Request, public: &str, signature: &str) -> String {
    let Request { id, from, account, people, until, reason, ends } = request.clone();
    let person =
        |(email, role): (_, _)| Person { email: ToString::to_string(&email), role: ToString::to_string(&role) };
    let file = File {
        roster_request: VERSION,
        id,
        from,
        account,
        people: people.into_iter().map(|(email, role)| person((email, role))).collect(),
        until,
        reason,
        ends,
        key: public.to_owned(),
        signature: signature.to_owned(),
    };
    serde_json::to_string_pretty(&file).map(|text| text + "\n").unwrap_or_default()
}

pub(super) fn read(text: &str) -> Result<Parts, Refused> {
    let not = |why: String| Refused::NotARequest { why };
    let file: File = serde_json::from_str(text).map_err(|error| not(error.to_string()))?;
    let File { roster_request, id, from, account, people, until, reason, ends, key: public, signature } = file;
    if roster_request != VERSION {
        return Err(not(format!("it is of version {roster_request}, and this program knows {VERSION}")));
    }
    let mut asked = Vec::new();
    for Person { email, role } in people {
        let email = email.parse().map_err(|error| not(format!("{error}")))?;
        let role = role.parse().map_err(|error| not(format!("{error}")))?;
        asked.push((email, role));
    }
    let request = Request { id, from, account, people: asked, until, reason, ends };
    Ok(Parts { request, public, signature })
}
