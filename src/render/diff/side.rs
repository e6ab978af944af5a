//! One side of a diff: the roles and users that a plan touches, in the form the roster file has them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::render::escape;
use crate::render::json::action::{Access, Action, Definition, Status};
use crate::render::line;
use crate::render::words::{count_times, day};

/// Roles and users by name.
#[derive(Default)]
pub(super) struct Side<'a> {
    roles: BTreeMap<&'a str, Entry>,
    users: BTreeMap<&'a str, Entry>,
}

/// What is known of a role or a user; what a plan does not touch is absent.
#[derive(Default, Serialize)]
struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<String>>,
    /// What the file cannot say.
    #[serde(skip)]
    remark: Option<String>,
}

/// An entry as the file has it: a role alone is short for a map.
#[derive(Serialize)]
#[serde(untagged)]
enum Written<'a> {
    Short(&'a str),
    Long(&'a Entry),
}

impl<'a> Side<'a> {
    /// What there was before an action; of several actions about one user, the first knows.
    pub(super) fn had(&mut self, action: &'a Action) {
        if let Some(access) = &action.before {
            let entry = self.entry(action, access);
            let known = std::mem::take(entry);
            *entry = known.or(Entry::of(access));
        }
    }

    /// What there is after an action; of several actions about one user, the last knows.
    pub(super) fn has(&mut self, action: &'a Action) {
        if let Some(access) = &action.after {
            let entry = self.entry(action, access);
            let known = std::mem::take(entry);
            *entry = Entry::of(access).or(known);
        }
    }

    fn entry(&mut self, action: &'a Action, access: &'a Access) -> &mut Entry {
        match (&action.role, access.email.as_ref().or(action.email.as_ref())) {
            (None, Some(email)) => self.users.entry(email).or_default(),
            (role, _) => self.roles.entry(role.as_deref().unwrap_or_default()).or_default(),
        }
    }

    /// The side as YAML. Each line is harmless for a terminal.
    pub(super) fn text(&self) -> String {
        let Self { roles, users } = self;
        let mut text = String::new();
        for (heading, entries) in [("roles:\n", roles), ("users:\n", users)] {
            if !entries.is_empty() {
                text.push_str(heading);
                text.extend(entries.iter().map(|(name, entry)| entry.yaml(name)));
            }
        }
        text
    }
}

impl Entry {
    fn of(access: &Access) -> Self {
        let Access {
            roles,
            email: _,
            status,
            first_name,
            last_name,
            language,
            expires,
            invitations,
            removed_from,
            definition,
        } = access;
        let (title, description, permissions) = match definition.clone() {
            Some(Definition { title, description, permissions }) => (Some(title), Some(description), Some(permissions)),
            None => (None, None, None),
        };
        let sent = invitations.map(|times| format!(", sent {}", count_times(times))).unwrap_or_default();
        let leaving = removed_from.map(|on| format!(", removed from {} on", day(on))).unwrap_or_default();
        Self {
            role: status.map(|_| line::roles(roles)),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            language: language.clone(),
            expires: *expires,
            title,
            description,
            permissions,
            remark: status
                .filter(|status| *status != Status::Active)
                .map(|status| format!("{}{sent}{leaving}", status.word())),
        }
    }

    /// This entry, with what it does not know taken from `other`.
    fn or(self, other: Self) -> Self {
        Self {
            role: self.role.or(other.role),
            first_name: self.first_name.or(other.first_name),
            last_name: self.last_name.or(other.last_name),
            language: self.language.or(other.language),
            expires: self.expires.or(other.expires),
            title: self.title.or(other.title),
            description: self.description.or(other.description),
            permissions: self.permissions.or(other.permissions),
            remark: self.remark.or(other.remark),
        }
    }

    fn yaml(&self, name: &str) -> String {
        let Self { role, first_name, last_name, language, expires, title, description, permissions, remark } = self;
        let short = first_name.is_none()
            && last_name.is_none()
            && language.is_none()
            && expires.is_none()
            && title.is_none()
            && description.is_none()
            && permissions.is_none();
        let written = match role {
            Some(role) if short => Written::Short(role),
            _ => Written::Long(self),
        };
        // Text can always be written; where a library thinks otherwise, the name alone is still true.
        let yaml = serde_saphyr::to_string(&BTreeMap::from([(name, written)])).unwrap_or_else(|_| format!("{name}:\n"));
        let mut remark = remark.as_ref().map(|remark| format!("  # {remark}"));
        let lines =
            yaml.lines().map(|line| format!("  {}{}\n", escape::terminal(line), remark.take().unwrap_or_default()));
        lines.collect()
    }
}
