//! Lists that are shown a page at a time.

/// Far enough for anybody, and no number that a database would choke on.
const LAST: u64 = 100_000;

/// Which part of a list is shown.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// From one on.
    number: u64,
    /// The most that a page holds.
    pub length: u64,
}

/// Where the pages beside it lie.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
}

impl Paging {
    /// The page that an address asks for; the first where it asks for none.
    #[must_use]
    pub fn new(wanted: Option<u64>, length: u64) -> Self {
        Self { number: wanted.unwrap_or(1).clamp(1, LAST), length }
    }

    /// How many stand on the pages before.
    #[must_use]
    pub fn skipped(self) -> u64 {
        (self.number - 1) * self.length
    }

    /// The pages beside this one, on which `shown` of `total` stand. `address`
    /// is that of a page by its number.
    #[must_use]
    pub fn pager(self, shown: usize, total: u64, address: impl Fn(u64) -> String) -> Pager {
        let is_last = shown == 0 || self.skipped() + shown as u64 >= total;
        Pager {
            newer: (self.number > 1).then(|| address(self.number - 1)),
            older: (!is_last).then(|| address(self.number + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(wanted: Option<u64>, shown: usize, total: u64) -> [Option<String>; 2] {
        let pager = Paging::new(wanted, 10).pager(shown, total, |page| page.to_string());
        [pager.newer, pager.older]
    }

    #[test]
    fn each_page_leads_to_those_beside_it() {
        assert_eq!(beside(None, 10, 10), [None, None]);
        assert_eq!(beside(Some(0), 10, 11), [None, Some("2".into())]);
        assert_eq!(beside(Some(2), 10, 21), [Some("1".into()), Some("3".into())]);
        assert_eq!(beside(Some(3), 1, 21), [Some("2".into()), None]);
    }

    #[test]
    fn behind_the_last_page_there_is_only_a_way_back() {
        assert_eq!(beside(Some(u64::MAX), 0, 21), [Some("99999".into()), None]);
    }
}
