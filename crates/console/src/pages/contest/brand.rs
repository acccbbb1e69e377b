//! `/console/contest/brand`: colour, logo and watermark. They are tried out first:
//! a draft shows what videos and cards would look like, drawn by what draws them
//! for the worker.

use anb_artwork::{Artwork, ArtworkError, OwnArt, Refused, Scene, clean, digest};
use anb_config::{ContestDocument, contest::BrandPart};
use anb_contest::{ChangeError, ContestNow};
use anb_design::{
    Palette,
    palette::{Check, checks},
};
use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Path, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header};
use multer::{Constraints, Multipart, SizeLimit};

use super::clip;
use crate::{
    Application, Routes,
    actor::By,
    frame::{Frame, page_with_status},
    notice::Notice,
    refusal::{Reason, Refusal},
    session::Operator,
    state::AppState,
};

const HERE: &str = "/console/contest/brand";

/// A drawing, and one byte more to see that there is one more.
const MAX_FILE: u64 = anb_artwork::MAX_BYTES as u64 + 1;
/// Two drawings, and the form around them.
const MAX_FORM: u64 = 2 * MAX_FILE + (64 << 10);

/// Among the pictures, the one that moves.
const CLIP: &str = "clip.mp4";

/// Where text of the palette stands.
const CHECKS: [&str; 3] = ["brand-check-ink", "brand-check-light", "brand-check-dark"];

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .get("/console/contest/brand", show)
        .post("/console/contest/brand/discard", discard)
        .post("/console/contest/brand/draft", draft)
        .get("/console/contest/brand/preview/{version}/{picture}", preview)
        .post("/console/contest/brand/use", put_in_force)
        .layer(DefaultBodyLimit::disable())
}

#[expect(clippy::struct_excessive_bools, reason = "what a page says or does not say")]
#[derive(Template)]
#[template(path = "contest_brand.html")]
struct BrandPage<'a> {
    frame: &'a Frame,
    /// What is shown: the draft, or what is in force.
    brand: BrandPart,
    is_draft: bool,
    /// Names what is shown, for the addresses of its pictures.
    version: String,
    number: u64,
    checks: Vec<(&'static str, Check)>,
    opening_s: f64,
    closing_s: f64,
    has_watermark: bool,
    /// Whether there is an ffmpeg here to make a clip with.
    has_ffmpeg: bool,
    faults: Vec<(&'static str, String)>,
    /// Somebody else has changed the contest since the page was opened.
    stale: bool,
}

impl BrandPage<'_> {
    fn fault(&self, field: &str) -> Option<&String> {
        self.faults.iter().find(|(name, _)| *name == field).map(|(_, fault)| fault)
    }
}

async fn show(
    State(app): State<AppState>,
    frame: Frame,
    who: Operator,
) -> Result<Response, Refusal> {
    answer(&app, &frame, &who, Vec::new(), false).await
}

async fn answer(
    app: &AppState,
    frame: &Frame,
    who: &Operator,
    faults: Vec<(&'static str, String)>,
    stale: bool,
) -> Result<Response, Refusal> {
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let draft = draft_of(app, who).await?;
    let brand = draft.clone().unwrap_or_else(|| now.brand_part().clone());
    let palette = Palette::of(brand.color);
    let template = BrandPage {
        is_draft: draft.is_some(),
        version: version_of(&brand),
        number: now.number,
        checks: CHECKS.into_iter().zip(checks(&palette)).collect(),
        opening_s: app.settings.media.opening_s,
        closing_s: app.settings.media.closing_s,
        has_ffmpeg: anb_media::can_sample(&app.settings.media),
        has_watermark: app.settings.media.watermark_opacity > 0.0,
        brand,
        frame,
        stale,
        faults,
    };
    let status = match (stale, template.faults.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    page_with_status(status, frame, &template)
}

async fn draft_of(app: &AppState, who: &Operator) -> Result<Option<BrandPart>, Refusal> {
    let draft = app.operations.store.brand_draft(who.id).await.map_err(Refusal::internal)?;
    draft.map(serde_json::from_value).transpose().map_err(Refusal::internal)
}

fn version_of(brand: &BrandPart) -> String {
    let json = serde_json::to_vec(brand).unwrap_or_default();
    digest(&[&json])
}

/// What a form brings: a colour, drawings, and what is to be taken away.
#[derive(Default)]
struct Sent {
    color: String,
    logo: Vec<u8>,
    watermark: Vec<u8>,
    no_logo: bool,
    no_watermark: bool,
}

impl Sent {
    /// `None` when it is larger than two drawings can be, or no form.
    async fn read(request: Request) -> Option<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
        let boundary = multer::parse_boundary(content_type).ok()?;
        let limit = SizeLimit::new().whole_stream(MAX_FORM).per_field(MAX_FILE);
        let constraints = Constraints::new().size_limit(limit);
        let stream = request.into_body().into_data_stream();
        let mut form = Multipart::with_constraints(stream, boundary, constraints);
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.ok()? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.ok()?;
            match name.as_str() {
                "color" => String::from_utf8_lossy(&bytes).trim().clone_into(&mut sent.color),
                "logo" => sent.logo = bytes.to_vec(),
                "watermark" => sent.watermark = bytes.to_vec(),
                "no_logo" => sent.no_logo = true,
                "no_watermark" => sent.no_watermark = true,
                _ => {}
            }
        }
        Some(sent)
    }
}

