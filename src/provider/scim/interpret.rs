//! What a user on the wire means, by the dialect.

use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser, Status, UserId};
use crate::model::person::Profile;
use crate::model::role::RoleName;
use crate::provider::scim::dialect::Dialect;
use crate::scim::user::{Role, User};

/// The user, or `None` where it has no login and so nobody can tell who it is.
pub(super) fn live_user(user: &User, id: UserId, dialect: &Dialect) -> Option<LiveUser> {
    let email = Email::observed(user.user_name.as_deref()?)?;
    let named =
        |name: &Option<String>| name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let profile = Profile { first_name: named(&user.given_name), last_name: named(&user.family_name) };
    Some(LiveUser {
        email,
        id,
        roles: user.roles.iter().filter_map(role_name).collect(),
        profile,
        status: status(user, dialect),
        language: None,
        dates: Dates::default(),
    })
}

/// What a role is called. All of them count, whichever is marked as primary: each gives what it gives.
fn role_name(role: &Role) -> Option<RoleName> {
    let text = role.value.as_deref().filter(|value| !value.trim().is_empty()).or(role.display.as_deref());
    text.and_then(|text| text.parse().ok())
}

/// The status: the dialect's attribute where it says something known, `active` otherwise. A user without `active` can
/// sign in: servers that know no deactivated users leave it out.
fn status(user: &User, dialect: &Dialect) -> Status {
    let said = dialect.status.as_ref().and_then(|place| user.extension_text(&place.schema, &place.attribute));
    match said.map(str::to_ascii_lowercase).as_deref() {
        Some("invited") => Status::Invited,
        Some("active") => Status::Active,
        Some("deactivated") => Status::Deactivated,
        Some(_) | None if user.active == Some(false) => dialect.inactive,
        Some(_) | None => Status::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::ACCOUNT_USER;
    use serde_json::{Value, json};

    fn live(dialect: &Dialect, user: Value) -> Option<LiveUser> {
        let user = serde_json::from_value(user).expect("a user");
        live_user(&user, UserId::observed("1").expect("an id"), dialect)
    }

    fn roles(roles: Value) -> String {
        let user = live(&Dialect::rfc(), json!({"userName": "a@x.example", "roles": roles}));
        user.expect("a user").roles.to_string()
    }

    #[test]
    fn every_role_counts_whichever_is_primary() {
        assert_eq!(roles(json!([{"value": "b"}, {"value": "a", "primary": true}])), "a + b");
        assert_eq!(roles(json!([{"value": ""}, {"display": "Content Creator"}])), "Content Creator");
        assert_eq!(roles(json!(["owner"])), "owner");
        assert_eq!(roles(json!([])), "no role");
    }

    #[test]
    fn a_name_has_no_white_space_around_it_and_a_blank_one_is_none() {
        let name = json!({"givenName": " Ada\t", "familyName": "  "});
        let user = live(&Dialect::rfc(), json!({"userName": "a@x.example", "name": name}));
        assert_eq!(user.map(|user| user.profile), Some(Profile { first_name: Some("Ada".into()), last_name: None }));
    }

    #[test]
    fn what_inactive_means_is_the_dialects() {
        let status = |dialect: Dialect, user: Value| live(&dialect, user).map(|user| user.status);
        let inactive = json!({"userName": "a", "active": false, ACCOUNT_USER: {"status": "Invited"}});
        assert_eq!(status(Dialect::rfc(), inactive.clone()), Some(Status::Deactivated));
        assert_eq!(status(Dialect::klaviyo(), inactive.clone()), Some(Status::Invited));
        assert_eq!(status(Dialect::sandbox(), inactive), Some(Status::Invited));
        let odd = json!({"userName": "a", "active": false, ACCOUNT_USER: {"status": "asleep"}});
        assert_eq!(status(Dialect::sandbox(), odd), Some(Status::Deactivated));
        assert_eq!(status(Dialect::rfc(), json!({"userName": "a"})), Some(Status::Active));
    }

    #[test]
    fn without_a_login_it_is_nobody() {
        assert_eq!(live(&Dialect::rfc(), json!({"userName": " "})), None);
        assert_eq!(live(&Dialect::rfc(), json!({"displayName": "Ada"})), None);
    }
}
