//! Is everything here that the recipe needs? And how to mend what is not.

use std::time::Duration;

use anb_config::MediaSettings;
use resvg::usvg::fontdb::Database;
use serde::Serialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    LogTail, MediaError,
    runner::Patience,
    sandbox::Isolation,
    tools::{Tools, locate},
};

const INSTALL_FFMPEG: &str = "apt-get install ffmpeg (5.1 or later, with libx264 and libzimg)";
const ENCODERS: [&str; 4] = ["libx264", "libwebp", "mjpeg", "aac"];
const DECODERS: [&str; 8] = ["h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "prores"];
const FILTERS: [&str; 17] = [
    "adelay",
    "apad",
    "bwdif",
    "crop",
    "fade",
    "fps",
    "gblur",
    "loudnorm",
    "lutyuv",
    "overlay",
    "pad",
    "scale",
    "setparams",
    "split",
    "thumbnail",
    "tonemap",
    "zscale",
];

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    /// What was found, or what is missing.
    pub detail: String,
    /// What to do about it, when it is not in order.
    pub remedy: Option<String>,
}

impl Check {
    fn fine(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, detail: detail.into(), remedy: None }
    }

    fn wrong(name: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        Self { name, ok: false, detail: detail.into(), remedy: Some(remedy.into()) }
    }
}

/// Looks at ffmpeg, its abilities, the sandbox and the fonts.
pub async fn doctor(settings: &MediaSettings) -> Vec<Check> {
    let mut checks = match Tools::find(settings) {
        Err(error) => vec![Check::wrong("ffmpeg", error.to_string(), INSTALL_FFMPEG)],
        Ok(tools) => ffmpeg(&tools).await,
    };
    checks.push(sandbox().await);
    checks.push(fonts());
    checks
}

async fn ffmpeg(tools: &Tools) -> Vec<Check> {
    let patience = Patience {
        deadline: Instant::now() + Duration::from_secs(20),
        stall: Duration::from_secs(10),
        cancel: CancellationToken::new(),
        log: LogTail::default(),
    };
    let version = match tools.version(&patience).await {
        Ok(version) => Check::fine("ffmpeg", version),
        Err(error) => Check::wrong("ffmpeg", error.to_string(), INSTALL_FFMPEG),
    };
    let list =
        async |option: &str| tools.ask(vec!["-hide_banner".into(), option.into()], &patience).await;
    vec![
        version,
        ability("encoders", &ENCODERS, list("-encoders").await),
        ability("decoders", &DECODERS, list("-decoders").await),
        ability("filters", &FILTERS, list("-filters").await),
    ]
}

/// ffmpeg lists one ability a line: flags, name, description.
fn ability(name: &'static str, wanted: &[&str], list: Result<String, MediaError>) -> Check {
    let list = match list {
        Ok(list) => list,
        Err(error) => return Check::wrong(name, error.to_string(), INSTALL_FFMPEG),
    };
    let has = |wanted: &str| {
        list.lines().any(|line| {
            line.split_whitespace().nth(1) == Some(wanted)
                || line.contains(&format!("(codec {wanted})"))
        })
    };
    let missing: Vec<&str> = wanted.iter().copied().filter(|wanted| !has(wanted)).collect();
    if missing.is_empty() {
        Check::fine(name, wanted.join(", "))
    } else {
        Check::wrong(name, format!("missing: {}", missing.join(", ")), INSTALL_FFMPEG)
    }
}

async fn sandbox() -> Check {
    let missing: Vec<&str> = ["setpriv", "prlimit", "sh"]
        .into_iter()
        .filter(|program| locate(program.as_ref()).is_none())
        .collect();
    if !missing.is_empty() {
        let detail = format!("missing: {}", missing.join(", "));
        return Check::wrong("sandbox", detail, "apt-get install util-linux");
    }
    Check::fine(
        "sandbox",
        match Isolation::detect().await {
            Isolation::LimitsOnly => "limits and allow-lists; namespaces are not permitted here",
            _ => "limits, allow-lists, no network, own processes",
        },
    )
}

/// Our artwork is outlines; an operator's may have text.
fn fonts() -> Check {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    match fonts.len() {
        0 => Check::wrong(
            "fonts",
            "none; text in your own artwork would be invisible",
            "apt-get install fonts-dejavu-core",
        ),
        faces => Check::fine("fonts", format!("{faces} faces")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_remedy() {
        let list = " V....D libx264              libx264 H.264 (codec h264)\n".to_owned();
        let check = ability("encoders", &["libx264", "libwebp"], Ok(list));
        assert!(!check.ok);
        assert_eq!(check.detail, "missing: libwebp");
        assert!(check.remedy.unwrap().contains("apt-get install ffmpeg"));
    }

    #[tokio::test]
    async fn a_machine_without_ffmpeg_is_told_so() {
        let settings =
            MediaSettings { ffmpeg: "/nowhere/ffmpeg".into(), ..MediaSettings::default() };
        let check = &doctor(&settings).await[0];
        assert!(!check.ok && check.detail.contains("/nowhere/ffmpeg"), "{check:?}");
    }

    #[tokio::test]
    async fn a_complete_machine_is_in_order() {
        for check in doctor(&MediaSettings::default()).await {
            assert!(check.ok, "{check:?}");
        }
    }
}
