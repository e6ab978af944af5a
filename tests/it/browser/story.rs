//! One person's way through an account, by clicks alone.

use super::driver::{Browser, quoted};
use crate::harness::{Sandbox, World};

const WHO: &str = "kay@agency.example";

/// The link of the only mail in the outbox.
fn mailed_link(world: &World) -> String {
    let mut mails = std::fs::read_dir(world.path("data/outbox/acme")).unwrap();
    let mail = std::fs::read_to_string(mails.next().unwrap().unwrap().path()).unwrap();
    assert!(mails.next().is_none(), "one invitation, one mail");
    let mail = mail.replace("=\r\n", "");
    mail.lines().find(|line| line.contains("/invitations/")).unwrap().trim().to_owned()
}

fn row(rest: &str) -> String {
    format!("//tr[.//text()[contains(., {})]]{rest}", quoted(WHO))
}

async fn see_message(browser: &Browser, text: &str) {
    browser.see(&format!("//p[@role='status' and contains(., {})]", quoted(text))).await;
}

#[tokio::test]
async fn somebody_is_invited_accepts_gets_another_role_and_is_removed() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::new();
    let service = Sandbox::start(&world, &["--key", "pk_story", "--data", "data"]);
    let page = service.base.replace("/scim/v2", "/");

    // The key's field has the focus, so signing in takes no mouse.
    browser.open(&page).await;
    browser.see("//input[@id='key']").await;
    browser.press("pk_story\u{e007}").await;
    browser.see("//h1[.='Users']").await;

    browser.click("//a[.='Invite a user']").await;
    browser.type_into("//input[@id='address']", WHO).await;
    browser.click("//label[contains(., 'Analyst')]").await;
    browser.click("//button[.='Send invitation']").await;
    see_message(&browser, "An invitation is on its way to kay@agency.example.").await;
    browser.see(&row("//span[.='Invited']")).await;

    browser.open(&mailed_link(&world)).await;
    browser.see("//dd[contains(., 'Analyst')]").await;
    browser.click("//button[.='Accept invitation']").await;
    see_message(&browser, "You have accepted").await;

    browser.open(&page).await;
    browser.see(&row("//span[.='Active']")).await;
    browser.click(&row("//select/option[.='Manager']")).await;
    browser.click(&row("//button[.='Save']")).await;
    see_message(&browser, "kay@agency.example is now Manager.").await;

    browser.click(&row("//a[.='Remove']")).await;
    browser.see("//h1[.='Remove kay@agency.example?']").await;
    browser.click("//button[.='Remove user']").await;
    see_message(&browser, "kay@agency.example is removed.").await;
    assert_eq!(browser.count(&row("")).await, 0);

    browser.click("//nav//a[.='Activity']").await;
    browser.see("//td[contains(., 'accepted the invitation as')]").await;
    assert_eq!(browser.complaints().await, [] as [&str; 0]);
    drop(browser);
    assert_eq!(service.stop(), 0);
}
