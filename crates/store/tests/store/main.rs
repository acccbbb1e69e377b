//! What the store promises, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as the tests do")]

mod all_or_nothing;
mod audit;
mod cancel;
mod contest;
mod cost;
mod cut_off;
mod deletion;
mod erasure;
mod failover;
mod figures;
mod fuse;
mod jury;
mod life;
mod limits;
mod line;
mod migration;
mod moderation;
mod outbox;
mod parts;
mod places;
mod players;
mod public;
mod reconcile;
mod reprocess;
mod standing;
mod tls;
mod vote_review;
mod votes;
