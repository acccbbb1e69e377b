//! What happens to every request, whichever handler gets it.

pub mod compression;
pub mod fresh;
pub mod panic;
pub mod problems;
pub mod timeout;
