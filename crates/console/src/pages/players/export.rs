//! `POST /console/players/{id}/export`: all that is kept of one player, as a ZIP
//! that is made while it is sent.

mod told;

use std::io;

use anb_blob::{BlobError, BlobStore};
use anb_domain::{Action, Subject, VideoStatus, keys::ResultFile};
use anb_store::{Deed, Video};
use async_zip::{Compression, ZipEntryBuilder, error::ZipError, tokio::write::ZipFileWriter};
use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use futures::{AsyncWriteExt as _, StreamExt as _, future, stream};
use http::header;
use tokio::io::DuplexStream;
use tokio_util::io::ReaderStream;

use super::named;
use crate::{actor::By, refusal::Refusal, state::AppState};

/// Bytes between the making and the sending.
const BUFFER: usize = 256 << 10;

/// A file of the archive that lies in storage.
struct Stored {
    name: String,
    key: String,
}

pub async fn export(
    State(app): State<AppState>,
    By(actor): By,
    path: Path<String>,
) -> Result<Response, Refusal> {
    let player = named(&app, path).await?;
    let store = &app.operations.store;
    let videos = store.videos_of(player.id).await.map_err(Refusal::internal)?;
    let texts = told::texts(&app, &player, &videos).await?;
    let files = files(&app, &videos);
    let deed = Deed::new(Action::PLAYER_EXPORTED, Subject::player(player.id));
    store.record(&actor, deed).await.map_err(Refusal::internal)?;

    let (read, write) = tokio::io::duplex(BUFFER);
    let blobs = std::sync::Arc::clone(&app.blobs);
    let made = tokio::spawn(async move {
        archive(write, texts, files, blobs.as_ref()).await.map_err(|error| {
            tracing::warn!(%error, "data export broken off");
            io::Error::other("the archive is not whole")
        })
    });
    // A download that breaks off must not look as if it had ended.
    let end = stream::once(async { made.await.map_err(io::Error::other).flatten() });
    let end = end.filter_map(|ended| future::ready(ended.err().map(Err)));
    let name = format!("attachment; filename=\"player-{}.zip\"", player.id);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(read).chain(end))).into_response())
}

#[derive(Debug, thiserror::Error)]
enum ArchiveError {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

async fn archive(
    write: DuplexStream,
    texts: Vec<(&str, String)>,
    files: Vec<Stored>,
    blobs: &dyn BlobStore,
) -> Result<(), ArchiveError> {
    let mut zip = ZipFileWriter::with_tokio(write);
    for (name, text) in texts {
        let entry = ZipEntryBuilder::new(name.into(), Compression::Deflate);
        zip.write_entry_whole(entry, text.as_bytes()).await?;
    }
    for Stored { name, key } in files {
        let mut source = match blobs.get(&key, None).await {
            Ok(download) => download.stream,
            // A video that is being made just now has no result yet.
            Err(BlobError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        // Film cannot be made smaller.
        let entry = ZipEntryBuilder::new(name.into(), Compression::Stored);
        let mut file = zip.write_entry_stream(entry).await?;
        while let Some(bytes) = source.next().await {
            file.write_all(&bytes?).await?;
        }
        file.close().await?;
    }
    zip.close().await?;
    Ok(())
}

fn files(app: &AppState, videos: &[Video]) -> Vec<Stored> {
    let mut files = Vec::new();
    for video in videos {
        let key = app.layout.original(video.id);
        files.push(Stored { name: format!("originals/{}", video.id), key });
        if video.status == VideoStatus::Completed {
            let key = app.layout.result(video.id, video.attempt, ResultFile::Video);
            files.push(Stored { name: format!("results/{}.mp4", video.id), key });
        }
    }
    files
}
