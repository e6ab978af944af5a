use reqwest::Method;
use serde_json::Value;

use super::browser::Browser;

async fn owner(browser: &Browser) -> (String, String) {
    let users = browser.scim(Method::GET, "/Users", Value::Null).await;
    let users = users["Resources"].as_array().expect("users").clone();
    let owners: Vec<&Value> = users.iter().filter(|user| user["roles"][0]["value"] == "owner").collect();
    assert_eq!(owners.len(), 1, "exactly one Owner");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&owners[0]["id"]), text(&owners[0]["userName"]))
}

#[tokio::test]
async fn the_owner_is_neither_demoted_nor_removed() {
    let mut browser = Browser::signed_in().await;
    let (id, _) = owner(&browser).await;
    let html = browser.open("/acme/").await.html;
    assert!(!html.contains(&format!("/acme/users/{id}/")), "the page does not offer it");
    let said = browser.act(&format!("/acme/users/{id}/role"), &[("role", "admin")]).await;
    assert!(said.starts_with("The Owner keeps the owner role"), "{said}");
    assert_eq!(
        browser.act(&format!("/acme/users/{id}/remove"), &[]).await,
        "The Owner of an account cannot be deleted."
    );
    let said = browser.act(&format!("/acme/users/{id}/cancel"), &[]).await;
    assert_eq!(said, "This user accepted the invitation already.");
    let other = browser.add("kay@agency.example", "support").await;
    let said = browser.act(&format!("/acme/users/{other}/role"), &[("role", "owner")]).await;
    assert!(said.starts_with("Nobody can be given the owner role here"), "{said}");
    assert_eq!(owner(&browser).await.0, id);
}

#[tokio::test]
async fn ownership_goes_to_an_active_user_whose_address_is_typed_twice() {
    let mut browser = Browser::signed_in().await;
    let (former, _) = owner(&browser).await;
    let heir = browser.add_active("ada@acme.example", "support").await;
    browser.add("kay@agency.example", "support").await;
    browser.sign_in().await;
    let refused = async |browser: &mut Browser, to: &str, again: &str| {
        let shown = browser.submit("/acme/ownership", &[("to", to), ("confirmation", again)]).await;
        assert_eq!(shown.status, 422);
        shown.flash()
    };
    let said = refused(&mut browser, "ada@acme.example", "ada").await;
    assert!(said.starts_with("The two addresses differ."), "{said}");
    let said = refused(&mut browser, "nobody@acme.example", "nobody@acme.example").await;
    assert_eq!(said, "nobody@acme.example is not a user of this account.");
    let said = refused(&mut browser, "kay@agency.example", "kay@agency.example").await;
    assert_eq!(said, "Only an active user can become the Owner.");
    let said = refused(&mut browser, "owner@acme.example", "owner@acme.example").await;
    assert_eq!(said, "This user is the Owner already.");
    assert_eq!(owner(&browser).await.0, former);

    let fields = [("to", "Ada@acme.example"), ("confirmation", "ada@ACME.example")];
    assert_eq!(browser.act("/acme/ownership", &fields).await, "ada@acme.example is now the Owner.");
    assert_eq!(owner(&browser).await.0, heir);
    assert_eq!(browser.standing(&former).await, ("active".to_owned(), "admin".to_owned()));
    let log = browser.open("/acme/activity").await.html;
    assert!(log.contains("handed the ownership to <strong>ada@acme.example</strong> from owner@acme.example"), "{log}");
}
