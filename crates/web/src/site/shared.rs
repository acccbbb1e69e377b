//! What all pages need and is made once.

use std::{sync::Arc, time::Duration};

use anb_blob::BlobError;
use anb_design::Assets;
use anb_http::cookies::Reach;
use http::HeaderValue;
use tokio::{sync::OnceCell, time::timeout};

use super::{assets::assets, policy, session::Sessions};
use crate::{WebContext, state::AppState};

/// For storage to tell its address; on S3 that may need credentials first.
const PATIENCE: Duration = Duration::from_secs(1);

pub struct Site {
    pub assets: Assets,
    pub sessions: Sessions,
    /// How far our cookies go.
    pub reach: Reach,
    /// Before the path of an asset.
    assets_at: String,
    policy: OnceCell<Arc<HeaderValue>>,
}

impl Site {
    #[must_use]
    pub fn new(context: &WebContext, public_url: &str) -> Self {
        let settings = &context.settings;
        let assets = assets();
        let base = settings.site.assets_url.as_ref().map_or("/assets", |url| url.as_str());
        Self {
            assets_at: format!("{}/{}/", base.trim_end_matches('/'), assets.version()),
            assets,
            sessions: Sessions::new(
                &context.secret_key,
                settings.site.session_days,
                Arc::clone(&context.clock),
            ),
            reach: Reach { path: "/", secure: public_url.starts_with("https:") },
            policy: OnceCell::new(),
        }
    }

    /// Where an asset lies.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        debug_assert!(self.assets.get(path).is_some(), "no asset {path}");
        format!("{}{path}", self.assets_at)
    }

    /// What pages may load. Until storage tells where its links lead to, what
    /// lies there is not shown; no page waits long for that.
    pub async fn policy(&self, app: &AppState) -> Arc<HeaderValue> {
        let whole = self.policy.get_or_try_init(|| async {
            let storage = policy::storage_origin(app).await?;
            Ok::<_, BlobError>(Arc::new(policy::header(app, Some(&storage))))
        });
        match timeout(PATIENCE, whole).await {
            Ok(Ok(policy)) => return Arc::clone(policy),
            Ok(Err(error)) => tracing::warn!(cause = %error, "storage has no address yet"),
            Err(_elapsed) => tracing::warn!("storage takes long to tell its address"),
        }
        Arc::new(policy::header(app, None))
    }
}
