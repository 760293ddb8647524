//! From facts to a [`Case`]: the same set gives the same case, in whatever order and however often
//! its facts arrive.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::act::Kind;
use super::{About, Case, Stated};
use crate::id::FactId;
use crate::ledger::fact::{Content, Fact};
use crate::ledger::receipt::Receipt;
use crate::ledger::stream::StreamId;
use crate::time::Timestamp;

/// What a case takes from a statement: its kind, what it is about, its body.
#[derive(Clone)]
pub struct CaseEntry {
    /// The kind.
    pub kind: &'static Kind,
    /// What it is about.
    pub about: About,
    /// What is stated.
    pub body: Arc<dyn Any + Send + Sync>,
}

impl std::fmt::Debug for CaseEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.kind.name, self.about)
    }
}

/// A statement that can be part of a case.
pub trait Folds: Content {
    /// What a case takes from it; none for a kind that this build does not know.
    fn entry(&self) -> Option<CaseEntry>;
}

/// A fact with its receipt, or without one while only this device knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted<S> {
    /// The fact.
    pub fact: Fact<S>,
    /// Where and when the server took it over.
    pub receipt: Option<Receipt>,
}

/// What orders facts: receipted ones by the server's time, stream and place; then the device's own
/// by its chain. Device clocks order nothing.
type Order = (bool, Timestamp, StreamId, u64, u64, FactId);

fn order<S>(it: &Admitted<S>) -> Order {
    let (stream, seq) = (it.fact.body.stream, it.fact.seq());
    match it.receipt {
        Some(receipt) => (false, receipt.at, stream, receipt.place, seq, it.fact.id),
        None => (true, Timestamp::default(), stream, 0, seq, it.fact.id),
    }
}

/// Joins the facts of linked streams into a case.
///
/// A fact given with and without its receipt counts once, with it; of two receipts, as after the
/// server was restored from a backup, the later one counts.
pub fn fold<'a, S: Folds + 'a>(facts: impl IntoIterator<Item = &'a Admitted<S>>) -> Case {
    folded(facts, None)
}

/// The case as it stood just before an instant: only what the server had taken over by then. What is asked of
/// it later gives the same answer.
pub fn fold_until<'a, S: Folds + 'a>(
    facts: impl IntoIterator<Item = &'a Admitted<S>>,
    until: Timestamp,
) -> Case {
    folded(facts, Some(until))
}

fn folded<'a, S: Folds + 'a>(
    facts: impl IntoIterator<Item = &'a Admitted<S>>,
    until: Option<Timestamp>,
) -> Case {
    let mut distinct: BTreeMap<FactId, &Admitted<S>> = BTreeMap::new();
    for it in facts {
        if until.is_some_and(|until| it.receipt.is_none_or(|receipt| receipt.at >= until)) {
            continue;
        }
        let known = distinct.entry(it.fact.id).or_insert(it);
        let rank = |it: &Admitted<S>| it.receipt.map(|receipt| (receipt.at, receipt.place));
        if rank(known) < rank(it) {
            *known = it;
        }
    }
    let mut ordered: Vec<&Admitted<S>> = distinct.into_values().collect();
    ordered.sort_by_key(|it| order(it));
    let mut case = Case::default();
    for it in ordered {
        extend(&mut case, &it.fact, it.receipt);
    }
    case
}

/// Adds one more fact at the end of a case.
pub fn extend<S: Folds>(case: &mut Case, fact: &Fact<S>, receipt: Option<Receipt>) {
    let Some(CaseEntry { kind, about, body }) = fact.statement.entry() else {
        if fact.body.critical {
            case.unknown.push(fact.id);
        }
        return;
    };
    case.push(Stated {
        kind,
        about,
        fact: fact.id,
        by: fact.body.author,
        device: fact.body.device,
        wall: fact.body.wall,
        seq: fact.seq(),
        at: receipt.map_or(fact.body.wall, |receipt| receipt.at),
        place: receipt.map(|receipt| receipt.place),
        body,
    });
}
