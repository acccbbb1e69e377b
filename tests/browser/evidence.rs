//! What a failed story leaves for whoever looks for the cause.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::browser::Browser;

/// Files of what is made here lie in `target/{folder}`.
pub fn target(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name(folder)
}

/// Whatever of it can be had: the browser may be the one that failed.
pub async fn leave(browser: &Browser, story: &str) {
    let folder = target("browser");
    fs::create_dir_all(&folder).expect("target can be written to");
    let file = |extension: &str| folder.join(format!("{story}.{extension}"));
    if let Ok(picture) = browser.driver.screenshot_as_png().await {
        let _ = fs::write(file("png"), picture);
    }
    let address = browser.driver.current_url().await.map(String::from).unwrap_or_default();
    if let Ok(html) = browser.driver.source().await {
        let _ = fs::write(file("html"), format!("<!-- {address} -->\n{html}"));
    }
    let _ = fs::write(file("console.log"), browser.console().await.join("\n"));
    eprintln!(
        "{story} stopped at {address}; picture, HTML and console are in {}",
        folder.display()
    );
}
