//! What people own, and how a path names it.

use anb_http::access::{Application, Rule};

/// What one person owns.
#[derive(Debug, Clone, Default)]
pub struct Things {
    pub video: String,
    pub upload: String,
    /// In the console.
    pub session: String,
    /// To mark, and one of its sheets.
    pub panel: String,
    pub sheet: String,
}

/// What everybody sees.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    pub video: String,
    pub player: String,
    /// Addresses as pages name them.
    pub asset: String,
    pub brand: String,
    pub docs: String,
    pub console_asset: String,
    pub console_brand: String,
    /// Signed links of a video and of a part of an upload.
    pub video_link: String,
    pub part_link: String,
}

/// An id that nothing has.
const NOTHING: &str = "0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66";

/// The address of a row, about somebody's things.
pub fn address(rule: &Rule, things: &Things, shared: &Shared) -> String {
    let known = match (rule.application, rule.path) {
        (Application::Public, "/assets/{version}/{*path}") => &shared.asset,
        (Application::Public, "/brand/{version}/{file}") => &shared.brand,
        (Application::Public, "/docs/{file}") => &shared.docs,
        (Application::Public, "/media/{*key}") if rule.method == "PUT" => &shared.part_link,
        (Application::Public, "/media/{*key}") => &shared.video_link,
        (Application::Console, "/console/assets/{version}/{*path}") => &shared.console_asset,
        (Application::Console, "/console/brand/{version}/{file}") => &shared.console_brand,
        _ => return filled(rule, things, shared),
    };
    known.clone()
}

fn filled(rule: &Rule, things: &Things, shared: &Shared) -> String {
    let id = match rule.path {
        path if path.starts_with("/api/uploads/") => &things.upload,
        path if path.starts_with("/console/account/sessions/") => &things.session,
        path if path.starts_with("/players/") => &shared.player,
        _ if rule.application == Application::Console => NOTHING,
        _ if rule.own => &things.video,
        _ => &shared.video,
    };
    let part = |part: &str| match part {
        "{id}" => id.to_owned(),
        "{panel}" => things.panel.clone(),
        "{sheet}" => things.sheet.clone(),
        "{number}" => "1".to_owned(),
        _ if part.starts_with('{') => NOTHING.to_owned(),
        _ => part.to_owned(),
    };
    rule.path.split('/').map(part).collect::<Vec<_>>().join("/")
}
