//! What was found out about a server, for whoever uses the connection next: what the server does not take, what its roles
//! are called, and what people should know of it.
//!
//! It is learned once and not forgotten while the connection lives, so that a refusal costs one request and not one for
//! each user; what the server does not take is shared with later connections: see
//! [`fallbacks`](crate::provider::scim::fallbacks).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use crate::model::dialect::Dialect;
use crate::model::dialect::reading::LanguagePlace;
use crate::model::dialect::role::RolePlace;
use crate::model::dialect::writing::{Update, Versions};
use crate::model::email::Email;
use crate::model::note::Note;
use crate::model::role::RoleName;
use crate::provider::scim::Expected;
use crate::provider::scim::fallbacks::{Filter, Refused};
use crate::provider::scim::interpret::{Directory, Interpreter};
use crate::scim::discovery::ServiceProviderConfig;

/// What one connection knows of its server.
#[derive(Debug)]
pub(super) struct Learned {
    dialect: Arc<Dialect>,
    expected: Expected,
    facts: Mutex<Facts>,
    /// What every connection to the server knows.
    refused: Arc<Mutex<Refused>>,
    /// Whether the server was asked what it can do.
    pub(super) abilities_asked: OnceCell<()>,
}

#[derive(Debug, Default)]
struct Facts {
    notes: BTreeSet<Note>,
    somebody: Option<Email>,
    directory: Arc<Directory>,
    /// By name, what is written for a role that is named by `display`.
    values: BTreeMap<RoleName, String>,
}

impl Learned {
    pub(super) fn about(dialect: Dialect, expected: Expected) -> Self {
        let (facts, refused, abilities_asked) = (Mutex::default(), Arc::default(), OnceCell::new());
        Self { dialect: Arc::new(dialect), expected, facts, refused, abilities_asked }
    }

    /// The same with what was found out before.
    pub(super) fn remembering(self, refused: Arc<Mutex<Refused>>) -> Self {
        Self { refused, ..self }
    }

    /// Whom and what the file speaks of.
    pub(super) fn expected(&self) -> &Expected {
        &self.expected
    }

    pub(super) fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// What reads users as the server means them.
    pub(super) fn interpreter(&self) -> Interpreter {
        Interpreter { dialect: Arc::clone(&self.dialect), directory: Arc::clone(&self.facts().directory) }
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that pages by index are refused; that is shown with the reading.
    pub(super) fn refused_index(&self) {
        self.refused().notes.insert(Note::RefusedIndex);
    }

    pub(super) fn refuses_index(&self) -> bool {
        self.refused().notes.contains(&Note::RefusedIndex)
    }

    /// Whether whoever is deleted stays, as somebody who cannot sign in.
    pub(super) fn keeps_deleted(&self) -> bool {
        self.refused().notes.contains(&Note::KeepsDeleted)
    }

    /// Remembers something that a reading found, to be shown with it.
    pub(super) fn found(&self, note: Note) {
        self.facts().notes.insert(note);
    }

    /// Remembers something that came up while writing. Whoever writes has shown the plan before, so it is said at once.
    pub(super) fn came_up(&self, note: Note) {
        let words = note.to_string();
        if self.refused().notes.insert(note) {
            tracing::warn!("{words}");
        }
    }

    pub(super) fn notes(&self) -> BTreeSet<Note> {
        let by_dialect = [
            (self.dialect.role == RolePlace::Nowhere).then_some(Note::KeepsNoRoles),
            (self.dialect.language == LanguagePlace::Nowhere).then_some(Note::KeepsNoLanguages),
        ];
        let mut notes = self.facts().notes.clone();
        notes.extend(self.refused().notes.iter().cloned());
        notes.extend(by_dialect.into_iter().flatten());
        notes
    }

    /// Remembers what the server says that it can do.
    pub(super) fn configured(&self, config: &ServiceProviderConfig) {
        if config.patch == Some(false) && self.dialect.update != Update::Put {
            self.refused().no_patch = true;
            self.came_up(Note::SaysNoPatch);
        }
    }

    /// Whether these attributes may be changed by a PATCH.
    pub(super) fn takes_patch_of(&self, attributes: &[String]) -> bool {
        let refused = self.refused();
        self.dialect.update != Update::Put && !refused.no_patch && !refused.no_patch_of.contains(attributes)
    }

    /// Takes note of how a PATCH was refused; whether by a status that says that there is none.
    pub(super) fn refused_patch(&self, status: Option<u16>, attributes: &[String]) -> bool {
        match status {
            Some(405) => self.refused().no_patch = true,
            Some(501) => {}
            Some(_) | None => return false,
        }
        self.takes_no_patch_of(attributes);
        true
    }

    /// Takes note that these attributes are not changed by a PATCH.
    pub(super) fn takes_no_patch_of(&self, attributes: &[String]) {
        self.refused().no_patch_of.insert(attributes.to_vec());
        self.came_up(Note::RefusedPatch { attributes: attributes.join(" and ") });
    }

    pub(super) fn filter(&self) -> Filter {
        self.refused().filter
    }

    pub(super) fn filter_finds(&self) {
        self.refused().filter = Filter::Finds;
    }

    pub(super) fn filter_is_useless(&self, note: Note) {
        self.refused().filter = Filter::Useless;
        self.came_up(note);
    }

    /// Whether a write names the version it was made from.
    pub(super) fn sends_versions(&self) -> bool {
        self.dialect.versions == Versions::Sent && !self.refused().no_versions
    }

    pub(super) fn versions_are_useless(&self) {
        self.refused().no_versions = true;
        self.came_up(Note::UselessVersions);
    }

    /// Remembers somebody who is in the account, to try a filter on.
    pub(super) fn saw(&self, somebody: &Email) {
        self.facts().somebody.get_or_insert_with(|| somebody.clone());
    }

    pub(super) fn somebody(&self) -> Option<Email> {
        self.facts().somebody.clone()
    }

    /// Remembers the account's roles.
    pub(super) fn listed_roles(&self, directory: Directory) {
        self.facts().directory = Arc::new(directory);
    }

    /// Remembers what stands beside the name of a role that is known by `display`.
    pub(super) fn saw_values(&self, values: BTreeMap<RoleName, String>) {
        self.facts().values.extend(values);
    }

    /// What is written for a role that the server knows by an identifier.
    pub(super) fn role_value(&self, role: &RoleName) -> Option<String> {
        let facts = self.facts();
        facts.values.get(role).cloned().or_else(|| facts.directory.value_of(role).map(str::to_owned))
    }
}
