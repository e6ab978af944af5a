//! A change with both its sides, as the journal has it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::action::Change;
use crate::model::live::RoleId;
use crate::model::role::RoleDefinition;
use crate::store::record::Unreadable;
use crate::store::record::user::{NamesRecord, StatusWord, held, login, names_of, role, spoken, user_id};

/// A change.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ChangeRecord {
    CreateRole { definition: DefinitionRecord },
    UpdateRole { id: String, before: DefinitionRecord, after: DefinitionRecord },
    DeleteRole { id: String, definition: DefinitionRecord },
    Invite { role: String, names: NamesRecord, language: Option<String> },
    Reactivate { id: String, from: Vec<String>, to: String },
    Move { id: String, from: String, roles: Vec<String>, status: StatusWord },
    ChangeRole { id: String, from: Vec<String>, to: String, status: StatusWord },
    Reinvite { id: String, from: Vec<String>, to: String, names: NamesRecord, language: Option<String> },
    UpdateProfile { id: String, before: NamesRecord, after: NamesRecord },
    ResendInvitation { id: String, roles: Vec<String>, sent: u32 },
    CancelInvitation { id: String, roles: Vec<String> },
    Deactivate { id: String, roles: Vec<String>, removed_from: Option<Date> },
    Remove { id: String, roles: Vec<String>, status: StatusWord },
}

/// What a custom role says and permits.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DefinitionRecord {
    title: String,
    description: String,
    permissions: BTreeSet<String>,
}

impl ChangeRecord {
    pub(super) fn of(change: &Change) -> Self {
        match change {
            Change::CreateRole { definition } => Self::CreateRole { definition: DefinitionRecord::of(definition) },
            Change::UpdateRole { id, before, after } => Self::UpdateRole {
                id: id.to_string(),
                before: DefinitionRecord::of(before),
                after: DefinitionRecord::of(after),
            },
            Change::DeleteRole { id, definition } => {
                Self::DeleteRole { id: id.to_string(), definition: DefinitionRecord::of(definition) }
            }
            Change::Invite { role, profile, language } => Self::Invite {
                role: role.to_string(),
                names: NamesRecord::of(profile),
                language: language.as_ref().map(ToString::to_string),
            },
            Change::Reactivate { id, from, to } => {
                Self::Reactivate { id: id.to_string(), from: names_of(from), to: to.to_string() }
            }
            Change::Move { id, from, roles, status } => Self::Move {
                id: id.to_string(),
                from: from.to_string(),
                roles: names_of(roles),
                status: StatusWord::of(*status),
            },
            Change::ChangeRole { id, from, to, status } => Self::ChangeRole {
                id: id.to_string(),
                from: names_of(from),
                to: to.to_string(),
                status: StatusWord::of(*status),
            },
            Change::Reinvite { id, from, to, profile, language } => Self::Reinvite {
                id: id.to_string(),
                from: names_of(from),
                to: to.to_string(),
                names: NamesRecord::of(profile),
                language: language.as_ref().map(ToString::to_string),
            },
            Change::UpdateProfile { id, before, after } => Self::UpdateProfile {
                id: id.to_string(),
                before: NamesRecord::of(before),
                after: NamesRecord::of(after),
            },
            Change::ResendInvitation { id, roles, sent } => {
                Self::ResendInvitation { id: id.to_string(), roles: names_of(roles), sent: *sent }
            }
            Change::CancelInvitation { id, roles } => {
                Self::CancelInvitation { id: id.to_string(), roles: names_of(roles) }
            }
            Change::Deactivate { id, roles, removed_from } => {
                Self::Deactivate { id: id.to_string(), roles: names_of(roles), removed_from: *removed_from }
            }
            Change::Remove { id, roles, status } => {
                Self::Remove { id: id.to_string(), roles: names_of(roles), status: StatusWord::of(*status) }
            }
        }
    }

    pub(super) fn read(self) -> Result<Change, Unreadable> {
        Ok(match self {
            Self::CreateRole { definition } => Change::CreateRole { definition: definition.read() },
            Self::UpdateRole { id, before, after } => {
                Change::UpdateRole { id: role_id(&id)?, before: before.read(), after: after.read() }
            }
            Self::DeleteRole { id, definition } => {
                Change::DeleteRole { id: role_id(&id)?, definition: definition.read() }
            }
            Self::Invite { role: to, names, language } => Change::Invite {
                role: role(&to)?,
                profile: names.read(),
                language: language.as_deref().map(spoken).transpose()?,
            },
            Self::Reactivate { id, from, to } => {
                Change::Reactivate { id: user_id(&id)?, from: held(&from)?, to: role(&to)? }
            }
            Self::Move { id, from, roles, status } => {
                Change::Move { id: user_id(&id)?, from: login(&from)?, roles: held(&roles)?, status: status.read() }
            }
            Self::ChangeRole { id, from, to, status } => {
                Change::ChangeRole { id: user_id(&id)?, from: held(&from)?, to: role(&to)?, status: status.read() }
            }
            Self::Reinvite { id, from, to, names, language } => Change::Reinvite {
                id: user_id(&id)?,
                from: held(&from)?,
                to: role(&to)?,
                profile: names.read(),
                language: language.as_deref().map(spoken).transpose()?,
            },
            Self::UpdateProfile { id, before, after } => {
                Change::UpdateProfile { id: user_id(&id)?, before: before.read(), after: after.read() }
            }
            Self::ResendInvitation { id, roles, sent } => {
                Change::ResendInvitation { id: user_id(&id)?, roles: held(&roles)?, sent }
            }
            Self::CancelInvitation { id, roles } => {
                Change::CancelInvitation { id: user_id(&id)?, roles: held(&roles)? }
            }
            Self::Deactivate { id, roles, removed_from } => {
                Change::Deactivate { id: user_id(&id)?, roles: held(&roles)?, removed_from }
            }
            Self::Remove { id, roles, status } => {
                Change::Remove { id: user_id(&id)?, roles: held(&roles)?, status: status.read() }
            }
        })
    }
}

impl DefinitionRecord {
    fn of(definition: &RoleDefinition) -> Self {
        let RoleDefinition { title, description, permissions } = definition.clone();
        Self { title, description, permissions }
    }

    fn read(self) -> RoleDefinition {
        let Self { title, description, permissions } = self;
        RoleDefinition { title, description, permissions }
    }
}

fn role_id(text: &str) -> Result<RoleId, Unreadable> {
    RoleId::observed(text).ok_or_else(|| Unreadable::Word(text.to_owned()))
}
