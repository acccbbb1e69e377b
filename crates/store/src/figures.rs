//! What the overview counts: what came and went in a stretch of time, how long
//! it took, why it failed, who works, and how full the queue was.
//!
//! Nothing here is kept up to date by those who do the work: attempts and
//! videos say it all, by way of indices that hold every column asked for.

mod failures;
mod flow;
mod samples;
mod waits;
mod window;
mod workers;

pub use failures::FailureCount;
pub use flow::Flow;
pub use samples::Sample;
pub use waits::Waits;
pub use window::Window;
pub use workers::{Worker, WorkersAtWork};
