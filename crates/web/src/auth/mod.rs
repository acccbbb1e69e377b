//! Who somebody is: passwords, access tokens, and the player behind a request.

mod password;
mod player;
mod token;

pub use password::{HashCost, PasswordError, Passwords};
pub use player::{CurrentPlayer, StreamPlayer, Unauthenticated};
pub use token::{InvalidToken, Tokens};
