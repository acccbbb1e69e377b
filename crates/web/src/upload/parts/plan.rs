//! How a file is cut into parts.

use anb_blob::PartInfo;
use anb_store::PartUpload;

/// Most parts: each is a link in an answer.
const MOST_PARTS: u64 = 1000;

/// Larger parts than usual are whole multiples of this many bytes.
const MIB: u64 = 1 << 20;

/// All parts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    size: u64,
    part_size: u64,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1 on.
    pub number: u32,
    /// Where it begins in the file.
    pub offset: u64,
    pub size: u64,
}

impl Plan {
    /// Cuts a file of `size` bytes into parts of `part_size`, or larger ones if
    /// they would be too many.
    #[must_use]
    pub fn new(size: u64, part_size: u64) -> Self {
        let least = size.div_ceil(MOST_PARTS);
        let grown = if least > part_size { least.next_multiple_of(MIB) } else { part_size };
        Self { size, part_size: grown.max(1) }
    }

    /// As it was made when the upload began.
    #[must_use]
    pub fn of(upload: &PartUpload) -> Self {
        Self { size: upload.size_bytes, part_size: upload.part_size_bytes }
    }

    /// Bytes of every part but the last.
    #[must_use]
    pub fn part_size(&self) -> u64 {
        self.part_size
    }

    /// In the order of the file.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        let Self { size, part_size } = self;
        let offsets = (0..size.div_ceil(part_size)).map(move |index| index * part_size);
        (1..).zip(offsets).map(move |(number, offset)| Part {
            number,
            offset,
            size: part_size.min(size - offset),
        })
    }

    /// Numbers of the parts that are not among those which have `arrived`; one
    /// of another size is not the part that it should be.
    #[must_use]
    pub fn missing(self, arrived: &[PartInfo]) -> Vec<u32> {
        let is_missing = |part: &Part| !part.is_among(arrived);
        self.parts().filter(is_missing).map(|part| part.number).collect()
    }
}

impl Part {
    #[must_use]
    pub fn is_among(&self, arrived: &[PartInfo]) -> bool {
        arrived.iter().any(|part| (part.number, part.size) == (self.number, self.size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(plan: Plan) -> Vec<u64> {
        plan.parts().map(|part| part.size).collect()
    }

    #[test]
    fn parts_make_up_the_file() {
        for (size, part_size, expected) in [
            (1, 8, vec![1]),
            (8, 8, vec![8]),
            (9, 8, vec![8, 1]),
            (25, 8, vec![8, 8, 8, 1]),
            (25, 0, vec![25]),
        ] {
            let plan = Plan::new(size, part_size);
            assert_eq!(sizes(plan), expected, "{size} in parts of {part_size}");
            let mut end = 0;
            for (index, part) in plan.parts().enumerate() {
                assert_eq!((part.number as usize, part.offset), (index + 1, end));
                end += part.size;
            }
            assert_eq!(end, size);
        }
    }

    #[test]
    fn a_huge_file_has_larger_parts_and_not_more_links() {
        let eight = 8 << 20;
        assert_eq!(Plan::new(100_000_000, eight).part_size(), eight);
        assert_eq!(Plan::new(eight * 1000, eight).part_size(), eight);
        let larger = Plan::new(eight * 1000 + 1, eight);
        assert_eq!(larger.part_size(), 9 << 20);
        assert!(larger.parts().count() <= 1000);
        assert!(Plan::new(u64::MAX, eight).parts().count() <= 1000);
    }

    #[test]
    fn what_has_not_arrived_whole_is_missing() {
        let plan = Plan::new(25, 8);
        let arrived = |sizes: &[(u32, u64)]| {
            let parts: Vec<_> = sizes
                .iter()
                .map(|(number, size)| PartInfo { number: *number, size: *size })
                .collect();
            plan.missing(&parts)
        };
        assert_eq!(arrived(&[]), [1, 2, 3, 4]);
        assert_eq!(arrived(&[(4, 1), (2, 8)]), [1, 3]);
        assert_eq!(arrived(&[(1, 8), (2, 7), (3, 8), (4, 8)]), [2, 4]);
        assert!(arrived(&[(1, 8), (2, 8), (3, 8), (4, 1)]).is_empty());
    }
}
