//! How the pages look: readable in both colour schemes, and within a phone's width. The pictures of the documentation
//! are taken here, too.

use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

use super::axe::Axe;
use super::driver::{Browser, Scheme};
use crate::harness::{Sandbox, World};

/// Texts whose contrast with what is behind them is less than WCAG 2 asks of a page at level AA: 4.5 to 1.
pub(super) const FAINT: &str = r"
    const channels = (color) => color.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b]
        .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const color = channels(getComputedStyle(e).backgroundColor);
            if (color.length < 4 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const faint = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        if (!texts.currentNode.data.trim() || box.width < 2 || element.tagName === 'OPTION') continue;
        const [a, b] = [channels(getComputedStyle(element).color), ground(element)].map(luminance);
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) faint.push(texts.currentNode.data.trim() + ' ' + contrast.toFixed(2));
    }
    return faint;
";

/// Controls without a name that a screen reader could say.
pub(super) const NAMELESS: &str = "
    return [...document.querySelectorAll('input:not([type=hidden], [hidden]), select, button, a, textarea')]
        .filter((e) => !(e.getAttribute('aria-label') || e.innerText.trim() || (e.labels && e.labels.length)))
        .map((e) => e.outerHTML);
";

pub(super) const WIDER: &str = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

struct Scene {
    browser: Browser,
    service: Sandbox,
    world: World,
}

