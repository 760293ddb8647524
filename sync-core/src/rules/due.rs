//! What the server itself owes, given a case: what it has to state, and when to look again.

use crate::act::hazard::HazardCase;
use crate::act::notice::{DeadlineAssigned, ExtensionDecision, TermOrdered, items_of, signed};
use crate::act::numbers::{NumbersRequested, NumbersVoided};
use crate::act::paper::{self, PaperName};
use crate::act::state;
use crate::calendar::{Calendars, deadline};
use crate::case::Case;
use crate::domain::hazard::Hazard;
use crate::domain::notice::{Notice, NoticeItem};
use crate::domain::term::Term;
use crate::id::{DeviceId, FactId, PersonId};
use crate::ledger::stream::StreamId;
use crate::time::{CivilDate, Timestamp};

/// Something that the server has to state. Each is caused by a fact and stated once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owed {
    /// A notice with these hazards.
    Notice(Vec<NoticeItem>),
    /// A notice that was issued on the spot, word for word, for the enterprise to read.
    Repeat(Notice),
    /// A block of numbers for the device that asked.
    Lease {
        /// The request.
        request: FactId,
        /// The device.
        device: DeviceId,
        /// Who asked.
        person: PersonId,
        /// What was asked.
        asked: NumbersRequested,
    },
    /// What was not used of a block is void.
    Void(NumbersVoided),
    /// A deadline.
    Deadline(DeadlineAssigned),
    /// Papers to which nothing is added any more, in the stream in which they are issued.
    Papers(StreamId, Vec<PaperName>),
}

/// What is owed now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// What has to be stated, in this order. Asking again after it was stated gives nothing.
    pub owed: Vec<Owed>,
    /// The next instant at which time alone changes a duty or a state; none if it never does.
    pub look_again: Option<Timestamp>,
}

/// What is due at `now`.
///
/// A notice: once the record is sealed, cosigned by another officer, signed or refused by the
/// enterprise's person, and orders at least one hazard to be rectified; one for each supplement that another officer
/// has signed; what an officer issued on the spot is repeated. A deadline: for each hazard
/// and each of service, granted extension and failed recheck. Numbers: for each request of a device. Papers: once nothing
/// is added to them any more, and anew after each correction; they are owed when all else is stated.
#[must_use]
pub fn due(case: &Case, calendars: &Calendars, now: Timestamp) -> Due {
    if state::require_known(case).is_err() {
        return Due::default();
    }
    let repeated = case.unrepeated().map(|it| Owed::Repeat(it.body.clone()));
    let notices = signed(case).filter_map(|hazards| unordered(case, hazards));
    let hazards: Vec<_> = case.hazards().into_iter().filter_map(|id| case.hazard(id)).collect();
    let deadlines = hazards.iter().flat_map(|hazard| deadlines(hazard, calendars));
    let leases = case.open_requests().map(|it| Owed::Lease {
        request: it.fact,
        device: it.device,
        person: it.by,
        asked: it.body.clone(),
    });
    let stated = repeated.chain(notices.map(Owed::Notice)).chain(deadlines.map(Owed::Deadline));
    let voids = ended(case).filter(|(at, _)| *at <= now).map(|(_, void)| Owed::Void(void));
    let mut owed: Vec<Owed> = stated.chain(leases).chain(voids).collect();
    if owed.is_empty() {
        owed.extend(paper::owed(case, now).into_iter().map(|(to, names)| Owed::Papers(to, names)));
    }
    let late_from = |hazard: &HazardCase<'_>| state::running(hazard).map(deadline::passes_at);
    let instants = hazards.iter().filter_map(late_from).chain(ended(case).map(|(at, _)| at));
    let instants = instants.chain(paper::look_again(case));
    let look_again = instants.filter(|at| *at > now).min();
    Due { owed, look_again }
}

/// Days after the end of a year in which papers of that year may still come in from phones without signal, before the
/// numbers that nobody used are void.
const LATE_PAPERS_DAYS: i32 = 31;

/// When what is left of each block becomes void.
fn ended(case: &Case) -> impl Iterator<Item = (Timestamp, NumbersVoided)> {
    let open = case.leases().filter(|it| case.voided(it.fact).is_none());
    open.filter_map(|it| {
        let series = it.body.block.series.clone();
        let next_year = CivilDate::new(series.year.checked_add(1)?, 1, 1).ok()?;
        let reason = "文号所属年度已结束，未使用".to_owned();
        let at = next_year.plus_days(LATE_PAPERS_DAYS).start();
        Some((at, NumbersVoided { series, lease: it.fact, reason }))
    })
}

/// What a notice has to order of a record or supplement; none if it is ordered already or there is nothing to order.
fn unordered(case: &Case, hazards: &[Hazard]) -> Option<Vec<NoticeItem>> {
    let ordered = |id| case.hazard(id).is_some_and(|hazard| hazard.item.is_some());
    let mut items = items_of(case, hazards);
    items.retain(|item| !ordered(item.hazard));
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
    let rechecks = hazard.rechecks().filter_map(|it| {
        let term = it.body.new_term?;
        Some(Cause { place: it.place, fact: it.fact, start: Some(it.at.date()), term })
    });
    let ordered = hazard.all::<TermOrdered>().map(|it| Cause {
        place: it.place,
        fact: it.fact,
        start: Some(it.at.date()),
        term: it.body.term,
    });
    let extensions = hazard.all::<ExtensionDecision>().filter_map(|it| {
        let term = it.body.granted?;
        Some(Cause { place: it.place, fact: it.fact, start: None, term })
    });
    let mut causes: Vec<Cause> =
        { service.into_iter().chain(rechecks).chain(ordered).chain(extensions).collect() };
    causes.sort_by_key(|cause| cause.place);
    causes
}
