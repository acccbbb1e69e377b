//! The table as a page for people: `docs/access.md`.

use std::fmt::Write as _;

use super::{Application, Rule, TABLE, Visitor};

const HEAD: &str = "\
# Who may do what

<!-- Generated from crates/http/src/access/table.rs by
`UPDATE=1 cargo test -p anb-http --test access`; do not edit. -->

No route is registered without a row here, and every row is tried by everybody in the tests
([decision 35](decisions/0035-access-table.md)). *own*: only what is one's own; what is somebody
else's is refused, or not there. In the console *anonymous* is also whoever has given a password
and not yet the second factor.
";

/// The whole page.
#[must_use]
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for (application, title) in
        [(Application::Public, "The public service"), (Application::Console, "The console")]
    {
        let visitors = Visitor::ALL.map(|visitor| format!(" {visitor} |")).concat();
        let _ = writeln!(page, "\n## {title}\n\n| | path |{visitors}");
        let _ = writeln!(page, "|---|---|{}", ":-:|".repeat(Visitor::ALL.len()));
        for rule in TABLE.iter().filter(|rule| rule.application == application) {
            let _ = writeln!(page, "{}", row(rule));
        }
    }
    page
}

fn row(rule: &Rule) -> String {
    let mark = |visitor| match (rule.who.includes(visitor), rule.own) {
        (false, _) => " |",
        (true, false) => " ✓ |",
        (true, true) => " own |",
    };
    let marks = Visitor::ALL.map(mark).concat();
    format!("| {} | `{}` |{marks}", rule.method, rule.path)
}
