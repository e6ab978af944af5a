//! Filters in the database, held against the same filters in memory.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use sqlx::Row as _;

use super::server::folder;
use crate::sandbox::RoleCatalogue;
use crate::sandbox::activity::Actor;
use crate::sandbox::attribute::ResourceSchema;
use crate::sandbox::attribute::account_user::account_user;
use crate::sandbox::filter::evaluate::matches;
use crate::sandbox::filter::{self, sql::Condition};
use crate::sandbox::resource::{Facts, View, user_to_json};
use crate::sandbox::rules::Roles;
use crate::sandbox::store::search::{Selection, Start};
use crate::sandbox::store::users::{Storing, Writing};
use crate::sandbox::store::{AccountNumber, Store};
use crate::sandbox::user::{HeldRole, Profile, User};

const TEXTS: [&str; 13] = [
    "",
    "a",
    "ADA",
    "ada lovelace",
    "É",
    "élodie",
    "ΟΔΟΣ",
    "σ",
    "admin",
    "Content Creator",
    "User",
    "W/\"2\"",
    "urn:ietf:params:scim:schemas:core:2.0:User",
];

const TEXT_PATHS: [&str; 18] = [
    "userName",
    "id",
    "externalId",
    "displayName",
    "name.givenName",
    "name.familyName",
    "name.formatted",
    "preferredLanguage",
    "roles",
    "roles.value",
    "roles.display",
    "roles.type",
    "schemas",
    "meta.resourceType",
    "meta.location",
    "meta.version",
    "urn:roster:params:scim:schemas:extension:account:2.0:User:reason",
    "urn:roster:params:scim:schemas:extension:account:2.0:User:status",
];

const DATE_PATHS: [&str; 4] = [
    "meta.created",
    "meta.lastModified",
    "urn:roster:params:scim:schemas:extension:account:2.0:User:lastLogin",
    "urn:roster:params:scim:schemas:extension:account:2.0:User:invitedAt",
];

fn view() -> View {
    View { base: "http://localhost/acme/scim/v2".to_owned(), facts: Facts::Shown }
}

fn schema() -> ResourceSchema {
    account_user(&Roles::of(RoleCatalogue::Account), Facts::Shown)
}

/// Users who differ in everything that can be asked for.
fn users() -> Vec<User> {
    let moment = |second: i64| Timestamp::from_millisecond(second * 1000 + 250).expect("a moment");
    (0..24_usize)
        .map(|n| {
            let any = |step: usize| [None, Some(""), Some("Ada"), Some("ÉLODIE"), Some("οδος")][(n / step) % 5];
            let text = |step: usize| any(step).map(str::to_owned);
            let truth = |step: usize| [None, Some(true), Some(false)][(n / step) % 3];
            let role =
                |slug: &str| HeldRole { slug: slug.to_owned(), display: text(2), kind: text(3), primary: truth(2) };
            let seconds = i64::try_from(n).expect("few");
            User {
                id: format!("id-{n}"),
                version: seconds % 3 + 1,
                profile: Profile {
                    user_name: format!("ada{n}@acme.example"),
                    external_id: text(1),
                    display_name: text(2),
                    given_name: text(3),
                    family_name: text(4),
                    formatted_name: text(5),
                    active: truth(1),
                    language: text(6),
                    role: [None, Some("admin"), Some("content-creator")][n % 3].map(role),
                    reason: text(1),
                },
                added: moment(seconds),
                modified: moment(seconds / 2),
                invited: (n % 2 == 0).then(|| moment(seconds)),
                invitation_expires: None,
                accepted: (n % 4 == 0).then(|| moment(seconds)),
                last_login: (n % 3 == 0).then(|| moment(seconds)),
            }
        })
        .collect()
}

async fn stored(store: &Store) -> AccountNumber {
    let users = users();
    let [owner, rest @ ..] = &users[..] else { panic!("nobody") };
    let made = store.account("acme", RoleCatalogue::Account, owner, Timestamp::UNIX_EPOCH).await;
    let (account, _) = made.expect("an account");
    for user in rest {
        let writing = Writing { by: Actor::Key, at: user.added, storing: Storing::Keep };
        store.add(account, user, None, writing).await.expect("a user");
    }
    account
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

fn comparison(paths: &'static [&'static str]) -> impl Strategy<Value = String> {
    let operators = one_of(&["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    (one_of(paths), operators, one_of(&TEXTS)).prop_map(|(path, operator, text)| {
        let location = format!("{}/Users/id-1", view().base);
        let text = if path == "meta.location" && text == "a" { &location } else { text };
        format!("{path} {operator} {}", json!(text))
    })
}

