//! A machine on which work takes its time, but nothing of the processor.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::LazyLock};

/// Encodes no faster than a clip plays (`-re`), so that the middle of it can be
/// met on any machine.
const SCRIPT: &str = "#!/bin/sh
case \"$*\" in
  *libx264*) exec ffmpeg -re \"$@\" ;;
  *) exec ffmpeg \"$@\" ;;
esac
";

/// Its ffmpeg.
pub fn unhurried() -> &'static str {
    static FFMPEG: LazyLock<String> = LazyLock::new(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unhurried-ffmpeg");
        fs::write(&file, SCRIPT).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.display().to_string()
    });
    &FFMPEG
}
