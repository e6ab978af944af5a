//! axe-core, which judges whether a page is accessible.

use std::io::Write as _;

use serde_json::json;

use super::driver::Browser;
use crate::matrix::peer;

/// What axe-core finds in the page: the rule, how bad it is, and where.
const FINDINGS: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(
        ({ id, impact, help, nodes }) => `${impact} ${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`));
";

/// Its script.
pub(super) struct Axe(String);

impl Axe {
    /// Where it is installed; `None`, said loudly, where it is not and is not required.
    pub(super) fn find() -> Option<Self> {
        let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
        if !required.contains("peers") && !peer::is_installed("axe") {
            // Not by a macro: those are not shown for a test that passes.
            std::io::stderr()
                .write_all(b"\nSKIPPED: no axe-core: `tests/peers/peers install axe` brings it\n")
                .unwrap();
            return None;
        }
        let asked = std::process::Command::new(peer::script()).arg("axe").output().unwrap();
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        let path = String::from_utf8(asked.stdout).unwrap();
        Some(Self(std::fs::read_to_string(path.trim_end()).unwrap()))
    }

    /// What is wrong with the page that is shown. The script comes over the driver, which the page's policy does not concern.
    pub(super) async fn findings(&self, browser: &Browser) -> Vec<String> {
        browser.run(&self.0, json!([])).await;
        let findings = browser.run(FINDINGS, json!([])).await;
        findings.as_array().unwrap().iter().map(|finding| finding.as_str().unwrap().to_owned()).collect()
    }
}

/// Otherwise its silence about our pages would say nothing.
#[tokio::test]
async fn axe_finds_what_is_wrong_with_a_page() {
    let (Some(axe), Some(browser)) = (Axe::find(), Browser::start().await) else { return };
    browser.open("data:text/html,<img src=x><input>").await;
    let findings = axe.findings(&browser).await;
    for rule in ["critical image-alt: ", "critical label: ", "serious document-title: ", "serious html-has-lang: "] {
        assert!(findings.iter().any(|finding| finding.starts_with(rule)), "no {rule}in {findings:?}");
    }
}
