use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::browser::Browser;

#[tokio::test]
async fn inviting_writes_a_mail_in_the_chosen_language() {
    let mut browser = Browser::signed_in().await;
    let form = browser.open("/acme/invite").await.html;
    assert!(form.contains("value=\"support\" checked"), "support is the default role");
    let invited = [
        ("address", "kay@agency.example"),
        ("given_name", "Kay"),
        ("role", "campaign-coordinator"),
        ("language", "fr"),
    ];
    assert_eq!(browser.act("/acme/invite", &invited).await, "An invitation is on its way to kay@agency.example.");
    let users = browser.scim(Method::GET, "/Users?filter=userName%20eq%20%22kay@agency.example%22", Value::Null).await;
    let user = &users["Resources"][0];
    assert_eq!(user["preferredLanguage"], "fr");
    assert_eq!(user["name"], json!({ "givenName": "Kay" }));
    assert_eq!(user["roles"][0]["value"], "campaign-coordinator");
    assert_eq!(browser.mails().len(), 1);
}

#[tokio::test]
async fn an_invitation_that_cannot_be_keeps_what_was_typed() {
    let mut browser = Browser::signed_in().await;
    let again = async |browser: &mut Browser, address: &str, role: &str| {
        let fields = [("address", address), ("family_name", "O'Neill"), ("role", role)];
        let shown = browser.submit("/acme/invite", &fields).await;
        assert_eq!(shown.status, 422);
        assert!(shown.html.contains("value=\"O&#39;Neill\""), "{}", shown.html);
        shown.flash()
    };
    let taken = again(&mut browser, "OWNER@acme.example", "admin").await;
    assert_eq!(taken, "OWNER@acme.example is a user of this account already.");
    assert!(again(&mut browser, "kay", "admin").await.starts_with("This is not an e-mail address."));
    let unknown = again(&mut browser, "kay@agency.example", "boss").await;
    assert!(unknown.starts_with("This account has no role “boss”"), "{unknown}");
    let owner = again(&mut browser, "kay@agency.example", "owner").await;
    assert!(owner.starts_with("Nobody can be given the owner role here"), "{owner}");
    assert_eq!(browser.mails().len(), 0);
}

#[tokio::test]
async fn a_role_changes_and_a_user_is_removed_after_a_question() {
    let mut browser = Browser::signed_in().await;
    let id = browser.add_active("ada@acme.example", "support").await;
    browser.sign_in().await;
    let said = browser.act(&format!("/acme/users/{id}/role"), &[("role", "manager")]).await;
    assert_eq!(said, "ada@acme.example is now Manager.");
    assert_eq!(browser.standing(&id).await, ("active".to_owned(), "manager".to_owned()));
    assert!(!browser.open("/acme/").await.html.contains("class=\"flash"), "a message is shown once");

    let question = browser.open(&format!("/acme/users/{id}/remove")).await.html;
    assert!(question.contains("Remove ada@acme.example?") && question.contains("who is Manager"), "{question}");
    assert_eq!(browser.standing(&id).await.0, "active", "asking removes nobody");
    assert_eq!(browser.act(&format!("/acme/users/{id}/remove"), &[]).await, "ada@acme.example is removed.");
    assert_eq!(browser.standing(&id).await.0, "-");
    assert_eq!(browser.submit(&format!("/acme/users/{id}/remove"), &[]).await.status, 404);
}

#[tokio::test]
async fn invitations_are_sent_again_one_or_several_and_taken_back() {
    let mut browser = Browser::signed_in().await;
    let active = browser.add_active("ada@acme.example", "support").await;
    let first = browser.add("kay@agency.example", "support").await;
    let second = browser.add("lin@agency.example", "support").await;
    browser.sign_in().await;
    let old = browser.link_of(&first);
    let said = browser.act(&format!("/acme/users/{first}/resend"), &[]).await;
    assert_eq!(said, "A new invitation is on its way to kay@agency.example. The old link is dead.");
    assert_eq!(browser.mails().len(), 4);
    assert_eq!(browser.open(&old).await.status, 404);

    let said = browser.act("/acme/resend", &[("user", &first), ("user", &second)]).await;
    assert_eq!(said, "2 new invitations are on their way. The old links are dead.");
    assert_eq!(browser.mails().len(), 6);
    assert_eq!(browser.act("/acme/resend", &[]).await, "Tick the invitations that are to be sent again.");
    let said = browser.act("/acme/resend", &[("user", &active), ("user", &second)]).await;
    assert_eq!(said, "1 of 2 new invitations are on their way. This user accepted the invitation already.");

    let said = browser.act(&format!("/acme/users/{first}/cancel"), &[]).await;
    assert_eq!(said, "The invitation of kay@agency.example is cancelled.");
    assert_eq!(browser.standing(&first).await.0, "-");
    let said = browser.act(&format!("/acme/users/{active}/cancel"), &[]).await;
    assert_eq!(said, "This user accepted the invitation already.");
}

#[tokio::test]
async fn an_invitation_that_ran_out_says_so() {
    let mut browser = Browser::with_lifetime(SignedDuration::ZERO).await;
    browser.add("kay@agency.example", "support").await;
    browser.sign_in().await;
    let html = browser.open("/acme/").await.html;
    assert!(html.contains("<span class=\"pill expired\">Invitation expired</span>"), "{html}");
}

#[tokio::test]
async fn the_log_tells_who_did_what_whichever_way_they_came() {
    let mut browser = Browser::signed_in().await;
    let id = browser.add_active("ada@acme.example", "support").await;
    browser.sign_in().await;
    browser.act("/acme/invite", &[("address", "kay@agency.example"), ("role", "analyst")]).await;
    browser.act(&format!("/acme/users/{id}/role"), &[("role", "manager")]).await;
    let active = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    browser.scim(Method::PATCH, &format!("/Users/{id}"), active).await;
    browser.scim(Method::DELETE, &format!("/Users/{id}"), Value::Null).await;
    let html = browser.open("/acme/activity").await.html;
    let lines: Vec<String> = html
        .split("data-label=\"Who\">")
        .skip(1)
        .map(|row| {
            let row = row.split("</tr>").next().expect("a row").replace("</td>", "|");
            let text: String =
                row.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ").replace("| ", "|").replace(" |", "|")
        })
        .collect();
    assert_eq!(
        lines,
        [
            "API key|removed ada@acme.example who was Manager|",
            "API key|deactivated ada@acme.example|",
            "Owner (page)|changed the role of ada@acme.example from Support to Manager|",
            "Owner (page)|invited kay@agency.example as Analyst|",
            "Invitee|accepted the invitation as ada@acme.example|",
            "API key|invited ada@acme.example as Support|",
        ]
    );
}
