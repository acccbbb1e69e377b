//! What the handlers share.

use std::{ops::Deref, sync::Arc, time::Duration};

use anb_auth::{Passwords, Tokens};
use anb_blob::{BlobError, LinkOptions};
use anb_config::Category;
use anb_domain::{AttemptNo, Language, ShowcaseRules, VideoId, keys::ResultFile};
use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    HashCost, WebContext, catalogue::Catalogue, footprint::Footprints, limits::Limits,
    links::ResultLinks, site::Site,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

pub struct Shared {
    pub context: WebContext,
    pub tokens: Tokens,
    pub passwords: Passwords,
    pub footprints: Footprints,
    pub limits: Limits,
    pub catalogue: Catalogue,
    pub result_links: ResultLinks,
    pub site: Site,
    /// One permit for each upload at the same time.
    pub upload_slots: Arc<Semaphore>,
    /// Cancelled when the service stops: what would run on for long ends.
    pub shutdown: CancellationToken,
    /// Without a slash at the end.
    pub public_url: String,
    /// Scheme, host and port of `public_url`.
    pub origin: String,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Deref for Shared {
    type Target = WebContext;

    fn deref(&self) -> &WebContext {
        &self.context
    }
}

impl AppState {
    #[must_use]
    pub fn new(context: WebContext, cost: HashCost, shutdown: CancellationToken) -> Self {
        let settings = &context.settings;
        let (auth, web) = (&settings.auth, &settings.web);
        let public_url = web.public_url.as_ref().map_or_else(
            || format!("http://localhost:{}", web.listen.port()),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        );
        Self(Arc::new(Shared {
            tokens: Tokens::new(
                &context.secret_key,
                auth.access_token_expire_minutes,
                Arc::clone(&context.clock),
            ),
            passwords: Passwords::new(cost, auth.max_concurrent_hashes)
                .expect("the cost is one of ours, not a setting"),
            footprints: Footprints::new(&context.secret_key),
            limits: Limits::new(web),
            catalogue: Catalogue::default(),
            result_links: ResultLinks::new(Duration::from_secs(settings.storage.link_ttl_s)),
            site: Site::new(&context, &public_url),
            upload_slots: Arc::new(Semaphore::new(web.max_concurrent_uploads)),
            shutdown,
            origin: origin(&public_url),
            public_url,
            context,
        }))
    }

    /// What the contest lets players compete in at this moment.
    #[must_use]
    pub fn categories(&self) -> Vec<Category> {
        self.contest.now().categories.clone()
    }

    /// What people call a category; `None` for one that the contest no longer
    /// has.
    #[must_use]
    pub fn category_name(&self, id: &str, language: Language) -> Option<String> {
        let category = self.categories().into_iter().find(|category| category.id == id)?;
        Some(category.name(language).to_owned())
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What a clip must fulfil at this moment.
    #[must_use]
    pub fn rules(&self) -> ShowcaseRules {
        self.contest.now().rules()
    }

    /// A link to one file of a published result, to be shown to anybody; the
    /// same for a while, and never with less than half of its life left.
    pub async fn result_link(
        &self,
        video: VideoId,
        attempt: AttemptNo,
        file: ResultFile,
    ) -> Result<String, BlobError> {
        let (name, now) = ((video, attempt, file), self.now());
        if let Some(link) = self.result_links.find(&name, now).await {
            return Ok(link);
        }
        // Asked first: credentials that are renewed in between end later.
        let end = self.blobs.links_end().await?;
        let key = self.layout.result(video, attempt, file);
        let link = self.link(&key, file.content_type(), None).await?;
        self.result_links.keep(name, &link, now, end).await;
        Ok(link)
    }

    /// Like [`Self::result_link`], for a page of ours.
    pub async fn page_link(
        &self,
        video: VideoId,
        attempt: AttemptNo,
        file: ResultFile,
    ) -> Result<String, BlobError> {
        self.result_link(video, attempt, file).await.map(|link| self.near(link))
    }

    /// A link that leads to ourselves does so under whichever name the browser
    /// knows us by: a phone in the same network has another than `localhost`.
    #[must_use]
    pub fn near(&self, link: String) -> String {
        let path = link.strip_prefix(&self.origin).filter(|path| path.starts_with('/'));
        path.map(ToOwned::to_owned).unwrap_or(link)
    }

    /// A link by which anybody can read an object until it expires.
    pub async fn link(
        &self,
        key: &str,
        content_type: &str,
        download_as: Option<String>,
    ) -> Result<String, BlobError> {
        let expires_in = Duration::from_secs(self.settings.storage.link_ttl_s);
        let options = LinkOptions { expires_in, content_type: content_type.into(), download_as };
        Ok(self.blobs.signed_link(key, &options).await?.into())
    }
}

fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}")
}
