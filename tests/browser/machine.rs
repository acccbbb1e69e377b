//! What ffmpeg runs on, or does not.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use tempfile::TempDir;

/// What ffmpeg says where nothing works.
pub const DEFECT: &str = "The encoder does not answer: Input/output error";

pub struct Machine {
    folder: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        let script = format!(
            "#!/bin/sh\n\
             if [ -e '{}' ] && [ \"$1\" != -version ]; then echo '{DEFECT}' >&2; exit 1; fi\n\
             if [ -e '{}' ] && [ \"$1\" != -version ]; then exec sleep 600; fi\n\
             exec ffmpeg \"$@\"\n",
            machine.defect().display(),
            machine.standstill().display()
        );
        fs::write(machine.ffmpeg(), script).unwrap();
        fs::set_permissions(machine.ffmpeg(), fs::Permissions::from_mode(0o755)).unwrap();
        machine
    }

    /// From now on every encoding ends with an error that may be gone the next
    /// time.
    pub fn breaks(&self) {
        fs::write(self.defect(), "").unwrap();
    }

    pub fn is_repaired(&self) {
        fs::remove_file(self.defect()).unwrap();
    }

    /// From now on no encoding gets anywhere.
    pub fn stands_still(&self) {
        fs::write(self.standstill(), "").unwrap();
    }

    pub fn goes_on(&self) {
        fs::remove_file(self.standstill()).unwrap();
    }

    /// What a site on this machine is started with.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        let ffmpeg = self.ffmpeg().display().to_string();
        [("ANB_MEDIA__FFMPEG", ffmpeg), ("ANB_WORKER__RETRY_DELAY_S", "0".to_owned())]
    }

    fn ffmpeg(&self) -> PathBuf {
        self.folder.path().join("ffmpeg")
    }

    fn standstill(&self) -> PathBuf {
        self.folder.path().join("standstill")
    }

    fn defect(&self) -> PathBuf {
        self.folder.path().join("defect")
    }
}
