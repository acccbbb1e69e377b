//! What the index of an MP4 file of ours states (`moov`, ISO 14496-12).

use std::{
    fs::File,
    io::{self, Seek, SeekFrom},
    path::Path,
};

use mp4_atom::{Atom as _, Avc1, Avcc, Codec, Colr, Header, Moov, ReadAtom as _, ReadFrom as _};

/// An index larger than this is none of ours.
const MAX_INDEX_BYTES: usize = 16 << 20;

/// H.264's number of the High profile (ISO 14496-10 annex A).
const HIGH_PROFILE: u8 = 100;

/// Of chroma with a quarter of the pixels (ISO 14496-10 §6.2).
const CHROMA_420: u8 = 1;

/// The index of a file.
#[derive(Debug)]
pub struct Index(Moov);

impl Index {
    /// # Errors
    /// When the file cannot be read, or is no MP4 file of ours.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        loop {
            let head = Header::read_from(&mut file).map_err(io::Error::other)?;
            let size = head.size.unwrap_or(usize::MAX);
            if head.kind == Moov::KIND && size <= MAX_INDEX_BYTES {
                return Moov::read_atom(&head, &mut file).map(Self).map_err(io::Error::other);
            }
            let rest = i64::try_from(size).map_err(|_| io::ErrorKind::InvalidData)?;
            file.seek(SeekFrom::Current(rest))?;
        }
    }

    /// The stated length in seconds, unless that is nothing.
    #[must_use]
    pub fn length_s(&self) -> Option<f64> {
        let header = &self.0.mvhd;
        let stated = header.timescale > 0 && header.duration > 0;
        stated.then(|| header.duration as f64 / f64::from(header.timescale))
    }

    /// How many streams there are.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.0.trak.len()
    }

    /// The first stream, if that is H.264.
    #[must_use]
    pub fn pictures(&self) -> Option<Pictures<'_>> {
        match self.0.trak.first()?.mdia.minf.stbl.stsd.codecs.first()? {
            Codec::Avc1(pictures) => Some(Pictures(pictures)),
            _ => None,
        }
    }
}

/// How a stream of H.264 describes its pictures (`avc1`, ISO 14496-15 §5.4.2).
#[derive(Debug)]
pub struct Pictures<'a>(&'a Avc1);

impl Pictures<'_> {
    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.0.visual.width.into(), self.0.visual.height.into())
    }

    /// Whether they are of the High profile with 8 bits and 4:2:0, in the range
    /// of television.
    #[must_use]
    pub fn are_as_players_need(&self) -> bool {
        let is_420 = self.0.avcc.ext.as_ref().is_some_and(|ext| {
            (ext.chroma_format, ext.bit_depth_luma, ext.bit_depth_chroma) == (CHROMA_420, 8, 8)
        });
        let is_full = matches!(self.0.colr, Some(Colr::Nclx { full_range_flag: true, .. }));
        self.0.avcc.avc_profile_indication == HIGH_PROFILE && is_420 && !is_full
    }

    /// The parameter sets (`avcC`). Streams whose sets are equal can follow one
    /// another without a seam.
    #[must_use]
    pub fn parameter_sets(&self) -> Avcc {
        self.0.avcc.clone()
    }
}

#[cfg(test)]
mod tests {
    use mp4_atom::AvccExt;

    use super::*;

    fn made(profile: u8, chroma_format: u8, full_range_flag: bool) -> Avc1 {
        let ext =
            AvccExt { chroma_format, bit_depth_luma: 8, bit_depth_chroma: 8, ..AvccExt::default() };
        Avc1 {
            avcc: Avcc { avc_profile_indication: profile, ext: Some(ext), ..Avcc::default() },
            colr: Some(Colr::Nclx {
                colour_primaries: 1,
                transfer_characteristics: 1,
                matrix_coefficients: 1,
                full_range_flag,
            }),
            ..Avc1::default()
        }
    }

    #[test]
    fn only_pictures_that_every_player_shows_are_as_players_need() {
        let fits = |pictures: &Avc1| Pictures(pictures).are_as_players_need();
        assert!(fits(&made(HIGH_PROFILE, CHROMA_420, false)));
        assert!(!fits(&made(66, CHROMA_420, false)), "the baseline profile");
        assert!(!fits(&made(HIGH_PROFILE, 3, false)), "4:4:4");
        assert!(!fits(&made(HIGH_PROFILE, CHROMA_420, true)), "full range");
    }
}
