//! A queue in a table of the database.
pub struct TableQueue;
