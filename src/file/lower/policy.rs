//! How an account is gone about: invitations, removals, custom roles.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Span as Period, SpanRelativeTo};

use crate::file::draft::DraftRole;
use crate::file::lower::Lowering;
use crate::file::problem::Kind;
use crate::file::raw;
use crate::file::shape::{Entries, Entry, Field};
use crate::model::desired::policy::{Invitations, Removal};
use crate::model::role::{RoleDefinition, RoleName};

/// What is said of invitations and removals, in an account or in `defaults`.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Ways {
    resend_after: Option<SignedDuration>,
    give_up_after: Option<u32>,
    grace: Option<SignedDuration>,
}

impl Ways {
    /// These ways, and where they say nothing those of `defaults`, and else the usual ones.
    pub(super) fn over(self, defaults: Self) -> (Invitations, Removal) {
        let usual = Invitations::default();
        let invitations = Invitations {
            resend_after: self.resend_after.or(defaults.resend_after).or(usual.resend_after),
            give_up_after: self.give_up_after.or(defaults.give_up_after).unwrap_or(usual.give_up_after),
        };
        // An account takes back what `defaults` say by `0d`.
        let grace = self.grace.or(defaults.grace).filter(SignedDuration::is_positive);
        (invitations, Removal { grace })
    }
}

impl Lowering<'_> {
    pub(super) fn ways(&mut self, invitations: &Field<raw::Invitations>, removal: &Field<raw::Removal>) -> Ways {
        let mut ways = Ways::default();
        if let Some((raw::Invitations { resend_after, give_up_after }, _)) = invitations.written() {
            ways.resend_after = self.duration(resend_after, SignedDuration::is_positive);
            ways.give_up_after = give_up_after.written().and_then(|(times, at)| {
                let times = u32::try_from(*times).ok().filter(|times| *times > 0);
                if times.is_none() {
                    self.report(at, Kind::LessThanOne { key: "give_up_after" });
                }
                times
            });
        }
        if let Some((raw::Removal { grace }, _)) = removal.written() {
            ways.grace = self.duration(grace, |grace| !grace.is_negative());
        }
        ways
    }

    /// A length of time such as `7d`, with days of 24 hours.
    pub(super) fn duration(
        &mut self,
        written: &Field<String>,
        allowed: impl Fn(&SignedDuration) -> bool,
    ) -> Option<SignedDuration> {
        let (text, at) = written.written()?;
        let period = text.parse::<Period>().ok();
        let length = period.and_then(|period| period.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
        let length = length.filter(allowed);
        if length.is_none() {
            self.report(at, Kind::NotADuration { text: text.clone() });
        }
        length
    }

    pub(super) fn custom_roles(&mut self, written: &Field<Entries<raw::Role>>) -> Option<Vec<DraftRole>> {
        let (Entries(entries), _) = written.written()?;
        Some(entries.iter().filter_map(|entry| self.custom_role(entry)).collect())
    }

    fn custom_role(&mut self, Entry { key, at, value }: &Entry<raw::Role>) -> Option<DraftRole> {
        let name = self.parse::<RoleName>(key, *at);
        let (raw::Role { title, description, permissions }, _) = value.written()?;
        if permissions.is_absent() {
            self.report(*at, Kind::PermissionsMissing { role: key.clone() });
        }
        let definition = RoleDefinition {
            title: self.name(title, "title").unwrap_or_else(|| key.clone()),
            description: self.description(description),
            permissions: self.permissions(permissions),
        };
        Some(DraftRole { at: *at, name: name?.value, definition })
    }

    /// A description, without the line end that a block of text has.
    fn description(&mut self, written: &Field<String>) -> String {
        let text = written.written().and_then(|(text, at)| self.plain(text.trim(), "description", at));
        text.unwrap_or_default()
    }

    fn permissions(&mut self, written: &Field<Vec<Field<String>>>) -> BTreeSet<String> {
        let Some((listed, at)) = written.written() else { return BTreeSet::new() };
        if listed.is_empty() {
            self.report(at, Kind::EmptyValue { key: "permissions" });
        }
        listed.iter().filter_map(|permission| self.name(permission, "permissions")).collect()
    }
}
