//! All queues do what every queue must do, and what only one of them can.

mod memory;
mod sqs;
mod table;
