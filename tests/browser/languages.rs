//! Spanish and English.

use thirtyfour::By;

use crate::{
    browser::{Browser, visit},
    device::Device,
    site::Site,
};

impl Browser {
    pub async fn speaks(&self) -> String {
        let page = self.driver.find(By::Tag("html")).await.unwrap();
        page.attr("lang").await.unwrap().unwrap_or_default()
    }

    /// Uses the switch on the page.
    pub async fn switches_to(&self, language: &str) {
        self.follows(&format!("form[action='/language'] button[value={language}]")).await;
        assert_eq!(self.speaks().await, language);
    }
}

#[tokio::test]
async fn a_page_speaks_what_the_browser_asks_for_until_it_is_told_otherwise() {
    let site = Site::with_videos(&[]).await;
    visit("language-es", &site, Device::DESKTOP, async |reader| {
        reader.goes_to("/rankings").await;
        assert_eq!(reader.speaks().await, "es");
        let spanish = reader.reads("h1").await;
        reader.switches_to("en").await;
        assert_eq!(reader.place().await, "/rankings", "the switch leads elsewhere");
        assert_ne!(reader.reads("h1").await, spanish);
        reader.goes_to("/").await;
        assert_eq!(reader.speaks().await, "en", "the choice is forgotten");
        reader.switches_to("es").await;
    })
    .await;
    visit("language-en", &site, Device::DESKTOP.in_english(), async |reader| {
        reader.goes_to("/").await;
        assert_eq!(reader.speaks().await, "en");
    })
    .await;
}
