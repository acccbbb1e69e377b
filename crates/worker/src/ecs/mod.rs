//! What ECS offers to the tasks it runs. Elsewhere nothing of this happens,
//! and wherever it fails, the worker works all the same.

mod metadata;
mod protection;

use std::time::Duration;

pub(crate) use metadata::Task;
pub(crate) use protection::Protection;

/// The endpoints are on the same machine; one that takes longer is of no help.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Never through a proxy: the addresses mean this very task.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build()
}
