//! What the server itself has to state, given a case. Each answer is caused by a fact and stated
//! once; asking again after it was stated gives nothing.

use super::calendar::Calendars;
use super::deadline;
use super::status;
use crate::domain::hazard::Measure;
use crate::domain::notice::NoticeItem;
use crate::domain::term::{Deadline, Term};
use crate::id::{FactId, HazardId, NoticeId};
use crate::ledger::case::{Case, HazardCase};
use crate::ledger::statement::DeadlineAssigned;
use crate::time::CivilDate;

/// Something that the server has to state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// A notice with these hazards.
    Notice(Vec<NoticeItem>),
    /// A deadline.
    Deadline(DeadlineAssigned),
}

/// What is due.
///
/// A notice: once the record is sealed, cosigned by another officer, signed or refused by the
/// enterprise's person, and orders at least one hazard to be rectified. A deadline: for each hazard
/// and each of service, granted extension and failed recheck.
#[must_use]
pub fn due(case: &Case, calendars: &Calendars) -> Vec<Due> {
    if status::require_known(case).is_err() {
        return Vec::new();
    }
    let Some(notice) = &case.notice else {
        return notice_items(case).map(Due::Notice).into_iter().collect();
    };
    case.hazards
        .iter()
        .filter(|(_, hazard)| hazard.item.is_some())
        .flat_map(|(id, hazard)| deadlines(case, notice.body.id, *id, hazard, calendars))
        .map(Due::Deadline)
        .collect()
}

fn notice_items(case: &Case) -> Option<Vec<NoticeItem>> {
    let seal = case.seal.as_ref().filter(|_| status::is_complete(case))?;
    let items: Vec<NoticeItem> = seal
        .body
        .hazards
        .iter()
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
fn deadlines(
    case: &Case,
    notice: NoticeId,
    id: HazardId,
    hazard: &HazardCase,
    calendars: &Calendars,
) -> Vec<DeadlineAssigned> {
    let mut valid: Option<CivilDate> = None;
    let mut due = Vec::new();
    for cause in causes(case, hazard) {
        if let Some(known) = hazard.deadlines.iter().find(|it| it.body.cause == cause.fact) {
            valid = Some(known.body.deadline.date);
            continue;
        }
        let Some(start) = cause.start.or(valid) else { continue };
        let deadline: Deadline = deadline::count(start, cause.term, calendars);
        valid = Some(deadline.date);
        due.push(DeadlineAssigned { notice, hazard: id, cause: cause.fact, deadline });
    }
    due
}

fn causes(case: &Case, hazard: &HazardCase) -> Vec<Cause> {
    let service = case.service.as_ref().zip(hazard.item.as_ref()).map(|(it, item)| Cause {
        place: it.place,
        fact: it.fact,
        start: Some(it.at.date()),
        term: item.term,
    });
    let rechecks = hazard.rechecks.iter().filter_map(|it| {
        let term = it.body.new_term?;
        Some(Cause { place: it.place, fact: it.fact, start: Some(it.at.date()), term })
    });
    let extensions = hazard.extension_decisions.iter().filter_map(|it| {
        let term = it.body.granted?;
        Some(Cause { place: it.place, fact: it.fact, start: None, term })
    });
    let mut causes: Vec<Cause> = service.into_iter().chain(rechecks).chain(extensions).collect();
    causes.sort_by_key(|cause| cause.place);
    causes
}
