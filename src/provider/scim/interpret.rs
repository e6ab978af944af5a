//! What a user on the wire means, by the dialect.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::dialect::reading::{Login, Pending};
use crate::model::dialect::role::{NamedBy, RoleElements, RoleList, RolePlace};
use crate::model::dialect::{AttributePath, Dialect};
use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser, Status, UserId};
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleName};
use crate::scim::element::Element;
use crate::scim::user::User;

/// What reads users as one server means them.
#[derive(Debug, Clone)]
pub(super) struct Interpreter {
    pub(super) dialect: Arc<Dialect>,
    /// The account's roles, where the server lists them.
    pub(super) directory: Arc<Directory>,
}

/// The roles that a server lists: what stands in a user who has one, and what it is called here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Directory(BTreeMap<RoleName, (String, RoleName)>);

impl Directory {
    /// What stands in a user who has a role.
    pub(super) fn value_of(&self, role: &RoleName) -> Option<&str> {
        self.0.values().find(|(_, name)| name == role).map(|(value, _)| value.as_str())
    }

    fn name_of(&self, value: &str) -> Option<&RoleName> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&value.parse().ok()?).map(|(_, name)| name)
    }
}

impl FromIterator<(String, RoleName)> for Directory {
    fn from_iter<I: IntoIterator<Item = (String, RoleName)>>(roles: I) -> Self {
        let keyed = |(value, name): (String, RoleName)| Some((value.parse().ok()?, (value, name)));
        Self(roles.into_iter().filter_map(keyed).collect())
    }
}

impl Interpreter {
    /// The user, or `None` where it has no login and so nobody can tell who it is.
    pub(super) fn live_user(&self, user: &User, id: UserId) -> Option<LiveUser> {
        let dialect = &self.dialect;
        let email = login(user, dialect.login)?;
        let named =
            |name: &Option<String>| name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        let profile = Profile { first_name: named(&user.given_name), last_name: named(&user.family_name) };
        Some(LiveUser {
            email,
            id,
            roles: self.roles(user),
            profile,
            status: status(user, &dialect.pending),
            language: language(user, dialect),
            dates: dates(user, dialect),
        })
    }

    /// The roles. All of them count, whichever is marked as primary: each gives what it gives.
    fn roles(&self, user: &User) -> HeldRoles {
        let read = |text: &str| self.directory.name_of(text).cloned().or_else(|| self.dialect.role_names.read(text));
        match &self.dialect.role {
            RolePlace::Elements(place) => {
                let of_kind = list(user, place.list).iter().filter(|element| is_of_kind(element, place));
                of_kind.filter_map(|element| self.named(element, place.named_by)).collect()
            }
            RolePlace::Texts(held) => {
                list(user, *held).iter().filter_map(|element| element.value.as_deref()).filter_map(read).collect()
            }
            RolePlace::Attribute(place) => text_at(user, place).into_iter().filter_map(read).collect(),
            RolePlace::Nowhere => HeldRoles::default(),
        }
    }

    /// Whether something stands where a role should, and nobody can tell which one it is.
    pub(super) fn has_unread_role(&self, user: &User) -> bool {
        let is_unread = |element: &&Element, place: Option<&RoleElements>| {
            let named = place.and_then(|place| self.named(element, place.named_by));
            element.unread && named.is_none()
        };
        match &self.dialect.role {
            RolePlace::Elements(place) => {
                let mut of_kind = list(user, place.list).iter().filter(|element| is_of_kind(element, place));
                of_kind.any(|element| is_unread(&element, Some(place)))
            }
            RolePlace::Texts(held) => list(user, *held).iter().any(|element| is_unread(&element, None)),
            RolePlace::Attribute(_) | RolePlace::Nowhere => false,
        }
    }

