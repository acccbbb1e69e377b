//! docs/metrics.md, made from the catalogue.

use std::fmt::Write as _;

use crate::{
    catalogue::{ALL, LABELS},
    emf,
    metric::{About, Kind},
};

const INTRODUCTION: &str = "\
# Metrics

<!-- Generated from crates/telemetry; run `UPDATE=1 cargo test -p anb-telemetry --test reference`. -->

`GET /metrics` answers on its own address and port (`metrics.listen`), in the text format of
Prometheus, and nowhere else. Each process tells of itself; what concerns all of them (queue, outbox,
videos) is looked at every `metrics.sample_s` seconds by each, and `anb_sample_age_seconds` says how
long ago. How to scrape, and what to do when an alert fires: [operations.md](operations.md).

A counter begins at 0 when its process starts. A histogram `x` is told as `x_bucket` (label `le`),
`x_sum` and `x_count`.
";

const FOR_CLOUDWATCH: &str = "
## CloudWatch

On ECS, and where `metrics.emf` is `true`, these few go to the log once a minute as well, as a line in
the [embedded metric format](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html),
from which CloudWatch makes metrics in the namespace ";

/// The reference page of all metrics, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n| metric | kind | unit | labels | what it tells |\n|---|---|---|---|---|\n");
    for about in ALL {
        write_metric(&mut page, about);
    }
    page.push_str(
        "\n## Labels\n\nAll of them have few values, whatever is asked of the service.\n\n",
    );
    page.push_str("| label | values |\n|---|---|\n");
    for (name, values) in LABELS {
        let _ = writeln!(page, "| `{name}` | {values} |");
    }
    page.push_str("\n## Buckets\n\n| histogram | upper bounds |\n|---|---|\n");
    for about in ALL {
        write_buckets(&mut page, about);
    }
    let _ = write!(page, "{FOR_CLOUDWATCH}`{}`:\n\n", emf::NAMESPACE);
    page.push_str("| metric | unit | from | what it tells |\n|---|---|---|---|\n");
    for figure in emf::FIGURES {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            figure.name, figure.unit, figure.told_by, figure.help
        );
    }
    page
}

fn write_metric(page: &mut String, about: &About) {
    let labels: Vec<_> = about.labels.iter().map(|label| format!("`{label}`")).collect();
    let (name, kind, unit) = (about.name, about.kind.name(), about.unit.name());
    let (labels, help) = (labels.join(", "), about.help.trim());
    let _ = writeln!(page, "| `{name}` | {kind} | {unit} | {labels} | {help} |");
}

fn write_buckets(page: &mut String, about: &About) {
    if let Kind::Histogram(bounds) = about.kind {
        let bounds: Vec<_> = bounds.iter().map(ToString::to_string).collect();
        let _ = writeln!(page, "| `{}` | {} |", about.name, bounds.join(", "));
    }
}
