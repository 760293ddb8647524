//! What one person or address may take of the server, and all of them together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

/// What requests may take.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    /// Requests of one person that are worked on at once.
    pub requests: usize,
    /// Bytes of bodies of one person, or of one address without a person, that are in memory at once.
    pub bytes: usize,
    /// Bytes of bodies of all together.
    pub all_bytes: usize,
    /// Items of one person that wait in quarantine.
    pub quarantined: u64,
    /// Their bytes.
    pub quarantined_bytes: u64,
    /// Files of one person of which a part came and not all; each is no larger than a file may be.
    pub parts: u64,
    /// Files that one person announced and did not bring.
    pub unbrought: u64,
    /// Bytes that one person may send in 24 hours: with it the disk has a bound for each account.
    pub day_bytes: u64,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            requests: 64,
            bytes: 48 * 1024 * 1024,
            all_bytes: 256 * 1024 * 1024,
            quarantined: 2_000,
            quarantined_bytes: 32 * 1024 * 1024,
            parts: 16,
            unbrought: 4_000,
            day_bytes: 8 * 1024 * 1024 * 1024,
        }
    }
}

/// Who takes a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Taker {
    /// A person who is signed in.
    Person(PersonId),
    /// Whoever asks from an address without being signed in.
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    requests: usize,
    bytes: usize,
}

/// What is taken now.
#[derive(Debug)]
pub(crate) struct Sharing {
    shares: Shares,
    taken: Mutex<(Taken, HashMap<Taker, Taken>)>,
    sent: Mutex<Sent>,
}

/// Bytes that each person sent since a day began. A server that starts again counts from nothing.
#[derive(Debug, Default)]
struct Sent {
    day: i64,
    bytes: HashMap<PersonId, u64>,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Sent {
    /// Counts what a person is about to send, unless it is more than a day's; then in how many seconds the next begins.
    fn count(
        &mut self,
        person: PersonId,
        bytes: u64,
        most: u64,
        now: Timestamp,
    ) -> Result<(), i64> {
        let day = now.as_millis().div_euclid(DAY_MS);
        if self.day != day {
            *self = Self { day, ..Self::default() };
        }
        let sent = self.bytes.entry(person).or_default();
        if *sent > 0 && sent.saturating_add(bytes) > most {
            return Err((DAY_MS - now.as_millis().rem_euclid(DAY_MS)).div_euclid(1000) + 1);
        }
        *sent = sent.saturating_add(bytes);
        Ok(())
    }
}

impl Sharing {
    pub(crate) fn new(shares: Shares) -> Arc<Self> {
        Arc::new(Self { shares, taken: Mutex::default(), sent: Mutex::default() })
    }

    /// Takes a share for a request with a body of so many bytes, before any of it is read.
    ///
    /// # Errors
    /// [`Code::RateLimited`] where this taker has too much already, or sent more than a day's bytes and then with the seconds
    /// that are left of the day; [`Code::ServerBusy`] where all together have too much.
    pub(crate) fn take(
        self: &Arc<Self>,
        taker: Taker,
        bytes: usize,
        now: Timestamp,
    ) -> Result<Share, Refusal> {
        let share = self.hold(taker, bytes)?;
        if let Taker::Person(person) = taker
            && bytes > 0
        {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.count(person, bytes as u64, self.shares.day_bytes, now).map_err(|left| {
                Refusal::new(Code::RateLimited).field("body").detail(left.to_string())
            })?;
        }
        Ok(share)
    }

    fn hold(self: &Arc<Self>, taker: Taker, bytes: usize) -> Result<Share, Refusal> {
        let mut taken = self.taken();
        let (all, each) = &mut *taken;
        let own = each.get(&taker).copied().unwrap_or_default();
        let own = Taken { requests: own.requests + 1, bytes: own.bytes + bytes };
        // A body is taken over alone, however large it may be.
        let many = own.requests > 1 && own.bytes > self.shares.bytes && bytes > 0;
        let person = matches!(taker, Taker::Person(_));
        if (person && own.requests > self.shares.requests) || many {
            return Err(Refusal::new(Code::RateLimited));
        }
        if all.bytes > 0 && bytes > 0 && all.bytes + bytes > self.shares.all_bytes {
            return Err(Refusal::new(Code::ServerBusy));
        }
        all.bytes += bytes;
        each.insert(taker, own);
        drop(taken);
        Ok(Share { sharing: Arc::clone(self), taker, bytes })
    }

    fn taken(&self) -> MutexGuard<'_, (Taken, HashMap<Taker, Taken>)> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A share, until it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    sharing: Arc<Sharing>,
    taker: Taker,
    bytes: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.sharing.taken();
        let (all, each) = &mut *taken;
        all.bytes = all.bytes.saturating_sub(self.bytes);
        let left = each.get_mut(&self.taker).map(|own| {
            own.requests = own.requests.saturating_sub(1);
            own.bytes = own.bytes.saturating_sub(self.bytes);
            own.requests
        });
        if left == Some(0) {
            each.remove(&self.taker);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u8) -> Taker {
        Taker::Person(PersonId::from_entropy([number; 16]))
    }

    #[test]
    fn one_person_takes_a_share_and_others_have_theirs() {
        let sharing =
            Sharing::new(Shares { requests: 3, bytes: 100, all_bytes: 150, ..Shares::default() });
        let code = |taker, bytes| sharing.hold(taker, bytes).err().map(|it| it.code);
        let first = sharing.hold(person(1), 80).unwrap();
        assert_eq!(code(person(1), 30), Some(Code::RateLimited));
        assert_eq!(code(person(2), 80), Some(Code::ServerBusy));
        let _second = sharing.hold(person(2), 70).unwrap();
        let _reading = [0, 0].map(|bytes| sharing.hold(person(1), bytes).unwrap());
        assert_eq!(code(person(1), 0), Some(Code::RateLimited));
        drop(first);
        assert_eq!(code(person(1), 70), None);
        assert_eq!(sharing.taken().0.bytes, 70);
    }

    #[test]
    fn what_is_given_back_leaves_nothing_behind() {
        let sharing = Sharing::new(Shares::default());
        for number in 0..100 {
            let share = sharing.hold(person(number), 1_000).unwrap();
            assert!(sharing.taken().1.len() == 1 && share.bytes == 1_000);
        }
        assert!(sharing.taken().1.is_empty() && sharing.taken().0.bytes == 0);
    }
    #[test]
    fn a_person_sends_a_days_bytes_and_hears_when_the_next_day_begins() {
        let sharing = Sharing::new(Shares { day_bytes: 100, ..Shares::default() });
        let take = |of, bytes, at| {
            let taken = sharing.take(person(of), bytes, Timestamp::from_millis(at));
            taken.map(drop).map_err(|refusal| (refusal.code, refusal.detail))
        };
        let full = |seconds: i64| Err((Code::RateLimited, Some(seconds.to_string())));
        let noon = DAY_MS / 2;
        assert_eq!(take(1, 60, noon), Ok(()));
        assert_eq!(take(1, 41, noon), full(43_201));
        assert_eq!(take(1, 40, noon), Ok(()));
        assert_eq!(take(1, 1, DAY_MS - 1), full(1));
        // Others have theirs, what has no body is none of it, and the next day is a new one.
        assert_eq!(take(2, 100, noon), Ok(()));
        assert_eq!(take(1, 0, noon), Ok(()));
        assert_eq!(take(1, 60, DAY_MS), Ok(()));
        // What is larger than a day's goes alone.
        assert_eq!(take(3, 500, DAY_MS), Ok(()));
        assert_eq!(take(3, 1, DAY_MS), full(86_401));
    }
}
