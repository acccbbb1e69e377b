//! What ffmpeg may do: little. Limits come from util-linux, which every Debian
//! has, so that no code of ours runs between fork and exec.

use std::path::{Path, PathBuf};

use anb_config::MediaSettings;
use tokio::{process::Command, sync::OnceCell};

use crate::gate::CODECS;

/// How well this machine lets us shut a child in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Own network and process namespaces: no address can be reached, and
    /// every descendant dies with its parent.
    Namespaces,
    /// The same, by way of a user namespace, for workers without privileges.
    UserNamespaces,
    /// The kernel or the container forbids namespaces; allow-lists, limits and
    /// the parent-death signal remain.
    LimitsOnly,
}

impl Isolation {
    /// Tries once per process what the machine allows.
    pub async fn detect() -> Self {
        static FOUND: OnceCell<Isolation> = OnceCell::const_new();
        *FOUND
            .get_or_init(|| async {
                for isolation in [Self::Namespaces, Self::UserNamespaces] {
                    if isolation.works().await {
                        return isolation;
                    }
                }
                Self::LimitsOnly
            })
            .await
    }

    async fn works(self) -> bool {
        let mut words = self.network();
        words.extend(self.processes());
        words.push("true".into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).kill_on_drop(true);
        command.output().await.is_ok_and(|output| output.status.success())
    }

    fn network(self) -> Vec<String> {
        match self {
            Self::Namespaces => words("unshare --net --"),
            Self::UserNamespaces => words("unshare --user --map-root-user --net --"),
            Self::LimitsOnly => vec![],
        }
    }

    fn processes(self) -> Vec<String> {
        match self {
            Self::LimitsOnly => vec![],
            _ => words("unshare --pid --fork --kill-child=KILL --"),
        }
    }
}

/// Limits of one ffmpeg.
#[derive(Debug, Clone)]
pub struct Limits {
    pub address_space_bytes: u64,
    pub cpu_s: u64,
    pub file_bytes: u64,
}

impl From<&MediaSettings> for Limits {
    fn from(settings: &MediaSettings) -> Self {
        Self {
            address_space_bytes: settings.max_address_space_bytes,
            cpu_s: settings.max_cpu_s,
            file_bytes: settings.max_file_bytes,
        }
    }
}

/// Ends a child that was started by a process which died before the child
/// could ask to be told of it.
const STILL_MY_PARENT: &str = r#"[ "$PPID" = "$0" ] || exit 125; exec "$@""#;

/// The words in front of a program's own. Each of these programs replaces
/// itself with the next, so that the child we see is the one we limit.
///
/// The order matters: entering a user namespace clears the parent-death
/// signal, so that it has to be asked for afterwards.
#[must_use]
pub fn prefix(isolation: Isolation, limits: &Limits, parent: u32) -> Vec<String> {
    let mut prefix = isolation.network();
    prefix.extend(words("setpriv --pdeathsig KILL --no-new-privs -- sh -c"));
    prefix.extend([STILL_MY_PARENT.into(), parent.to_string()]);
    prefix.extend(isolation.processes());
    prefix.extend([
        "prlimit".into(),
        format!("--as={}", limits.address_space_bytes),
        format!("--cpu={}", limits.cpu_s),
        format!("--fsize={}", limits.file_bytes),
        "--nofile=256".into(),
        "--core=0".into(),
        "--".into(),
    ]);
    prefix
}

/// Options in front of an input that an outsider may have made: only files,
/// only this demuxer, only known decoders, and no larger pictures than those
/// we accept.
#[must_use]
pub fn input_options(demuxer: &str, max_pixels: Option<u64>) -> Vec<String> {
    let mut options = ["-protocol_whitelist", "file", "-f", demuxer, "-format_whitelist", demuxer]
        .map(String::from)
        .to_vec();
    if let Some(max_pixels) = max_pixels {
        options.extend(["-codec_whitelist".into(), decoders()]);
        options.extend(["-max_pixels".into(), max_pixels.to_string()]);
    }
    options
}

/// Decoders of [`CODECS`] and of the sound that goes with them, in ffmpeg's
/// names.
fn decoders() -> String {
    const FURTHER: &str = "libdav1d,libaom-av1,libvpx,libvpx-vp9,flv,msmpeg4,\
aac,aac_latm,mp1,mp1float,mp2,mp2float,mp3,mp3float,ac3,eac3,opus,libopus,vorbis,libvorbis,flac,\
alac,amrnb,amrwb,wmav1,wmav2,wmapro,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,\
pcm_f32le,pcm_f32be,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt";
    format!("{},{FURTHER}", CODECS.join(","))
}

/// A path as ffmpeg takes it without looking for a protocol in its name.
#[must_use]
pub fn file_url(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    format!("file:{}", path.display())
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(String::from).collect()
}
