//! When to try again.

use crate::time::Timestamp;

/// First wait.
const FIRST_MS: i64 = 2_000;
/// Longest wait.
const LONGEST_MS: i64 = 5 * 60_000;

/// Counts failures in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    failures: u32,
    seed: u64,
}

impl Retry {
    /// `seed` spreads the waits of many devices.
    pub(super) const fn new(seed: u64) -> Self {
        Self { failures: 0, seed }
    }

    pub(super) const fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The next attempt: doubling from two seconds to five minutes, shortened by up to a half.
    pub(super) fn failed(&mut self, now: Timestamp) -> Timestamp {
        let wait = FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        // splitmix64: an even spread from any seed.
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ (self.seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let part = i64::try_from(mixed >> 54).unwrap_or(0); // 0 to 1023
        now.plus_millis(wait - wait * part / 2048)
    }
}
