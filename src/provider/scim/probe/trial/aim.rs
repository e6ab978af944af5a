//! What a trial's user is made of, and what it is to become.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::email::Email;
use crate::model::live::Status;
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleName};
use crate::probe::trial::{Kept, Part};
use crate::provider::scim::compare::{Access, Exempt, Wanted};
use crate::provider::scim::creation::Newcomer;
use crate::provider::scim::edit::UnknownRole;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::probe::trial::ThrowAway;
use crate::provider::scim::probe::trial::there::There;

/// A new user.
pub(super) struct Newborn<'a> {
    login: &'a Email,
    role: &'a RoleName,
    profile: Profile,
    language: Option<Language>,
}

/// What a user is to become; what is `None` stays.
pub(super) struct Aim {
    login: Option<Email>,
    roles: Option<HeldRoles>,
    profile: Option<Profile>,
    access: Access,
}

impl<'a> Newborn<'a> {
    pub(super) fn of(ThrowAway { login, role, other_role: _, before: _ }: &ThrowAway<'a>) -> Self {
        Self { login, role, profile: names("Throw", "Away"), language: "en-US".parse().ok() }
    }

    pub(super) fn body(&self, learned: &Learned) -> Result<Value, UnknownRole> {
        let Self { login, role, profile, language } = self;
        Newcomer { email: login, role, profile, language: language.as_ref() }.body(learned)
    }

    /// What of it is there.
    pub(super) fn kept(&self, there: &There, learned: &Learned) -> BTreeMap<Part, Kept> {
        let Self { login: _, role, profile, language } = self;
        let mut kept = BTreeMap::new();
        let mut compare = |part, is_kept| {
            kept.insert(part, if is_kept { Kept::AsSent } else { Kept::Otherwise });
        };
        compare(Part::Role, there.live.roles.only() == Some(role));
        compare(Part::FirstName, there.live.profile.first_name == profile.first_name);
        compare(Part::LastName, there.live.profile.last_name == profile.last_name);
        compare(Part::Active, !there.is_inactive());
        if let (Some((_, known)), Some(language)) = (learned.dialect().language.attribute(), language)
            && let Some(sent) = known.spelling(language)
        {
            compare(Part::Language, there.live.language.as_ref() == Some(sent));
        }
        kept
    }
}

impl Aim {
    /// Another login, made from this one: an address of the same mailbox where the mail server knows subaddresses.
    pub(super) fn moved(from: &Email) -> Self {
        let text = from.as_str();
        let moved = text
            .split_once('@')
            .map_or_else(|| format!("{text}-moved"), |(mailbox, domain)| format!("{mailbox}+moved@{domain}"));
        Self { login: Email::observed(&moved), ..Self::nothing() }
    }

    /// This login.
    pub(super) fn login(login: &Email) -> Self {
        Self { login: Some(login.clone()), ..Self::nothing() }
    }

    pub(super) fn role(role: &RoleName) -> Self {
        Self { roles: Some(std::iter::once(role.clone()).collect()), ..Self::nothing() }
    }

    pub(super) fn last_name() -> Self {
        let profile = Profile { first_name: None, last_name: Some("Renamed".to_owned()) };
        Self { profile: Some(profile), ..Self::nothing() }
    }

    pub(super) fn both_names() -> Self {
        Self { profile: Some(names("Twice", "Changed")), ..Self::nothing() }
    }

    pub(super) fn inactive() -> Self {
        Self { access: Access::Exactly(Status::Deactivated), ..Self::nothing() }
    }

    pub(super) fn active() -> Self {
        Self { access: Access::Exactly(Status::Active), ..Self::nothing() }
    }

    fn nothing() -> Self {
        Self { login: None, roles: None, profile: None, access: Access::AsItIs }
    }

    pub(super) fn wanted(&self) -> Wanted<'_> {
        let Self { login, roles, profile, access } = self;
        Wanted { login: login.as_ref(), roles: roles.clone(), profile: profile.as_ref(), access: *access }
    }

    /// Whether the user has become so. Whether somebody can sign in is what `active` says, whatever else a server has to
    /// say about it.
    pub(super) fn is_reached(&self, there: &There) -> bool {
        let rest = Wanted { access: Access::AsItIs, ..self.wanted() };
        let is_in = match self.access {
            Access::Exactly(Status::Deactivated) => there.is_inactive(),
            Access::Exactly(_) => !there.is_inactive(),
            Access::Given | Access::Kept(_) | Access::AsItIs => true,
        };
        is_in && rest.difference(&there.live, &Exempt::default()).is_none()
    }
}

fn names(first: &str, last: &str) -> Profile {
    Profile { first_name: Some(first.to_owned()), last_name: Some(last.to_owned()) }
}
