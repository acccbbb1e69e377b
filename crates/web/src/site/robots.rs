//! `/robots.txt`: what crawlers may look at
//! ([RFC 9309](https://www.rfc-editor.org/rfc/rfc9309)).

use crate::{Application, Routes};

/// Pages of a person, forms, and the API say nothing to a search engine.
const RULES: &str = "User-agent: *\n\
    Disallow: /api/\n\
    Disallow: /media/\n\
    Disallow: /me\n\
    Disallow: /upload\n\
    Disallow: /sign-in\n\
    Disallow: /sign-up\n";

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/robots.txt", || async { RULES })
}
