//! Rows as the ORM sees them. What a column cannot say in its type (a status,
//! a count that is never negative) is read in [`crate::row`].

pub mod attempts;
pub mod audit_log;
pub mod brand_drafts;
pub mod console_sessions;
pub mod contest_settings;
pub mod jury_criteria;
pub mod jury_members;
pub mod jury_panels;
pub mod jury_scores;
pub mod jury_sheets;
pub mod outbox;
pub mod part_uploads;
pub mod players;
pub mod recipes;
pub mod reports;
pub mod reprocess_jobs;
pub mod reprocess_runs;
pub mod samples;
pub mod second_factors;
pub mod video_events;
pub mod videos;
pub mod vote_flag_members;
pub mod vote_flags;
pub mod votes;
pub mod webhook_deliveries;
pub mod webhook_endpoints;
pub mod webhook_events;
pub mod webhook_sends;
pub mod workers;
