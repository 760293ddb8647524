//! Guesses of passwords: counted from the moment they begin, and slowed down by account and by network.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

/// Accounts, networks and pairs that are remembered; beyond it those that wait least are forgotten first.
const REMEMBERED: usize = 10_000;
/// How long failures are remembered after the last one.
const MEMORY_MS: i64 = 15 * 60_000;

/// How many failures are free, and how long the next one waits after them.
#[derive(Clone, Copy, Debug)]
struct Bound {
    /// Failures, and guesses that are being looked at, without a delay.
    free: u32,
    /// Delay after the last free failure; each further one doubles it.
    first_ms: i64,
    /// The longest delay.
    most_ms: i64,
}

/// Of one account from one network.
const PAIR: Bound = Bound { free: 5, first_ms: 5_000, most_ms: 15 * 60_000 };
/// Of one account from everywhere, for networks from which nobody signed in to it.
const ACCOUNT: Bound = Bound { free: 20, first_ms: 1_000, most_ms: 60_000 };
/// Of one network, for accounts to which nobody signed in from there.
const NETWORK: Bound = Bound { free: 100, first_ms: 1_000, most_ms: 60_000 };

/// The part of an address that one subscriber has: an address of IPv4, the first half of one of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(IpAddr);

impl Network {
    fn of(address: IpAddr) -> Self {
        Self(subscriber(address))
    }
}

/// The first address of those that one subscriber has: the address itself in IPv4, the first half of one of IPv6.
#[must_use]
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// Failures and guesses in flight.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    failures: u32,
    in_flight: u32,
    /// When the next guess may begin.
    until: i64,
    /// When a guess last failed.
    last: i64,
}

impl Tally {
    /// Milliseconds until a guess may begin; none when it may now.
    fn wait(&self, bound: Bound, now: i64) -> Option<i64> {
        let left = self.until - now;
        if left > 0 {
            return Some(left);
        }
        // Each guess in flight may fail. Beyond the free ones they go one after the other.
        let room = bound.free.saturating_sub(self.failures).max(1);
        (self.in_flight >= room).then_some(1)
    }

    fn fail(&mut self, bound: Bound, now: i64) {
        if now - self.last.max(self.until) >= MEMORY_MS {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        self.last = now;
        if let Some(beyond) = self.failures.checked_sub(bound.free) {
            let delay = bound.first_ms.saturating_mul(1_i64 << beyond.min(32)).min(bound.most_ms);
            self.until = now + delay;
        }
    }
}

#[derive(Debug, Default)]
struct Known {
    pairs: HashMap<(String, Network), Tally>,
    accounts: HashMap<String, Tally>,
    networks: HashMap<Network, Tally>,
    /// From where somebody signed in to which account.
    trusted: HashSet<(String, Network)>,
}

/// Who guesses what from where.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Known>);

impl Attempts {
    /// Lets a guess at the password of an account begin. It counts until it is dropped, and for longer when it failed.
    ///
    /// # Errors
    /// [`Code::TooManyAttempts`] with the seconds that are left as detail.
    pub(crate) fn begin(
        &self,
        account: &str,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Attempt<'_>, Refusal> {
        let pair = (account.to_owned(), Network::of(address));
        let mut known = self.known();
        let trusted = known.trusted.contains(&pair);
        let at = now.as_millis();
        let of_pair = known.pairs.get(&pair).and_then(|it| it.wait(PAIR, at));
        let of_account = known.accounts.get(&pair.0).filter(|_| !trusted);
        let of_account = of_account.and_then(|it| it.wait(ACCOUNT, at));
        let of_network = known.networks.get(&pair.1).filter(|_| !trusted);
        let of_network = of_network.and_then(|it| it.wait(NETWORK, at));
        if let Some(wait) = of_pair.max(of_account).max(of_network) {
            return Err(wait_for(wait));
        }
        for tally in known.tallies(&pair, at) {
            tally.in_flight += 1;
        }
        drop(known);
        Ok(Attempt { attempts: self, pair, at })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The refusal of whoever has to wait.
fn wait_for(millis: i64) -> Refusal {
    let seconds = millis.div_euclid(1_000) + i64::from(millis.rem_euclid(1_000) > 0);
    Refusal::new(Code::TooManyAttempts).detail(seconds.to_string())
}

impl Known {
    fn tallies(&mut self, pair: &(String, Network), now: i64) -> [&mut Tally; 3] {
        [
            entry(&mut self.pairs, pair.clone(), now),
            entry(&mut self.accounts, pair.0.clone(), now),
            entry(&mut self.networks, pair.1, now),
        ]
    }
}

/// The tally of a key. Where there are too many, those that nobody waits for any more go first.
fn entry<K: Clone + Eq + Hash>(all: &mut HashMap<K, Tally>, key: K, now: i64) -> &mut Tally {
    if all.len() >= REMEMBERED && !all.contains_key(&key) {
        all.retain(|_, it| it.in_flight > 0 || now - it.last.max(it.until) < MEMORY_MS);
    }
    if all.len() >= REMEMBERED && !all.contains_key(&key) {
        let idle = all.iter().filter(|(_, it)| it.in_flight == 0);
        let least = idle.min_by_key(|(_, it)| (it.until, it.last)).map(|(key, _)| key.clone());
        if let Some(least) = least {
            all.remove(&least);
        }
    }
    all.entry(key).or_default()
}

/// A guess that is being looked at.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    attempts: &'a Attempts,
    pair: (String, Network),
    at: i64,
}

impl Attempt<'_> {
    /// The guess was wrong; true when the account has to wait from here for the first time.
    pub(crate) fn failed(self) -> bool {
        let mut known = self.attempts.known();
        let [pair, account, network] = known.tallies(&self.pair, self.at);
        pair.fail(PAIR, self.at);
        account.fail(ACCOUNT, self.at);
        network.fail(NETWORK, self.at);
        pair.failures == PAIR.free
    }

