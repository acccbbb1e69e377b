//! What dashboard and alert rules ask for, taken apart.

use std::{collections::BTreeSet, convert::Infallible, fs, path::PathBuf, process::Command};

use promql_parser::{
    parser::{self, Expr, LabelModifier, VectorSelector},
    util::{ExprVisitor, walk_expr},
};
use serde_json::Value;

/// Metrics that Prometheus itself makes.
const FOREIGN: [&str; 1] = ["up"];
/// Labels that Prometheus adds to every scrape.
const ADDED: [&str; 2] = ["job", "instance"];

/// A metric, and the labels by which it is asked for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub metric: String,
    pub labels: BTreeSet<String>,
}

/// A file below deploy/observability.
pub fn file(name: &str) -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/observability");
    PathBuf::from(root).join(name)
}

/// The program that checks rules and scrapes as Prometheus itself does;
/// `script/setup --test` fetches it.
pub fn promtool() -> Command {
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/bin/promtool");
    Command::new(if PathBuf::from(tools).exists() { tools } else { "promtool" })
}

/// Every expression of the dashboard, with Grafana's variables filled in.
pub fn of_dashboard() -> Vec<String> {
    let text = fs::read_to_string(file("grafana-dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let fill = |text: &str| text.replace("$__rate_interval", "1m").replace("$job", ".*");
    targets.map(|target| fill(target["expr"].as_str().unwrap())).collect()
}

/// Every expression of the alert rules: those that begin behind `expr:`, on
/// that line or folded on those below.
pub fn of_rules() -> Vec<String> {
    let text = fs::read_to_string(file("prometheus-rules.yaml")).unwrap();
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim().strip_prefix("expr: ") else { continue };
        let mut expression = rest.strip_prefix(">-").unwrap_or(rest).to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with("          ")) {
            expression = format!("{expression} {}", more.trim());
        }
        found.push(expression);
    }
    found
}

/// What an expression asks for, as far as it is ours.
pub fn asked(expression: &str) -> BTreeSet<Asked> {
    let parsed = parser::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let mut collected = Collected::default();
    walk_expr(&mut collected, &parsed).unwrap_or_else(|never| match never {});
    let Collected { mut asked, grouped } = collected;
    // A grouping is of whatever it holds; each metric in it has the label.
    for one in &mut asked {
        one.labels.extend(grouped.iter().cloned());
    }
    let ours = asked.into_iter().filter(|one| !FOREIGN.contains(&one.metric.as_str()));
    ours.map(|one| Asked {
        labels: one.labels.into_iter().filter(|label| !ADDED.contains(&label.as_str())).collect(),
        ..one
    })
    .collect()
}

#[derive(Default)]
struct Collected {
    asked: Vec<Asked>,
    grouped: BTreeSet<String>,
}

impl Collected {
    fn note(&mut self, selector: &VectorSelector) {
        let labels = selector.matchers.matchers.iter().map(|matcher| matcher.name.clone());
        let metric = selector.name.clone().expect("a selector with a name");
        self.asked.push(Asked { metric, labels: labels.collect() });
    }
}

impl ExprVisitor for Collected {
    type Error = Infallible;

    fn pre_visit(&mut self, expression: &Expr) -> Result<bool, Infallible> {
        match expression {
            Expr::VectorSelector(selector) => self.note(selector),
            Expr::MatrixSelector(selector) => self.note(&selector.vs),
            Expr::Aggregate(aggregate) => {
                if let Some(LabelModifier::Include(labels)) = &aggregate.modifier {
                    self.grouped.extend(labels.labels.iter().cloned());
                }
            }
            _ => {}
        }
        Ok(true)
    }
}
