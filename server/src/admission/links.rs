//! Which visit a notice is of: the rows of both say it, and so do the lists. Where they do not say the same, the facts
//! decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sync_core::act::Admitted;
use sync_core::case::fold::fold;
use sync_core::id::HazardId;
use sync_core::ledger::stream::StreamKind;

use super::dossier::admitted;
use crate::store::ledger::StoredFact;
use crate::store::streams::{StreamKey, StreamRow};

/// Who says that a notice is of a visit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamedBy {
    visit: bool,
    notice: bool,
    /// What the lists say; nothing if they do not know of the notice.
    listed: Option<bool>,
}

/// Of each notice the visits that it may be of.
pub(super) fn named_by(
    rows: &HashMap<StreamKey, StreamRow>,
    listed: &BTreeSet<(StreamKey, StreamKey)>,
) -> BTreeMap<StreamKey, BTreeMap<StreamKey, NamedBy>> {
    let mut named: BTreeMap<StreamKey, BTreeMap<StreamKey, NamedBy>> = BTreeMap::new();
    let links = rows.values().flat_map(|row| row.links.iter().map(|to| (row.key, *to)));
    for (from, to) in links.filter(|(from, to)| is_pair(*from, *to)) {
        let (visit, notice) = if is_notice(from) { (to, from) } else { (from, to) };
        let it = named.entry(notice).or_default().entry(visit).or_default();
        it.visit |= from == visit;
        it.notice |= from == notice;
    }
    for (visit, notice) in listed {
        named.entry(*notice).or_default().entry(*visit).or_default().listed = Some(true);
    }
    for visits in named.values_mut() {
        if visits.values().any(|it| it.listed.is_some()) {
            for it in visits.values_mut() {
                it.listed = Some(it.listed.is_some());
            }
        }
    }
    named
}

/// Whether nobody says anything else.
pub(super) fn are_agreed(visits: &BTreeMap<StreamKey, NamedBy>) -> bool {
    visits.len() == 1 && visits.values().all(|it| it.visit && it.notice && it.listed != Some(false))
}

/// The visit of a notice, by its record; among visits with the same hazards, or without any facts, the one that is named
/// most. A visit that recorded nothing of what the notice orders is none.
pub(super) fn decide(
    notice: StreamKey,
    visits: &BTreeMap<StreamKey, NamedBy>,
    facts: &HashMap<StreamKey, Vec<StoredFact>>,
) -> Option<StreamKey> {
    let ordered = hazards(notice, facts);
    let rated = visits.iter().filter_map(|(visit, by)| {
        let recorded = hazards(*visit, facts);
        let fits = !ordered.is_disjoint(&recorded);
        let unknown = ordered.is_empty() || recorded.is_empty();
        let named = [by.listed == Some(true), by.visit, by.notice];
        let named = named.iter().filter(|it| **it).count();
        (fits || unknown).then_some(((fits, by.listed, named), *visit))
    });
    rated.max().map(|(_, visit)| visit)
}

/// The hazards of which a stream tells.
fn hazards(key: StreamKey, facts: &HashMap<StreamKey, Vec<StoredFact>>) -> BTreeSet<HazardId> {
    let stored = facts.get(&key).into_iter().flatten();
    let admitted: Vec<Admitted> = stored.filter_map(admitted).collect();
    fold(&admitted).hazards()
}

pub(super) fn is_notice(key: StreamKey) -> bool {
    key.stream().is_some_and(|stream| stream.kind == StreamKind::Notice)
}

/// Whether one is a visit and the other one a notice.
pub(super) fn is_pair(one: StreamKey, other: StreamKey) -> bool {
    let kind = |key: StreamKey| key.stream().map(|stream| stream.kind);
    let kinds = (kind(one), kind(other));
    matches!(
        kinds,
        (Some(StreamKind::Inspection), Some(StreamKind::Notice))
            | (Some(StreamKind::Notice), Some(StreamKind::Inspection))
    )
}

/// Whether a row is linked with what it cannot be linked with.
pub(super) fn holds_others(row: &StreamRow) -> bool {
    row.links.iter().any(|to| !is_pair(row.key, *to))
}
