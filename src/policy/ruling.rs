//! What a rule says of a plan.

use regorus::Value;

use crate::model::ruling::{Concern, Ruling, Says};

/// How long a message may be, and how many there may be of one rule.
const LONGEST: usize = 500;
const MOST: usize = 1000;

/// Why what a rule says means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Meaningless {
    #[error("`{0}` at {1} is no set of messages")]
    NoSet(&'static str, String),
    #[error(
        "`{0}` at {1} says `{2}`, which is neither a text with something in it nor an object with `msg`, such a text, and, where it is about one action, `action`, its place"
    )]
    NoMessage(&'static str, String, String),
    #[error("`{0}` at {1} says more than {MOST} things")]
    TooMuch(&'static str, String),
}

/// Everything that a rule came to.
pub(super) fn all(says: Says, place: &str, found: &Value) -> Result<Vec<Ruling>, Meaningless> {
    let items: Vec<&Value> = match found {
        Value::Undefined => Vec::new(),
        Value::Set(items) => items.iter().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => return Err(Meaningless::NoSet(says.rule(), place.to_owned())),
    };
    if items.len() > MOST {
        return Err(Meaningless::TooMuch(says.rule(), place.to_owned()));
    }
    items.into_iter().map(|item| one(says, place, item)).collect()
}

fn one(says: Says, place: &str, item: &Value) -> Result<Ruling, Meaningless> {
    let meaningless = || {
        let shown: String = item.to_string().chars().take(80).collect();
        Meaningless::NoMessage(says.rule(), place.to_owned(), shown)
    };
    let (message, concern) = match item {
        Value::String(message) => (message.to_string(), Concern::Account),
        Value::Object(members) => {
            let member = |name: &str| members.get(&Value::from(name));
            let Some(Value::String(message)) = member("msg") else { return Err(meaningless()) };
            let concern = match member("action") {
                None => Concern::Account,
                Some(place) => Concern::Action(
                    place.as_u64().ok().and_then(|place| usize::try_from(place).ok()).ok_or_else(meaningless)?,
                ),
            };
            (message.to_string(), concern)
        }
        _ => return Err(meaningless()),
    };
    if message.trim().is_empty() {
        return Err(meaningless());
    }
    let message = message.chars().take(LONGEST).collect();
    Ok(Ruling { says, rule: place.to_owned(), message, concern })
}
