//! The jury: jurors mark videos, operators set up panels and read results.

mod clip;
mod close;
mod edit;
mod home;
mod panel;
mod panel_form;
mod panels;
mod ranking;
mod score;
mod sheet;

use anb_config::Category;
use anb_domain::jury::{PanelScope, PanelStage};

use crate::{Application, Routes, frame::Frame};

pub fn routes() -> Routes {
    Routes::new(Application::Console)
        .merge(clip::routes())
        .merge(close::routes())
        .merge(edit::routes())
        .merge(home::routes())
        .merge(panel::routes())
        .merge(panels::routes())
        .merge(ranking::routes())
        .merge(score::routes())
        .merge(sheet::routes())
}

/// The message that says whether a panel takes marks, and the class of its
/// badge.
fn stage(stage: PanelStage) -> (&'static str, &'static str) {
    match stage {
        PanelStage::Ahead => ("jury-stage-ahead", "pending"),
        PanelStage::Open => ("jury-stage-open", "processing"),
        PanelStage::Closed => ("jury-stage-closed", "completed"),
    }
}

/// What a panel looks at, in words.
fn scope(scope: &PanelScope, categories: &[Category], frame: &Frame) -> String {
    match scope {
        PanelScope::All => frame.say("jury-scope-all").into_owned(),
        PanelScope::City { city, country } => format!("{city}, {country}"),
        PanelScope::Category(id) => {
            let category = categories.iter().find(|category| category.id == *id);
            let name = category.map_or(id.as_str(), |category| category.name(frame.language));
            frame.with("jury-scope-category", "category", name)
        }
    }
}
