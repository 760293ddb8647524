//! How many bytes of a file one request carries: what the line takes in a few seconds. Requests
//! stay short on any line, and little is lost with one.

use crate::limits;
use crate::time::Timestamp;

/// The first request of a run, before anything is known of the line.
const FIRST: u64 = 64 * 1024;
const LEAST: u64 = limits::PART_BYTES as u64;
const MOST: u64 = limits::CHUNK_BYTES as u64;
/// Requests that take less let the next ones grow.
const QUICK_MS: i64 = 4_000;
/// Requests that take longer let the next ones shrink.
const SLOW_MS: i64 = 12_000;

/// The size of the next request.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartSize {
    size: u64,
}

impl PartSize {
    pub(super) const fn new() -> Self {
        Self { size: FIRST }
    }

    /// Begins with what an earlier run found, and with no more than the first request of any run.
    pub(super) fn after(earlier: u64) -> Self {
        Self { size: earlier.clamp(LEAST, FIRST) }
    }

    /// Most bytes of the next request.
    pub(super) const fn most(self) -> u64 {
        self.size
    }

    /// The bytes of the next request of a file of which so many are left.
    pub(super) fn of(self, left: u64) -> u64 {
        left.min(self.size)
    }

    /// So many bytes were taken over between two instants.
    pub(super) fn passed(&mut self, bytes: u64, since: Timestamp, now: Timestamp) {
        let took = now.as_millis().saturating_sub(since.as_millis());
        if took > SLOW_MS {
            let in_time = bytes.saturating_mul(SLOW_MS.unsigned_abs()) / took.unsigned_abs();
            self.size = in_time.clamp(LEAST, self.size);
        } else if took < QUICK_MS && bytes >= self.size {
            self.size = (self.size * 4).min(MOST);
        }
    }

    /// A request of so many bytes was lost on the way: the next one carries half of them at most.
    pub(super) fn lost(&mut self, bytes: u64) {
        if bytes > LEAST {
            self.size = (bytes / 2).clamp(LEAST, self.size);
        }
    }

    /// A request of so many bytes was too large for something on the way: whether a smaller one can be
    /// tried.
    pub(super) const fn shrink(&mut self, bytes: u64) -> bool {
        self.size = LEAST;
        bytes > LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_grow_on_a_quick_line_and_fit_a_slow_one() {
        let mut parts = PartSize::new();
        let at = Timestamp::from_millis;
        parts.passed(FIRST, at(0), at(100));
        parts.passed(4 * FIRST, at(0), at(100));
        assert_eq!(parts.of(u64::MAX), MOST);
        assert_eq!(parts.of(10), 10);
        parts.passed(MOST, at(0), at(120_000));
        assert_eq!(parts.of(u64::MAX), MOST / 10);
        parts.passed(MOST / 10, at(0), at(i64::MAX));
        assert_eq!(parts.of(u64::MAX), LEAST);
        // A clock that was set back says nothing.
        parts.passed(1, at(100), at(0));
        assert_eq!(parts.of(u64::MAX), LEAST);
    }

    #[test]
    fn requests_that_are_lost_halve_down_to_the_least_and_grow_again_on_a_quick_line() {
        let mut parts = PartSize::new();
        let mut sizes = Vec::new();
        for _ in 0..4 {
            parts.lost(parts.of(u64::MAX));
            sizes.push(parts.of(u64::MAX));
        }
        assert_eq!(sizes, [FIRST / 2, FIRST / 4, FIRST / 4, FIRST / 4]);
        assert_eq!(sizes.last(), Some(&LEAST));
        // The end of a file is smaller than what the line takes, and says nothing about it.
        let mut parts = PartSize::new();
        parts.lost(100);
        assert_eq!(parts.of(u64::MAX), FIRST);
        parts.lost(LEAST);
        assert_eq!(parts.of(u64::MAX), FIRST);
        parts = PartSize::after(LEAST);
        assert_eq!(parts.of(u64::MAX), LEAST);
        parts.passed(LEAST, Timestamp::from_millis(0), Timestamp::from_millis(100));
        assert_eq!(parts.of(u64::MAX), FIRST);
        assert_eq!(PartSize::after(MOST).of(u64::MAX), FIRST);
        assert_eq!(PartSize::after(0).of(u64::MAX), LEAST);
    }
}
