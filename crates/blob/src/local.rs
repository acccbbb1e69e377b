//! Objects in a folder.
pub struct LocalStore;
