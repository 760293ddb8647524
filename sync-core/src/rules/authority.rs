//! Who may see what, and whose work counts. Rights are judged as of capture, within what the server
//! can prove about the time.

use std::collections::BTreeSet;

use crate::act::Capture;
use crate::act::streams::{Audience, readers};
use crate::case::act::Unmet;
use crate::case::{About, Case};
use crate::domain::account::{EnrolledDevice, Person, Role};
use crate::id::{BlobHash, DepartmentId, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::{SignedClock, TimeBounds, Timestamp};

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

/// The departments whose cases a person finds in lists and reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListScope {
    /// All of them.
    Every,
    /// The person's own.
    Own(DepartmentId),
}

impl ListScope {
    /// The departments that are left when one was asked for: none stands for all of them.
    ///
    /// # Errors
    /// `role_not_allowed` when it is not within the scope.
    pub fn narrowed(&self, asked: Option<&DepartmentId>) -> Result<Option<DepartmentId>, Refusal> {
        match self {
            Self::Every => Ok(asked.cloned()),
            Self::Own(own) if asked.is_none_or(|asked| asked == own) => Ok(Some(own.clone())),
            Self::Own(_) => Err(Refusal::new(Code::RoleNotAllowed).field("department")),
        }
    }
}

/// Whose cases a person finds in lists: the office and auditors those of every department, inspectors and supervisors
/// those of their own.
///
/// # Errors
/// `role_not_allowed` for everybody else.
pub fn list_scope(person: &Person) -> Result<ListScope, Refusal> {
    let own = person.department.clone().map(ListScope::Own);
    match person.role {
        Role::Coordinator | Role::Auditor => Some(ListScope::Every),
        Role::Inspector | Role::Supervisor => own,
        _ => None,
    }
    .ok_or(Refusal::new(Code::RoleNotAllowed))
}

/// Who reads reports: those who answer for more than their own visits.
pub const REPORT_READERS: &[Role] = &[Role::Supervisor, Role::Coordinator, Role::Auditor];

/// Whose cases a person finds in reports that name them; figures of a whole department name nobody and are the
/// same for every reader.
///
/// # Errors
/// `role_not_allowed` for whoever reads no reports.
pub fn report_scope(person: &Person) -> Result<ListScope, Refusal> {
    if !REPORT_READERS.contains(&person.role) {
        return Err(Refusal::new(Code::RoleNotAllowed));
    }
    list_scope(person)
}

/// Names every condition that does not hold for work that arrives now to count as its author's: each of them leads to
/// quarantine, and accepting one passes over no other one. `device` is none where nobody enrolled it. The detail
/// of a revocation says when the work was captured: `before` it by its own claim, `after` it for certain, or `between`.
///
/// `proved` is the time of the beacon that the device held, if the server recognised it as its own.
pub fn as_of_capture(
    person: &Person,
    device: Option<&EnrolledDevice>,
    (clock, proved): (&SignedClock, Option<Timestamp>),
    now: Timestamp,
    unmet: &mut Unmet,
) {
    let revoked = |at: Timestamp, code| {
        let knowledge = match proved {
            Some(proved) if proved >= at => "after",
            _ if clock.wall < at => "before",
            _ => "between",
        };
        Refusal::new(code).detail(knowledge)
    };
    unmet.require(device.is_some(), Code::DeviceUnknown);
    unmet.require(device.is_none_or(|it| it.person == person.id), Code::AuthorMismatch);
    if let Some(at) = person.revoked_at.filter(|at| *at <= now) {
        unmet.add(revoked(at, Code::AuthorRevoked));
    }
    if let Some(at) = device.and_then(|it| it.revoked_at).filter(|at| *at <= now) {
        unmet.add(revoked(at, Code::DeviceRevoked));
    }
    let ahead = clock.wall.as_millis() > now.as_millis().saturating_add(limits::CLOCK_AHEAD_MS);
    unmet.require(!ahead || proved.is_some(), Code::ClockAhead);
}

/// Whether a person may know how a fact of an author came about on its device: its place in the chain, when the device
/// was started and when it last reached the server. An enterprise knows it of its own facts alone, since it would tell
/// how much is stated elsewhere.
#[must_use]
pub fn knows_trace(reader: &Person, author: PersonId) -> bool {
    reader.role != Role::Enterprise || author == reader.id
}