async fn draft(
    State(app): State<AppState>,
    frame: Frame,
    who: Operator,
    request: Request,
) -> Result<Response, Refusal> {
    let Some(sent) = Sent::read(request).await else {
        let fault = frame.say("brand-too-large").into_owned();
        return answer(&app, &frame, &who, vec![("form", fault)], false).await;
    };
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let before = draft_of(&app, &who).await?.unwrap_or_else(|| now.brand_part().clone());
    let drawn = tokio::task::spawn_blocking(move || tried(before, &sent)).await;
    let (brand, faults) = drawn.map_err(Refusal::internal)?;
    // What can be taken is kept, so that a wrong file loses nothing else.
    let json = serde_json::to_value(&brand).map_err(Refusal::internal)?;
    app.operations.store.keep_brand_draft(who.id, &json).await.map_err(Refusal::internal)?;
    if faults.is_empty() {
        return Ok(Redirect::to(HERE).into_response());
    }
    let told = faults.into_iter().map(|(field, fault)| (field, sentence(&frame, &fault))).collect();
    answer(&app, &frame, &who, told, false).await
}

/// Why something in the form cannot be taken.
enum Wrong {
    Color,
    Drawing(Refused),
}

fn tried(mut brand: BrandPart, sent: &Sent) -> (BrandPart, Vec<(&'static str, Wrong)>) {
    let mut faults = Vec::new();
    match sent.color.parse() {
        Ok(color) => brand.color = color,
        Err(_) => faults.push(("color", Wrong::Color)),
    }
    let drawings = [
        ("logo", &sent.logo, sent.no_logo, &mut brand.logo_svg),
        ("watermark", &sent.watermark, sent.no_watermark, &mut brand.watermark_svg),
    ];
    for (field, bytes, gone, drawing) in drawings {
        if gone {
            *drawing = None;
        }
        if bytes.is_empty() {
            continue;
        }
        match clean(bytes) {
            Ok(cleaned) => *drawing = Some(cleaned),
            Err(refused) => faults.push((field, Wrong::Drawing(refused))),
        }
    }
    (brand, faults)
}

fn sentence(frame: &Frame, wrong: &Wrong) -> String {
    let id = match wrong {
        Wrong::Color => "brand-wrong-color",
        Wrong::Drawing(Refused::TooLarge) => "brand-too-large",
        Wrong::Drawing(Refused::NotSvg) => "brand-not-svg",
        Wrong::Drawing(Refused::Entities) => "brand-entities",
        Wrong::Drawing(Refused::TooManyElements | Refused::TooDeep) => "brand-too-many",
        Wrong::Drawing(Refused::Letters(_)) => "brand-letters",
        Wrong::Drawing(Refused::Element(name)) => {
            return frame.with("brand-element", "name", name);
        }
        Wrong::Drawing(Refused::Size) => "brand-size",
        Wrong::Drawing(Refused::Empty) => "brand-empty",
    };
    frame.say(id).into_owned()
}

async fn discard(State(app): State<AppState>, who: Operator) -> Result<Response, Refusal> {
    app.operations.store.drop_brand_draft(who.id).await.map_err(Refusal::internal)?;
    Ok(Notice::BRAND_DISCARDED.at(HERE).into_response())
}

async fn put_in_force(
    State(app): State<AppState>,
    frame: Frame,
    who: Operator,
    By(actor): By,
    axum::Form(asked): axum::Form<Asked>,
) -> Result<Response, Refusal> {
    let Some(brand) = draft_of(&app, &who).await? else {
        return Ok(Redirect::to(HERE).into_response());
    };
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    // Only what was seen is put in force.
    if asked.version != version_of(&brand) || asked.number != now.number {
        return answer(&app, &frame, &who, Vec::new(), true).await;
    }
    match app.contest.change(&actor, now.number, with_brand(&now, brand)).await {
        Ok(_) => Ok(Notice::BRAND_USED.at(HERE).into_response()),
        Err(ChangeError::Stale) => answer(&app, &frame, &who, Vec::new(), true).await,
        Err(error) => Err(Refusal::internal(error)),
    }
}

#[derive(serde::Deserialize)]
struct Asked {
    /// Of the draft that was seen.
    version: String,
    /// Of the contest that was in force then.
    number: u64,
}

fn with_brand(now: &ContestNow, brand: BrandPart) -> ContestDocument {
    ContestDocument { brand: Some(brand), ..now.document.clone() }
}

/// A picture of the draft, or of what is in force.
async fn preview(
    State(app): State<AppState>,
    frame: Frame,
    who: Operator,
    Path((_, picture)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let now = app.contest.latest().await.map_err(Refusal::internal)?;
    let brand = draft_of(&app, &who).await?.unwrap_or_else(|| now.brand_part().clone());
    if picture == "logo.svg" {
        let logo = brand.logo_svg.ok_or_else(|| Refusal::new(Reason::NotFound))?;
        return Ok(([(header::CONTENT_TYPE, "image/svg+xml")], logo).into_response());
    }
    if picture == CLIP {
        let shown = (version_of(&brand), brand);
        let (settings, shown) = (&app.settings.media, (shown.0.as_str(), &shown.1));
        return clip::answer(&app.clips, settings, shown, &frame, request).await;
    }
    let own = OwnArt::load(&app.settings.media).map_err(Refusal::internal)?;
    let artwork = Artwork::new(&own, &brand);
    let drawn = tokio::task::spawn_blocking(move || drawn(&artwork, &picture)).await;
    let png = drawn.map_err(Refusal::internal)?.ok_or_else(|| Refusal::new(Reason::NotFound))?;
    let png = png.map_err(Refusal::internal)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

fn drawn(artwork: &Artwork, picture: &str) -> Option<Result<Vec<u8>, ArtworkError>> {
    Some(match picture {
        "light.png" => artwork.on_sample(Scene::Light),
        "dark.png" => artwork.on_sample(Scene::Dark),
        "card.png" => artwork.card(),
        _ => return None,
    })
}