impl Scene {
    /// An account with people in every state, and somebody signed in.
    async fn set() -> Option<Self> {
        let browser = Browser::start().await?;
        let world = World::new();
        let service = Sandbox::start(&world, &["--key", "pk_pictures", "--data", "data"]);
        let scene = Self { browser, service, world };
        let people = [
            ("ada@acme.example", "Ada Lovelace", "admin", "active"),
            ("annie@acme.example", "Annie Easley", "analyst", "active"),
            ("dorothy@acme.example", "Dorothy Vaughan", "campaign-coordinator", "active"),
            ("grace@acme.example", "Grace Hopper", "manager", "active"),
            ("hedy@studio.example", "Hedy Lamarr", "content-creator", "invited"),
            ("katherine@acme.example", "Katherine Johnson", "analyst", "active"),
            ("kay@agency.example", "Kay McNulty", "campaign-coordinator", "invited"),
            ("radia@acme.example", "Radia Perlman", "support", "deactivated"),
        ];
        for (user_name, name, role, status) in people {
            scene.add(user_name, name, role, status).await;
        }
        let name = json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "Mary Jackson" }] });
        let users = scene.scim(Method::GET, "/Users?filter=userName%20sw%20%22owner%22", json!({})).await;
        let owner = users["Resources"][0]["id"].as_str().unwrap();
        scene.scim(Method::PATCH, &format!("/Users/{owner}"), name).await;
        scene.browser.open(&scene.address("")).await;
        scene.browser.type_into("//input[@id='key']", "pk_pictures\u{e007}").await;
        scene.browser.see("//h1[.='Users']").await;
        Some(scene)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.service.base.trim_end_matches("/scim/v2"))
    }

    async fn scim(&self, method: Method, path: &str, body: Value) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.request(method, format!("{}{path}", self.service.base)).bearer_auth("pk_pictures");
        request.json(&body).send().await.unwrap().json().await.unwrap()
    }

    async fn add(&self, user_name: &str, name: &str, role: &str, status: &str) {
        let user = json!({ "userName": user_name, "displayName": name, "roles": [{ "value": role }] });
        let made = self.scim(Method::POST, "/Users", user).await;
        if status == "active" {
            let link = self.link(made["id"].as_str().unwrap());
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            assert_eq!(client.post(format!("{link}/accept")).send().await.unwrap().status(), 200);
        }
        if status == "deactivated" {
            let off = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
            self.scim(Method::PATCH, &format!("/Users/{}", made["id"].as_str().unwrap()), off).await;
        }
    }

    /// The link in a user's mail.
    fn link(&self, id: &str) -> String {
        let folder = self.world.path("data/outbox/acme");
        let mails = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mail = mails.into_iter().find(|file| file.to_str().unwrap().contains(id)).unwrap();
        let mail = std::fs::read_to_string(mail).unwrap().replace("=\r\n", "");
        mail.lines().find(|line| line.contains("/invitations/")).unwrap().trim().to_owned()
    }

    async fn id(&self, name: &str) -> String {
        let found = self.scim(Method::GET, &format!("/Users?filter=userName%20sw%20%22{name}@%22"), json!({})).await;
        found["Resources"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Opens a page, sees that it is the one that is meant, and looks at it in every way.
    async fn look_at(&self, address: &str, heading: &str) {
        let (browser, axe) = (&self.browser, Axe::find());
        browser.open(address).await;
        browser.see(&format!("//h1[contains(., \"{heading}\")]")).await;
        for (name, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
            browser.draw(scheme).await;
            let faint = browser.run(FAINT, json!([])).await;
            assert_eq!(faint, json!([]), "`{address}` in {name} is faint");
            if let Some(axe) = &axe {
                assert_eq!(axe.findings(browser).await, [] as [&str; 0], "`{address}` in {name}");
            }
        }
        assert_eq!(browser.run(NAMELESS, json!([])).await, json!([]), "`{address}` has controls without a name");
        for width in [320, 390, 768, 1280] {
            browser.size(width, 800).await;
            assert_eq!(browser.run(WIDER, json!([])).await, json!(0), "`{address}` is wider than {width}");
        }
    }
}

#[tokio::test]
async fn every_page_is_readable_in_both_schemes_and_fits_a_phone() {
    const ACCOUNT_ROLE: &str = "urn:roster:params:scim:schemas:extension:account:2.0:Role";
    let Some(scene) = Scene::set().await else { return };
    let role = json!({ "display": "Lifecycle Marketer – EU", ACCOUNT_ROLE: { "permissions": ["content-view"] } });
    scene.scim(Method::POST, "/Roles", role).await;
    let removal = format!("users/{}/remove", scene.id("ada").await);
    for (path, heading) in [
        ("", "Users"),
        ("?q=nobody", "Users"),
        ("invite", "Invite"),
        (&removal, "Remove"),
        ("users/nobody/remove", "There is nothing here"),
        ("roles", "Roles"),
        ("new-role", "New role"),
        ("roles/lifecycle-marketer-eu", "Edit role"),
        ("ownership", "Ownership"),
        ("activity", "Activity"),
        ("invitations/nothing", "There is no such invitation"),
    ] {
        scene.look_at(&scene.address(path), heading).await;
    }
    scene.look_at(&scene.link(&scene.id("hedy").await), "acme").await;
    scene.look_at(&scene.link(&scene.id("ada").await), "acme").await;
    scene.browser.open(&scene.address("")).await;
    scene.browser.click("//button[.='Sign out']").await;
    scene.look_at(&scene.address(""), "Sign in").await;
}

#[tokio::test]
async fn pictures_for_the_documentation() {
    if std::env::var_os("ROSTER_PICTURES").is_none() {
        return;
    }
    let Some(scene) = Scene::set().await else { return };
    let browser = &scene.browser;
    let shots = [
        ("users-light", "", Scheme::Light, 1200, 800),
        ("users-dark", "", Scheme::Dark, 1200, 800),
        ("users-phone", "", Scheme::Light, 390, 844),
    ];
    for (name, path, scheme, width, height) in shots {
        browser.size(width, height).await;
        browser.draw(scheme).await;
        browser.open(&scene.address(path)).await;
        let tall = browser.run("return document.documentElement.scrollHeight", json!([])).await;
        browser.size(width, u32::try_from(tall.as_u64().unwrap()).unwrap().clamp(height, 1000)).await;
        let file = format!("{}/docs/images/{name}.png", env!("CARGO_MANIFEST_DIR"));
        decode(&browser.picture().await, &file);
        assert!(std::fs::metadata(&file).unwrap().len() < 150_000, "{file} is too large");
    }
}

/// Writes base64 into a file, as the bytes it stands for.
pub(super) fn decode(base64: &str, file: &str) {
    let out = std::fs::File::create(file).unwrap();
    let mut process = Command::new("base64").arg("-d").stdin(Stdio::piped()).stdout(out).spawn().unwrap();
    std::io::Write::write_all(&mut process.stdin.take().unwrap(), base64.as_bytes()).unwrap();
    assert!(process.wait().unwrap().success());
}
