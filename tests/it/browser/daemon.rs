//! The daemon's status page: what is held is approved by clicks, the page keeps itself as the daemon is, and it is readable in
//! both colour schemes and on a phone.

use roster::request::{Request, SigningKey};
use serde_json::json;

use super::axe::Axe;
use super::driver::{Browser, Scheme};
use super::pictures::{FAINT, NAMELESS, WIDER, decode};
use crate::daemon::http::Http;
use crate::daemon::process::{Daemon, account};
use crate::harness::{Sandbox, World};

struct Scene {
    browser: Browser,
    daemon: Daemon,
    world: World,
    http: Http,
    _service: Sandbox,
}

impl Scene {
    /// An account of six of whom four were taken out of the roster, and nobody signed in.
    async fn set() -> Option<Self> {
        let browser = Browser::start().await?;
        let names = ["bob", "cyd", "dan", "eve", "fay"].map(|name| format!(", {name}@acme.example: support"));
        let (world, service) = account(&format!("{{ ada@acme.example: admin{} }}", names.concat()));
        let world = world.set("TOKEN", "open-sesame-to-everything");
        let mut daemon = Daemon::start(&world, &["--token", "env:TOKEN"]);
        let http = Http::of(&mut daemon);
        daemon.says(&["pass ended", "done=6"]);
        world.edit(&names[..4].concat(), "");
        daemon.says(&["pass ended", "verdict=\"held\"", "pending=4"]);
        Some(Self { browser, daemon, world, http, _service: service })
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.http.0)
    }

    async fn sign_in(&self) {
        self.browser.open(&self.address("/sign-in")).await;
        self.browser.type_into("//input[@id='secret']", "open-sesame-to-everything\u{e007}").await;
        self.browser.see("//button[.='Sign out']").await;
    }
}

#[tokio::test]
async fn what_is_held_is_approved_by_clicks() {
    let Some(mut scene) = Scene::set().await else { return };
    scene.browser.open(&scene.address("/")).await;
    scene.browser.see("//span[contains(@class, 'pill') and .='held']").await;
    scene.browser.click("//a[.='acme']").await;
    scene.browser.see("//code[contains(., 'roster apply --account acme --approve')]").await;
    assert_eq!(scene.browser.count("//button[.='Carry out what is held']").await, 0);
    scene.sign_in().await;
    scene.browser.click("//a[.='acme']").await;
    scene.browser.type_into("//input[@id='actor']", "grace").await;
    scene.browser.type_into("//input[@id='why']", "OPS-12").await;
    scene.browser.click("//button[.='Carry out what is held']").await;
    scene.browser.see("//p[@id='message' and contains(., 'What is held is carried out')]").await;
    scene.daemon.says(&["pass ended", "trigger=operator", "verdict=\"kept\"", "done=4"]);
    // Nobody reloads: the page hears of it.
    scene.browser.see("//h1/span[.='in sync']").await;
    scene.browser.see("//table[@aria-label='Journal']//td[contains(., 'grace') and contains(., 'OPS-12')]").await;
    let hosts =
        "return [...new Set(performance.getEntriesByType('resource').map((entry) => new URL(entry.name).host))]";
    assert_eq!(scene.browser.run(hosts, json!([])).await, json!([scene.http.0.to_string()]));
    assert_eq!(scene.browser.complaints().await, [] as [&str; 0]);
    let Scene { browser, daemon, .. } = scene;
    drop(browser);
    assert_eq!(daemon.stop(), 0);
}

#[tokio::test]
async fn the_status_is_readable_in_both_schemes_and_fits_a_phone() {
    let Some(scene) = Scene::set().await else { return };
    let (browser, axe) = (&scene.browser, Axe::find());
    scene.sign_in().await;
    for path in ["/", "/accounts/acme", "/sign-in", "/request", "/accounts/nobody"] {
        browser.open(&scene.address(path)).await;
        for (name, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
            browser.draw(scheme).await;
            assert_eq!(browser.run(FAINT, json!([])).await, json!([]), "`{path}` in {name} is faint");
            if let Some(axe) = &axe {
                assert_eq!(axe.findings(browser).await, [] as [&str; 0], "`{path}` in {name}");
            }
        }
        assert_eq!(browser.run(NAMELESS, json!([])).await, json!([]), "`{path}` has controls without a name");
        for width in [320, 390, 768, 1280] {
            browser.size(width, 800).await;
            assert_eq!(browser.run(WIDER, json!([])).await, json!(0), "`{path}` is wider than {width}");
        }
    }
    if std::env::var_os("ROSTER_PICTURES").is_some() {
        scene.pictures().await;
    }
    scene.world.edit("ada@acme.example: admin", "ada@acme.example: admn");
    browser.open(&scene.address("/")).await;
    browser.see("//div[contains(., 'The roster’s files cannot be used')]//li[contains(., 'admn')]").await;
}

#[tokio::test]
async fn a_request_is_looked_at_and_readable() {
    let Some(scene) = Scene::set().await else { return };
    let browser = &scene.browser;
    let (_, key) = SigningKey::generate().unwrap();
    let file = Request {
        id: "0b7c".to_owned(),
        from: "The Agency".to_owned(),
        account: "acme".to_owned(),
        people: vec![("kay@agency.example".parse().unwrap(), "admin".parse().unwrap())],
        until: None,
        reason: "a campaign whose name is Donaudampfschifffahrtsgesellschaftskapitänsmützen-Frühjahrskollektion"
            .to_owned(),
        ends: jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24),
    };
    browser.open(&scene.address("/")).await;
    browser.click("//a[.='Review a request']").await;
    let fill = "document.getElementById('request').value = arguments[0]";
    browser.run(fill, json!([file.sign(&key).unwrap()])).await;
    browser.click("//button[.='Look at it']").await;
    browser.see("//td[contains(., 'kay@agency.example as admin') and contains(., 'may do everything')]").await;
    browser.see("//code[contains(., 'roster request accept request.json --account acme --fingerprint')]").await;
    for (name, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
        browser.draw(scheme).await;
        assert_eq!(browser.run(FAINT, json!([])).await, json!([]), "the request in {name} is faint");
    }
    assert_eq!(browser.run(NAMELESS, json!([])).await, json!([]), "a control without a name");
    for width in [320, 390, 768, 1280] {
        browser.size(width, 800).await;
        assert_eq!(browser.run(WIDER, json!([])).await, json!(0), "the request is wider than {width}");
    }
    assert_eq!(browser.complaints().await, [] as [&str; 0]);
}

impl Scene {
    async fn pictures(&self) {
        let shots = [
            ("status-light", Scheme::Light, 1200, 800),
            ("status-dark", Scheme::Dark, 1200, 800),
            ("status-phone", Scheme::Light, 390, 844),
        ];
        for (name, scheme, width, height) in shots {
            self.browser.size(width, height).await;
            self.browser.draw(scheme).await;
            self.browser.open(&self.address("/accounts/acme")).await;
            let tall = self.browser.run("return document.documentElement.scrollHeight", json!([])).await;
            let tall = u32::try_from(tall.as_u64().unwrap()).unwrap();
            self.browser.size(width, tall.clamp(height, 1400)).await;
            let file = format!("{}/docs/images/{name}.png", env!("CARGO_MANIFEST_DIR"));
            decode(&self.browser.picture().await, &file);
            assert!(std::fs::metadata(&file).unwrap().len() < 200_000, "{file} is too large");
        }
    }
}
