//! A clip with a brand that is looked at, made by the worker's own pipeline. One
//! at a time in this process, which keeps the last one and nothing else.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use anb_config::{MediaSettings, contest::BrandPart};
use anb_media::MediaError;
use askama::Template;
use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use tempfile::TempDir;
use tokio::{sync::watch, time::timeout};
use tower_http::services::ServeFile;

use crate::{
    frame::{Frame, page_with_status},
    refusal::{Reason, Refusal},
};

/// The longest that making one may take.
const LIMIT: Duration = Duration::from_mins(3);

/// How long a request waits for it before it tells how far it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells scripts how far it is.
const PERCENT: &str = "x-percent";

/// The last clip that was asked for.
#[derive(Default)]
pub struct Clips(Mutex<Option<Clip>>);

#[derive(Clone)]
struct Clip {
    /// Of the brand.
    version: String,
    percent: Arc<AtomicU8>,
    state: watch::Receiver<State>,
}

#[derive(Clone)]
enum State {
    Making,
    /// The folder is removed with the last who knows of it.
    Made(Arc<TempDir>, PathBuf),
    Failed,
}

impl Clip {
    fn is_being_made(&self) -> bool {
        // Without an end of its own, whoever made it is gone.
        matches!(*self.state.borrow(), State::Making) && self.state.has_changed().is_ok()
    }
}

impl Clips {
    /// The clip of this brand, begun if there is none. `None` while another one
    /// is being made.
    fn of(&self, version: &str, brand: &BrandPart, settings: &MediaSettings) -> Option<Clip> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(clip) = last.as_ref() {
            let made = matches!(*clip.state.borrow(), State::Made(..));
            if clip.version == version && (made || clip.is_being_made()) {
                return Some(clip.clone());
            }
            if clip.is_being_made() {
                return None;
            }
        }
        let clip = begin(version.to_owned(), brand.clone(), settings.clone());
        *last = Some(clip.clone());
        Some(clip)
    }
}

fn begin(version: String, brand: BrandPart, settings: MediaSettings) -> Clip {
    let percent = Arc::new(AtomicU8::new(0));
    let (tell, state) = watch::channel(State::Making);
    let told = Arc::clone(&percent);
    tokio::spawn(async move {
        let made = timeout(LIMIT, make(&settings, &brand, told)).await;
        let state = match made {
            Ok(Ok((folder, file))) => State::Made(Arc::new(folder), file),
            Ok(Err(error)) => {
                tracing::warn!(%error, "no clip could be made to look at a brand");
                State::Failed
            }
            Err(_elapsed) => {
                tracing::warn!(
                    limit_s = LIMIT.as_secs(),
                    "a clip to look at a brand took too long"
                );
                State::Failed
            }
        };
        tell.send_replace(state);
    });
    Clip { version, percent, state }
}

async fn make(
    settings: &MediaSettings,
    brand: &BrandPart,
    told: Arc<AtomicU8>,
) -> Result<(TempDir, PathBuf), MediaError> {
    let folder = tempfile::tempdir()?;
    let on_progress = Box::new(move |percent| told.store(percent, Ordering::Relaxed));
    let file = anb_media::sample(settings, brand, folder.path(), on_progress).await?;
    Ok((folder, file))
}

/// Shown while the clip is being made; asks again by itself.
#[derive(Template)]
#[template(path = "contest_clip.html")]
struct WaitPage<'a> {
    frame: &'a Frame,
    percent: u8,
}

/// The clip; how far it is, while it is being made.
pub async fn answer(
    clips: &Clips,
    settings: &MediaSettings,
    (version, brand): (&str, &BrandPart),
    frame: &Frame,
    request: Request,
) -> Result<Response, Refusal> {
    if !anb_media::can_sample(settings) {
        return Err(Refusal::new(Reason::NoFfmpeg));
    }
    let busy = || Refusal::new(Reason::ClipBusy);
    let mut clip = clips.of(version, brand, settings).ok_or_else(busy)?;
    let ended = clip.state.wait_for(|state| !matches!(state, State::Making));
    let state = match timeout(PATIENCE, ended).await {
        Ok(Ok(state)) => state.clone(),
        Ok(Err(_gone)) => State::Failed,
        Err(_elapsed) => State::Making,
    };
    match state {
        State::Making => wait(frame, clip.percent.load(Ordering::Relaxed)),
        State::Failed => Err(Refusal::new(Reason::ClipFailed)),
        State::Made(folder, file) => {
            let served = ServeFile::new(file).try_call(request).await;
            // The file is open by now: it can be read even if it is removed.
            drop(folder);
            Ok(served.map_err(Refusal::internal)?.into_response())
        }
    }
}

fn wait(frame: &Frame, percent: u8) -> Result<Response, Refusal> {
    let template = WaitPage { frame, percent };
    let mut page = page_with_status(StatusCode::ACCEPTED, frame, &template)?;
    let headers = page.headers_mut();
    headers.insert(PERCENT, HeaderValue::from(u16::from(percent)));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    Ok(page)
}
