//! Rows as the ORM sees them. What a column cannot say in its type (a status,
//! a count that is never negative) is read in [`crate::row`].

pub mod attempts;
pub mod outbox;
pub mod part_uploads;
pub mod players;
pub mod videos;
pub mod votes;
