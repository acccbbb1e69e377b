//! Signing up: what is asked of a person, whichever form it comes by.

use anb_domain::{Email, PersonName, Place, vote_review::Footprint};
use anb_http::client::ClientKey;
use anb_store::{CreatePlayerError, NewPlayer, Player, StoreError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use thiserror::Error;
use utoipa::ToSchema;
use zxcvbn::{Score, zxcvbn};

use crate::{
    auth::PasswordError,
    extract::{Fields, InvalidFields, Raw},
    limits::TooMany,
    problem::{Code, Problem, answers},
    state::AppState,
};

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The estimate of a password's strength takes time that grows with it.
pub const MAX_PASSWORD_CHARS: usize = 256;

/// A person who wants to take part.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = SignupRequest)]
pub struct Applicant {
    #[serde(default)]
    #[schema(value_type = String, max_length = 80, example = "Ana")]
    pub first_name: Raw,
    #[serde(default)]
    #[schema(value_type = String, max_length = 80, example = "Ruiz")]
    pub last_name: Raw,
    #[serde(default)]
    #[schema(value_type = String, format = "email", example = "ana@example.com")]
    pub email: Raw,
    #[serde(default)]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256, example = "aro-tablero-red")]
    pub password1: Raw,
    /// The same again.
    #[serde(default)]
    #[schema(value_type = String, format = "password", example = "aro-tablero-red")]
    pub password2: Raw,
    #[serde(default)]
    #[schema(value_type = String, max_length = 80, example = "Bogotá")]
    pub city: Raw,
    #[serde(default)]
    #[schema(value_type = String, max_length = 80, example = "Colombia")]
    pub country: Raw,
}

/// A person about whom everything is valid.
struct Application {
    first_name: PersonName,
    last_name: PersonName,
    email: Email,
    password: SecretString,
    city: Place,
    country: Place,
}

#[derive(Debug, Error)]
pub enum SignupError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Fields(#[from] InvalidFields),
    #[error("the passwords differ")]
    PasswordsDiffer,
    #[error("the password is too weak")]
    TooWeak,
    #[error("the password is too long")]
    TooLong,
    #[error("the e-mail address is taken")]
    EmailTaken,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CreatePlayerError> for SignupError {
    fn from(error: CreatePlayerError) -> Self {
        match error {
            CreatePlayerError::EmailTaken => Self::EmailTaken,
            CreatePlayerError::Store(error) => error.into(),
        }
    }
}

impl From<SignupError> for Problem {
    fn from(error: SignupError) -> Self {
        match error {
            SignupError::TooMany(error) => error.into(),
            SignupError::Fields(error) => error.into(),
            SignupError::PasswordsDiffer => Self::new(Code::PasswordsDiffer),
            SignupError::TooWeak => Self::new(Code::PasswordTooWeak),
            SignupError::TooLong => Self::new(Code::PasswordTooLong),
            SignupError::EmailTaken => Self::new(Code::EmailTaken),
            SignupError::Password(error) => Self::internal(error),
            SignupError::Store(error) => Self::internal(error),
        }
    }
}

answers!(SignupError:
    PasswordsDiffer, PasswordTooWeak, PasswordTooLong, EmailTaken, MalformedJson,
    MalformedRequest, BodyTooLarge, UnsupportedMediaType, ValidationFailed, TooManyRequests,
    Internal);

/// Checks what a person says, and registers the player.
pub async fn register(
    app: &AppState,
    client: &ClientKey,
    from: Footprint,
    applicant: &Applicant,
) -> Result<Player, SignupError> {
    app.limits.signups.check(client)?;
    let application = applicant.check()?;
    let password_hash = app.passwords.hash(application.password.clone()).await?;
    Ok(app.store.create_player(application.with_hash(password_hash, from)).await?)
}

impl Applicant {
    fn check(&self) -> Result<Application, SignupError> {
        let mut fields = Fields::default();
        let first_name = fields.parse("first_name", self.first_name.clone());
        let last_name = fields.parse("last_name", self.last_name.clone());
        let email = fields.parse("email", self.email.clone());
        let password1 = fields.text("password1", self.password1.clone());
        let password2 = fields.text("password2", self.password2.clone());
        let city = fields.parse("city", self.city.clone());
        let country = fields.parse("country", self.country.clone());
        let (
            Some(first_name),
            Some(last_name),
            Some(email),
            Some(password1),
            Some(password2),
            Some(city),
            Some(country),
        ) = (first_name, last_name, email, password1, password2, city, country)
        else {
            return Err(fields.into_error().into());
        };
        if password1 != password2 {
            return Err(SignupError::PasswordsDiffer);
        }
        let password = password1.into();
        let application = Application { first_name, last_name, email, password, city, country };
        application.check_strength()?;
        Ok(application)
    }
}

impl Application {
    /// Long enough, and not among the first thousand guesses of somebody who
    /// knows the player's name and address.
    fn check_strength(&self) -> Result<(), SignupError> {
        let password = self.password.expose_secret();
        let length = password.chars().count();
        if length > MAX_PASSWORD_CHARS {
            return Err(SignupError::TooLong);
        }
        let (mailbox, _) = self.email.as_str().split_once('@').unwrap_or_default();
        let known = [
            self.first_name.as_str(),
            self.last_name.as_str(),
            self.email.as_str(),
            mailbox,
            self.city.as_str(),
        ];
        if length < MIN_PASSWORD_CHARS || zxcvbn(password, &known).score() < Score::One {
            return Err(SignupError::TooWeak);
        }
        Ok(())
    }

    fn with_hash(self, password_hash: String, from: Footprint) -> NewPlayer {
        NewPlayer {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            password_hash,
            city: self.city,
            country: self.country,
            from,
        }
    }
}
