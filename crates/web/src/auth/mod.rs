//! The player behind a request.

mod player;

pub use anb_auth::{InvalidToken, PasswordError};
pub use player::{CurrentPlayer, OptionalPlayer, StreamPlayer, Unauthenticated};
