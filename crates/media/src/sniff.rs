//! Tells from a file's first bytes which container it is. Anything that is not
//! one of these never reaches ffmpeg: playlists, scripts and drawings can name
//! other files and addresses, whatever the upload is called.

/// Bytes of a file's beginning that [`sniff`] wants to see.
pub const HEAD_BYTES: usize = 1024;

/// A container that we open. No other demuxer is ever started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// MP4, MOV, M4V, 3GP.
    Mov,
    /// Matroska and `WebM`.
    Matroska,
    Avi,
    MpegTs,
    MpegPs,
    Flv,
    Ogg,
    /// WMV.
    Asf,
}

impl Container {
    /// The name of ffmpeg's demuxer.
    #[must_use]
    pub fn demuxer(self) -> &'static str {
        match self {
            Self::Mov => "mov",
            Self::Matroska => "matroska",
            Self::Avi => "avi",
            Self::MpegTs => "mpegts",
            Self::MpegPs => "mpeg",
            Self::Flv => "flv",
            Self::Ogg => "ogg",
            Self::Asf => "asf",
        }
    }

    /// Whether the length it states is a fact of its index, not an estimate,
    /// so that a file which ends earlier must have lost its end.
    #[must_use]
    pub fn states_its_length(self) -> bool {
        matches!(self, Self::Mov | Self::Matroska | Self::Avi)
    }
}

/// Recognises a container by its signature
/// ([ISO 14496-12 §4.3](https://www.iso.org/standard/83102.html) and the like).
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Container> {
    let at = |offset: usize, signature: &[u8]| {
        head.get(offset..offset + signature.len()).is_some_and(|bytes| bytes == signature)
    };
    if is_mov(head) {
        Some(Container::Mov)
    } else if at(0, &[0x1A, 0x45, 0xDF, 0xA3]) {
        Some(Container::Matroska)
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        Some(Container::Avi)
    } else if at(0, b"FLV\x01") {
        Some(Container::Flv)
    } else if at(0, b"OggS\0") {
        Some(Container::Ogg)
    } else if at(0, &[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) {
        Some(Container::Asf)
    } else if at(0, &[0, 0, 1, 0xBA]) {
        Some(Container::MpegPs)
    } else if is_transport_stream(head) {
        Some(Container::MpegTs)
    } else {
        None
    }
}

fn is_mov(head: &[u8]) -> bool {
    let Some(kind) = head.get(4..8) else { return false };
    if kind != b"ftyp" {
        return matches!(kind, b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot");
    }
    // HEIF photos share the box layout with films.
    !matches!(
        head.get(8..12),
        Some(
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" | b"avif" | b"avis"
        )
    )
}

/// Packets of 188 bytes, or of 192 with a time code in front (M2TS), each with
/// a synchronisation byte.
fn is_transport_stream(head: &[u8]) -> bool {
    [(0, 188), (4, 192)].into_iter().any(|(first, packet)| {
        (0..4).all(|n| head.get(first + n * packet).is_some_and(|byte| *byte == 0x47))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_are_recognised() {
        assert_eq!(sniff(b"\0\0\0\x20ftypisom\0\0\x02\0"), Some(Container::Mov));
        assert_eq!(sniff(b"\0\0\0\x08wide\0\0\0\0mdat"), Some(Container::Mov));
        assert_eq!(sniff(&[0x1A, 0x45, 0xDF, 0xA3, 0x9F]), Some(Container::Matroska));
        assert_eq!(sniff(b"RIFF\x10\0\0\0AVI LIST"), Some(Container::Avi));
        let mut transport = vec![0xFF; 188 * 4];
        transport.iter_mut().step_by(188).for_each(|byte| *byte = 0x47);
        assert_eq!(sniff(&transport), Some(Container::MpegTs));
    }

    #[test]
    fn everything_else_is_not() {
        let others: [&[u8]; 10] = [
            b"",
            b"#EXTM3U\n#EXT-X-VERSION:3\n",
            b"ffconcat version 1.0\nfile /etc/passwd\n",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"<?xml version='1.0'?><MPD>",
            b"PK\x03\x04\x14\0\0\0",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftypheic\0\0\0\0",
            b"A plain text that has a G in it. GGGGGGGGGGG",
        ];
        for head in others {
            assert_eq!(sniff(head), None, "{}", String::from_utf8_lossy(head));
        }
    }
}
