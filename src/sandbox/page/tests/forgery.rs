use url::form_urlencoded;

use super::browser::Browser;
use crate::sandbox::Service;

#[tokio::test]
async fn a_form_without_the_token_of_this_browser_changes_nothing() {
    let mut browser = Browser::signed_in().await;
    let id = browser.add("ada@acme.example", "support").await;
    browser.open("/acme/").await;
    let right = browser.token.clone();
    browser.open("/acme/").await;
    assert_eq!(browser.token, right, "a token lasts as long as its session, so that an open page can be used");
    for token in ["", "0", &right.to_uppercase(), &right[1..]] {
        browser.token = token.to_owned();
        let refused = browser.submit(&format!("/acme/users/{id}/role"), &[("role", "admin")]).await;
        assert_eq!(refused.status, 403, "{token}");
    }
    let body = "role=admin".to_owned();
    assert_eq!(browser.post(&format!("/acme/users/{id}/role"), &[], body).await.status, 403);
    assert_eq!(browser.standing(&id).await.1, "support");
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing_even_with_the_token() {
    let mut browser = Browser::signed_in().await;
    let id = browser.add("ada@acme.example", "support").await;
    browser.open("/acme/").await;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", &browser.token)
        .append_pair("role", "admin")
        .finish();
    let elsewhere = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "http://127.0.0.1:1"),
    ];
    for header in elsewhere {
        let refused = browser.post(&format!("/acme/users/{id}/role"), &[header], body.clone()).await;
        assert_eq!(refused.status, 403, "{header:?}");
    }
    assert_eq!(browser.standing(&id).await.1, "support");
    assert_eq!(browser.post(&format!("/acme/users/{id}/role"), &[], body).await.status, 303);
    assert_eq!(browser.standing(&id).await.1, "admin");
}

#[tokio::test]
async fn every_form_carries_a_token() {
    let mut browser = Browser::signed_in().await;
    let id = browser.add("ada@acme.example", "support").await;
    let link = browser.link_of(&id);
    browser.act("/acme/new-role", &[("title", "Marketing"), ("permission", "content-view")]).await;
    let removal = format!("/acme/users/{id}/remove");
    let pages = ["/acme/", "/acme/invite", "/acme/roles", "/acme/new-role", "/acme/ownership", &removal, &link];
    for page in pages {
        let html = browser.open(page).await.html;
        let forms = html.matches("<form").count() - html.matches("role=\"search\"").count();
        assert!(forms > 0, "{page}");
        assert_eq!(html.matches("name=\"token\"").count(), forms, "{page}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded_by_its_headers() {
    let mut browser = Browser::signed_in().await;
    for page in ["/", "/acme/", "/acme/activity", "/style.css", "/acme/users/nobody/remove"] {
        let headers = browser.open(page).await.headers;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{page}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{page}");
        assert_eq!(header("cache-control"), "no-store", "{page}");
    }
}

#[tokio::test]
async fn no_form_changes_anything_in_a_service_that_takes_no_writes() {
    let mut browser = Browser::with(Service::read_only).await;
    browser.sign_in().await;
    for path in ["/acme/invite", "/acme/users/x/remove", "/acme/ownership", "/acme/invitations/x"] {
        let refused = browser.submit(path, &[("address", "ada@acme.example"), ("role", "support")]).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.html.contains("This service is read-only, and POST is not GET."), "{}", refused.html);
    }
    assert_eq!(browser.submit("/acme/sign-out", &[]).await.status, 303);
}
