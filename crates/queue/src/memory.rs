//! A queue within the process.
pub struct MemoryQueue;