    /// What a role is called that is an object.
    fn named(&self, element: &Element, by: NamedBy) -> Option<RoleName> {
        let (value, display) = (element.value.as_deref(), element.display.as_deref());
        let (value, display) = (value.filter(|text| is_said(text)), display.filter(|text| is_said(text)));
        let listed = value.and_then(|value| self.directory.name_of(value)).cloned();
        let text = match by {
            NamedBy::Value => value.or(display),
            NamedBy::Display | NamedBy::Listing => display.or(value),
        };
        listed.or_else(|| self.dialect.role_names.read(text?))
    }

    /// What stands beside the name of each role of a user, where roles are named by `display`.
    pub(super) fn values(&self, user: &User) -> BTreeMap<RoleName, String> {
        let RolePlace::Elements(place @ RoleElements { named_by: NamedBy::Display, .. }) = &self.dialect.role else {
            return BTreeMap::new();
        };
        let of_kind = list(user, place.list).iter().filter(|element| is_of_kind(element, place));
        of_kind.filter_map(|element| Some((self.named(element, NamedBy::Display)?, element.value.clone()?))).collect()
    }
}

/// The login. A user without an address where that is the login is known by `userName`.
pub(super) fn login(user: &User, login: Login) -> Option<Email> {
    let address = match login {
        Login::UserName => None,
        Login::Email => {
            let addresses = || user.emails.iter().filter(|email| email.value.as_deref().is_some_and(is_said));
            addresses().find(|email| email.primary).or_else(|| addresses().next())
        }
    };
    let text = address.and_then(|address| address.value.as_deref()).or(user.user_name.as_deref())?;
    Email::observed(text)
}

fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

fn list(user: &User, list: RoleList) -> &[Element] {
    match list {
        RoleList::Roles => &user.roles,
        RoleList::Entitlements => &user.entitlements,
    }
}

/// Whether an element of a list is a role and not something else.
fn is_of_kind(element: &Element, RoleElements { kind, .. }: &RoleElements) -> bool {
    let has = |kind: &String| element.kind.as_ref().is_some_and(|has| has.eq_ignore_ascii_case(kind));
    kind.as_ref().is_none_or(has)
}

/// The status: the dialect's attribute where it says something known, `active` otherwise. A user without `active` can
/// sign in: servers that know no deactivated users leave it out.
fn status(user: &User, pending: &Pending) -> Status {
    let said = match pending {
        Pending::Attribute(attribute) => text_at(user, &attribute.place).and_then(|word| attribute.status(word)),
        Pending::Never | Pending::Inactive | Pending::Absent => None,
    };
    said.unwrap_or(if user.active == Some(false) { pending.inactive() } else { Status::Active })
}

fn language(user: &User, dialect: &Dialect) -> Option<Language> {
    let (attribute, _) = dialect.language.attribute()?;
    user.text(None, attribute)?.trim().parse().ok()
}

fn dates(user: &User, dialect: &Dialect) -> Dates {
    let at = |place: &Option<AttributePath>| text_at(user, place.as_ref()?).and_then(moment);
    Dates {
        added: at(&dialect.dates.added).or_else(|| user.created.as_deref().and_then(moment)),
        invited: at(&dialect.dates.invited),
        invitation_expires: at(&dialect.dates.invitation_expires),
        last_login: at(&dialect.dates.last_login),
    }
}

/// A date of RFC 7643 section 2.3.5, with whatever offset; one that says none is taken as UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let without_offset = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(without_offset)
}

