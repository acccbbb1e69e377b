//! How much has to be fetched before a page is there.

use crate::{browser::visit, device::Device, people::ANA, site::Site, tour};

/// Bytes of ours per page, compressed; pictures and videos of players aside.
const MOST: u64 = 60_000;

#[tokio::test]
async fn no_page_weighs_more_than_60_kilobytes() {
    let site = Site::with_videos(&[]).await;
    let (own, other) = (site.video("Triple desde el logo").await, site.video("Mate").await);
    visit("weight", &site, Device::DESKTOP, async |browser| {
        browser
            .devtools("Network.setCacheDisabled", serde_json::json!({"cacheDisabled": true}))
            .await;
        let look = async |stop: &tour::Stop, _| {
            let script = "performance.getEntries()
                .filter(({entryType: type}) => type === 'navigation' || type === 'resource')
                .filter(({name}) => !new URL(name).pathname.startsWith('/media/'))
                .reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0)";
            let bytes: u64 = browser.asks(script).await;
            println!("{:>6} bytes  {}", bytes, stop.name);
            assert!(bytes > 1000 && bytes <= MOST, "{} weighs {bytes} bytes", stop.path);
        };
        tour::all_pages(browser, &site, &ANA, (&own, &other), look).await;
    })
    .await;
}
