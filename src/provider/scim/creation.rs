//! The body that creates a user: what the dialect wants, and nothing else.

use serde_json::{Map, Value, json};

use crate::model::dialect::Dialect;
use crate::model::dialect::writing::{Created, Creation, Names};
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;
use crate::provider::scim::edit::{Edit, Place, UnknownRole};
use crate::provider::scim::learned::Learned;
use crate::scim::USER;

/// A new user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer<'a> {
    pub(super) email: &'a Email,
    pub(super) role: &'a RoleName,
    pub(super) profile: &'a Profile,
    pub(super) language: Option<&'a Language>,
}

impl Newcomer<'_> {
    /// Whether the dialect wants names that are not known.
    pub(super) fn lacks_names(&self, dialect: &Dialect) -> bool {
        let Profile { first_name, last_name } = self.profile;
        dialect.creation.names == Names::Required && (first_name.is_none() || last_name.is_none())
    }

    /// The body of the POST.
    pub(super) fn body(&self, learned: &Learned) -> Result<Value, UnknownRole> {
        let Self { email, role, profile: Profile { first_name, last_name }, language } = self;
        let dialect = learned.dialect();
        let mut user = Map::new();
        user.insert("userName".to_owned(), Value::from(email.as_str()));
        let mut name = Map::new();
        for (part, text) in [("givenName", first_name), ("familyName", last_name)] {
            name.extend(text.as_ref().map(|text| (part.to_owned(), Value::from(text.as_str()))));
        }
        for created in &dialect.creation.with {
            match created {
                Created::Active => drop(user.insert("active".to_owned(), Value::Bool(true))),
                Created::Emails => drop(user.insert("emails".to_owned(), json!([self.address(&dialect.creation)]))),
                Created::DisplayName => drop(user.insert("displayName".to_owned(), self.full_name())),
                Created::FormattedName => drop(name.insert("formatted".to_owned(), self.full_name())),
                Created::ExternalId => drop(user.insert("externalId".to_owned(), Value::from(email.as_str()))),
            }
        }
        if !name.is_empty() {
            user.insert("name".to_owned(), Value::Object(name));
        }
        let mut schemas = vec![USER.to_owned()];
        if let Some(Edit { place, value }) = Edit::role(role, &Map::new(), learned)? {
            match place {
                Place::Core(attribute) => drop(user.insert(attribute, value)),
                Place::Part(attribute, part) => drop(user.insert(attribute.to_owned(), json!({ part: value }))),
                Place::Extension(schema, attribute) => {
                    user.insert(schema.clone(), json!({ attribute: value }));
                    schemas.push(schema);
                }
            }
        }
        if let (Some((attribute, known)), Some(language)) = (dialect.language.attribute(), language)
            && let Some(language) = known.spelling(language)
        {
            user.insert(attribute.to_owned(), Value::from(language.as_str()));
        }
        user.insert("schemas".to_owned(), json!(schemas));
        Ok(Value::Object(user))
    }

    fn address(&self, creation: &Creation) -> Value {
        let mut address = json!({"value": self.email.as_str(), "primary": true});
        if let Some(kind) = &creation.email_type {
            address["type"] = Value::from(kind.as_str());
        }
        address
    }

    /// The names, or the address where there are none.
    fn full_name(&self) -> Value {
        let Profile { first_name, last_name } = self.profile;
        let names: Vec<&str> = [first_name, last_name].into_iter().filter_map(Option::as_deref).collect();
        Value::from(if names.is_empty() { self.email.as_str().to_owned() } else { names.join(" ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;
    use crate::provider::scim::Expected;

    fn body(dialect: Dialect, profile: &Profile) -> Value {
        let email = Email::observed("ada@x.example").expect("a login");
        let (role, language) = ("admin".parse().expect("a role"), "fr-FR".parse().expect("a language"));
        let newcomer = Newcomer { email: &email, role: &role, profile, language: Some(&language) };
        newcomer.body(&Learned::about(dialect, Expected::default())).expect("a known role")
    }

    #[test]
    fn a_new_user_is_what_the_dialect_wants() {
        let named = Profile { first_name: Some("Ada".into()), last_name: Some("Lovelace".into()) };
        assert_eq!(
            body(Preset::GithubEnterprise.dialect(), &named),
            json!({
                "schemas": [USER], "userName": "ada@x.example", "externalId": "ada@x.example", "active": true,
                "displayName": "Ada Lovelace", "name": {"givenName": "Ada", "familyName": "Lovelace"},
                "emails": [{"value": "ada@x.example", "primary": true, "type": "work"}], "roles": [{"value": "admin"}],
            })
        );
        assert_eq!(
            body(Preset::Zulip.dialect(), &Profile::default()),
            json!({
                "schemas": [USER], "userName": "ada@x.example", "active": true, "role": "admin",
                "name": {"formatted": "ada@x.example"},
                "emails": [{"value": "ada@x.example", "primary": true, "type": "work"}],
            })
        );
        let extension = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
        let launchdarkly = body(Preset::Launchdarkly.dialect(), &Profile::default());
        assert_eq!(
            (&launchdarkly["schemas"], &launchdarkly[extension]),
            (&json!([USER, extension]), &json!({"role": "admin"}))
        );
        assert_eq!(body(Preset::Klaviyo.dialect(), &named)["preferredLanguage"], json!("fr"));
    }

    #[test]
    fn some_servers_take_nobody_without_names() {
        let email = Email::observed("ada@x.example").expect("a login");
        let role = "admin".parse().expect("a role");
        let half = Profile { first_name: Some("Ada".into()), last_name: None };
        let newcomer = Newcomer { email: &email, role: &role, profile: &half, language: None };
        assert!(newcomer.lacks_names(&Preset::AwsIdentityCenter.dialect()) && !newcomer.lacks_names(&Dialect::rfc()));
    }
}