    /// The guess was right: this network is known for the account.
    pub(crate) fn succeeded(self) {
        let mut known = self.attempts.known();
        let [pair, ..] = known.tallies(&self.pair, self.at);
        pair.failures = 0;
        pair.until = 0;
        if known.trusted.len() >= REMEMBERED {
            known.trusted.clear();
        }
        known.trusted.insert(self.pair.clone());
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut known = self.attempts.known();
        for tally in known.tallies(&self.pair, self.at) {
            tally.in_flight = tally.in_flight.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn elsewhere(number: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, number])
    }

    fn fail(attempts: &Attempts, account: &str, from: IpAddr, now: i64) {
        attempts.begin(account, from, at(now)).unwrap().failed();
    }

    fn wait(attempts: &Attempts, account: &str, from: IpAddr, now: i64) -> Option<i64> {
        let refusal = attempts.begin(account, from, at(now)).err()?;
        assert_eq!(refusal.code, Code::TooManyAttempts);
        Some(refusal.detail.unwrap().parse().unwrap())
    }

    #[test]
    fn guesses_in_flight_count() {
        let attempts = Attempts::default();
        let flying: Vec<_> =
            (0..100).filter_map(|_| attempts.begin("a", HERE, at(0)).ok()).collect();
        assert_eq!(flying.len(), PAIR.free as usize);
        for guess in flying {
            guess.failed();
        }
        assert_eq!(wait(&attempts, "a", HERE, 0), Some(5));
        // Beyond the free ones they go one after the other.
        let one = attempts.begin("a", HERE, at(5_000)).unwrap();
        assert_eq!(wait(&attempts, "a", HERE, 5_000), Some(1));
        one.failed();
        assert_eq!(wait(&attempts, "a", HERE, 5_000), Some(10));
    }

    #[test]
    fn the_delay_grows_and_what_is_said_of_it_is_true() {
        let attempts = Attempts::default();
        let mut now = 0;
        for _ in 0..PAIR.free {
            fail(&attempts, "a", HERE, now);
        }
        for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
            assert_eq!(wait(&attempts, "a", HERE, now), Some(seconds));
            now += seconds * 1_000 - 1;
            assert_eq!(wait(&attempts, "a", HERE, now), Some(1));
            now += 1;
            fail(&attempts, "a", HERE, now);
        }
        now += 900_000;
        attempts.begin("a", HERE, at(now)).unwrap().succeeded();
        fail(&attempts, "a", HERE, now);
        assert_eq!(wait(&attempts, "a", HERE, now), None);
    }

    #[test]
    fn who_guesses_at_one_account_locks_out_nobody_else_behind_the_same_address() {
        let attempts = Attempts::default();
        for account in ["honest", "other"] {
            attempts.begin(account, HERE, at(0)).unwrap().succeeded();
        }
        for number in 0..200 {
            if let Ok(guess) = attempts.begin(&format!("guess{number}"), HERE, at(0)) {
                guess.failed();
            }
            if let Ok(guess) = attempts.begin("other", HERE, at(0)) {
                guess.failed();
            }
        }
        assert!(wait(&attempts, "guess", HERE, 0).is_some());
        assert!(wait(&attempts, "other", HERE, 0).is_some());
        assert_eq!(wait(&attempts, "honest", HERE, 0), None);
    }

    #[test]
    fn who_guesses_from_many_addresses_waits_and_its_owner_at_the_usual_place_does_not() {
        let attempts = Attempts::default();
        attempts.begin("a", HERE, at(0)).unwrap().succeeded();
        for number in 0..20 {
            fail(&attempts, "a", elsewhere(number), 0);
        }
        assert_eq!(wait(&attempts, "a", elsewhere(100), 0), Some(1));
        assert_eq!(wait(&attempts, "a", HERE, 0), None);
    }

    #[test]
    fn all_addresses_of_one_subscriber_are_one_network() {
        let attempts = Attempts::default();
        for number in 0..PAIR.free {
            let from: IpAddr = format!("2001:db8::{number}").parse().unwrap();
            fail(&attempts, "a", from, 0);
        }
        assert!(wait(&attempts, "a", "2001:db8::ffff".parse().unwrap(), 0).is_some());
        assert_eq!(wait(&attempts, "a", "2001:db8:1::1".parse().unwrap(), 0), None);
    }

    #[test]
    fn many_names_do_not_end_a_delay_and_take_bounded_room() {
        let attempts = Attempts::default();
        for _ in 0..PAIR.free + 3 {
            let now = attempts.known().pairs.values().map(|it| it.until).max().unwrap_or_default();
            fail(&attempts, "locked", HERE, now);
        }
        for number in 0..2 * REMEMBERED {
            let from = IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());
            fail(&attempts, &number.to_string(), from, 100);
        }
        assert!(wait(&attempts, "locked", HERE, 100).is_some());
        let known = attempts.known();
        assert!(known.pairs.len() <= REMEMBERED && known.accounts.len() <= REMEMBERED);
        assert!(known.networks.len() <= REMEMBERED);
    }

    #[test]
    fn failures_are_forgotten_after_a_quarter_of_an_hour() {
        let attempts = Attempts::default();
        for _ in 0..PAIR.free - 1 {
            fail(&attempts, "a", HERE, 0);
        }
        fail(&attempts, "a", HERE, MEMORY_MS);
        assert_eq!(wait(&attempts, "a", HERE, MEMORY_MS), None);
    }
}
