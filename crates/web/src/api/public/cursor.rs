//! The place of a video in a list, as clients carry it from page to page.

use std::{fmt, str::FromStr};

use anb_domain::VideoId;
use anb_store::Cursor;

/// A cursor as clients carry it: meaningless to them.
pub struct OpaqueCursor(pub Cursor);

impl fmt::Display for OpaqueCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}_{}", self.0.votes, self.0.id.0.simple())
    }
}

impl FromStr for OpaqueCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (votes, id) = text.split_once('_').ok_or(())?;
        let votes = u64::from_str_radix(votes, 16).map_err(drop)?;
        let fits = i64::try_from(votes).is_ok();
        let id = id.parse::<VideoId>().map_err(drop)?;
        if fits { Ok(Self(Cursor { votes, id })) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_journey_and_nonsense_does_not() {
        let place = Cursor { votes: 31, id: VideoId(uuid::Uuid::from_u128(7)) };
        let text = OpaqueCursor(place).to_string();
        assert_eq!(text.parse::<OpaqueCursor>().map(|OpaqueCursor(at)| at), Ok(place));
        for text in ["", "_", "x_y", "1_", "ffffffffffffffff_00000000000000000000000000000007"] {
            assert!(text.parse::<OpaqueCursor>().is_err(), "{text}");
        }
    }
}
