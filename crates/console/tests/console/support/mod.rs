//! A running console, and people at it.

mod answer;
mod app;
mod broken_queue;
mod browser;

pub use answer::Answer;
pub use app::{PASSWORD, TestConsole};
pub use broken_queue::BrokenQueue;
pub use browser::Browser;
