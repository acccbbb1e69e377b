//! The upload form: `title` and `video_file`, in whatever order.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use anb_domain::{PlayerId, Title};
use anb_store::{UploadedOriginal, Video};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use http::header;
use multer::{Constraints, Multipart, SizeLimit};

use super::{
    UploadError, category,
    draft::Draft,
    original::{self, StoredFile},
    stream::{LONGEST, paced},
    submissions_open,
};
use crate::{
    extract::InvalidFields,
    problem::{FieldProblem, Sentence},
    state::AppState,
};

/// What a form may take beside the file: boundaries, part heads, the title,
/// fields that we do not know.
const OVERHEAD_BYTES: u64 = 64 << 10;
/// 120 characters of four bytes, and room for spaces that are trimmed.
const TITLE_BYTES: u64 = 1 << 10;

/// Extracts a form that has not been read yet.
pub struct UploadForm {
    boundary: String,
    body: Body,
    title: Arc<OnceLock<String>>,
    category: Arc<OnceLock<String>>,
}

impl FromRequest<AppState> for UploadForm {
    type Rejection = UploadError;

    /// Refuses by the declared size before a byte is read.
    async fn from_request(request: Request, app: &AppState) -> Result<Self, Self::Rejection> {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let boundary = header(header::CONTENT_TYPE)
            .and_then(|content_type| multer::parse_boundary(content_type).ok())
            .ok_or(UploadError::MediaType)?;
        let declared = header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if declared.is_some_and(|length| length > app.rules().max_size_bytes + OVERHEAD_BYTES) {
            return Err(UploadError::TooLarge { limit: Sentence::too_large(&app.rules()) });
        }
        Ok(Self {
            boundary,
            body: request.into_body(),
            title: Arc::default(),
            category: Arc::default(),
        })
    }
}

impl UploadForm {
    /// What was typed as the title, as soon as it is read: whoever has to show
    /// the form again shows it there.
    #[must_use]
    pub fn typed_title(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.title)
    }

    /// The same for the category that was chosen.
    #[must_use]
    pub fn typed_category(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.category)
    }

    fn into_multipart(self, app: &AppState) -> Multipart<'static> {
        let file = app.rules().max_size_bytes;
        let sizes = SizeLimit::new()
            .whole_stream(file + OVERHEAD_BYTES)
            .per_field(OVERHEAD_BYTES)
            .for_field("title", TITLE_BYTES)
            .for_field("category", TITLE_BYTES)
            .for_field("video_file", file)
            .for_field("file", file);
        let idle = Duration::from_secs(app.settings.web.body_idle_timeout_s);
        let constraints = Constraints::new().size_limit(sizes);
        Multipart::with_constraints(paced(self.body, idle), self.boundary, constraints)
    }
}

/// Takes a whole upload in, if the contest takes videos and there is room for
/// one more.
pub async fn accept(
    app: &AppState,
    owner: PlayerId,
    form: UploadForm,
    traceparent: String,
) -> Result<Video, UploadError> {
    submissions_open(app)?;
    app.limits.uploads.check(&owner)?;
    let slots = Arc::clone(&app.upload_slots);
    let _slot = slots.try_acquire_owned().map_err(|_| UploadError::Busy)?;
    receive(app, owner, form, traceparent).await
}

/// Whatever goes wrong, nothing of it stays behind.
async fn receive(
    app: &AppState,
    owner: PlayerId,
    form: UploadForm,
    traceparent: String,
) -> Result<Video, UploadError> {
    let mut draft = None;
    let read = tokio::time::timeout(LONGEST, read(app, owner, form, &mut draft));
    let outcome = read.await.unwrap_or(Err(UploadError::Stalled));
    match (outcome, draft) {
        (Ok(Read { title, category, file }), Some(draft)) => {
            let original = UploadedOriginal {
                title,
                category,
                size_bytes: file.size_bytes,
                sha256: Some(file.sha256),
                content_type: file.container.content_type.to_owned(),
                traceparent: Some(traceparent),
            };
            draft.complete(original).await
        }
        (Err(error), Some(draft)) => {
            draft.discard().await;
            Err(error)
        }
        (Err(error), None) => Err(error),
        (Ok(_), None) => unreachable!("a stored file has a draft"),
    }
}

/// A form that is complete.
struct Read {
    title: Title,
    category: Option<String>,
    file: StoredFile,
}

async fn read(
    app: &AppState,
    owner: PlayerId,
    form: UploadForm,
    draft: &mut Option<Draft>,
) -> Result<Read, UploadError> {
    let limit = Sentence::too_large(&app.rules());
    let of_form = |error| UploadError::of_form(error, &limit);
    let (typed, chosen) = (form.typed_title(), form.typed_category());
    let mut parts = form.into_multipart(app);
    let (mut title, mut file) = (None, None);

    while let Some(part) = parts.next_field().await.map_err(of_form)? {
        match part.name() {
            Some("title") => {
                let text = part.text().await.map_err(of_form)?;
                let parsed = text.parse::<Title>();
                typed.set(text).ok();
                title = Some(parsed.map_err(|error| UploadError::Title(error.into()))?);
            }
            Some("category") => {
                let text = part.text().await.map_err(of_form)?;
                category::check(app, Some(&text))?;
                chosen.set(text).ok();
            }
            Some("video_file" | "file") if file.is_some() => return Err(given_twice()),
            Some("video_file" | "file") => {
                file = Some(original::store(app, owner, part, draft).await?);
            }
            _ => {}
        }
    }
    let (title, file) = both(title, file)?;
    let category = category::check(app, chosen.get().map(String::as_str))?;
    Ok(Read { title, category, file })
}

fn both(
    title: Option<Title>,
    file: Option<StoredFile>,
) -> Result<(Title, StoredFile), UploadError> {
    match (title, file) {
        (Some(title), Some(file)) => Ok((title, file)),
        (title, file) => {
            let missing = [("title", title.is_none()), ("video_file", file.is_none())];
            let errors = missing.into_iter().filter(|(_, missing)| *missing);
            let errors = errors.map(|(name, _)| FieldProblem::new(name, Sentence::required()));
            Err(InvalidFields(errors.collect()).into())
        }
    }
}

fn given_twice() -> UploadError {
    let message = Sentence::new("solo se admite un archivo", "only one file is accepted");
    InvalidFields(vec![FieldProblem::new("video_file", message)]).into()
}
