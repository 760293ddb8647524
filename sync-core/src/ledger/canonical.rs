//! Which bytes may be signed: core deterministic CBOR (RFC 8949 section 4.2.1), without floats,
//! tags and indefinite lengths, so that one statement has one byte string.

use crate::limits;
use crate::refusal::{Code, Refusal};

/// Refuses bytes that are not exactly one canonical item. Linear in the input; nothing is
/// allocated for declared lengths.
///
/// # Errors
/// [`Code::NotCanonical`].
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let mut rest = bytes;
    item(&mut rest, 0)?;
    if rest.is_empty() { Ok(()) } else { Err(refuse("trailing bytes")) }
}

fn refuse(detail: &'static str) -> Refusal {
    Refusal::new(Code::NotCanonical).detail(detail)
}

fn item(rest: &mut &[u8], depth: usize) -> Result<(), Refusal> {
    if depth > limits::FACT_DEPTH {
        return Err(refuse("too deep"));
    }
    let (major, argument) = head(rest)?;
    match major {
        0 | 1 => Ok(()),
        2 => take(rest, argument).map(drop),
        3 => std::str::from_utf8(take(rest, argument)?)
            .map(drop)
            .map_err(|_| refuse("text is not UTF-8")),
        4 => (0..bounded(rest, argument)?).try_for_each(|_| item(rest, depth + 1)),
        5 => map(rest, argument, depth),
        7 if matches!(argument, 20..=22) => Ok(()),
        _ => Err(refuse("tag, float or simple value")),
    }
}

fn map(rest: &mut &[u8], pairs: u64, depth: usize) -> Result<(), Refusal> {
    let mut last: Option<&[u8]> = None;
    for _ in 0..bounded(rest, pairs)? {
        let before = *rest;
        item(rest, depth + 1)?;
        let key = before.get(..before.len() - rest.len()).unwrap_or_default();
        if last.is_some_and(|last| last >= key) {
            return Err(refuse("map keys not ascending"));
        }
        last = Some(key);
        item(rest, depth + 1)?;
    }
    Ok(())
}

/// Reads major type and argument, refusing an argument that is longer than it must be.
fn head(rest: &mut &[u8]) -> Result<(u8, u64), Refusal> {
    let first = take(rest, 1)?.first().copied().unwrap_or_default();
    let (major, info) = (first >> 5, first & 0x1f);
    let (argument, least) = match info {
        0..=23 => return Ok((major, u64::from(info))),
        24 => (number(take(rest, 1)?), 24),
        25 => (number(take(rest, 2)?), 1 << 8),
        26 => (number(take(rest, 4)?), 1 << 16),
        27 => (number(take(rest, 8)?), 1 << 32),
        _ => return Err(refuse("indefinite length")),
    };
    // Major type 7 with a longer argument would be a float or an unassigned simple value.
    if argument < least || major == 7 {
        return Err(refuse("number longer than needed"));
    }
    Ok((major, argument))
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn take<'b>(rest: &mut &'b [u8], len: u64) -> Result<&'b [u8], Refusal> {
    let len = usize::try_from(len).map_err(|_| refuse("too short"))?;
    let (taken, left) = rest.split_at_checked(len).ok_or_else(|| refuse("too short"))?;
    *rest = left;
    Ok(taken)
}

/// A container cannot hold more items than bytes are left.
fn bounded(rest: &[u8], count: u64) -> Result<u64, Refusal> {
    if count > rest.len() as u64 { Err(refuse("too short")) } else { Ok(count) }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn one_value_has_one_encoding() {
        for good in [&[0x00][..], &[0x18, 24], &[0x82, 1, 2], &[0xa2, 0, 1, 1, 2], &[0xf6]] {
            assert!(check(good).is_ok(), "{good:02x?}");
        }
        for bad in [
            &[0x18, 23][..],                                         // 23 in two bytes
            &[0x19, 0, 255],                                         // 255 in three bytes
            &[0x9f, 1, 0xff],                                        // indefinite array
            &[0xa2, 1, 1, 0, 2],                                     // keys descending
            &[0xa2, 0, 1, 0, 2],                                     // key twice
            &[0xf9, 0x3c, 0],                                        // float
            &[0xc0, 0x60],                                           // tag
            &[0x00, 0x00],                                           // trailing
            &[0x61, 0xff],                                           // not UTF-8
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // declares too much
            &[],
        ] {
            assert!(check(bad).is_err(), "{bad:02x?}");
        }
    }
}
