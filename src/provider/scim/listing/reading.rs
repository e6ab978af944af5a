//! What was read so far, and whether that is everybody.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::dialect::role::RolePlace;
use crate::model::email::Email;
use crate::model::live::{Doubt, LiveUser, Snapshot, UserId};
use crate::model::note::Note;
use crate::model::role::RoleName;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::answer::Answer;
use crate::provider::scim::interpret::Interpreter;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::listing::Page;
use crate::provider::scim::look_up::Listed;

/// More users than any account has; a server that sends more is broken.
const MOST_USERS: usize = 1_000_000;

/// How many users room is made for at once, whatever a server says that it has.
const MOST_ROOM: usize = 100_000;

/// What was read so far.
pub(super) struct Reading {
    interpreter: Interpreter,
    first_total: Option<Option<usize>>,
    other_total: Option<usize>,
    users: Vec<LiveUser>,
    seen: HashSet<UserId>,
    /// How many entries came, whoever they were.
    pub(super) received: usize,
    nameless: usize,
    repeats: usize,
    /// How many have a role that cannot be read, and one of them.
    unread_roles: Option<(usize, Email)>,
    doubts: BTreeSet<Doubt>,
    values: BTreeMap<RoleName, String>,
}

/// What a page brought that was not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    Somebody,
    /// It was empty, or repeated others.
    Nobody,
}

impl Reading {
    pub(super) fn begin(interpreter: Interpreter) -> Self {
        Self {
            interpreter,
            first_total: None,
            other_total: None,
            users: Vec::new(),
            seen: HashSet::new(),
            received: 0,
            nameless: 0,
            repeats: 0,
            unread_roles: None,
            doubts: BTreeSet::new(),
            values: BTreeMap::new(),
        }
    }

    /// One that has read nothing yet, of the same server.
    pub(super) fn anew(&self) -> Self {
        Self::begin(self.interpreter.clone())
    }

    /// Takes in a page; what is kept of a user is what it means.
    pub(super) fn take(&mut self, page: Page) -> Result<Brought, ProviderError> {
        let Page { answer, total, has_index: _, next_cursor: _, entries } = page;
        if let (None, Some(total)) = (self.first_total, total) {
            let expected = total.min(MOST_ROOM);
            self.users.reserve(expected);
            self.seen.reserve(expected);
        }
        let first = *self.first_total.get_or_insert(total);
        if let (Some(first), Some(later)) = (first, total)
            && first != later
        {
            self.other_total.get_or_insert(later);
        }
        let (mut new, mut repeats, mut nulls, came) = (0, 0, 0, entries.len());
        for (position, entry) in entries.into_iter().enumerate() {
            let Some(user) = entry else {
                nulls += 1;
                continue;
            };
            let Some(id) = user.id.as_deref().and_then(UserId::observed) else {
                return Err(without_id(&answer, position, user.user_name.as_deref()));
            };
            if !self.seen.insert(id.clone()) {
                repeats += 1;
                continue;
            }
            new += 1;
            self.values.extend(self.interpreter.values(&user));
            match self.interpreter.live_user(&user, id) {
                Some(live) => {
                    if self.interpreter.has_unread_role(&user) {
                        self.unread_roles.get_or_insert_with(|| (0, live.email.clone())).0 += 1;
                    }
                    self.users.push(live);
                }
                None => self.nameless += 1,
            }
        }
        if self.seen.len() > MOST_USERS {
            return Err(answer.malformed(Fault::TooLarge, format!("it lists more than {MOST_USERS} users")));
        }
        self.received += came;
        // A page that only repeats is how some servers say that there is no more; whether somebody is missing then, the
        // total tells.
        if new == 0 && came > nulls {
            return Ok(Brought::Nobody);
        }
        self.repeats += repeats;
        self.nameless += nulls;
        Ok(if new == 0 { Brought::Nobody } else { Brought::Somebody })
    }

    /// How many users the server spoke of on the first page.
    pub(super) fn total(&self) -> Option<usize> {
        self.first_total.flatten()
    }

    /// Whether everybody came whom the server spoke of.
    pub(super) fn is_complete(&self) -> bool {
        self.total().is_none_or(|total| self.seen.len() >= total)
    }

    pub(super) fn doubt(&mut self, doubt: Doubt) {
        self.doubts.insert(doubt);
    }

    /// The users with this login among those that were listed for it.
    pub(super) fn meaning(&self, listed: &Listed, login: &Email) -> Vec<LiveUser> {
        listed.with_login(login, &self.interpreter)
    }

    /// Takes in somebody who was looked up.
    pub(super) fn add(&mut self, user: LiveUser) {
        if self.seen.insert(user.id.clone()) {
            self.users.push(user);
        }
    }

    /// The snapshot, and for those who come later what the users showed of their server.
    pub(super) fn conclude(self, learned: &Learned) -> Snapshot {
        let Self {
            interpreter,
            first_total,
            other_total,
            users,
            seen,
            nameless,
            repeats,
            unread_roles,
            mut doubts,
            values,
            received: _,
        } = self;
        if let Some(total) = first_total.flatten()
            && total != seen.len()
        {
            doubts.insert(Doubt::Count { total, received: seen.len() });
        }
        if let (Some(first), Some(later)) = (first_total.flatten(), other_total) {
            doubts.insert(Doubt::TotalChanged { first, later });
        }
        if repeats > 0 {
            doubts.insert(Doubt::RepeatedId { repeats });
        }
        if nameless > 0 {
            doubts.insert(Doubt::Nameless { entries: nameless });
        }
        if let Some((users, example)) = unread_roles {
            doubts.insert(Doubt::UnreadRoles { users, example });
        }
        if let Some(somebody) = users.first() {
            learned.saw(&somebody.email);
        }
        learned.saw_values(values);
        if let Some(place) = role_place(&interpreter.dialect.role)
            && !users.is_empty()
            && users.iter().all(|user| user.roles.is_empty())
        {
            learned.found(Note::NobodyHasRole { place, users: users.len() });
        }
        Snapshot::assemble(users, doubts)
    }
}

/// Where roles are expected, for people.
pub(super) fn role_place(role: &RolePlace) -> Option<String> {
    match role {
        RolePlace::Elements(elements) => Some(elements.list.attribute().to_owned()),
        RolePlace::Texts(list) => Some(list.attribute().to_owned()),
        RolePlace::Attribute(place) => Some(place.to_string()),
        RolePlace::Nowhere => None,
    }
}

fn without_id(answer: &Answer, position: usize, login: Option<&str>) -> ProviderError {
    let who = match login.map(|login| answer.fit_to_show(login)) {
        Some(login) if !login.is_empty() => format!("`{login}`"),
        Some(_) | None => format!("entry {} of this page", position + 1),
    };
    answer.malformed(Fault::Unidentified, format!("{who} has no `id`"))
}