fn test() -> impl Strategy<Value = String> {
    let moments = one_of(&["1970-01-01T00:00:05.25Z", "1970-01-01T00:00:05.2509Z", "1970-01-01T01:00:03+01:00"]);
    let dates = (one_of(&DATE_PATHS), one_of(&["eq", "ne", "gt", "ge", "lt", "le"]), moments);
    let truths = (one_of(&["active", "roles.primary"]), one_of(&["eq", "ne"]), any::<bool>());
    let presence = one_of(&["pr", "eq null", "ne null"]);
    let paths = [&TEXT_PATHS[..], &DATE_PATHS, &["active", "roles.primary"]].concat();
    let within = (one_of(&["roles"]), comparison(&["value", "display", "type"]), one_of(&["", "not"]));
    let named = (one_of(&["name"]), comparison(&["givenName", "familyName", "formatted"]), one_of(&["", "not"]));
    prop_oneof![
        4 => comparison(&TEXT_PATHS),
        1 => dates.prop_map(|(path, operator, moment)| format!("{path} {operator} \"{moment}\"")),
        1 => truths.prop_map(|(path, operator, truth)| format!("{path} {operator} {truth}")),
        1 => (prop::sample::select(paths), presence).prop_map(|(path, presence)| format!("{path} {presence}")),
        1 => one_of(&["name pr", "meta pr"]).prop_map(str::to_owned),
        2 => prop_oneof![within, named].prop_map(|(path, inner, not)| format!("{path}[{not}({inner})]")),
    ]
}

fn any_filter() -> impl Strategy<Value = String> {
    test().prop_recursive(4, 16, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|part| format!("not ({part})")),
            (several, one_of(&[" and ", " or "])).prop_map(|(parts, word)| format!("({})", parts.join(word))),
        ]
    })
}

#[test]
fn the_database_finds_whom_the_filter_means() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (folder, users, schema) = (folder(), users(), schema());
    let (store, account) = runtime.block_on(async {
        let store = Store::open(folder.path()).await.expect("a store");
        let account = stored(&store).await;
        (store, account)
    });
    let run = TestRunner::new(Config::default()).run(&any_filter(), |text| {
        let expression = filter::read(&text, &schema).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        let passes = |user: &&User| matches(&expression, &user_to_json(user, &view()));
        let meant: Vec<&User> = users.iter().filter(passes).collect();
        let selection = Selection { condition: Some(Condition::new(expression.clone(), &view())), order: None };
        let found = runtime.block_on(store.page(account, &selection, Start::Offset(0), 100)).expect("a page");
        prop_assert_eq!(found.users.iter().collect::<Vec<_>>(), meant, "{}", text);
        prop_assert_eq!(found.total, found.users.len());
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn what_programs_look_users_up_by_is_found_by_an_index() {
    let folder = folder();
    Store::open(folder.path()).await.expect("a store");
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let pool = sqlx::SqlitePool::connect(&database).await.expect("the database");
    for (filter, index) in [
        ("id eq \"1\"", "users_by_id (account=? AND id=?)"),
        ("userName eq \"ada\"", "users_by_name (account=? AND user_name_folded=?)"),
        ("userName sw \"ada\"", "users_by_name (account=? AND user_name_folded>?)"),
        ("externalId eq \"1\"", "users_by_external_id (account=? AND external_id=?)"),
        ("displayName eq \"Ada\"", "users_by_display_name (account=? AND display_name_folded=?)"),
        ("name.familyName eq \"Ada\"", "users_by_family_name (account=? AND family_name_folded=?)"),
        ("roles.value eq \"Admin\"", "users_by_role (account=? AND role=?)"),
        ("roles[value eq \"Admin\"]", "users_by_role (account=? AND role=?)"),
        ("meta.lastModified gt \"2026-11-01T00:00:00Z\"", "users_by_modified (account=? AND modified>?)"),
    ] {
        let condition = Condition::new(filter::read(filter, &schema()).expect("a filter"), &view());
        let mut query = sqlx::QueryBuilder::new("EXPLAIN QUERY PLAN SELECT count(*) FROM users WHERE account = ");
        query.push_bind(1).push(" AND ");
        condition.push_to(&mut query);
        let plan: String = query.build().fetch_one(&pool).await.expect("a plan").get("detail");
        assert!(plan.contains(index), "{filter}: {plan}");
    }
    pool.close().await;
}
