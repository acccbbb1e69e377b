//! The key of the embedded default.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, thread};

use anb_config::{SecretKeyError, Settings, Sources};
use secrecy::ExposeSecret;

fn settings(data_dir: &Path, variables: &[(&str, &str)]) -> Settings {
    let mut environment: Vec<_> =
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    environment.push(("ANB_DATA_DIR".into(), data_dir.to_str().unwrap().into()));
    Settings::load(&Sources { environment, ..Sources::default() }).unwrap().settings
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_start_makes_a_key_that_nobody_else_can_read() {
    let parent = tempfile::tempdir().unwrap();
    let data_dir = parent.path().join("data");
    let key = settings(&data_dir, &[]).secret_key().unwrap();

    assert_eq!(mode(&data_dir), 0o700);
    assert_eq!(mode(&data_dir.join("secret_key")), 0o600);
    assert_eq!(key.expose_secret().len(), 64);
    let again = settings(&data_dir, &[]).secret_key().unwrap();
    assert_eq!(again.expose_secret(), key.expose_secret());
}

#[test]
fn processes_that_start_together_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), &[]);
    let keys: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| settings.secret_key())).collect();
        starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect()
    });
    assert!(keys.windows(2).all(|two| two[0].expose_secret() == two[1].expose_secret()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_key_that_was_set_is_used_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let set = "a key that somebody made up for this";
    let key = settings(folder.path(), &[("SECRET_KEY", set)]).secret_key().unwrap();
    assert_eq!(key.expose_secret(), set);
    assert!(!folder.path().join("secret_key").exists());
}

#[test]
fn outside_the_embedded_default_a_start_without_a_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let postgres = [("DATABASE_URL", "postgres://anb@db/anb")];
    let error = settings(folder.path(), &postgres).secret_key().unwrap_err();
    assert!(matches!(error, SecretKeyError::Missing));
    assert!(error.to_string().contains("SECRET_KEY"), "{error}");
    assert!(!folder.path().join("secret_key").exists());
}

#[test]
fn a_damaged_key_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret_key"), "\n").unwrap();
    let error = settings(folder.path(), &[]).secret_key().unwrap_err();
    assert!(matches!(error, SecretKeyError::WeakFile(_)));
}
