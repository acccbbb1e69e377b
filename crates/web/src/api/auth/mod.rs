//! Accounts: sign up, log in, look, leave.

pub mod login;
pub mod me;
pub mod signup;

use anb_store::Player;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A player's own data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Profile {
    id: Uuid,
    #[schema(example = "Ana")]
    first_name: String,
    #[schema(example = "Ruiz")]
    last_name: String,
    #[schema(example = "ana@example.com")]
    email: String,
    #[schema(example = "Bogotá")]
    city: String,
    #[schema(example = "Colombia")]
    country: String,
}

impl From<Player> for Profile {
    fn from(player: Player) -> Self {
        Self {
            id: player.id.0,
            first_name: player.first_name,
            last_name: player.last_name,
            email: player.email.as_str().to_owned(),
            city: player.city,
            country: player.country,
        }
    }
}
