//! The binary as it is called, and what it serves.

mod applications;
mod commands;
mod doctor_aws;
mod process;
mod queue;
