//! What the server itself owes, given a case: what it has to state, and when to look again.

use std::collections::BTreeSet;

use crate::act::hazard::HazardCase;
use crate::act::notice::{
    DeadlineAssigned, DeadlineRecounted, ExtensionDecision, TermOrdered, items_of, signed,
};
use crate::act::numbers::{NumbersRequested, NumbersVoided};
use crate::act::paper::{self, PaperName};
use crate::act::state;
use crate::calendar::{Calendars, deadline};
use crate::case::{Case, Of};
use crate::domain::hazard::Hazard;
use crate::domain::notice::{Notice, NoticeItem};
use crate::domain::numbers::Series;
use crate::domain::term::{Deadline, Term};
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
    /// A deadline that is counted again over a calendar that was missing.
    Recount(DeadlineRecounted),
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
/// and each of service, granted extension and failed recheck; counted again once a calendar that was missing is
/// published. Numbers: for each request of a device. Papers: once nothing is added to them any more, and anew after each
/// correction; they are owed when all else is stated.
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
    let stated = repeated.chain(notices.map(Owed::Notice)).chain(deadlines);
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
        let reason = "文号所属年度已结束，未使用".to_owned();
        let at = leased_until(&series)?.plus_days(1).start();
        Some((at, NumbersVoided { series, lease: it.fact, reason }))
    })
}

/// The last day on which a paper with a leased number of a series may still come in from a phone; none for a year that has
/// no next one.
#[must_use]
pub fn leased_until(series: &Series) -> Option<CivilDate> {
    let next_year = CivilDate::new(series.year.checked_add(1)?, 1, 1).ok()?;
    Some(next_year.plus_days(LATE_PAPERS_DAYS - 1))
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

/// The deadlines of one hazard that are caused but not assigned, and those that are to be counted again. Causes count in
/// the order of their places, so that an extension counts on from the deadline that was valid when it was granted.
fn deadlines(hazard: &HazardCase<'_>, calendars: &Calendars) -> Vec<Owed> {
    let Some(notice) = hazard.notice else { return Vec::new() };
    let causes = causes(hazard);
    // What leads to the deadline that counts: the last one that follows no other, and what extends it.
    let counts_from = causes.iter().rposition(|cause| cause.start.is_some()).unwrap_or_default();
    let open = !state::of_hazard(hazard).is_settled();
    let mut valid: Option<Valid> = None;
    let mut due = Vec::new();
    for (at, cause) in causes.iter().enumerate() {
        let known = hazard.all::<DeadlineAssigned>().find(|it| it.body.cause == cause.fact);
        if let Some(known) = known {
            let extends = valid.filter(|_| cause.start.is_none());
            let again = recount(hazard, known, extends, calendars);
            let again = again.filter(|_| open && at >= counts_from);
            let counting = hazard.counting(known).date;
            let recounted = again.as_ref().map_or(counting, |it| it.deadline.date.max(counting));
            valid = Some(Valid { assigned: known.body.deadline.date, counting: recounted });
            due.extend(again.map(Owed::Recount));
            continue;
        }
        let Some(start) = cause.start.or(valid.map(|it| it.counting)) else { continue };
        let deadline = deadline::count(start, cause.term, calendars);
        valid = Some(Valid { assigned: deadline.date, counting: deadline.date });
        let (notice, hazard, cause) = (notice.body.id, hazard.id, cause.fact);
        due.push(Owed::Deadline(DeadlineAssigned { notice, hazard, cause, deadline }));
    }
    due
}

/// The editions of calendars over which the deadline that counts was counted, if one of them was missing when it was
/// assigned: under another edition it is to be counted again.
#[must_use]
pub fn counted_over(hazard: &HazardCase<'_>) -> BTreeSet<String> {
    let causes = causes(hazard);
    let counts_from = causes.iter().rposition(|cause| cause.start.is_some()).unwrap_or_default();
    let counts = |it: &Of<'_, DeadlineAssigned>| {
        causes.iter().skip(counts_from).any(|cause| cause.fact == it.body.cause)
    };
    let assigned: Vec<_> = hazard.all::<DeadlineAssigned>().filter(counts).collect();
    let settled = state::of_hazard(hazard).is_settled();
    if settled || assigned.iter().all(|it| !it.body.deadline.provisional) {
        return BTreeSet::new();
    }
    let last = |it: &Of<'_, DeadlineAssigned>| match hazard.recounts(it.fact).next_back() {
        Some(again) => again.body.deadline.calendars.clone(),
        None => it.body.deadline.calendars.clone(),
    };
    assigned.iter().flat_map(last).collect()
}

/// The date of a deadline as it was assigned, and the one that counts since it was counted again.
#[derive(Clone, Copy)]
struct Valid {
    assigned: CivilDate,
    counting: CivilDate,
}

/// The deadline counted again, if it was counted over a year without a calendar or extends one that moved, and has not been
/// counted over these editions. Nothing is counted again over fewer calendars than before.
fn recount<'c>(
    hazard: &HazardCase<'c>,
    known: Of<'c, DeadlineAssigned>,
    extends: Option<Valid>,
    calendars: &Calendars,
) -> Option<DeadlineRecounted> {
    let DeadlineAssigned { notice, hazard: id, deadline: told, .. } = known.body;
    let moved = extends.filter(|it| it.assigned == told.start && it.counting != told.start);
    if !told.provisional && moved.is_none() {
        return None;
    }
    let start = moved.map_or(told.start, |it| it.counting);
    let deadline = deadline::count(start, told.term, calendars);
    let before = hazard.counting(known).date;
    let again =
        DeadlineRecounted { notice: *notice, hazard: *id, assigned: known.fact, before, deadline };
    let mut counts =
        hazard.recounts(known.fact).map(|it| &it.body.deadline).chain(std::iter::once(told));
    let fits = |it: &Deadline| !again.is_of_edition(it) && are_published(it, calendars);
    counts.all(fits).then_some(again)
}

/// Whether every calendar that a deadline was counted over is known, in this or another edition.
fn are_published(deadline: &Deadline, calendars: &Calendars) -> bool {
    let mut read = deadline.calendars.iter().filter_map(|version| version.split_once(':'));
    let is_known = |year: &str| year.parse().is_ok_and(|year| calendars.year(year).is_some());
    read.all(|(year, version)| version == "?" || is_known(year))
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
