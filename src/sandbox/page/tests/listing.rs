use reqwest::Method;
use serde_json::json;

use super::browser::Browser;

#[tokio::test]
async fn a_user_stands_there_with_name_address_role_status_and_dates() {
    let mut browser = Browser::signed_in().await;
    let user = json!({
        "userName": "ada@acme.example", "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "roles": [{ "value": "analyst" }],
    });
    browser.scim(Method::POST, "/Users", user).await;
    let html = browser.open("/acme/").await.html;
    for part in [
        "<span class=\"name\">Ada Lovelace</span> <span class=\"address\">ada@acme.example</span>",
        "<span class=\"pill invited\">Invited</span>",
        "<option value=\"analyst\" selected>Analyst</option>",
        "<span class=\"never\">Never</span>",
        "<span class=\"fixed\">Owner</span>",
        "<span class=\"pill active\">Active</span>",
        "1–2 of 2 users",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[tokio::test]
async fn hostile_names_are_text() {
    let mut browser = Browser::signed_in().await;
    let hostile = "\"><script>alert('1')</script><img src=x onerror=alert(1)>";
    let user = json!({ "userName": format!("a{hostile}"), "displayName": hostile, "roles": [{ "value": "support" }] });
    let made = browser.scim(Method::POST, "/Users", user).await;
    let id = made["id"].as_str().expect("an id").to_owned();
    browser.act(&format!("/acme/users/{id}/role"), &[("role", "analyst")]).await;
    let said = browser
        .act("/acme/new-role", &[("title", hostile), ("description", hostile), ("permission", "content-view")])
        .await;
    assert!(said.contains("&lt;") || said.contains("&#60;"), "{said}");
    let invited = browser.submit("/acme/invite", &[("address", hostile), ("role", hostile)]).await;
    assert_eq!(invited.status, 422);
    let removal = format!("/acme/users/{id}/remove");
    let link = browser.link_of(&id);
    let search = "/acme/?q=%22%3E%3Cscript%3E";
    let mut pages = vec![invited.html];
    for page in
        ["/acme/", search, &removal, "/acme/activity", "/acme/roles", "/acme/ownership?to=%22%3E%3Cscript%3E", &link]
    {
        pages.push(browser.open(page).await.html);
    }
    for html in pages {
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    }
}

#[tokio::test]
async fn many_users_come_in_pages_and_are_searched() {
    let mut browser = Browser::signed_in().await;
    for number in 0..120 {
        browser.add(&format!("user{number:03}@acme.example"), if number < 5 { "analyst" } else { "support" }).await;
    }
    let first = browser.open("/acme/").await.html;
    assert!(first.contains("1–50 of 121 users") && first.contains("owner@acme.example"));
    assert!(first.contains("href=\"/acme/?page=2\">Next</a>") && !first.contains(">Previous<"));
    let last = browser.open("/acme/?page=3").await.html;
    assert!(last.contains("101–121 of 121 users") && last.contains("user119@acme.example"));
    assert!(last.contains("href=\"/acme/?page=2\">Previous</a>") && !last.contains(">Next<"));
    for beyond in ["/acme/?page=4", "/acme/?page=18446744073709551615"] {
        assert!(browser.open(beyond).await.html.contains("There are no users on this page."));
    }
    assert!(browser.open("/acme/?page=0").await.html.contains("1–50 of 121 users"));

    let found = browser.open("/acme/?q=USER11").await.html;
    assert!(found.contains("1–10 of 10 users") && found.contains("user110@acme.example"));
    assert!(browser.open("/acme/?role=analyst&status=invited").await.html.contains("1–5 of 5 users"));
    assert!(browser.open("/acme/?status=active").await.html.contains("1–1 of 1 user"));
    assert!(browser.open("/acme/?q=%25").await.html.contains("Nobody matches."), "a % is no joker");
    let second = browser.open("/acme/?q=user&page=2").await.html;
    assert!(second.contains("href=\"/acme/?q=user&#38;page=3\">Next</a>"), "{second}");
}
