//! From facts to a [`Case`]: the same set gives the same case, in whatever order and however often
//! its facts arrive.

use std::collections::BTreeMap;

use super::case::{Case, HazardCase, Stated};
use super::fact::Fact;
use super::receipt::Receipt;
use super::statement::{Statement, StreamId};
use crate::domain::notice::Notice;
use crate::id::{FactId, HazardId};
use crate::time::Timestamp;

/// A fact with its receipt, or without one while only this device knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The fact.
    pub fact: Fact,
    /// Where and when the server took it over.
    pub receipt: Option<Receipt>,
}

/// What orders facts: receipted ones by the server's time, stream and place; then the device's own
/// by its chain. Device clocks order nothing.
type Order = (bool, Timestamp, StreamId, u64, u64, FactId);

fn order(it: &Admitted) -> Order {
    let (stream, seq) = (it.fact.body.stream, it.fact.body.seq);
    match it.receipt {
        Some(receipt) => (false, receipt.at, stream, receipt.place, seq, it.fact.id),
        None => (true, Timestamp::default(), stream, 0, seq, it.fact.id),
    }
}

/// Joins the facts of one inspection stream and its notice stream into a case.
///
/// A fact given with and without its receipt counts once, with it; of two receipts, as after the
/// server was restored from a backup, the later one counts.
pub fn fold<'a>(facts: impl IntoIterator<Item = &'a Admitted>) -> Case {
    let mut distinct: BTreeMap<FactId, &Admitted> = BTreeMap::new();
    for it in facts {
        let known = distinct.entry(it.fact.id).or_insert(it);
        let rank = |it: &Admitted| it.receipt.map(|receipt| (receipt.at, receipt.place));
        if rank(known) < rank(it) {
            *known = it;
        }
    }
    let mut ordered: Vec<&Admitted> = distinct.into_values().collect();
    ordered.sort_by_key(|it| order(it));
    let mut case = Case::default();
    for it in ordered {
        extend(&mut case, &it.fact, it.receipt);
    }
    case
}

/// Adds one more fact at the end of a case.
pub fn extend(case: &mut Case, fact: &Fact, receipt: Option<Receipt>) {
    let next = &(fact, receipt);
    match &fact.statement {
        Statement::Planned(it) => first(&mut case.plan, stated(next, it)),
        Statement::Arrived(it) => case.arrivals.push(stated(next, it)),
        Statement::Captured(it) => {
            case.photos.entry(it.photo.blob).or_insert_with(|| stated(next, it));
        }
        Statement::ParallelDecided(it) => case.decisions.push(stated(next, it)),
        Statement::Sealed(it) => {
            if case.seal.is_none() {
                for hazard in &it.hazards {
                    hazard_of(case, hazard.id).record = Some(hazard.clone());
                }
            }
            first(&mut case.seal, stated(next, it));
        }
        Statement::Cosigned(it) => case.cosigns.push(stated(next, it)),
        Statement::PartySigned(it) => first(&mut case.party, stated(next, it)),
        Statement::NoticeIssued(it) => issue(case, next, it),
        Statement::NoticeServed(it) => first(&mut case.service, stated(next, it)),
        Statement::DeadlineAssigned(it) => {
            let known = &mut hazard_of(case, it.hazard).deadlines;
            if known.iter().all(|deadline| deadline.body.cause != it.cause) {
                known.push(stated(next, it));
            }
        }
        Statement::Replied(it) => hazard_of(case, it.hazard).replies.push(stated(next, it)),
        Statement::ExtensionRequested(it) => {
            hazard_of(case, it.hazard).extension_requests.push(stated(next, it));
        }
        Statement::ExtensionDecided(it) => {
            hazard_of(case, it.hazard).extension_decisions.push(stated(next, it));
        }
        Statement::Rechecked(it) => hazard_of(case, it.hazard).rechecks.push(stated(next, it)),
        Statement::ClosureDecided(it) => hazard_of(case, it.hazard).closures.push(stated(next, it)),
        Statement::Escalated(it) => hazard_of(case, it.hazard).escalations.push(stated(next, it)),
        Statement::DismissalProposed(it) => {
            hazard_of(case, it.hazard).dismissal_proposals.push(stated(next, it));
        }
        Statement::Dismissed(it) => {
            first(&mut hazard_of(case, it.hazard).dismissal, stated(next, it));
        }
        Statement::MajorDecided(it) => {
            first(&mut hazard_of(case, it.hazard).major_decision, stated(next, it));
        }
        Statement::Unknown { .. } if fact.body.critical => {
            case.unknown_critical.push(fact.id);
        }
        Statement::Unknown { .. } => {}
    }
}

type Next<'a> = (&'a Fact, Option<Receipt>);

fn issue(case: &mut Case, next: &Next<'_>, notice: &Notice) {
    if case.notice.is_none() {
        for item in &notice.items {
            hazard_of(case, item.hazard).item = Some(item.clone());
        }
    }
    first(&mut case.notice, stated(next, notice));
}

/// A step that happens once: the first one counts, later ones change nothing.
fn first<T>(place: &mut Option<T>, value: T) {
    place.get_or_insert(value);
}

fn hazard_of(case: &mut Case, id: HazardId) -> &mut HazardCase {
    case.hazards.entry(id).or_default()
}

fn stated<T: Clone>((fact, receipt): &Next<'_>, body: &T) -> Stated<T> {
    Stated {
        fact: fact.id,
        by: fact.body.author,
        device: fact.body.device,
        clock: fact.body.clock,
        at: receipt.map_or(fact.body.clock.wall, |receipt| receipt.at),
        place: receipt.map(|receipt| receipt.place),
        body: body.clone(),
    }
}
