//! The pages for people. One file per page: its template, its handler, and the
//! small types that only it shows.

mod account;
mod assets;
mod brand;
mod card;
mod clip_rules;
mod contest;
mod delete_account;
mod delete_video;
mod filters;
mod form;
mod frame;
mod language;
mod markdown;
mod messages;
mod my_videos;
mod notice;
mod policy;
mod privacy;
mod problems;
mod profile;
mod rankings;
mod refusal;
mod report;
mod robots;
mod rules;
mod session;
mod shared;
mod showcase;
mod sign_in;
mod sign_out;
mod sign_up;
mod spread;
mod upload;
mod video;
mod vote;
mod way_back;

use axum::{
    extract::Request,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};

pub use assets::assets;
pub use refusal::Asked;
pub use shared::Site;

use crate::{
    Application, Routes,
    middleware::timeout,
    problem::{Code, Problem},
    state::AppState,
};

pub fn routes(app: &AppState) -> Routes {
    quick()
        .layer(from_fn_with_state(app.clone(), timeout::limit))
        // Takes as long as bytes keep coming.
        .merge(upload::routes())
        .layer(from_fn(own_pages_only))
        .merge(assets::routes())
        .merge(brand::routes())
        .merge(robots::routes())
}

/// Whatever is answered at once.
fn quick() -> Routes {
    Routes::new(Application::Public)
        .merge(account::routes())
        .merge(delete_account::routes())
        .merge(delete_video::routes())
        .merge(language::routes())
        .merge(my_videos::routes())
        .merge(privacy::routes())
        .merge(problems::routes())
        .merge(profile::routes())
        .merge(rankings::routes())
        .merge(report::routes())
        .merge(rules::routes())
        .merge(showcase::routes())
        .merge(sign_in::routes())
        .merge(sign_out::routes())
        .merge(sign_up::routes())
        .merge(video::routes())
        .merge(vote::routes())
}

/// Refuses what another site would have a visitor's browser do, signed in or
/// not.
async fn own_pages_only(request: Request, next: Next) -> Result<Response, Problem> {
    if request.method().is_safe() || anb_http::origin::is_own(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::new(Code::CrossSite))
    }
}
