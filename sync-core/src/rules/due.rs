//! What the server itself owes, given a case: what it has to state, and when to look again.

use crate::act::hazard::HazardCase;
use crate::act::notice::{DeadlineAssigned, ExtensionDecision, Recheck};
use crate::act::state;
use crate::calendar::{Calendars, deadline};
use crate::case::Case;
use crate::domain::hazard::Measure;
use crate::domain::inspection::Record;
use crate::domain::notice::NoticeItem;
use crate::domain::term::Term;
use crate::id::FactId;
use crate::time::{CivilDate, Timestamp};

/// Something that the server has to state. Each is caused by a fact and stated once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owed {
    /// A notice with these hazards.
    Notice(Vec<NoticeItem>),
    /// A deadline.
    Deadline(DeadlineAssigned),
}

/// What is owed now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// What has to be stated, in this order. Asking again after it was stated gives nothing.
    pub owed: Vec<Owed>,
    /// The next instant at which the passing of time alone changes what is owed or how something stands; none if
    /// it never does.
    pub look_again: Option<Timestamp>,
}

/// What is due at `now`.
///
/// A notice: once the record is sealed, cosigned by another officer, signed or refused by the
/// enterprise's person, and orders at least one hazard to be rectified. A deadline: for each hazard
/// and each of service, granted extension and failed recheck.
#[must_use]
pub fn due(case: &Case, calendars: &Calendars, now: Timestamp) -> Due {
    if state::require_known(case).is_err() {
        return Due::default();
    }
    let notice =
        case.seal().filter(|_| state::is_complete(case)).and_then(|it| items(case, it.body));
    let hazards: Vec<_> = case.hazards().into_iter().filter_map(|id| case.hazard(id)).collect();
    let deadlines = hazards.iter().flat_map(|hazard| deadlines(hazard, calendars));
    let owed = notice.map(Owed::Notice).into_iter().chain(deadlines.map(Owed::Deadline)).collect();
    let late_from = |hazard: &HazardCase<'_>| state::running(hazard).map(deadline::passes_at);
    let look_again = hazards.iter().filter_map(late_from).filter(|at| *at > now).min();
    Due { owed, look_again }
}

/// The hazards of a record that a notice has to order; none if it is issued already or orders nothing.
fn items(case: &Case, record: &Record) -> Option<Vec<NoticeItem>> {
    let ordered = |id| case.hazard(id).is_some_and(|hazard| hazard.item.is_some());
    let items: Vec<NoticeItem> = record
        .hazards
        .iter()
        .filter(|hazard| !ordered(hazard.id))
        .filter_map(|hazard| match hazard.measure {
            Measure::FixedOnSpot { .. } => None,
            Measure::Rectify { term } => Some(NoticeItem {
                hazard: hazard.id,
                description: hazard.description.clone(),
                place: hazard.place.clone(),
                basis: hazard.basis.clone(),
                grade: hazard.grade,
                criterion: hazard.criterion.clone(),
                term,
                photos: hazard.photos.clone(),
            }),
        })
        .collect();
    (!items.is_empty()).then_some(items)
}

/// What a deadline is counted from: a date, or the deadline before.
struct Cause {
    place: Option<u64>,
    fact: FactId,
    start: Option<CivilDate>,
    term: Term,
}

/// The deadlines of one hazard that are caused but not assigned. Causes count in the order of their
/// places, so that an extension counts on from the deadline that was valid when it was granted.
fn deadlines(hazard: &HazardCase<'_>, calendars: &Calendars) -> Vec<DeadlineAssigned> {
    let Some(notice) = hazard.notice else { return Vec::new() };
    let mut valid: Option<CivilDate> = None;
    let mut due = Vec::new();
    for cause in causes(hazard) {
        let known = hazard.all::<DeadlineAssigned>().find(|it| it.body.cause == cause.fact);
        if let Some(known) = known {
            valid = Some(known.body.deadline.date);
            continue;
        }
        let Some(start) = cause.start.or(valid) else { continue };
        let deadline = deadline::count(start, cause.term, calendars);
        valid = Some(deadline.date);
        let (notice, hazard, cause) = (notice.body.id, hazard.id, cause.fact);
        due.push(DeadlineAssigned { notice, hazard, cause, deadline });
    }
    due
}

fn causes(hazard: &HazardCase<'_>) -> Vec<Cause> {
    let service = hazard.service().zip(hazard.item).map(|(it, item)| Cause {
        place: it.place,
        fact: it.fact,
        start: Some(it.at.date()),
        term: item.term,
    });
    let rechecks = hazard.all::<Recheck>().filter_map(|it| {
        let term = it.body.new_term?;
        Some(Cause { place: it.place, fact: it.fact, start: Some(it.at.date()), term })
    });
    let extensions = hazard.all::<ExtensionDecision>().filter_map(|it| {
        let term = it.body.granted?;
        Some(Cause { place: it.place, fact: it.fact, start: None, term })
    });
    let mut causes: Vec<Cause> = service.into_iter().chain(rechecks).chain(extensions).collect();
    causes.sort_by_key(|cause| cause.place);
    causes
}
