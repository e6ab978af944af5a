//! Chromium over WebDriver (W3C), as little of it as the stories need.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What WebDriver calls an element's reference (W3C WebDriver section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long an element may take to appear, in milliseconds.
const PATIENCE: u64 = 10_000;

/// A browser with one window and an empty profile. It ends with this value.
pub(super) struct Browser {
    client: reqwest::Client,
    session: String,
    driver: Child,
    _profile: TempDir,
}

/// What is drawn, and how large.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Light,
    Dark,
}

/// What a page is shown on.
#[derive(Clone, Copy)]
pub(super) enum Medium {
    Paper,
    Screen,
}

impl Browser {
    /// Starts one; `None`, said loudly, where there is none and none is required.
    pub(super) async fn start() -> Option<Self> {
        let (Some(chromium), Some(chromedriver)) = (find(&["chromium", "chromium-browser"]), find(&["chromedriver"]))
        else {
            let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
            assert!(!required.contains("browser"), "ROSTER_REQUIRE names `browser`, and there is no chromium here");
            // Not by a macro: those are not shown for a test that passes.
            std::io::stderr().write_all(b"\nSKIPPED: no browser: install chromium and chromedriver\n").unwrap();
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            .env("HOME", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port(&mut driver);
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let user_data = format!("--user-data-dir={}", profile.path().join("profile").display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            &user_data,
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "implicit": PATIENCE },
        } } });
        let mut browser =
            Self { client, session: format!("http://127.0.0.1:{port}/session"), driver, _profile: profile };
        let session = browser.command("", wanted).await;
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    /// Opens an address.
    pub(super) async fn open(&self, address: &str) {
        self.command("/url", json!({ "url": address })).await;
    }

    /// Clicks what an XPath leads to, once it is there.
    pub(super) async fn click(&self, xpath: &str) {
        let element = self.element(xpath).await;
        self.command(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Types into what an XPath leads to.
    pub(super) async fn type_into(&self, xpath: &str, text: &str) {
        let element = self.element(xpath).await;
        self.command(&format!("/element/{element}/value"), json!({ "text": text })).await;
    }

    /// Presses keys wherever the focus is.
    pub(super) async fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
            .collect();
        self.command("/actions", json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] })).await;
    }

    /// Waits for what an XPath leads to.
    pub(super) async fn see(&self, xpath: &str) {
        self.element(xpath).await;
    }

    /// How many elements an XPath leads to now.
    pub(super) async fn count(&self, xpath: &str) -> usize {
        let script = "return document.evaluate('count(' + arguments[0] + ')', document, null, 1, null).numberValue";
        usize::try_from(self.run(script, json!([xpath])).await.as_u64().unwrap()).unwrap()
    }

    /// Runs a script of the test's, and tells what it returns.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> Value {
        self.command("/execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// Draws in this colour scheme from now on.
    pub(super) async fn draw(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        // Without motion a colour is there at once.
        let features = [("prefers-color-scheme", value), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        self.developer("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Shows pages as they look there, from now on.
    pub(super) async fn show_as(&self, medium: Medium) {
        let media = match medium {
            Medium::Paper => "print",
            Medium::Screen => "screen",
        };
        self.developer("Emulation.setEmulatedMedia", json!({ "media": media })).await;
    }

    /// Shows a window of this size.
    pub(super) async fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.developer("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What is seen, as PNG in base64.
    pub(super) async fn picture(&self) -> String {
        let picture = self.developer("Page.captureScreenshot", json!({ "format": "png" })).await;
        picture["data"].as_str().unwrap().to_owned()
    }

    /// What the browser complained about: blocked resources, failed requests, violated policies.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let log = self.command("/se/log", json!({ "type": "browser" })).await;
        log.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn element(&self, xpath: &str) -> String {
        let found = self.command("/element", json!({ "using": "xpath", "value": xpath })).await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    async fn developer(&self, command: &str, parameters: Value) -> Value {
        self.command("/goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.session)).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let value = answer["value"].clone();
        assert!(value.get("error").is_none(), "{path} {body}: {}", value["message"]);
        value
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes its browser with it when it is asked to end, and not when it is killed.
        let _ = Command::new("kill").arg("-TERM").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

/// A text as an XPath.
pub(super) fn quoted(text: &str) -> String {
    assert!(!text.contains('"'));
    format!("\"{text}\"")
}

fn port(driver: &mut Child) -> u16 {
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let told = lines.map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    told.expect("chromedriver tells its port")
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| Path::exists(file))
}
