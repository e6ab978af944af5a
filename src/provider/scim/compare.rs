//! What a change should come to, and what still differs from it.

use std::collections::BTreeSet;

use crate::model::dialect::Dialect;
use crate::model::dialect::role::RolePlace;
use crate::model::dialect::writing::Facet;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status};
use crate::model::person::Profile;
use crate::model::role::HeldRoles;

/// How a user should be; what is `None` is not looked at.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    /// The login, where that is what changes.
    pub(super) login: Option<&'a Email>,
    /// The roles: these and no others.
    pub(super) roles: Option<HeldRoles>,
    /// The names that are said, compared exactly.
    pub(super) profile: Option<&'a Profile>,
    /// The status.
    pub(super) access: Access,
}

/// Whether a user can, or will be able to, sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The user is active or invited.
    Given,
    /// The user has just this status.
    Exactly(Status),
    /// The user has the status that was read, or has accepted the invitation since.
    Kept(Status),
    /// It does not matter here.
    AsItIs,
}

/// How the plan saw a user; the guards judged that one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned<'a> {
    /// The roles.
    pub(super) roles: &'a HeldRoles,
    /// The status.
    pub(super) status: Status,
}

/// What is not compared after a write, because the server keeps it otherwise.
#[derive(Debug, Clone, Default)]
pub(super) struct Exempt(BTreeSet<Facet>);

impl Exempt {
    pub(super) fn by(dialect: &Dialect) -> Self {
        let mut facets = dialect.not_compared.clone();
        if dialect.role == RolePlace::Nowhere {
            facets.insert(Facet::Role);
        }
        Self(facets)
    }

    fn has(&self, facet: Facet) -> bool {
        self.0.contains(&facet)
    }
}

impl Wanted<'_> {
    /// Nothing that matters yet.
    pub(super) fn nothing() -> Self {
        Self { login: None, roles: None, profile: None, access: Access::AsItIs }
    }

    /// What is not as wanted, in words; `None` where everything is.
    pub(super) fn difference(&self, user: &LiveUser, exempt: &Exempt) -> Option<String> {
        let Self { login, roles, profile, access } = self;
        let mut differences: Vec<String> = Vec::new();
        if let Some(login) = login.filter(|login| **login != user.email) {
            differences.push(format!("the login is `{}` instead of `{login}`", user.email));
        }
        let roles = roles.as_ref().filter(|_| !exempt.has(Facet::Role));
        differences.extend(roles.and_then(|roles| other_roles(user, roles)));
        differences.extend(profile.iter().flat_map(|profile| other_names(user, profile, exempt)));
        let status = match access {
            _ if exempt.has(Facet::Status) => None,
            Access::Exactly(status) => other_status(user, *status),
            Access::Kept(Status::Invited) if user.status == Status::Active => None,
            Access::Kept(status) => other_status(user, *status),
            Access::Given if user.status == Status::Deactivated => Some("the user is deactivated".to_owned()),
            Access::Given | Access::AsItIs => None,
        };
        differences.extend(status);
        (!differences.is_empty()).then(|| differences.join("; "))
    }

    /// The same, and that a change leaves alone what it is not about: the roles and the status that were read before.
    pub(super) fn and_the_rest_of(&self, before: &LiveUser) -> Self {
        let Self { login, roles, profile, access } = self;
        let access = match *access {
            Access::AsItIs => Access::Kept(before.status),
            Access::Exactly(status) if status == before.status => Access::Kept(status),
            Access::Given | Access::Exactly(_) | Access::Kept(_) => *access,
        };
        let roles = roles.clone().unwrap_or_else(|| before.roles.clone());
        Self { login: *login, roles: Some(roles), profile: *profile, access }
    }
}

impl Planned<'_> {
    /// What is not as the plan saw it, in words.
    pub(super) fn difference(&self, user: &LiveUser) -> Option<String> {
        let Self { roles, status } = self;
        let differences: Vec<String> =
            other_roles(user, roles).into_iter().chain(other_status(user, *status)).collect();
        (!differences.is_empty()).then(|| differences.join("; "))
    }
}

fn other_roles(user: &LiveUser, roles: &HeldRoles) -> Option<String> {
    (user.roles != *roles).then(|| format!("the user has {}, not {roles}", user.roles))
}

fn other_names(user: &LiveUser, Profile { first_name, last_name }: &Profile, exempt: &Exempt) -> Vec<String> {
    let names = [
        (Facet::FirstName, "first name", first_name, &user.profile.first_name),
        (Facet::LastName, "last name", last_name, &user.profile.last_name),
    ];
    let different = names.into_iter().filter_map(|(facet, label, wanted, has)| {
        let name = wanted.as_ref().filter(|_| wanted != has && !exempt.has(facet))?;
        let has = has.as_deref().map_or("missing".to_owned(), |has| format!("`{has}`"));
        Some(format!("the {label} is {has} instead of `{name}`"))
    });
    different.collect()
}

fn other_status(user: &LiveUser, status: Status) -> Option<String> {
    (user.status != status).then(|| format!("the user is {}, not {status}", user.status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::live::{Dates, UserId};

    #[test]
    fn only_what_is_wanted_is_compared() {
        let user = LiveUser {
            email: Email::observed("a@x.example").expect("a login"),
            id: UserId::observed("1").expect("an id"),
            roles: ["Campaign Coordinator".parse().expect("a role")].into_iter().collect(),
            profile: Profile { first_name: Some("Ada".into()), last_name: None },
            status: Status::Deactivated,
            language: None,
            dates: Dates::default(),
        };
        let roles: HeldRoles = ["campaign_coordinator".parse().expect("a role")].into_iter().collect();
        let names = Profile { first_name: None, last_name: Some("Lovelace".into()) };
        let role_alone = Wanted { roles: Some(roles.clone()), ..Wanted::nothing() };
        assert_eq!(role_alone.difference(&user, &Exempt::default()), None);
        let other = Email::observed("b@x.example").expect("a login");
        let all = Wanted { login: Some(&other), roles: Some(roles), profile: Some(&names), access: Access::Given };
        assert_eq!(
            all.difference(&user, &Exempt::default()).as_deref(),
            Some(
                "the login is `a@x.example` instead of `b@x.example`; the last name is missing instead of `Lovelace`; \
                 the user is deactivated"
            )
        );
        let dialect = Dialect { not_compared: [Facet::LastName, Facet::Status].into(), ..Dialect::rfc() };
        let said = all.difference(&user, &Exempt::by(&dialect));
        assert_eq!(said.as_deref(), Some("the login is `a@x.example` instead of `b@x.example`"));
    }

    #[test]
    fn whoever_accepts_an_invitation_meanwhile_is_as_wanted() {
        let user = |status| LiveUser {
            email: Email::observed("a@x.example").expect("a login"),
            id: UserId::observed("1").expect("an id"),
            roles: HeldRoles::default(),
            profile: Profile::default(),
            status,
            language: None,
            dates: Dates::default(),
        };
        let difference =
            |before, now| Wanted::nothing().and_the_rest_of(&user(before)).difference(&user(now), &Exempt::default());
        assert_eq!(difference(Status::Invited, Status::Active), None);
        let (before, now) = (Status::Active, Status::Invited);
        assert_eq!(difference(before, now).as_deref(), Some("the user is invited, not active"));
    }
}
