//! docs/settings.md, made from the doc comments.

use std::fmt::Write as _;

use crate::{
    DEPLOYMENT_NAMES,
    catalogue::{self, Section, Setting},
    source::variable_for,
};

const INTRODUCTION: &str = "\
# Settings

<!-- Generated from crates/config by `anb-video config schema --markdown`; do not edit. -->

Defaults are overridden by `anb.toml` (another file with `--config FILE` or `ANB_CONFIG`), that by
the environment, and that by flags (`--set web.listen=127.0.0.1:9000`). `anb-video config show`
prints what is in force and where it came from, `anb-video config check` whether it can be. An
unknown key or an impossible value is refused at start, with its name and its origin.

In the environment `[web] listen` is `ANB_WEB__LISTEN`. Names that deployments already use are
read as well; where both are set, `ANB_…` wins:

";

/// The reference page of all settings, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (variable, key) in DEPLOYMENT_NAMES {
        let _ = writeln!(page, "- `{variable}`: `{key}`");
    }
    let sections = catalogue::sections();
    for section in sections.iter().filter(|section| !section.settings.is_empty()) {
        write_section(&mut page, section);
    }
    page
}

fn write_section(page: &mut String, section: &Section) {
    let title = if section.name.is_empty() { "Outside any section" } else { &section.name };
    let _ = write!(page, "\n## {title}\n");
    if !section.description.is_empty() {
        let _ = write!(page, "\n{}\n", one_paragraph(&section.description));
    }
    for setting in &section.settings {
        write_setting(page, setting);
    }
}

fn write_setting(page: &mut String, setting: &Setting) {
    let variable = variable_for(&setting.key);
    let _ = write!(page, "\n### `{}`\n\n{}\n", setting.key, one_paragraph(&setting.description));
    for (name, meaning) in &setting.choices {
        let meaning = one_paragraph(meaning);
        let _ = match meaning.as_str() {
            "" => write!(page, "\n- `{name}`"),
            _ => write!(page, "\n- `{name}`: {meaning}"),
        };
    }
    if !setting.choices.is_empty() {
        page.push('\n');
    }
    let kind = if setting.choices.is_empty() { setting.kind.as_str() } else { "one of these" };
    let default = match &setting.default {
        Some(value) => format!("default `{value}`"),
        None => "no fixed default".to_owned(),
    };
    let secret = if setting.secret { " · secret, never shown" } else { "" };
    let _ = write!(page, "\n{kind} · {default} · `{variable}`{secret}\n");
}

fn one_paragraph(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
