//! The page of an access review, opened as a file: it is sorted by clicks, searched by typing, printed whole, asks nobody for
//! anything, and is readable in both colour schemes.

use roster::render::review::Form;
use serde_json::json;
use tempfile::TempDir;

use super::axe::Axe;
use super::driver::{Browser, Medium, Scheme};
use super::pictures::{FAINT, NAMELESS, WIDER, decode};
use crate::reviewing::estate::estate;

struct Scene {
    browser: Browser,
    address: String,
    _folder: TempDir,
}

impl Scene {
    async fn set(accounts: usize, people: usize) -> Option<Self> {
        let browser = Browser::start().await?;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("review.html");
        let mut page = Vec::new();
        Form::Html.write(&mut page, &estate(accounts, people).document()).unwrap();
        std::fs::write(&file, page).unwrap();
        let address = format!("file://{}", file.display());
        browser.open(&address).await;
        browser.see("//h1[.='Access review']").await;
        Some(Self { browser, address, _folder: folder })
    }

    /// What stands in a column of the findings, from the top.
    async fn column(&self, number: usize) -> Vec<String> {
        let script = "return [...document.querySelector('#found').tBodies[0].rows].map((row) => row.cells[arguments[0]].innerText)";
        serde_json::from_value(self.browser.run(script, json!([number])).await).unwrap()
    }
}

#[tokio::test]
async fn a_review_is_sorted_searched_and_printed_and_loads_nothing() {
    let Some(scene) = Scene::set(20, 60).await else { return };
    let browser = &scene.browser;
    let before = scene.column(2).await;
    assert_eq!(scene.column(0).await.first().map(String::as_str), Some("high"));
    browser.click("//table[@id='found']//button[.='Who']").await;
    let mut sorted = before.clone();
    sorted.sort_by_key(|who| who.to_lowercase());
    assert_eq!(scene.column(2).await.first(), sorted.first());
    browser.see("//table[@id='found']//th[@aria-sort='ascending'][button='Who']").await;
    browser.click("//table[@id='found']//button[.='Who']").await;
    assert_eq!(scene.column(2).await.first(), sorted.last());
    browser.type_into("//label[.='Search the findings']/following-sibling::input", "brand-17").await;
    let shown =
        "return [...document.querySelector('#found').tBodies[0].rows].filter((row) => row.offsetHeight > 0).length";
    assert_eq!(browser.run(shown, json!([])).await, json!(1), "the account that was not read");
    browser.show_as(Medium::Paper).await;
    assert_eq!(
        browser.run(shown, json!([])).await,
        json!(before.len()),
        "paper has all of it, whatever was searched for"
    );
    assert_eq!(browser.count("//p[.='Reviewed by']").await, 1);
    browser.show_as(Medium::Screen).await;
    let asked = "return performance.getEntriesByType('resource').map((entry) => entry.name)";
    assert_eq!(browser.run(asked, json!([])).await, json!([]), "nothing is loaded");
    let leads = "return document.querySelectorAll('[src], link, a[href]:not([href^=\"#\"]), [style]').length";
    assert_eq!(browser.run(leads, json!([])).await, json!(0), "nothing leads anywhere");
    assert_eq!(browser.complaints().await, [""; 0], "the policy holds and nothing breaks it");
}

#[tokio::test]
async fn a_review_is_readable_in_both_schemes() {
    let Some(scene) = Scene::set(20, 30).await else { return };
    let (browser, axe) = (&scene.browser, Axe::find());
    for (name, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
        browser.draw(scheme).await;
        assert_eq!(browser.run(FAINT, json!([])).await, json!([]), "faint in {name}");
        if let Some(axe) = &axe {
            assert_eq!(axe.findings(browser).await, [""; 0], "in {name}");
        }
    }
    assert_eq!(browser.run(NAMELESS, json!([])).await, json!([]));
    // The wide table scrolls by itself; the page does not.
    for width in [390, 768, 1280] {
        browser.size(width, 800).await;
        assert_eq!(browser.run(WIDER, json!([])).await, json!(0), "wider than {width}");
    }
}

#[tokio::test]
async fn pictures_of_a_review() {
    if std::env::var_os("ROSTER_PICTURES").is_none() {
        return;
    }
    let Some(scene) = Scene::set(40, 300).await else { return };
    let browser = &scene.browser;
    let places = [("", "review"), ("people", "review-matrix")];
    for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
        browser.size(1280, 1000).await;
        browser.draw(scheme).await;
        for (place, picture) in places {
            browser.open(&format!("{}#{place}", scene.address)).await;
            let scroll = "document.getElementById(arguments[0])?.scrollIntoView()";
            browser.run(scroll, json!([place])).await;
            let file = format!("{}/docs/images/{picture}-{name}.png", env!("CARGO_MANIFEST_DIR"));
            decode(&browser.picture().await, &file);
            assert!(std::fs::metadata(&file).unwrap().len() < 400_000, "{file} is too large");
        }
    }
}
