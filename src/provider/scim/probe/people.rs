//! What users look like, taken from their JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::dialect::AttributePath;
use crate::model::dialect::role::RoleList;
use crate::model::email::Email;
use crate::probe::anatomy::{ActiveSeen, Anatomy, AttributeSeen, Form, LoginsSeen, RoleListSeen, TextSeen};

/// How many different values of an attribute are kept.
const MOST_VALUES: usize = 40;

/// The longest value that is kept, in characters: a role or a status is called something shorter.
const LONGEST: usize = 60;

pub(super) fn anatomy(users: &[Value], nameless: usize) -> Anatomy {
    let mut anatomy = Anatomy { users: users.len(), nameless, ..Anatomy::default() };
    for user in users {
        let Some(user) = user.as_object() else { continue };
        for (path, form) in paths(user) {
            let AttributeSeen { users, forms } = anatomy.attributes.entry(path).or_default();
            *users += 1;
            forms.extend(form);
        }
        for list in [RoleList::Roles, RoleList::Entitlements] {
            if let Some(value) = member(user, list.attribute()) {
                take_list(value, anatomy.role_lists.entry(list).or_default());
            }
        }
        take_texts(user, &mut anatomy);
        take_active(member(user, "active"), &mut anatomy.active);
        take_login(user, &mut anatomy.logins);
    }
    anatomy
}

/// Every attribute of a user, each path once, with the forms of its values.
fn paths(user: &Map<String, Value>) -> BTreeMap<String, Vec<Form>> {
    let mut paths = BTreeMap::new();
    for (name, value) in user {
        descend(name, value, &mut paths);
    }
    paths
}

fn descend(path: &str, value: &Value, paths: &mut BTreeMap<String, Vec<Form>>) {
    let form = match value {
        Value::Object(members) => {
            // The parts of an extension are divided by a colon (RFC 7644 section 3.10).
            let divider = if path.to_ascii_lowercase().starts_with("urn:") { ':' } else { '.' };
            return members.iter().for_each(|(name, value)| descend(&format!("{path}{divider}{name}"), value, paths));
        }
        Value::Array(elements) if !elements.is_empty() => {
            let path = format!("{path}[]");
            return elements.iter().for_each(|element| descend(&path, element, paths));
        }
        Value::Array(_) => Form::Empty,
        Value::String(_) => Form::Text,
        Value::Number(_) => Form::Number,
        Value::Bool(_) => Form::Boolean,
        Value::Null => Form::Null,
    };
    paths.entry(path.to_owned()).or_default().push(form);
}

fn take_list(value: &Value, seen: &mut RoleListSeen) {
    let alone = std::slice::from_ref(value);
    let elements = value.as_array().map_or(alone, Vec::as_slice);
    let elements: Vec<&Value> = elements.iter().filter(|element| !element.is_null()).collect();
    seen.users += usize::from(!elements.is_empty());
    seen.most = seen.most.max(elements.len());
    for element in elements {
        match element {
            Value::String(text) => {
                seen.texts += 1;
                count(text, &mut seen.values);
            }
            Value::Object(members) => {
                seen.objects += 1;
                seen.with_primary += usize::from(member(members, "primary").is_some());
                let parts = [("type", &mut seen.kinds), ("display", &mut seen.displays), ("value", &mut seen.values)];
                for (name, texts) in parts {
                    if let Some(text) = member(members, name).and_then(Value::as_str) {
                        count(text, texts);
                    }
                }
                let value = member(members, "value").and_then(Value::as_str);
                seen.identifiers += usize::from(value.is_some_and(is_identifier));
            }
            _ => {}
        }
    }
}

/// Whether a value is an identifier that people do not choose: a UUID, or a number.
fn is_identifier(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Single texts of the core and of extensions that may be a role, a status or a moment.
fn take_texts(user: &Map<String, Value>, anatomy: &mut Anatomy) {
    for (name, value) in user {
        match value {
            Value::String(text) => take_text(None, name, text, anatomy),
            Value::Object(members) if name.to_ascii_lowercase().starts_with("urn:") => {
                for (part, value) in members {
                    if let Value::String(text) = value {
                        take_text(Some(name), part, text, anatomy);
                    }
                }
            }
            _ => {}
        }
    }
    let languages = [("preferredLanguage", &mut anatomy.preferred_languages), ("locale", &mut anatomy.locales)];
    for (name, texts) in languages {
        if let Some(text) = member(user, name).and_then(Value::as_str) {
            count(text, texts);
        }
    }
}

fn take_text(schema: Option<&str>, attribute: &str, text: &str, anatomy: &mut Anatomy) {
    let folded = attribute.to_ascii_lowercase();
    let is_moment = text.parse::<Timestamp>().is_ok();
    let texts = match () {
        () if is_moment => None,
        () if folded.contains("role") => Some(&mut anatomy.role_texts),
        () if folded.contains("status") || folded.contains("state") => Some(&mut anatomy.status_texts),
        () => return,
    };
    let schema = match schema.map(str::parse) {
        None => None,
        Some(Ok(schema)) => Some(schema),
        Some(Err(_)) => return,
    };
    let Ok(attribute) = attribute.parse() else { return };
    let place = AttributePath { schema, attribute };
    match texts {
        Some(texts) => count(text, texts.entry(place).or_default()),
        None => *anatomy.moments.entry(place).or_default() += 1,
    }
}

fn take_active(value: Option<&Value>, seen: &mut ActiveSeen) {
    let ActiveSeen { yes, no, unsaid, as_text } = seen;
    match value {
        Some(Value::Bool(true)) => *yes += 1,
        Some(Value::Bool(false)) => *no += 1,
        Some(Value::String(text)) => {
            *as_text += 1;
            *if text.eq_ignore_ascii_case("false") { no } else { yes } += 1;
        }
        Some(_) | None => *unsaid += 1,
    }
}

fn take_login(user: &Map<String, Value>, seen: &mut LoginsSeen) {
    let login = member(user, "userName").and_then(Value::as_str).filter(|login| !login.trim().is_empty());
    let emails = member(user, "emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let email = emails.iter().filter_map(|email| email["value"].as_str()).find(|email| !email.is_empty());
    match login {
        None => seen.missing += 1,
        Some(login) if login.parse::<Email>().is_ok() => seen.addresses += 1,
        Some(_) => seen.others += 1,
    }
    seen.emails += usize::from(email.is_some());
    seen.other_emails +=
        usize::from(email.is_some_and(|email| login.is_none_or(|login| !login.eq_ignore_ascii_case(email))));
}

fn count(text: &str, seen: &mut TextSeen) {
    let TextSeen { values } = seen;
    let text: String = text.trim().chars().take(LONGEST).collect();
    if !text.is_empty() && (values.len() < MOST_VALUES || values.contains_key(&text)) {
        *values.entry(text).or_default() += 1;
    }
}

/// The member of this name, in whatever case (RFC 7643 section 2.1).
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
