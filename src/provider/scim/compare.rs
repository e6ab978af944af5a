//! What a change should come to, and what still differs from it.

use crate::model::live::{LiveUser, Status};
use crate::model::person::Profile;
use crate::model::role::RoleName;

/// How a user should be after a change; what is `None` is not looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The role, compared as role names are.
    pub(super) role: Option<&'a RoleName>,
    /// The names that are said, compared exactly.
    pub(super) profile: Option<&'a Profile>,
    /// Whether being deactivated matters.
    pub(super) access: Access,
}

/// Whether a user must be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The user is active or invited.
    Given,
    /// It does not matter here.
    AsItIs,
}

impl Wanted<'_> {
    /// What is not as wanted, in words; `None` where everything is.
    pub(super) fn difference(&self, user: &LiveUser) -> Option<String> {
        let Self { role, profile, access } = self;
        let mut differences = Vec::new();
        if let Some(role) = role
            && !user.roles.is_exactly(role)
        {
            differences.push(format!("the user has {}, not {role}", user.roles));
        }
        if let Some(Profile { first_name, last_name }) = profile {
            let names = [
                ("first name", first_name, &user.profile.first_name),
                ("last name", last_name, &user.profile.last_name),
            ];
            for (label, wanted, has) in names {
                if let Some(wanted) = wanted.as_deref().map(str::trim)
                    && wanted != has.as_deref().unwrap_or_default().trim()
                {
                    let has = has.as_deref().map_or("missing".to_owned(), |has| format!("`{has}`"));
                    differences.push(format!("the {label} is {has} instead of `{wanted}`"));
                }
            }
        }
        if *access == Access::Given && user.status == Status::Deactivated {
            differences.push("the user is deactivated".to_owned());
        }
        (!differences.is_empty()).then(|| differences.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::email::Email;
    use crate::model::live::UserId;

    #[test]
    fn only_what_is_wanted_is_compared() {
        let user = LiveUser {
            email: Email::observed("a@x.example").expect("a login"),
            id: UserId::observed("1").expect("an id"),
            roles: ["Campaign Coordinator".parse().expect("a role")].into_iter().collect(),
            profile: Profile { first_name: Some("Ada".into()), last_name: None },
            status: Status::Deactivated,
        };
        let role = "campaign_coordinator".parse().expect("a role");
        let names = Profile { first_name: None, last_name: Some("Lovelace".into()) };
        let nothing = Wanted { role: Some(&role), profile: None, access: Access::AsItIs };
        assert_eq!(nothing.difference(&user), None);
        let all = Wanted { role: Some(&role), profile: Some(&names), access: Access::Given };
        assert_eq!(
            all.difference(&user).as_deref(),
            Some("the last name is missing instead of `Lovelace`; the user is deactivated")
        );
    }
}
