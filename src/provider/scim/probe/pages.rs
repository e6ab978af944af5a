//! How a server divides its listing: the same question in several ways.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::probe::observation::{Listed, ListingSeen, OnRequest, Page};
use crate::provider::error::ProviderError;
use crate::provider::scim::probe::exchange::{Asker, escaped};
use crate::provider::scim::transport::raw::RawAnswer;
use crate::scim::USER;

/// How many users are asked for at once, from the most downwards until the server agrees.
const LARGE: [usize; 5] = [1000, 200, 100, 50, 10];

/// How many users are kept to be looked at: whoever sends more at once sends nothing new with them.
const MOST_KEPT: usize = 1000;

/// The listing, and the users that came with it, each once.
pub(super) struct Pages {
    pub(super) seen: ListingSeen,
    pub(super) users: Vec<Value>,
    pub(super) nameless: usize,
}

pub(super) async fn ask(asker: &Asker) -> Result<Pages, ProviderError> {
    let mut gathered = Gathered::default();
    let (bare, cursor) = gathered.take(&asker.users("").await?);
    let (first_two, _) = gathered.take(&asker.users("startIndex=1&count=2").await?);
    let has_two = first_two.page().is_some_and(|page| page.ids.len() == 2);
    let second = if has_two { Some(gathered.take(&asker.users("startIndex=2&count=1").await?).0) } else { None };
    let mut large = Vec::new();
    for count in LARGE {
        let query =
            if first_two.page().is_some() { format!("startIndex=1&count={count}") } else { format!("count={count}") };
        let (listed, _) = gathered.take(&asker.users(&query).await?);
        let agreed = listed.page().is_some();
        large.push((count, listed));
        if agreed {
            break;
        }
    }
    let by_cursor = match cursor {
        Some(cursor) => Some(gathered.take(&asker.users(&format!("cursor={}", escaped(&cursor))).await?).0),
        None => None,
    };
    let mut seen = ListingSeen { bare, first_two, second, large, past_the_end: None, by_cursor };
    if let (Some(total), Some(_)) = (seen.total(), seen.first_two.page()) {
        let past = total.max(gathered.ids.len()) + 1;
        // What comes there is known already or should not be there, so nobody is gathered.
        let (listed, _) = Gathered::default().take(&asker.users(&format!("startIndex={past}&count=2")).await?);
        seen.past_the_end = Some(listed);
    }
    let Gathered { users, ids: _, nameless } = gathered;
    Ok(Pages { seen, users, nameless })
}

/// Names schemas whose attributes are shown on request only, and takes the users as they are shown then.
pub(super) async fn on_request(
    asker: &Asker,
    extensions: &[String],
    users: &mut [Value],
) -> Result<OnRequest, ProviderError> {
    let schemas: Vec<String> = std::iter::once(USER).map(str::to_owned).chain(extensions.iter().cloned()).collect();
    let query = format!("count={}&attributes={}", users.len(), escaped(&schemas.join(",")));
    let page = asker.users(&query).await?.listing().unwrap_or_default();
    let mut known: HashMap<String, &mut Value> = users.iter_mut().filter_map(|user| Some((id(user)?, user))).collect();
    let mut more = 0;
    for richer in page["Resources"].as_array().into_iter().flatten() {
        if !extensions.iter().any(|extension| richer.get(extension).is_some()) {
            continue;
        }
        if let Some(user) = id(richer).and_then(|id| known.get_mut(&id)) {
            **user = richer.clone();
            more += 1;
        }
    }
    Ok(OnRequest { schemas, users: more })
}

#[derive(Default)]
struct Gathered {
    /// The first of them.
    users: Vec<Value>,
    ids: HashSet<String>,
    nameless: usize,
}

impl Gathered {
    /// Takes in a page; what it was, and the cursor on it.
    fn take(&mut self, reply: &RawAnswer) -> (Listed, Option<String>) {
        let Some(json) = reply.listing() else { return (Listed::Refused(reply.told()), None) };
        let entries = json["Resources"].as_array().map(Vec::as_slice).unwrap_or_default();
        let cursor = json["nextCursor"].as_str().filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        let total = json["totalResults"].as_u64().and_then(|total| usize::try_from(total).ok());
        let ids = entries.iter().map(id).collect();
        for entry in entries {
            let Some(id) = id(entry) else {
                self.nameless += 1;
                continue;
            };
            if self.ids.insert(id) && self.users.len() < MOST_KEPT {
                self.users.push(entry.clone());
            }
        }
        (Listed::Page(Page { total, ids, has_cursor: cursor.is_some() }), cursor)
    }
}

/// A user's id; a number is taken as its digits.
pub(super) fn id(user: &Value) -> Option<String> {
    match &user["id"] {
        Value::String(id) if !id.trim().is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
