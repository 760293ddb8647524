//! How much of a file goes in one request: what the line carries in a few seconds. So a request is short
//! whatever the line, and what is lost with one is little.

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
pub(super) struct Parts {
    size: u64,
}

impl Parts {
    pub(super) const fn new() -> Self {
        Self { size: FIRST }
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
        let mut parts = Parts::new();
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
}
