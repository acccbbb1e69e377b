//! Size and SHA-256 of bytes that pass by.

use sha2::{Digest as _, Sha256};

use crate::{Stored, hex};

#[derive(Default)]
pub(crate) struct Digest {
    size: u64,
    sha256: Sha256,
}

impl Digest {
    pub fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
    }

    pub fn finish(self) -> Stored {
        Stored { size: self.size, sha256: hex::encode(&self.sha256.finalize()) }
    }
}
