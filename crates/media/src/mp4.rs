//! The little we read of MP4 files ourselves: whether two can be joined.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// An index larger than this is none of ours.
const MAX_INDEX_BYTES: u64 = 16 << 20;

/// The H.264 parameter sets (`avcC`, ISO 14496-15 §5.3.3) of a file of ours.
/// Streams whose sets are equal can follow one another without a seam.
///
/// # Errors
/// When the file cannot be read or has none.
pub fn parameter_sets(path: &Path) -> io::Result<Vec<u8>> {
    let index = index(path)?;
    let missing = || io::Error::new(io::ErrorKind::InvalidData, "no H.264 parameter sets");
    let name = index.windows(4).position(|window| window == b"avcC").ok_or_else(missing)?;
    let length = name.checked_sub(4).and_then(|at| index.get(at..name)).ok_or_else(missing)?;
    let length = length.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    index.get(name..name - 4 + length).map(<[u8]>::to_vec).ok_or_else(missing)
}

/// The bytes of the `moov` box.
fn index(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let (size, head_bytes) = match u64::from(u32::from_be_bytes([a, b, c, d])) {
            1 => {
                let mut large = [0; 8];
                file.read_exact(&mut large)?;
                (u64::from_be_bytes(large), 16)
            }
            size => (size, 8),
        };
        let rest = size.checked_sub(head_bytes).ok_or(io::ErrorKind::InvalidData)?;
        if &kind == b"moov" {
            let mut index = Vec::new();
            file.take(rest.min(MAX_INDEX_BYTES)).read_to_end(&mut index)?;
            return Ok(index);
        }
        let rest = i64::try_from(rest).map_err(|_| io::ErrorKind::InvalidData)?;
        file.seek(SeekFrom::Current(rest))?;
    }
}

/// The length in seconds that a file of ours states (`mvhd`, version 0).
///
/// # Errors
/// When the file cannot be read or states none.
pub fn length_s(path: &Path) -> io::Result<f64> {
    let index = index(path)?;
    let number = |at: usize| {
        let bytes = index.get(at..at + 4)?;
        Some(bytes.iter().fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte)))
    };
    let stated = || {
        let name = index.windows(4).position(|window| window == b"mvhd")?;
        let (timescale, length) = (number(name + 16)?, number(name + 20)?);
        (timescale > 0.0 && length > 0.0).then_some(length / timescale)
    };
    stated().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no length"))
}
