//! Reference data as one run of bytes that may be cut anywhere: a line that does not carry all of it at once carries some
//! of it each time, however large one part is.
//!
//! A run is one [`Part`] after the other. How much of it has come is named by the digest of its first bytes, so it goes on
//! from there as long as these bytes are the same, whatever changed behind them.

use minicbor::{Decode, Decoder, Encode};
use sha2::Digest as _;

use super::catalogue::{COLLEAGUES, Part};
use crate::cbor;
use crate::id::Digest;
use crate::refusal::{Code, Refusal};

/// Prefixes of one request that the server looks at; more are left aside.
const PREFIXES: usize = 64;

/// So many first bytes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Prefix {
    /// How many.
    #[n(0)]
    pub bytes: u64,
    /// Their digest.
    #[n(1)]
    pub digest: Digest,
}

/// The run of parts and of names of parts that are gone, which come as parts without bytes. The colleagues come last: they
/// change most often, and what is before them stays the same.
#[must_use]
pub fn run_of(parts: &[Part], gone: &[String]) -> Vec<u8> {
    let is_last = |part: &&Part| part.name == COLLEAGUES;
    let gone = gone.iter().map(|name| Part { name: name.clone(), bytes: Vec::new().into() });
    let first = parts.iter().filter(|part| !is_last(part)).cloned();
    let last = parts.iter().filter(is_last).cloned();
    first.chain(gone).chain(last).flat_map(|part| cbor::to_vec(&part)).collect()
}

/// The parts of a run, and the names of those that are gone.
///
/// # Errors
/// `malformed` for bytes that are no run.
pub fn parts_of(run: &[u8]) -> Result<(Vec<Part>, Vec<String>), Refusal> {
    let mut decoder = Decoder::new(run);
    let (mut parts, mut gone) = (Vec::new(), Vec::new());
    while decoder.position() < run.len() {
        let part: Part = decoder.decode().map_err(|_| Refusal::new(Code::Malformed))?;
        if part.bytes.is_empty() { gone.push(part.name) } else { parts.push(part) }
    }
    Ok((parts, gone))
}

/// The prefixes at which these pieces of one run end: the last one, the second last, and then ever fewer, so that few
/// prefixes say much about many pieces.
#[must_use]
pub fn prefixes<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>) -> Vec<Prefix> {
    let (mut hasher, mut bytes) = (sha2::Sha256::new(), 0_u64);
    let ends: Vec<Prefix> = pieces
        .into_iter()
        .map(|piece| {
            hasher.update(piece.as_ref());
            bytes += piece.as_ref().len() as u64;
            Prefix { bytes, digest: Digest::from_sha256(hasher.clone().finalize().into()) }
        })
        .collect();
    let told = ends.iter().rev().zip(1_usize..).filter(|(_, from_end)| from_end.is_power_of_two());
    told.map(|(prefix, _)| *prefix).collect()
}

/// How many first bytes of a run are there already by any of these prefixes.
#[must_use]
pub fn held_of(run: &[u8], prefixes: &[Prefix]) -> usize {
    let mut prefixes: Vec<Prefix> = prefixes.iter().take(PREFIXES).copied().collect();
    prefixes.sort_by_key(|prefix| prefix.bytes);
    let (mut hasher, mut hashed, mut held) = (sha2::Sha256::new(), 0, 0);
    for prefix in prefixes {
        let Ok(end) = usize::try_from(prefix.bytes) else { break };
        let Some(next) = run.get(hashed..end) else { break };
        hasher.update(next);
        hashed = end;
        if Digest::from_sha256(hasher.clone().finalize().into()) == prefix.digest {
            held = end;
        }
    }
    held
}

/// Which of several runs that begin alike has come the furthest behind what they share by any of these prefixes; none
/// where nothing behind it has come. An earlier one counts where two have come as far.
#[must_use]
pub fn furthest<T: AsRef<[u8]>>(
    shared: &[u8],
    rests: impl IntoIterator<Item = T>,
    prefixes: &[Prefix],
) -> Option<usize> {
    let behind = |prefix: &&Prefix| prefix.bytes > shared.len() as u64;
    let prefixes: Vec<Prefix> = prefixes.iter().take(PREFIXES).filter(behind).copied().collect();
    if prefixes.is_empty() {
        return None;
    }
    let mut hasher = sha2::Sha256::new();
    hasher.update(shared);
    let come = |rest: T| {
        let rest = rest.as_ref();
        let is_of = |prefix: &&Prefix| {
            let end =
                usize::try_from(prefix.bytes).ok().map(|end| end.saturating_sub(shared.len()));
            end.and_then(|end| rest.get(..end)).is_some_and(|rest| {
                let hasher = hasher.clone().chain_update(rest);
                Digest::from_sha256(hasher.finalize().into()) == prefix.digest
            })
        };
        prefixes.iter().filter(is_of).map(|prefix| prefix.bytes).max()
    };
    let come = rests.into_iter().map(come).enumerate().filter_map(|(at, come)| Some((at, come?)));
    come.min_by_key(|(at, come)| (std::cmp::Reverse(*come), *at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, byte: u8) -> Part {
        Part { name: name.to_owned(), bytes: vec![byte; 100].into() }
    }

    #[test]
    fn a_run_is_read_as_it_was_written_and_has_the_colleagues_last() {
        let parts = [part("base", 1), part(COLLEAGUES, 2), part("law", 3)];
        let gone = ["enterprises/370403002/001".to_owned()];
        let run = run_of(&parts, &gone);
        let (read, without) = parts_of(&run).unwrap();
        assert_eq!(read, [part("base", 1), part("law", 3), part(COLLEAGUES, 2)]);
        assert_eq!(without, gone);
        assert!(parts_of(&run[..run.len() - 1]).is_err());
        assert_eq!(parts_of(&[]).unwrap(), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_came_counts_up_to_the_last_piece_before_a_change() {
        let run = |byte| run_of(&[part("base", 1), part("law", byte), part(COLLEAGUES, 2)], &[]);
        let come = prefixes(run(3).chunks(10).take(25));
        assert_eq!(come.iter().map(|it| it.bytes).collect::<Vec<_>>(), [250, 240, 220, 180, 100]);
        assert_eq!(held_of(&run(3), &come), 250);
        // The law begins behind the 108 bytes of the base.
        assert_eq!(held_of(&run(4), &come), 100);
        assert_eq!(held_of(&run(3)[1..], &come), 0);
        assert_eq!(held_of(&run(3)[..200], &come), 180);
        assert_eq!(held_of(&run(3), &[]), 0);
        let beyond = Prefix { bytes: u64::MAX, digest: Digest::of(b"") };
        assert_eq!(held_of(&run(3), &[beyond]), 0);
    }

    #[test]
    fn of_runs_that_begin_alike_the_one_that_came_goes_on() {
        let run = |last: u8| [vec![1; 100], vec![last; 60]].concat();
        let rests = [2, 3, 4].map(|last| vec![last; 60]);
        let come = |last, pieces| prefixes(run(last).chunks(10).take(pieces));
        assert_eq!(furthest(&[1; 100], &rests, &come(3, 12)), Some(1));
        assert_eq!(furthest(&[1; 100], &rests, &come(4, 16)), Some(2));
        assert_eq!(furthest(&[1; 100], &rests, &come(5, 12)), None);
        assert_eq!(furthest(&[1; 100], &rests, &come(3, 10)), None);
        let same = [&rests[1], &rests[1]];
        assert_eq!(furthest(&[1; 100], same, &come(3, 12)), Some(0));
    }
}
