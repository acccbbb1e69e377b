use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anb_config::Settings;
use anb_contest::Contest;
use anb_domain::SystemIds;
use anb_ops::{Export, ExportFormat, ExportRequest, ExportedKind, Exporter};
use anb_store::Actor;
use anyhow::Context as _;
use clap::Args;
use futures::TryStreamExt as _;
use tempfile::NamedTempFile;

use crate::{failpoints, platform::open_current_store};

/// Writes rankings, votes, videos or the audit log as CSV or JSON.
///
/// Voters, networks and devices stand under pseudonyms. Each export is noted in
/// the audit log.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin export rankings --out ranking.csv --bom
  anb-video admin export votes --format json > votes.json
  anb-video admin export votes --word october     Can be joined with others of that word
  anb-video admin export audit --out audit.csv")]
pub struct ExportArgs {
    /// rankings, votes, videos or audit
    what: ExportedKind,
    /// csv or json
    #[arg(long, default_value_t = ExportFormat::Csv)]
    format: ExportFormat,
    /// File to write, once it is whole [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Begin CSV with a byte order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// Give the same pseudonyms as other exports of votes with this word
    #[arg(long, value_name = "WORD")]
    word: Option<String>,
}

impl ExportArgs {
    pub async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let (store, clock) = (open_current_store(settings).await?, failpoints::clock());
        let contest = Contest::new(store.clone(), settings, Arc::clone(&clock));
        let weight = contest.latest().await?.jury.weight();
        let exporter =
            Exporter { store, clock, ids: Arc::new(SystemIds), secret: settings.secret_key()? };
        let word = self.word.filter(|word| !word.trim().is_empty());
        let (kind, format, bom) = (self.what, self.format, self.bom);
        let request = ExportRequest { kind, format, bom, word, weight };
        let export = exporter.begin(&Actor::terminal(), &request).await?;
        match self.out {
            Some(path) => into_file(export, &path).await,
            None => written(export, &mut io::stdout().lock()).await,
        }
    }
}

/// Half an export never has the name of a whole one.
async fn into_file(export: Export, path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let cannot = || format!("cannot write {}", path.display());
    let mut file = NamedTempFile::new_in(folder).with_context(cannot)?;
    written(export, file.as_file_mut()).await?;
    File::sync_all(file.as_file()).with_context(cannot)?;
    file.persist(path).with_context(cannot)?;
    Ok(())
}

async fn written(mut export: Export, out: &mut impl Write) -> anyhow::Result<()> {
    while let Some(piece) = export.pieces.try_next().await.context("the export broke off")? {
        out.write_all(&piece).context("cannot write the export")?;
    }
    out.flush().context("cannot write the export")
}
