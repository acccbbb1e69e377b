//! What happens to every request, whichever handler gets it.

pub mod context;
pub mod linger;
pub mod panic;
pub mod path;
pub mod problems;
pub mod security;
pub mod timeout;
