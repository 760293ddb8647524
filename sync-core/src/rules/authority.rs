//! Who may see what, and whose work counts. Rights are judged as of capture, within what the server
//! can prove about the time.

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::account::{Device, Person, Role};
use crate::id::{BlobHash, DepartmentId, EnterpriseId, PersonId};
use crate::ledger::case::Case;
use crate::ledger::statement::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::{ClockReading, TimeBounds, Timestamp};

/// A group of readers. Every reader belongs to a handful, whatever the number of cases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// One person.
    Person(PersonId),
    /// The inspectors and supervisors of a department.
    Department(DepartmentId),
    /// The supervisors of a department.
    Leads(DepartmentId),
    /// The people of an enterprise.
    Enterprise(EnterpriseId),
    /// The coordinating office and auditors.
    Office,
}

impl fmt::Display for Audience {
    /// The stored form, such as `dept:yingji`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Department(id) => write!(f, "dept:{id}"),
            Self::Leads(id) => write!(f, "leads:{id}"),
            Self::Enterprise(id) => write!(f, "ent:{id}"),
            Self::Office => f.write_str("office"),
        }
    }
}

/// The audiences that a person's devices read.
#[must_use]
pub fn reads(person: &Person) -> Vec<Audience> {
    let department = || person.department.clone();
    match person.role {
        Role::Inspector => {
            [Some(Audience::Person(person.id)), department().map(Audience::Department)]
                .into_iter()
                .flatten()
                .collect()
        }
        Role::Assistant | Role::Expert => vec![Audience::Person(person.id)],
        Role::Supervisor => [
            Some(Audience::Person(person.id)),
            department().map(Audience::Department),
            department().map(Audience::Leads),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Role::Coordinator | Role::Auditor => vec![Audience::Office],
        Role::Enterprise => person.enterprise.map(Audience::Enterprise).into_iter().collect(),
        Role::Administrator => Vec::new(),
    }
}

/// The audiences that may see a stream of a case now.
///
/// Before the first arrival a visit is known to its team and the department's supervisors alone.
#[must_use]
pub fn audiences(stream: StreamId, case: &Case) -> BTreeSet<Audience> {
    let mut readers: BTreeSet<Audience> = BTreeSet::new();
    let plan = case.plan.as_ref().map(|plan| &plan.body);
    if let Some(plan) = plan {
        readers.extend(plan.team.iter().copied().map(Audience::Person));
        readers.insert(Audience::Leads(plan.department.clone()));
    }
    match stream {
        StreamId::Inspection(_) => {
            if let (Some(plan), false) = (plan, case.arrivals.is_empty()) {
                readers.insert(Audience::Department(plan.department.clone()));
            }
            if case.seal.is_some() {
                readers.insert(Audience::Office);
            }
        }
        StreamId::Notice(_) => {
            if let Some(notice) = &case.notice {
                readers.insert(Audience::Department(notice.body.department.clone()));
                readers.insert(Audience::Leads(notice.body.department.clone()));
                readers.insert(Audience::Enterprise(notice.body.enterprise));
                readers.insert(Audience::Office);
            }
        }
    }
    readers
}

/// Whether work that arrives now may count as its author's. A revoked author's or device's work is
/// not refused but kept for a supervisor; the detail says what is known of its time: `before` the
/// revocation by its own claim alone, `after` it for certain, or `between`.
pub fn as_of_capture(
    person: &Person,
    device: &Device,
    clock: &ClockReading,
    now: Timestamp,
) -> Result<(), Refusal> {
    let revoked = |at: Timestamp, code| {
        let knowledge = match clock.beacon {
            Some(beacon) if beacon.at >= at => "after",
            _ if clock.wall < at => "before",
            _ => "between",
        };
        Refusal::new(code).detail(knowledge)
    };
    if device.person != person.id {
        return Err(Refusal::new(Code::AuthorMismatch));
    }
    if let Some(at) = person.revoked_at.filter(|at| *at <= now) {
        return Err(revoked(at, Code::AuthorRevoked));
    }
    if let Some(at) = device.revoked_at.filter(|at| *at <= now) {
        return Err(revoked(at, Code::DeviceRevoked));
    }
    if clock.wall.as_millis() > now.as_millis().saturating_add(limits::CLOCK_AHEAD_MS)
        && clock.beacon.is_none()
    {
        return Err(Refusal::new(Code::ClockAhead));
    }
    Ok(())
}

/// Between which instants something was captured. `beacon_genuine` says whether the server
/// recognised the beacon as its own.
#[must_use]
pub fn bounds(clock: &ClockReading, beacon_genuine: bool, received: Timestamp) -> TimeBounds {
    let not_before = clock.beacon.filter(|_| beacon_genuine).map(|beacon| beacon.at);
    TimeBounds {
        not_before,
        not_after: received,
        wall_plausible: clock.wall <= received.plus_millis(limits::CLOCK_AHEAD_MS)
            && not_before.is_none_or(|at| clock.wall.plus_millis(limits::CLOCK_AHEAD_MS) >= at),
    }
}

/// Whether a person may write the draft of a visit: the team, until it is sealed.
pub fn may_write_draft(person: &Person, case: &Case) -> Result<(), Refusal> {
    let plan = case.plan.as_ref().ok_or(Refusal::new(Code::NotPlanned))?;
    if !plan.body.team.contains(&person.id) {
        return Err(Refusal::new(Code::NotOnTeam));
    }
    if case.seal.is_some() {
        return Err(Refusal::new(Code::AlreadySealed));
    }
    Ok(())
}

/// Whether a person may fetch a photo of a case. Staff see what their audiences see; an enterprise
/// sees the photos on its notice, those of the rechecks and its own.
#[must_use]
pub fn may_fetch_blob(person: &Person, case: &Case, blob: &BlobHash) -> bool {
    let capture = case.photos.get(blob);
    let readers: BTreeSet<Audience> = reads(person).into_iter().collect();
    if person.role != Role::Enterprise {
        return capture
            .is_some_and(|capture| !audiences(capture.body.stream, case).is_disjoint(&readers));
    }
    let Some(notice) = &case.notice else { return false };
    if person.enterprise != Some(notice.body.enterprise) {
        return false;
    }
    let on_notice = notice.body.items.iter().any(|item| item.photos.contains(blob));
    let in_stream =
        capture.is_some_and(|capture| capture.body.stream == StreamId::Notice(notice.body.id));
    on_notice || in_stream
}
