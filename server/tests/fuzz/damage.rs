//! What is done to bytes without knowing what they say.

use sync_core::act::Fact;
use sync_core::testing::histories::Dice;

use super::forge::Known;

/// Somebody's stored fact once more, damaged.
pub(crate) fn replay(dice: &mut Dice, known: &Known, mutations: usize) -> Vec<u8> {
    let mut bytes = known.facts[dice.below(known.facts.len())].clone();
    let signed = Fact::decode(&bytes).unwrap().without_trace().len();
    for _ in 1..mutations {
        damage(&mut bytes, signed, dice);
    }
    bytes
}

/// An id or a digest in a statement exchanged for another one that exists.
pub(crate) fn spliced(statement: &[u8], dice: &mut Dice, known: &Known) -> Vec<u8> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for at in 0..statement.len() {
        let rest = &statement[at..];
        if known.ids.iter().any(|id| rest.starts_with(id)) {
            places.push((at, 16));
        }
        if known.digests.iter().any(|digest| rest.starts_with(digest.as_bytes())) {
            places.push((at, 33));
        }
    }
    let mut spliced = statement.to_vec();
    if !places.is_empty() {
        let (at, len) = dice.one(&places);
        let with: Vec<u8> = if len == 16 {
            known.ids[dice.below(known.ids.len())].to_vec()
        } else {
            known.digests[dice.below(known.digests.len())].as_bytes().to_vec()
        };
        spliced[at..at + len].copy_from_slice(&with);
    }
    spliced
}

/// Damages signed bytes: the signature, what was signed, the trace behind it, the end.
pub(crate) fn damage(bytes: &mut Vec<u8>, signed: usize, dice: &mut Dice) {
    let len = bytes.len();
    let signature = signed.saturating_sub(64).min(len - 1);
    match dice.below(6) {
        0 | 1 => bytes[signature + dice.below((len - signature).min(64))] ^= 1 << dice.below(8),
        2 => bytes[signature..(signature + 64).min(len)].fill(0),
        3 => bytes[dice.below(len)] ^= 1 << dice.below(8),
        4 => bytes.truncate(signed.min(len)),
        _ => bytes.push(0),
    }
    if bytes.is_empty() {
        bytes.push(0);
    }
}