/// Whether somebody holds the role of an account at an instant.
#[must_use]
pub fn holds_role(person: &Person, now: Timestamp) -> bool {
    person.from <= now && person.revoked_at.is_none_or(|at| at > now)
}

/// Whether the trust in a device or person may end from an instant on. It only ever ends earlier: whoever could set it
/// to a later time would take a revocation back.
///
/// # Errors
/// [`Code::RevokedEarlier`].
pub fn may_end_from(revoked_at: Option<Timestamp>, from: Timestamp) -> Result<(), Refusal> {
    if revoked_at.is_some_and(|at| from > at) {
        return Err(Refusal::new(Code::RevokedEarlier).field("from"));
    }
    Ok(())
}

/// Whether an administrator may revoke a person from an instant on. `everyone` is all people as they are now: of the
/// administrators one is left whose role does not end, and nobody ends the own.
///
/// # Errors
/// [`Code::AccountDisabled`] for a caller who was revoked, [`Code::SamePerson`], [`Code::LastAdministrator`],
/// [`Code::RevokedEarlier`].
pub fn may_revoke<'a>(
    caller: PersonId,
    person: &Person,
    everyone: impl IntoIterator<Item = &'a Person>,
    from: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    if caller == person.id {
        return Err(Refusal::new(Code::SamePerson));
    }
    let (mut others, mut calls) = (0_usize, false);
    for it in everyone {
        calls |= it.id == caller && holds_role(it, now);
        let stays = it.role == Role::Administrator && it.revoked_at.is_none();
        others += usize::from(stays && it.id != person.id);
    }
    if !calls {
        return Err(Refusal::new(Code::AccountDisabled));
    }
    if person.role == Role::Administrator && others == 0 {
        return Err(Refusal::new(Code::LastAdministrator));
    }
    may_end_from(person.revoked_at, from)
}

/// Whether an administrator may propose to restore a person, or confirm what `proposer` proposed.
///
/// # Errors
/// [`Code::SamePerson`] for oneself and for whoever proposed it, [`Code::NotRevoked`].
pub fn may_restore(
    caller: PersonId,
    person: &Person,
    proposer: Option<PersonId>,
) -> Result<(), Refusal> {
    if caller == person.id || proposer == Some(caller) {
        return Err(Refusal::new(Code::SamePerson));
    }
    if person.revoked_at.is_none() {
        return Err(Refusal::new(Code::NotRevoked));
    }
    Ok(())
}

/// Between which instants something was captured. `proved` is the time of the beacon that the device held,
/// if the server recognised it as its own.
#[must_use]
pub fn bounds(clock: &SignedClock, proved: Option<Timestamp>, received: Timestamp) -> TimeBounds {
    TimeBounds {
        not_before: proved,
        not_after: received,
        wall_plausible: clock.wall <= received.plus_millis(limits::CLOCK_AHEAD_MS)
            && proved.is_none_or(|at| clock.wall.plus_millis(limits::CLOCK_AHEAD_MS) >= at),
    }
}

/// When something was stated, as its device says and the server can bound it: not before the beacon that the device
/// held, not after it was received.
#[must_use]
pub fn stated_at(clock: &SignedClock, proved: Option<Timestamp>, received: Timestamp) -> Timestamp {
    proved.map_or(clock.wall, |at| at.max(clock.wall)).min(received)
}

/// Whether a person may fetch a photo of a case. Staff see what their audiences see; an enterprise
/// sees the photos on its notices, those of the rechecks and its own.
///
/// `is_brought` says into which streams someone who announced it there has brought its bytes: whoever only names
/// a photo sees nothing of it.
#[must_use]
pub fn may_fetch_blob(
    person: &Person,
    case: &Case,
    blob: &BlobHash,
    is_brought: impl Fn(About) -> bool,
) -> bool {
    let captures = || {
        let of_blob = case.every::<Capture>().filter(|it| it.body.photo.blob == *blob);
        of_blob.map(|it| it.about).filter(|about| is_brought(*about)).map(|about| about.stream)
    };
    if person.role != Role::Enterprise {
        let own: BTreeSet<Audience> = reads(person).into_iter().collect();
        return captures().any(|stream| !readers(stream, case).is_disjoint(&own));
    }
    let mut notices = case.notices().filter(|it| person.enterprise == Some(it.body.enterprise));
    notices.any(|notice| {
        let on_notice = notice.body.items.iter().any(|item| item.photos.contains(blob));
        captures().any(|stream| on_notice || stream == notice.about.stream)
    })
}
