//! What the first bytes of a file say about it, whatever its name claims.
//!
//! A coarse gate before anything is stored. Whether it really is a video that
//! can be decoded is for the worker to find out.

use infer::MatcherType;

/// As many bytes from the beginning as are looked at.
pub const HEAD_BYTES: usize = 4096;

/// A kind of file that can hold a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Container {
    /// Its media type.
    pub content_type: &'static str,
}

impl Container {
    const fn of(content_type: &'static str) -> Self {
        Self { content_type }
    }
}

/// Recognises a container by its beginning; `None` for everything that can
/// hold no video, playlists and scripts that only point to one included.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Container> {
    match head {
        [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => iso_media([*a, *b, *c, *d]),
        [_, _, _, _, b'm', b'o', b'o', b'v' | b'f', ..]
        | [_, _, _, _, b'm', b'd', b'a', b't', ..]
        | [_, _, _, _, b'w', b'i', b'd', b'e', ..]
        | [_, _, _, _, b'f', b'r', b'e', b'e', ..]
        | [_, _, _, _, b's', b'k', b'i', b'p', ..] => Some(Container::of("video/quicktime")),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => matroska(head),
        [0x00, 0x00, 0x01, 0xBA | 0xB3, ..] => Some(Container::of("video/mpeg")),
        [b'O', b'g', b'g', b'S', ..] if contains(head, b"\x80theora") => {
            Some(Container::of("video/ogg"))
        }
        _ if is_transport_stream(head) => Some(Container::of("video/mp2t")),
        _ => infer::get(head)
            .filter(|kind| kind.matcher_type() == MatcherType::Video)
            .map(|kind| Container { content_type: kind.mime_type() }),
    }
}

/// ISO base media files (MP4, MOV, 3GP) name their brand; pictures and songs
/// use the same boxes.
fn iso_media(brand: [u8; 4]) -> Option<Container> {
    match &brand {
        b"qt  " => Some(Container::of("video/quicktime")),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" | b"avif"
        | b"avis" | b"crx " | b"M4A " | b"M4B " | b"M4P " => None,
        _ => Some(Container::of("video/mp4")),
    }
}

/// Other files are EBML as well; Matroska's say so near the beginning.
fn matroska(head: &[u8]) -> Option<Container> {
    if contains(head, b"webm") {
        Some(Container::of("video/webm"))
    } else if contains(head, b"matroska") {
        Some(Container::of("video/x-matroska"))
    } else {
        None
    }
}

/// A sync byte at the beginning of every packet: 188 bytes apart, or 192 with
/// a time stamp of 4 bytes in front (cameras' M2TS).
fn is_transport_stream(head: &[u8]) -> bool {
    let synced = |first: usize, packet: usize| {
        (0..5).all(|index| head.get(first + index * packet) == Some(&0x47))
    };
    synced(0, 188) || synced(4, 192)
}

fn contains(head: &[u8], needle: &[u8]) -> bool {
    head.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(head: &[u8]) -> Option<&'static str> {
        sniff(head).map(|container| container.content_type)
    }

    #[test]
    fn containers_are_known_by_their_beginning() {
        let mut transport = vec![0; 1000];
        transport.iter_mut().step_by(188).for_each(|byte| *byte = 0x47);
        let cases: [(&[u8], &str); 10] = [
            (b"\0\0\0\x20ftypisom\0\0\x02\0", "video/mp4"),
            (b"\0\0\0\x1cftypXAVC\0\0\x02\0", "video/mp4"),
            (b"\0\0\0\x14ftypqt  \0\0\x02\0", "video/quicktime"),
            (b"\0\0\0\x08wide\0\0\x02\0mdat", "video/quicktime"),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
            (b"\x1A\x45\xDF\xA3\xA3\x42\x82\x88matroska", "video/x-matroska"),
            (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
            (b"\0\0\x01\xBA\x44\0\x04\0", "video/mpeg"),
            (b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\x80theora", "video/ogg"),
            (&transport, "video/mp2t"),
        ];
        for (head, expected) in cases {
            assert_eq!(kind(head), Some(expected), "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn everything_else_is_refused_whatever_its_name() {
        let cases: [&[u8]; 12] = [
            b"",
            b"\0",
            b"just some words about basketball",
            b"PK\x03\x04\x14\0\0\0",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n",
            b"ffconcat version 1.0\nfile '/etc/passwd'\n",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"/etc/passwd\"/></svg>",
            b"\0\0\0\x18ftypheic\0\0\0\0",
            b"\0\0\0\x20ftypM4A \0\0\0\0",
            b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\x01vorbis",
        ];
        for head in cases {
            assert_eq!(kind(head), None, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