fn text_at<'a>(user: &'a User, AttributePath { schema, attribute }: &AttributePath) -> Option<&'a str> {
    user.text(schema.as_ref().map(|schema| schema.as_str()), attribute.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;
    use crate::model::dialect::role::{Primary, RoleNames};
    use crate::scim::ACCOUNT_USER;
    use serde_json::{Value, json};

    fn interpreter(dialect: &Dialect) -> Interpreter {
        let directory = [("r-7".to_owned(), "Team Lead".parse().expect("a role"))];
        Interpreter { dialect: Arc::new(dialect.clone()), directory: Arc::new(directory.into_iter().collect()) }
    }

    fn live(dialect: &Dialect, user: Value) -> Option<LiveUser> {
        let user = serde_json::from_value(user).expect("a user");
        interpreter(dialect).live_user(&user, UserId::observed("1").expect("an id"))
    }

    fn roles_of(dialect: &Dialect, roles: Value) -> String {
        let mut user = json!({"userName": "a@x.example"});
        user.as_object_mut().expect("an object").extend(roles.as_object().cloned().expect("an object"));
        live(dialect, user).expect("a user").roles.to_string()
    }

    #[test]
    fn every_role_counts_whichever_is_primary() {
        let roles = |roles: Value| roles_of(&Dialect::rfc(), json!({"roles": roles}));
        assert_eq!(roles(json!([{"value": "b"}, {"value": "a", "primary": true}])), "a + b");
        assert_eq!(roles(json!([{"value": ""}, {"display": "Content Creator"}])), "Content Creator");
        assert_eq!(roles(json!(["owner"])), "owner");
        assert_eq!(roles(json!([])), "no role");
    }

    #[test]
    fn a_role_stands_where_the_dialect_says() {
        let at = |role| Dialect { role, ..Dialect::rfc() };
        let sentry = Preset::Sentry.dialect();
        assert_eq!(roles_of(&sentry, json!({"sentryOrgRole": "member", "roles": ["x"]})), "member");
        let launchdarkly = Preset::Launchdarkly.dialect();
        let extension = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
        assert_eq!(roles_of(&launchdarkly, json!({extension: {"role": "writer"}})), "writer");
        let texts = at(RolePlace::Texts(RoleList::Entitlements));
        assert_eq!(roles_of(&texts, json!({"entitlements": ["a", "b"], "roles": ["c"]})), "a + b");
        assert_eq!(roles_of(&at(RolePlace::Nowhere), json!({"roles": ["c"]})), "no role");
    }

    #[test]
    fn an_element_of_another_type_is_no_role_and_names_are_the_dialects() {
        let elements = |named_by, kind: Option<&str>| {
            let kind = kind.map(str::to_owned);
            RolePlace::Elements(RoleElements { list: RoleList::Roles, named_by, primary: Primary::LeftOut, kind })
        };
        let base = Dialect { role: elements(NamedBy::Value, Some("base")), ..Dialect::rfc() };
        let roles =
            json!({"roles": [{"type": "Base", "value": "user"}, {"type": "licence", "value": "full"}, {"value": "x"}]});
        assert_eq!(roles_of(&base, roles), "user");
        let display = Dialect { role: elements(NamedBy::Display, None), ..Dialect::rfc() };
        let admin = json!({"userName": "a", "roles": [{"value": "7f0a", "display": "Admin"}]});
        assert_eq!(roles_of(&display, json!({"roles": admin["roles"]})), "Admin");
        let beside = interpreter(&display).values(&serde_json::from_value(admin).expect("a user"));
        assert_eq!(beside, [("admin".parse().expect("a role"), "7f0a".to_owned())].into());
        let listed = Dialect { role: elements(NamedBy::Listing, None), ..Dialect::rfc() };
        assert_eq!(roles_of(&listed, json!({"roles": [{"value": "r-7"}, {"value": "r-8"}]})), "r-8 + Team Lead");
        let spellings = [("owner".parse().expect("a role"), vec!["enterprise_owner".to_owned(), "9f".to_owned()])];
        let role_names = RoleNames::new(spellings.into()).expect("names");
        let named = Dialect { role_names, ..Dialect::rfc() };
        assert_eq!(roles_of(&named, json!({"roles": [{"value": "9F"}, {"value": "Enterprise Owner"}]})), "owner");
    }

    #[test]
    fn a_name_has_no_white_space_around_it_and_a_blank_one_is_none() {
        let name = json!({"givenName": " Ada\t", "familyName": "  "});
        let user = live(&Dialect::rfc(), json!({"userName": "a@x.example", "name": name}));
        assert_eq!(user.map(|user| user.profile), Some(Profile { first_name: Some("Ada".into()), last_name: None }));
    }

    #[test]
    fn a_role_that_cannot_be_read_is_not_no_role() {
        let unread = |role: RolePlace, roles: Value| {
            let user = serde_json::from_value(json!({"userName": "a", "roles": roles})).expect("a user");
            interpreter(&Dialect { role, ..Dialect::rfc() }).has_unread_role(&user)
        };
        let elements = Dialect::rfc().role;
        assert!(unread(elements.clone(), json!([{"value": {"id": 7, "name": "admin"}}])));
        assert!(unread(elements.clone(), json!([{"value": "analyst"}, ["admin"]])));
        assert!(!unread(elements.clone(), json!([{"value": {"id": 7}, "display": "admin"}])));
        assert!(!unread(elements, json!([{"value": null}, null, {"value": ""}])));
        assert!(unread(RolePlace::Texts(RoleList::Roles), json!([true])));
        assert!(!unread(RolePlace::Nowhere, json!([true])));
    }

    #[test]
    fn what_inactive_means_is_the_dialects() {
        let status = |dialect: Dialect, user: Value| live(&dialect, user).map(|user| user.status);
        let inactive = json!({"userName": "a", "active": false, ACCOUNT_USER: {"status": "Invited"}});
        assert_eq!(status(Dialect::rfc(), inactive.clone()), Some(Status::Deactivated));
        assert_eq!(status(Preset::Klaviyo.dialect(), inactive.clone()), Some(Status::Invited));
        assert_eq!(status(Preset::Sandbox.dialect(), inactive), Some(Status::Invited));
        let odd = json!({"userName": "a", "active": false, ACCOUNT_USER: {"status": "asleep"}});
        assert_eq!(status(Preset::Sandbox.dialect(), odd), Some(Status::Deactivated));
        assert_eq!(status(Dialect::rfc(), json!({"userName": "a"})), Some(Status::Active));
    }

    #[test]
    fn the_login_may_be_an_address() {
        let dialect = Dialect { login: Login::Email, ..Dialect::rfc() };
        let login = |user: Value| live(&dialect, user).map(|user| user.email.to_string());
        let two = json!([{"value": "b@x.example"}, {"value": "A@x.example", "primary": "True"}]);
        assert_eq!(login(json!({"userName": "ada_acme", "emails": two})).as_deref(), Some("A@x.example"));
        let empty = json!([{"value": "", "primary": true}, {"value": "b@x.example"}]);
        assert_eq!(login(json!({"userName": "ada_acme", "emails": empty})).as_deref(), Some("b@x.example"));
        assert_eq!(login(json!({"userName": "ada_acme", "emails": []})).as_deref(), Some("ada_acme"));
    }

    #[test]
    fn without_a_login_it_is_nobody() {
        assert_eq!(live(&Dialect::rfc(), json!({"userName": " "})), None);
        assert_eq!(live(&Dialect::rfc(), json!({"displayName": "Ada"})), None);
    }

    #[test]
    fn dates_and_the_language_are_read_where_the_server_says_them() {
        let user = json!({
            "userName": "a", "preferredLanguage": "fr", "meta": {"created": "2026-01-01T01:00:00+01:00"},
            ACCOUNT_USER: {"invitedAt": "2026-01-02T00:00:00", "lastLogin": "yesterday"},
        });
        let user = live(&Preset::Sandbox.dialect(), user).expect("a user");
        let moment = |text: &str| text.parse().ok();
        let Dates { added, invited, invitation_expires, last_login } = user.dates;
        assert_eq!((added, invited), (moment("2026-01-01T00:00:00Z"), moment("2026-01-02T00:00:00Z")));
        assert_eq!((invitation_expires, last_login), (None, None));
        assert_eq!(user.language.map(|language| language.to_string()).as_deref(), Some("fr"));
    }

    #[test]
    fn the_presets_know_the_embedded_services_own_schema() {
        let Pending::Attribute(status) = Preset::Sandbox.dialect().pending else { panic!("an attribute") };
        assert_eq!(status.place.schema.expect("a schema").as_str(), ACCOUNT_USER);
    }
}
