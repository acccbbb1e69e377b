//! `/assets/{version}/{path}`: style sheets, scripts and pictures. The version names
//! their content, so that browsers need never ask twice.

use std::{borrow::Cow, fs};

use anb_config::{BrandSettings, Settings};
use anb_design::{
    Asset, Assets, Palette,
    assets::{File, embedded, shared},
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::header;
use rust_embed::Embed;

use crate::{
    problem::{Code, Problem},
    state::AppState,
};

#[derive(Embed)]
#[folder = "assets/"]
struct Own;

/// Every page's style sheet is these in one, in this order.
const STYLE: [&str; 5] = ["tokens.css", "brand.css", "base.css", "components.css", "site.css"];

/// What [`STYLE`] makes together.
const STYLE_NAME: &str = "style.css";

const FAVICON: &str = "favicon.svg";

/// The colours in which our own mark is drawn: the ball, and what lies on it.
const MARK: [&str; 2] = ["#f26b21", "#1a0d04"];

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// For whoever asks for a version that is not this one, as while a release is
/// rolled out: the other half of the processes may still have it.
const NEVER: &str = "no-store";

const A_DAY: &str = "public, max-age=86400";

pub fn routes() -> Router<AppState> {
    Router::new().route("/assets/{version}/{*path}", get(serve)).route("/favicon.ico", get(favicon))
}

/// Everything that pages load, in the brand's colours.
#[must_use]
pub fn assets(settings: &Settings) -> Assets {
    let brand = &settings.showcase.brand;
    let palette = Palette::of(brand.color);
    let mut files: Vec<File> = shared().chain(embedded::<Own>()).collect();
    files.push(("brand.css".to_owned(), palette.style_sheet().into_bytes().into()));
    let mark = files.iter().find(|(path, _)| path == FAVICON).map(|(_, bytes)| bytes.clone());
    let mark = recoloured(&mark.unwrap_or_default(), &palette);
    files.push(("logo.svg".to_owned(), logo(brand).unwrap_or_else(|| mark.clone()).into()));
    files.push((FAVICON.to_owned(), mark.into()));
    files.push((STYLE_NAME.to_owned(), together(&files).into()));
    Assets::new(files)
}

fn recoloured(mark: &[u8], palette: &Palette) -> Vec<u8> {
    let mark = String::from_utf8_lossy(mark);
    let [ball, lines] = MARK;
    // By a name that is no colour, lest the second replaces what the first put.
    let mark = mark.replace(ball, "{ball}").replace(lines, &palette.ink.to_string());
    mark.replace("{ball}", &palette.brand.to_string()).into_bytes()
}

/// The settings' own; `None` when there is none, or when it has gone since the
/// settings were checked.
fn logo(brand: &BrandSettings) -> Option<Vec<u8>> {
    let path = brand.logo_svg.as_deref()?;
    fs::read(path).inspect_err(|error| tracing::warn!(cause = %error, "the logo is gone")).ok()
}

fn together(files: &[File]) -> Vec<u8> {
    let found = |name: &&str| {
        let file = files.iter().find(|(path, _)| path == name);
        file.map(|(_, bytes)| &**bytes).expect("the style sheets are embedded")
    };
    STYLE.iter().map(found).collect::<Vec<_>>().join(&b'\n')
}

async fn serve(
    State(app): State<AppState>,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let assets = &app.site.assets;
    let asset = assets.get(&path).ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(answer(asset, if version == assets.version() { FOR_EVER } else { NEVER }))
}

/// Where browsers look by themselves.
async fn favicon(State(app): State<AppState>) -> Result<Response, Problem> {
    let asset = app.site.assets.get(FAVICON).ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(answer(asset, A_DAY))
}

fn answer(asset: &Asset, kept: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, kept)];
    let bytes = match &asset.bytes {
        Cow::Borrowed(bytes) => axum::body::Bytes::from_static(bytes),
        Cow::Owned(bytes) => axum::body::Bytes::copy_from_slice(bytes),
    };
    (headers, bytes).into_response()
}
