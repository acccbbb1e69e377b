//! People: how they are reached and what they may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A syntactically valid e-mail address, kept as it was typed. Two addresses
/// are the same person's when [`Email::canonical`] is equal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl Email {
    /// Longest address that can be delivered to
    /// ([RFC 5321 §4.5.3.1.3](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)).
    pub const MAX_LEN: usize = 254;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared: lower case throughout.
    /// No provider in use tells mailboxes apart by case.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        if text.len() > Self::MAX_LEN
            || email_address::EmailAddress::parse_with_options(text, options).is_err()
        {
            return Err(InvalidEmail);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Addresses are personal data: they must not slip into a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// What a person may do beyond taking part and voting.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Uploads and votes.
    #[default]
    Player,
    /// Also scores videos.
    Jury,
    /// Also moderates and mends.
    Operator,
    /// Also grants roles.
    Admin,
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown role {0:?}: use player, jury, operator or admin")]
pub struct UnknownRole(String);

impl Role {
    /// Every role, from the least to the most powerful.
    pub const ALL: [Self; 4] = [Self::Player, Self::Jury, Self::Operator, Self::Admin];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Jury => "jury",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// Whether the person may look after videos and queue.
    #[must_use]
    pub fn may_operate(self) -> bool {
        self >= Self::Operator
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_regard_to_case() {
        let one: Email = " Ana.Ruiz@Example.COM ".parse().unwrap();
        assert_eq!(one.as_str(), "Ana.Ruiz@Example.COM");
        assert_eq!(one.canonical(), "ana.ruiz@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        for text in ["", "ana", "ana@", "@example.com", "ana@localhost", "Ana <a@b.co>", &long] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }

    #[test]
    fn operators_and_admins_operate_and_nobody_else() {
        let operating: Vec<_> = Role::ALL.into_iter().filter(|role| role.may_operate()).collect();
        assert_eq!(operating, [Role::Operator, Role::Admin]);
    }

    #[test]
    fn an_address_does_not_reach_the_log() {
        let email: Email = "ana@example.com".parse().unwrap();
        assert!(!format!("{email:?}").contains("ana"));
    }
}
