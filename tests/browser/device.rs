//! What people hold in their hands, and how they have set it up.

use serde_json::json;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel,
    error::WebDriverResult,
};

/// A browser before it is opened.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    /// What it asks for with `Accept-Language`.
    pub language: &'static str,
    pub scripts: bool,
    pub phone: bool,
}

impl Device {
    pub const DESKTOP: Self = Self { language: "es-CO,es", scripts: true, phone: false };
    pub const PHONE: Self = Self { phone: true, ..Self::DESKTOP };
    pub const WITHOUT_SCRIPTS: Self = Self { scripts: false, ..Self::DESKTOP };

    pub const fn in_english(self) -> Self {
        Self { language: "en-GB,en", ..self }
    }

    /// Chromium with a profile of its own and nothing to talk to but this
    /// machine. The one without windows: pages are the same, for less work.
    pub fn capabilities(self) -> WebDriverResult<ChromeCapabilities> {
        let mut chrome = DesiredCapabilities::chrome();
        chrome.set_binary("/usr/bin/chromium-headless-shell")?;
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            // By pipe it ends with the driver, however that ends.
            "--remote-debugging-pipe",
            "--window-size=1280,900",
        ] {
            chrome.add_arg(argument)?;
        }
        chrome.add_arg(&format!("--accept-lang={}", self.language))?;
        if self.phone {
            let screen = json!({"width": 360, "height": 740, "pixelRatio": 2, "touch": true});
            chrome.add_experimental_option("mobileEmulation", json!({"deviceMetrics": screen}))?;
        }
        chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        Ok(chrome)
    }
}
