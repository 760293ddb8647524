//! Reference data in parts, so that what did not change does not travel again: the law, the checklists, the colleagues, and
//! the enterprises of each street in small groups.
//!
//! A part is a [`Catalogue`] that holds nothing else. A manifest names the parts of one version with their digests; its own
//! digest names the version as one reader holds it.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::cbor;
use crate::domain::catalogue::Catalogue;
use crate::domain::enterprise::Enterprise;
use crate::id::{Digest, StreetCode};
use crate::refusal::Refusal;

/// Groups of the enterprises of a street: a changed address brings its group again.
const GROUPS: u16 = 2048;
/// The part with everything that has no part of its own.
pub const BASE: &str = "base";
/// The part with everybody who works for a department.
pub const COLLEAGUES: &str = "colleagues";
/// What stands before the street in the name of a group.
const ENTERPRISES: &str = "enterprises/";

/// Parts by their names.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// One part as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Part {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Bytes of a [`Catalogue`].
    #[n(1)]
    pub bytes: ByteVec,
}

/// The version that a device holds, named in two: who works where changes more often than all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct HeldParts {
    /// Digest of the manifest without the colleagues.
    #[n(0)]
    pub rest: Digest,
    /// Digest of the part with the colleagues.
    #[n(1)]
    pub colleagues: Digest,
}

/// The names and digests of the parts of one version, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Manifest(#[n(0)] pub BTreeMap<String, Digest>);

impl Manifest {
    /// The manifest of parts.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        Self(parts.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes))).collect())
    }

    /// The name of the version that a reader of all these parts holds.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&cbor::to_vec(self))
    }

    /// The name of the version without its colleagues.
    #[must_use]
    pub fn rest(&self) -> Digest {
        let rest = self.0.iter().filter(|(name, _)| *name != COLLEAGUES);
        Self(rest.map(|(name, digest)| (name.clone(), *digest)).collect()).digest()
    }

    /// The name of the version in two; none for what has no part with colleagues.
    #[must_use]
    pub fn held(&self) -> Option<HeldParts> {
        let colleagues = *self.0.get(COLLEAGUES)?;
        Some(HeldParts { rest: self.rest(), colleagues })
    }

    /// The parts that are for whoever works in these streets; all, where none are named.
    #[must_use]
    pub fn within(&self, streets: &BTreeSet<StreetCode>) -> Self {
        let kept = self.0.iter().filter(|(name, _)| is_within(name, streets));
        Self(kept.map(|(name, digest)| (name.clone(), *digest)).collect())
    }

    /// The names of parts that `before` has not or has otherwise.
    #[must_use]
    pub fn new_since(&self, before: &Self) -> Vec<&str> {
        let new = self.0.iter().filter(|(name, digest)| before.0.get(*name) != Some(*digest));
        new.map(|(name, _)| name.as_str()).collect()
    }
}

fn is_within(name: &str, streets: &BTreeSet<StreetCode>) -> bool {
    let Some(group) = name.strip_prefix(ENTERPRISES) else { return true };
    let street = group.split('/').next().unwrap_or_default();
    streets.is_empty() || streets.iter().any(|it| it.as_str() == street)
}

/// The parts of a catalogue.
#[must_use]
pub fn split(catalogue: &Catalogue) -> Parts {
    let mut base = catalogue.clone();
    let law = Catalogue {
        laws: std::mem::take(&mut base.laws),
        criteria: std::mem::take(&mut base.criteria),
        penalties: std::mem::take(&mut base.penalties),
        terms: std::mem::take(&mut base.terms),
        ..Catalogue::default()
    };
    let checklists =
        Catalogue { checklists: std::mem::take(&mut base.checklists), ..Catalogue::default() };
    let colleagues =
        Catalogue { colleagues: std::mem::take(&mut base.colleagues), ..Catalogue::default() };
    let mut groups: BTreeMap<String, Vec<Enterprise>> = BTreeMap::new();
    for enterprise in std::mem::take(&mut base.enterprises) {
        groups.entry(group(&enterprise)).or_default().push(enterprise);
    }
    let groups = groups.into_iter().map(|(name, mut enterprises)| {
        enterprises.sort_by_key(|it| it.id);
        (name, Catalogue { enterprises, ..Catalogue::default() })
    });
    [(BASE, base), ("law", law), ("checklists", checklists), (COLLEAGUES, colleagues)]
        .map(|(name, part)| (name.to_owned(), part))
        .into_iter()
        .chain(groups)
        .map(|(name, part)| (name, cbor::to_vec(&part)))
        .collect()
}

fn group(enterprise: &Enterprise) -> String {
    let digest = Digest::of(enterprise.id.as_bytes());
    let spread = digest.as_bytes().iter().skip(1).take(2);
    let number = spread.fold(0_u16, |sum, byte| (sum << 8) | u16::from(*byte)) % GROUPS;
    format!("{ENTERPRISES}{}/{number:03x}", enterprise.street)
}

/// The catalogue of parts.
///
/// # Errors
/// `malformed` for bytes that are no part.
pub fn join<'a>(
    parts: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Catalogue, Refusal> {
    let (mut base, mut whole) = (Catalogue::default(), Catalogue::default());
    for (name, bytes) in parts {
        let part: Catalogue = cbor::from_slice(bytes)?;
        if name == BASE { base = part } else { extend(&mut whole, part) }
    }
    extend(&mut base, whole);
    base.enterprises.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(base)
}

fn extend(whole: &mut Catalogue, part: Catalogue) {
    whole.laws.extend(part.laws);
    whole.criteria.extend(part.criteria);
    whole.penalties.extend(part.penalties);
    whole.terms.extend(part.terms);
    whole.checklists.extend(part.checklists);
    whole.colleagues.extend(part.colleagues);
    whole.enterprises.extend(part.enterprises);
}
