//! One file per page or form.

pub mod choose_language;
pub mod dead_letters;
pub mod overview;
pub mod redrive;
pub mod retry;
pub mod sign_in;
pub mod sign_out;
pub mod videos;
