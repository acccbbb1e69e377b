//! One file per page or form.

mod account;
pub mod assets;
mod audit;
mod choose_language;
pub mod contest;
mod dead_letters;
mod exports;
mod jury;
mod moderation;
pub mod overview;
mod players;
pub mod queue;
mod redrive;
mod reports;
mod reprocess;
mod second_factor;
mod sign_in;
mod sign_out;
mod video;
mod videos;
mod votes;
mod webhooks;

use crate::{Application, Routes};

/// All of them, one line each.
pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .merge(account::routes())
        .merge(assets::routes())
        .merge(audit::routes())
        .merge(choose_language::routes())
        .merge(contest::routes())
        .merge(dead_letters::routes())
        .merge(exports::routes())
        .merge(jury::routes())
        .merge(moderation::routes())
        .merge(overview::routes())
        .merge(players::routes())
        .merge(queue::routes())
        .merge(redrive::routes())
        .merge(reports::routes())
        .merge(reprocess::routes())
        .merge(second_factor::routes())
        .merge(sign_in::routes())
        .merge(sign_out::routes())
        .merge(video::routes())
        .merge(videos::routes())
        .merge(votes::routes())
        .merge(webhooks::routes())
}
