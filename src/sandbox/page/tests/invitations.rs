use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use super::browser::Browser;

async fn invited(browser: &mut Browser, language: &str) -> (String, String) {
    let user =
        json!({ "userName": "kay@agency.example", "preferredLanguage": language, "roles": [{ "value": "analyst" }] });
    let made = browser.scim(Method::POST, "/Users", user).await;
    let id = made["id"].as_str().expect("an id").to_owned();
    let link = browser.link_of(&id);
    (id, link)
}

#[tokio::test]
async fn the_invited_see_who_invites_them_to_what_and_accept() {
    let mut browser = Browser::start().await;
    let (id, link) = invited(&mut browser, "en-US").await;
    let html = browser.open(&link).await.html;
    for part in
        ["owner@acme.example invites you", "<h1>acme</h1>", "kay@agency.example", "Analyst", "Accept invitation"]
    {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert_eq!(browser.standing(&id).await.0, "invited", "looking accepts nothing");
    let said = browser.act(&link, &[("answer", "accept")]).await;
    assert_eq!(said, "You have accepted: you are a user of this account now.");
    assert_eq!(browser.standing(&id).await.0, "active");
    assert!(!browser.open(&link).await.html.contains("<form"), "there is nothing left to answer");
}

#[tokio::test]
async fn who_declines_is_not_added() {
    let mut browser = Browser::start().await;
    let (id, link) = invited(&mut browser, "fr").await;
    let html = browser.open(&link).await.html;
    for part in ["<html lang=\"fr\">", "Aller au contenu", "Accepter l’invitation"] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let led = browser.submit(&link, &[("answer", "decline")]).await;
    let next = led.location().to_owned();
    assert!(browser.open(&next).await.html.contains("Vous avez refusé l’invitation"), "in the mail's language");
    assert_eq!(browser.standing(&id).await.0, "-");
    let gone = browser.open(&link).await;
    assert_eq!(gone.status, 404);
    assert!(gone.html.contains("There is no such invitation"));
    browser.sign_in().await;
    let log = browser.open("/acme/activity").await.html;
    assert!(log.contains("declined the invitation as <strong>kay@agency.example</strong>"), "{log}");
}

#[tokio::test]
async fn an_expired_or_forged_answer_changes_nothing() {
    let mut browser = Browser::with_lifetime(SignedDuration::ZERO).await;
    let (id, link) = invited(&mut browser, "en-US").await;
    let html = browser.open(&link).await.html;
    assert!(html.contains("This invitation has expired.") && !html.contains("<form"), "{html}");
    browser.open("/acme/").await;
    let late = browser.submit(&link, &[("answer", "accept")]).await;
    assert_eq!(late.status, 410);
    assert!(late.html.contains("This invitation has expired. Ask for a new one."), "{}", late.html);
    assert_eq!(browser.post(&link, &[], "answer=accept".to_owned()).await.status, 403);
    assert_eq!(browser.submit(&link, &[("answer", "perhaps")]).await.status, 403);
    assert_eq!(browser.standing(&id).await.0, "invited");
}
