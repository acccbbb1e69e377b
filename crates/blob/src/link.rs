//! Signed links of our own.
pub struct LinkSigner;
