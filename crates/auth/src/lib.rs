//! Who somebody is: passwords, and the signed tokens by which a person is
//! known after having given one.

mod credentials;
mod password;
mod pseudonym;
mod token;

pub use credentials::{AuthenticateError, authenticate};
pub use password::{HashCost, PasswordError, Passwords};
pub use pseudonym::Pseudonyms;
pub use token::{InvalidToken, TokenError, Tokens};
