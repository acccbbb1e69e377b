//! Folders, disk space, key.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anb_config::Settings;
use indicatif::HumanBytes;

use super::{Ailment, Check};

/// Free space below which uploads and results soon fail: ten of the largest
/// uploads.
const MIN_FREE_BYTES: u64 = 1_000_000_000;

pub fn checks(settings: &Settings) -> Vec<Check> {
    vec![
        Check::new("data folder", data_folder(settings)),
        Check::new("secret key", secret_key(settings)),
        Check::new("disk space", disk_space(settings)),
    ]
}

fn data_folder(settings: &Settings) -> Result<String, Ailment> {
    let folder = &settings.data_dir;
    let shown = folder.display();
    settings.create_data_dir().map_err(|error| {
        let remedy = "set data_dir to a folder that this user can write, or change its owner";
        Ailment::new(format!("cannot create {shown}: {error}"), remedy)
    })?;
    tempfile::tempfile_in(folder).map_err(|error| {
        let remedy = format!("chown $(id -u) {shown} && chmod 700 {shown}");
        Ailment::new(format!("cannot write in {shown}: {error}"), remedy)
    })?;
    match mode(folder) {
        Some(mode) if mode & 0o077 != 0 => Err(Ailment::new(
            format!("{shown} can be read by others (mode {mode:o})"),
            format!("chmod 700 {shown}"),
        )),
        _ => Ok(absolute(folder).display().to_string()),
    }
}

fn secret_key(settings: &Settings) -> Result<String, Ailment> {
    let remedy = "set SECRET_KEY to the output of `openssl rand -hex 32`";
    settings.secret_key().map_err(|error| Ailment::new(error.to_string(), remedy))?;
    if settings.auth.secret_key.is_some() {
        return Ok("set".into());
    }
    let file = settings.data_dir.join("secret_key");
    let shown = file.display();
    match mode(&file) {
        Some(mode) if mode & 0o077 != 0 => Err(Ailment::new(
            format!("{shown} can be read by others (mode {mode:o})"),
            format!("chmod 600 {shown}"),
        )),
        _ => Ok(format!("kept in {shown}")),
    }
}

fn disk_space(settings: &Settings) -> Result<String, Ailment> {
    let folders = [settings.data_dir.clone(), settings.objects_dir(), settings.work_dir()];
    let free = |folder: &PathBuf| {
        let status = rustix::fs::statvfs(existing(folder)).ok()?;
        Some((status.f_bavail * status.f_frsize, folder.clone()))
    };
    let least = folders.iter().filter_map(free).min_by_key(|(bytes, _)| *bytes);
    let Some((bytes, folder)) = least else {
        return Err(Ailment::new("the file system does not tell", "check that it is mounted"));
    };
    let found = format!("{} free at {}", HumanBytes(bytes), folder.display());
    if bytes < MIN_FREE_BYTES {
        let remedy = format!("make room; {} are needed", HumanBytes(MIN_FREE_BYTES));
        return Err(Ailment::new(found, remedy));
    }
    Ok(found)
}

/// The folder, or the closest one above it that exists.
fn existing(folder: &Path) -> PathBuf {
    let folder = absolute(folder);
    folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/")).to_path_buf()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o777)
}
