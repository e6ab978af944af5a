use reqwest::Method;
use serde_json::{Value, json};

use super::browser::Browser;

async fn slugs(browser: &Browser) -> Vec<String> {
    let roles = browser.scim(Method::GET, "/Roles", Value::Null).await;
    let roles = roles["Resources"].as_array().expect("roles").clone();
    roles.iter().map(|role| role["value"].as_str().expect("a value").to_owned()).collect()
}

#[tokio::test]
async fn a_custom_role_is_a_role_over_scim_as_soon_as_it_is_made() {
    let mut browser = Browser::signed_in().await;
    let fields = [
        ("title", "Lifecycle Marketer – EU"),
        ("description", "Flows for Europe"),
        ("permission", "flows-edit"),
        ("permission", "content-view"),
    ];
    let said = browser.act("/acme/new-role", &fields).await;
    assert_eq!(said, "The role Lifecycle Marketer – EU is there. It can be given to users now.");
    assert_eq!(slugs(&browser).await.last().map(String::as_str), Some("lifecycle-marketer-eu"));
    let schemas = browser.scim(Method::GET, "/Schemas", Value::Null).await.to_string();
    assert!(schemas.contains("\"content-creator\",\"lifecycle-marketer-eu\"]"), "the canonical values name it");
    let id = browser.add("kay@agency.example", "LIFECYCLE_marketer eu").await;
    assert_eq!(browser.standing(&id).await.1, "lifecycle-marketer-eu");
    let page = browser.open("/acme/roles").await.html;
    assert!(page.contains("Content View, Flows Edit.") && page.contains("Flows for Europe"), "{page}");
}

#[tokio::test]
async fn a_custom_role_is_edited_and_deleted_once_nobody_holds_it() {
    let mut browser = Browser::signed_in().await;
    browser.act("/acme/new-role", &[("title", "Marketing"), ("permission", "content-view")]).await;
    let id = browser.add("kay@agency.example", "marketing").await;
    let form = browser.open("/acme/roles/marketing").await.html;
    assert!(form.contains("value=\"content-view\" checked"), "{form}");
    let edited = [("title", "Marketing EU"), ("permission", "content-edit")];
    assert_eq!(browser.act("/acme/roles/marketing", &edited).await, "The role Marketing EU is changed.");
    assert_eq!(browser.standing(&id).await.1, "marketing", "who holds it keeps it");
    let said = browser.act("/acme/roles/marketing/delete", &[]).await;
    assert_eq!(said, "Somebody still holds the role “Marketing EU”: give them another one first.");
    browser.act(&format!("/acme/users/{id}/role"), &[("role", "support")]).await;
    assert_eq!(browser.act("/acme/roles/marketing/delete", &[]).await, "The role Marketing EU is deleted.");
    assert!(!slugs(&browser).await.contains(&"marketing".to_owned()));
    let refused =
        browser.scim(Method::POST, "/Users", json!({ "userName": "a", "roles": [{ "value": "marketing" }] })).await;
    assert_eq!(refused["scimType"], "invalidValue");
    assert_eq!(browser.open("/acme/roles/marketing").await.status, 404);
}

#[tokio::test]
async fn a_role_that_cannot_be_keeps_what_was_typed() {
    let mut browser = Browser::signed_in().await;
    browser.open("/acme/new-role").await;
    let shown = browser.submit("/acme/new-role", &[("title", "content_CREATOR"), ("permission", "content-view")]).await;
    assert_eq!(shown.status, 422);
    assert_eq!(shown.flash(), "There is a role named “content_CREATOR” already.");
    assert!(shown.html.contains("value=\"content-view\" checked"));
    let shown = browser.submit("/acme/new-role", &[("title", "Nothing")]).await;
    assert_eq!(shown.flash(), "A role needs at least one permission set.");
    assert_eq!(browser.submit("/acme/roles/owner", &[("title", "Owner 2")]).await.status, 404);
}

#[tokio::test]
async fn a_role_can_have_any_name() {
    let mut browser = Browser::signed_in().await;
    browser.act("/acme/new-role", &[("title", "New"), ("permission", "content-view")]).await;
    assert!(browser.open("/acme/roles/new").await.html.contains("<h1>Edit role</h1>"));
    let said = browser.act("/acme/roles/new", &[("title", "Newer"), ("permission", "content-view")]).await;
    assert_eq!(said, "The role Newer is changed.");
}
