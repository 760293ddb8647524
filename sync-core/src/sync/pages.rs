//! How much one exchange carries at most: what the line, and everything on it, lets pass.

use minicbor::{Decode, Encode};

use crate::limits;

/// Bytes of a page on a line of which nothing is known. Content that cannot be packed tighter must still fit with room
/// for everything else, or the whole push would be refused each time.
const MOST: u32 = 2 * 1024 * 1024;
/// Bytes of the smallest page; one item always fits.
const LEAST: u32 = 2 * 1024;
/// An exchange lost after this long was too large for the line. One that is lost sooner says nothing yet: mostly there is
/// no line at all.
const LONG_MS: i64 = 1_000;

/// What became of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// The server's answer came.
    Answered,
    /// The server said itself that it does not answer now.
    Refused,
    /// No answer came, or one that is not the server's, after so many milliseconds.
    Lost {
        /// Milliseconds since it was sent.
        after_ms: i64,
    },
}

/// The size of the pages of a line. The device notes it for its next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PageSize {
    #[n(0)]
    size: u32,
    /// The size before smallest pages were tried because larger ones were lost at once; 0 when none are tried.
    #[n(1)]
    before: u32,
    /// The last exchange was lost at once.
    #[n(2)]
    lost_at_once: bool,
    /// Smallest pages passed where larger ones were lost at once: what is lost at once is too large here.
    #[n(3)]
    narrow: bool,
}

impl Default for PageSize {
    fn default() -> Self {
        Self { size: MOST, before: 0, lost_at_once: false, narrow: false }
    }
}

impl PageSize {
    /// Bytes that a page carries at most.
    #[must_use]
    pub fn bytes(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    /// Pages after an exchange: smaller where the line did not carry it, larger where it did. Where two exchanges in turn
    /// were lost at once, smallest pages find out whether anything passes; if one does, pages are as large as before, and
    /// from then on shrink with whatever is lost. What the server itself says has nothing to do with size.
    #[must_use]
    pub fn after(self, passage: Passage) -> Self {
        match passage {
            Passage::Refused => self,
            Passage::Answered if self.before > 0 => {
                Self { size: self.before, before: 0, lost_at_once: false, narrow: true }
            }
            Passage::Answered => Self {
                size: self.size.saturating_mul(4).min(MOST),
                before: 0,
                lost_at_once: false,
                narrow: self.narrow && self.size < MOST,
            },
            Passage::Lost { after_ms } if after_ms >= LONG_MS || self.narrow => {
                let pulled = u32::try_from(limits::PULL_BYTES).unwrap_or(MOST);
                let size = (self.size.min(pulled) / 4).max(LEAST);
                Self { size, before: 0, lost_at_once: false, ..self }
            }
            Passage::Lost { .. } if self.lost_at_once && self.size > LEAST => {
                Self { size: LEAST, before: self.size, ..self }
            }
            Passage::Lost { .. } => Self { lost_at_once: true, ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Passage = Passage::Lost { after_ms: 3 };
    const LATE: Passage = Passage::Lost { after_ms: 20_000 };

    fn after(passages: &[Passage]) -> PageSize {
        passages.iter().fold(PageSize::default(), |pages, passage| pages.after(*passage))
    }

    #[test]
    fn the_largest_page_leaves_room_for_everything_else() {
        assert_eq!(MOST as usize, limits::EXCHANGE_BYTES / 2);
    }

    #[test]
    fn a_day_without_a_network_costs_one_small_page() {
        let day = vec![AT_ONCE; 200];
        assert_eq!(after(&day).bytes(), LEAST as usize);
        let back = after(&[day, vec![Passage::Answered]].concat());
        assert_eq!(back.bytes(), MOST as usize);
        // A hiccup costs nothing.
        assert_eq!(after(&[AT_ONCE]).bytes(), MOST as usize);
        assert_eq!(after(&[AT_ONCE, Passage::Answered, AT_ONCE]).bytes(), MOST as usize);
    }

    #[test]
    fn what_the_server_says_itself_changes_no_page() {
        assert_eq!(after(&[Passage::Refused; 50]), PageSize::default());
        let small = after(&[LATE, LATE]);
        assert!(small.bytes() < MOST as usize);
        assert_eq!(small.after(Passage::Refused), small);
    }

    #[test]
    fn where_smallest_pages_pass_what_is_lost_at_once_was_too_large() {
        let mut pages = after(&[AT_ONCE, AT_ONCE, Passage::Answered]);
        assert_eq!(pages.bytes(), MOST as usize);
        let mut sizes = Vec::new();
        for _ in 0..6 {
            pages = pages.after(AT_ONCE);
            sizes.push(pages.bytes());
        }
        assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes.last() == Some(&(LEAST as usize)));
        assert_eq!(pages.after(Passage::Answered).bytes(), 4 * LEAST as usize);
    }
}
