//! The account as the server itself shows it, read and changed behind roster's back: raw JSON over HTTP, none of the
//! client's code.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::matrix::peer::{self, Peer};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A schema extension that one of the servers keeps the role in.
const ACME: &str = "urn:example:params:scim:schemas:extension:acme:2.0:User";

/// The embedded service's extension, which tells who is invited.
const FACTS: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";

/// A way to the account besides roster's.
pub(super) struct Account {
    runtime: Runtime,
    client: Client,
    base: String,
    authorization: String,
    has_extension: bool,
    /// What every listing is asked for: servers may show some facts on request only.
    asked: String,
}

/// Everybody who can sign in or is invited, by login.
pub(super) type People = BTreeMap<String, Person>;

/// One of them, as far as the story is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) role: Option<String>,
    pub(super) name: Option<String>,
    pub(super) language: Option<String>,
    pub(super) is_invited: bool,
}

impl Account {
    pub(super) fn of(name: &str, peer: &Peer) -> Self {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let Peer { base, authorization, .. } = peer;
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            client: Client::builder().no_proxy().tls_certs_only([]).build().unwrap(),
            base: base.clone(),
            authorization: authorization.clone(),
            has_extension: name.ends_with(":extension-role"),
            asked: if name == peer::EMBEDDED { format!("attributes={CORE},{FACTS}&") } else { String::new() },
        }
    }

    /// Everybody who is in.
    pub(super) fn people(&self) -> People {
        self.users().iter().filter_map(person).collect()
    }

    /// Adds somebody as another client would.
    pub(super) fn add(&self, login: &str, role: &str) {
        let mut user = json!({
            "schemas": [CORE],
            "userName": login,
            "name": { "givenName": "Somebody", "familyName": "Else" },
            "emails": [{ "value": login, "type": "work", "primary": true }],
            "active": true,
        });
        self.put_role(&mut user, role);
        self.send(Method::POST, "Users", Some(&user));
    }

    /// Gives somebody another role.
    pub(super) fn change_role(&self, login: &str, role: &str) {
        self.replace(login, |user| self.put_role(user, role));
    }

    /// Deactivates somebody.
    pub(super) fn deactivate(&self, login: &str) {
        self.replace(login, |user| user["active"] = Value::Bool(false));
    }

    /// Deletes somebody.
    pub(super) fn delete(&self, login: &str) {
        let id = self.user(login)["id"].as_str().unwrap().to_owned();
        self.send(Method::DELETE, &format!("Users/{id}"), None);
    }

    /// Follows the links in invitation mails of the embedded service; those that were withdrawn lead nowhere.
    pub(super) fn accept(&self, tokens: &[String]) {
        let service = self.base.strip_suffix("/scim/v2").unwrap();
        for token in tokens {
            let request = self.client.post(format!("{service}/invitations/{token}/accept"));
            self.runtime.block_on(async { request.send().await.unwrap() });
        }
        assert!(!self.people().values().any(|person| person.is_invited), "somebody is still invited");
    }

    fn put_role(&self, user: &mut Value, role: &str) {
        if self.has_extension {
            user["schemas"] = json!([CORE, ACME]);
            user[ACME] = json!({ "role": role });
        } else {
            user["roles"] = json!([{ "value": role, "primary": true }]);
        }
    }

    fn replace(&self, login: &str, change: impl FnOnce(&mut Value)) {
        let mut user = self.user(login);
        user.as_object_mut().unwrap().remove("meta");
        change(&mut user);
        let id = user["id"].as_str().unwrap().to_owned();
        self.send(Method::PUT, &format!("Users/{id}"), Some(&user));
    }

    fn user(&self, login: &str) -> Value {
        let mut users = self.users();
        users.retain(|user| user["userName"] == login);
        let [user] = &users[..] else { panic!("{login} is there {} times", users.len()) };
        user.clone()
    }

    /// The whole listing, whichever way it is divided.
    fn users(&self) -> Vec<Value> {
        let mut users: Vec<Value> = Vec::new();
        let mut query = String::new();
        loop {
            let page = self.send(Method::GET, &format!("Users?{}{query}", self.asked), None);
            let came = page["Resources"].as_array().cloned().unwrap_or_default();
            let is_new = |user: &Value| users.iter().all(|known| known["id"] != user["id"]);
            let new: Vec<Value> = came.into_iter().filter(is_new).collect();
            let is_over = new.is_empty() || page["totalResults"] == users.len() + new.len();
            users.extend(new);
            match page["nextCursor"].as_str() {
                Some(cursor) => query = format!("cursor={cursor}"),
                None if is_over => return users,
                None => query = format!("startIndex={}", users.len() + 1),
            }
        }
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}/{path}", self.base);
        let mut request: RequestBuilder =
            self.client.request(method.clone(), &url).header("Authorization", &self.authorization);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/scim+json").body(body.to_string());
        }
        let (status, text) = self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status(), answer.text().await.unwrap())
        });
        assert!(status.is_success(), "{method} {url}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// Who a resource is, with the login; nobody where the user can neither sign in nor is invited.
fn person(user: &Value) -> Option<(String, Person)> {
    let is_invited = user[FACTS]["status"] == "invited";
    if !is_invited && (user["active"] == false || user["active"] == "False") {
        return None;
    }
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let role =
        text(&user["roles"][0]["value"]).or_else(|| text(&user["roles"][0])).or_else(|| text(&user[ACME]["role"]));
    let names = [&user["name"]["givenName"], &user["name"]["familyName"]];
    let names: Vec<String> = names.into_iter().filter_map(text).collect();
    let name = (!names.is_empty()).then(|| names.join(" "));
    let person = Person { role, name, language: text(&user["preferredLanguage"]), is_invited };
    Some((user["userName"].as_str().unwrap().to_owned(), person))
}

impl fmt::Display for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, name, language, is_invited } = self;
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        write!(formatter, "{} {} {}", or_none(role), or_none(name), or_none(language))?;
        if *is_invited { write!(formatter, " (invited)") } else { Ok(()) }
    }
}
