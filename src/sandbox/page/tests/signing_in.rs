use super::browser::{Browser, KEY};

#[tokio::test]
async fn the_accounts_are_listed_and_each_asks_for_its_key() {
    let mut browser = Browser::start().await;
    let accounts = browser.open("/").await;
    assert!(accounts.html.contains("<a href=\"/acme/\"><strong>acme</strong> <span>Account</span></a>"));
    assert!(accounts.html.contains("<a href=\"/group/\"><strong>group</strong> <span>Portfolio</span></a>"));
    assert_eq!(browser.open("/acme").await.location(), "/acme/");
    let form = browser.open("/acme/").await;
    assert_eq!(form.status, 200);
    assert!(form.html.contains("Sign in to acme") && !form.html.contains("owner@acme.example"), "{}", form.html);
    for closed in ["/acme/invite", "/acme/roles", "/acme/ownership", "/acme/activity", "/acme/users/1/remove"] {
        let shown = browser.open(closed).await;
        assert_eq!((shown.status, shown.location()), (303, "/acme/"), "{closed}");
    }
    assert_eq!(browser.open("/nobody/").await.status, 404);
}

#[tokio::test]
async fn the_key_opens_a_session_with_a_new_cookie_until_signing_out() {
    let mut browser = Browser::start().await;
    browser.open("/acme/").await;
    let before = browser.cookie.clone();
    let refused = browser.submit("/acme/sign-in", &[("key", "pk_other")]).await;
    assert_eq!((refused.status, refused.flash().as_str()), (403, "This is not the key of this account."));
    let opened = browser.submit("/acme/sign-in", &[("key", &format!("Klaviyo-API-Key {KEY}"))]).await;
    assert_eq!(opened.status, 303);
    let cookie = opened.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.ends_with("; Path=/acme/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert_ne!(browser.cookie, before, "a cookie from before signing in does not open anything");
    let users = browser.open("/acme/").await;
    assert!(users.html.contains("owner@acme.example") && users.html.contains("you act as the Owner"));
    let elsewhere = browser.open("/group/").await;
    assert!(elsewhere.html.contains("Sign in to group"), "a session is one account's");

    browser.open("/acme/").await;
    let signed_in = browser.cookie.clone();
    assert_eq!(browser.submit("/acme/sign-out", &[]).await.location(), "/acme/");
    browser.cookie = signed_in;
    assert!(browser.open("/acme/").await.html.contains("Sign in to acme"), "the session is over, cookie or not");
}

#[tokio::test]
async fn keys_are_not_guessed_for_long() {
    let mut browser = Browser::start().await;
    browser.open("/acme/").await;
    for _ in 0..10 {
        assert_eq!(browser.submit("/acme/sign-in", &[("key", "wrong")]).await.status, 403);
    }
    let refused = browser.submit("/acme/sign-in", &[("key", KEY)]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after"));
    assert!(refused.flash().starts_with("Too many wrong keys."));
}
