//! How often somebody may do something on the public service.

use anb_config::WebSettings;
use anb_domain::PlayerId;
pub use anb_http::limits::TooMany;
use anb_http::{client::ClientKey, limits::RateLimit};

use crate::problem::{Code, Problem};

impl From<TooMany> for Problem {
    fn from(error: TooMany) -> Self {
        Self::new(Code::TooManyRequests).retry_after(error.wait)
    }
}

pub struct Limits {
    pub logins: RateLimit<ClientKey>,
    pub signups: RateLimit<ClientKey>,
    pub uploads: RateLimit<PlayerId>,
    pub votes: RateLimit<PlayerId>,
    pub reports: RateLimit<ClientKey>,
}

impl Limits {
    #[must_use]
    pub fn new(settings: &WebSettings) -> Self {
        Self {
            logins: RateLimit::per_minute(settings.logins_per_minute),
            signups: RateLimit::per_minute(settings.signups_per_minute),
            uploads: RateLimit::per_minute(settings.uploads_per_minute),
            votes: RateLimit::per_minute(settings.votes_per_minute),
            reports: RateLimit::per_minute(settings.reports_per_minute),
        }
    }
}
