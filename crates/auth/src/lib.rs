//! Who somebody is: passwords, and the signed tokens by which a person is
//! known after having given one.

mod credentials;
mod password;
mod pseudonym;
mod second_factor;
mod token;

pub use credentials::{AuthenticateError, authenticate};
pub use password::{HashCost, PasswordError, Passwords};
pub use pseudonym::Pseudonyms;
pub use second_factor::{
    SECRET_BYTES, Seal, SecondFactorError, TotpSecret, digest, random_token, recovery_codes,
    recovery_digest,
};
pub use token::{InvalidToken, Issued, TokenError, Tokens};
