//! An address and a password.

use anb_domain::Email;
use anb_store::{Player, Store, StoreError};
use secrecy::SecretString;
use thiserror::Error;

use crate::{PasswordError, Passwords};

#[derive(Debug, Error)]
pub enum AuthenticateError {
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose address and password these are. Which of the two is wrong is not told,
/// not even by the time that the answer takes.
pub async fn authenticate(
    store: &Store,
    passwords: &Passwords,
    email: &str,
    password: SecretString,
) -> Result<Option<Player>, AuthenticateError> {
    let player = find(store, email).await?;
    let kept = player.as_ref().map(|player| player.password_hash.clone());
    let genuine = passwords.verify(password, kept).await?;
    Ok(player.filter(|_| genuine))
}

/// What is no address belongs to nobody.
async fn find(store: &Store, email: &str) -> Result<Option<Player>, StoreError> {
    match email.parse::<Email>() {
        Ok(email) => store.player_by_email(&email).await,
        Err(_) => Ok(None),
    }
}
