//! How wide a page is shown, and whether in light or in dark.

use std::fmt;

use serde_json::json;

use crate::browser::Browser;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub width: u32,
    pub dark: bool,
}

/// On a small phone and on a large screen.
pub const fn in_both_widths(dark: bool) -> [Look; 2] {
    [Look { width: 360, dark }, Look { width: 1920, dark }]
}

/// People operate at a desk, or from where they are.
pub const fn of_the_console(dark: bool) -> [Look; 2] {
    [Look { width: 360, dark }, Look { width: 1280, dark }]
}

/// One of a small and a large look: in Spanish the small one by day and the large
/// one by night, in English the other way round. So each language, theme and
/// width meets each of the others.
pub fn in_turn([small, large]: [Look; 2], language: &str) -> Look {
    if small.dark == language.starts_with("es") { large } else { small }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.width, if self.dark { "dark" } else { "light" })
    }
}

impl Look {
    pub const fn height(self) -> u32 {
        if self.width < 600 { 740 } else { 1080 }
    }

    /// Shows the page so. Without motion, so that nothing is caught halfway.
    pub async fn on(self, browser: &Browser) {
        let screen = json!({
            "width": self.width, "height": self.height(), "deviceScaleFactor": 1,
            "mobile": self.width < 600,
        });
        browser.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        let scheme = if self.dark { "dark" } else { "light" };
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        browser.devtools("Emulation.setEmulatedMedia", features).await;
        browser.waits("requestAnimationFrame(() => requestAnimationFrame(done))").await;
    }
}
