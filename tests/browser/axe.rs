//! axe-core (<https://github.com/dequelabs/axe-core>), which finds what keeps
//! people from using a page.

use std::{process::Command, sync::LazyLock};

use serde::Deserialize;

use crate::{browser::Browser, evidence};

/// WCAG 2.2 AA, with all that came before it.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']";

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    html: String,
    #[serde(rename = "failureSummary")]
    summary: Option<String>,
}

/// As npm has published it; `script/setup --test` has fetched it.
static SOURCE: LazyLock<String> = LazyLock::new(|| {
    let package = evidence::target("tools").join("axe-core-4.14.1.tgz");
    let unpack = Command::new("tar")
        .arg("-xzOf")
        .args([package.as_os_str(), "package/axe.min.js".as_ref()])
        .output();
    let unpack = unpack.unwrap();
    assert!(unpack.status.success(), "{} is missing: script/setup --test", package.display());
    String::from_utf8(unpack.stdout).unwrap()
});

/// What is wrong with the page as it is now, a line for each place.
pub async fn violations(browser: &Browser) -> Vec<String> {
    if !browser.asks::<bool>("'axe' in window").await {
        browser.driver.execute(SOURCE.as_str(), Vec::new()).await.unwrap();
    }
    let run = format!(
        "axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})
             .then(found => done(found.violations), error => done(String(error)));"
    );
    let answer = browser.waits(&run).await;
    let found: Vec<Violation> =
        serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("axe says {answer}"));
    found.iter().flat_map(Violation::lines).collect()
}

impl Violation {
    fn lines(&self) -> impl Iterator<Item = String> {
        self.nodes.iter().map(|node| {
            let summary = node.summary.as_deref().unwrap_or_default().replace('\n', " ");
            format!("{} ({}): {} {summary}", self.id, self.help, node.html)
        })
    }
}
