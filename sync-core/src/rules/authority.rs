//! Who may see what, and whose work counts. Rights are judged as of capture, within what the server
//! can prove about the time.

use std::collections::BTreeSet;

use crate::act::Capture;
use crate::act::streams::{Audience, readers};
use crate::case::Case;
use crate::domain::account::{Device, Person, Role};
use crate::id::BlobHash;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::{ClockReading, TimeBounds, Timestamp};

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

/// Whether a person may fetch a photo of a case. Staff see what their audiences see; an enterprise
/// sees the photos on its notices, those of the rechecks and its own.
#[must_use]
pub fn may_fetch_blob(person: &Person, case: &Case, blob: &BlobHash) -> bool {
    let own: BTreeSet<Audience> = reads(person).into_iter().collect();
    let captures = case.every::<Capture>().filter(|it| it.body.photo.blob == *blob);
    let mut streams = captures.map(|it| it.about.stream);
    if person.role != Role::Enterprise {
        return streams.any(|stream| !readers(stream, case).is_disjoint(&own));
    }
    let mut notices = case.notices().filter(|it| person.enterprise == Some(it.body.enterprise));
    notices.any(|notice| {
        let on_notice = notice.body.items.iter().any(|item| item.photos.contains(blob));
        let mut captures = case.every::<Capture>();
        on_notice
            || captures
                .any(|it| it.body.photo.blob == *blob && it.about.stream == notice.about.stream)
    })
}
