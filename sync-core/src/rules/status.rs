//! What state a visit or a hazard is in. Never stored: asked for a case and an instant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::deadline;
use crate::domain::hazard::{Grade, Measure};
use crate::domain::term::Deadline;
use crate::id::{BlobHash, HazardId};
use crate::ledger::case::{Case, HazardCase, Stated};
use crate::ledger::statement::{ClosureDecision, Escalation, Recheck, Reply};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// State of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum InspectionState {
    /// Planned, nobody has arrived.
    Planned,
    /// An officer has arrived.
    Underway,
    /// The record is sealed, signatures are missing.
    Sealed,
    /// Sealed, cosigned, and signed or refused by the enterprise's person.
    Complete,
    /// The notice is issued.
    NoticeIssued,
    /// Every hazard is settled.
    Settled,
}

impl InspectionState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Planned,
        Self::Underway,
        Self::Sealed,
        Self::Complete,
        Self::NoticeIssued,
        Self::Settled,
    ];

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Planned => "待检查",
            Self::Underway => "检查中",
            Self::Sealed => "待签名",
            Self::Complete => "检查完成",
            Self::NoticeIssued => "整改中",
            Self::Settled => "已办结",
        }
    }
}

/// State of a hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum HazardState {
    /// Recorded, not ordered yet.
    Found,
    /// Fixed before the officers left.
    FixedOnSpot,
    /// On a notice that is not served yet.
    Issued,
    /// The enterprise has to act.
    Rectifying,
    /// The enterprise says it is done; a recheck is due.
    Replied,
    /// The recheck was passed; closure is due.
    Rechecked,
    /// 销号.
    Closed,
    /// Should not have been recorded.
    Dismissed,
}

impl HazardState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Found,
        Self::FixedOnSpot,
        Self::Issued,
        Self::Rectifying,
        Self::Replied,
        Self::Rechecked,
        Self::Closed,
        Self::Dismissed,
    ];

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Found => "已发现",
            Self::FixedOnSpot => "当场整改",
            Self::Issued => "待送达",
            Self::Rectifying => "整改中",
            Self::Replied => "待复查",
            Self::Rechecked => "待销号",
            Self::Closed => "已销号",
            Self::Dismissed => "已撤销",
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::FixedOnSpot | Self::Closed | Self::Dismissed)
    }
}

/// State of a hazard with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HazardStatus {
    /// The state.
    pub state: HazardState,
    /// The grade that counts: as ordered or recorded, and general where a supervisor did not uphold a major
    /// one. None while neither notice nor record is known.
    pub grade: Option<Grade>,
    /// Whether the enterprise is late now.
    pub overdue: bool,
    /// The deadline that counts.
    pub deadline: Option<Deadline>,
    /// Whole days that the enterprise has left, negative when it is late; none while it has nothing to do.
    pub days_left: Option<i32>,
    /// Whether a request for more time waits for its decision.
    pub extension_pending: bool,
    /// How often rectification was asked for: 1 before any failed recheck.
    pub round: u32,
    /// The highest step of escalation.
    pub escalation: Option<Escalation>,
}

/// The state of a hazard at `now`.
pub fn hazard(case: &Case, id: HazardId, now: Timestamp) -> Result<HazardStatus, Refusal> {
    require_known(case)?;
    let hazard = case.hazards.get(&id).ok_or(Refusal::new(Code::HazardUnknown))?;
    let state = state(case, hazard);
    let deadline = hazard.deadlines.last().map(|it| it.body.deadline.clone());
    let runs = matches!(state, HazardState::Rectifying) && !awaits_deadline(hazard);
    let days_left = deadline.as_ref().filter(|_| runs).map(|it| deadline::days_left(it, now));
    Ok(HazardStatus {
        state,
        grade: grade(hazard),
        overdue: days_left.is_some_and(|days| days < 0),
        deadline,
        days_left,
        extension_pending: pending_extension(hazard).is_some() && !state.is_settled(),
        round: 1 + u32::try_from(failed_rechecks(hazard)).unwrap_or(u32::MAX - 1),
        escalation: hazard.escalations.iter().map(|it| it.body.step).max(),
    })
}

fn grade(hazard: &HazardCase) -> Option<Grade> {
    let ordered = hazard.item.as_ref().map(|item| item.grade);
    let graded = ordered.or(hazard.record.as_ref().map(|record| record.grade));
    let lowered = hazard.major_decision.as_ref().is_some_and(|it| !it.body.upheld);
    if lowered { graded.map(|_| Grade::General) } else { graded }
}

/// Whether a failed recheck or a granted extension is known but not yet the deadline that the server
/// counts from it: until then nobody is late.
fn awaits_deadline(hazard: &HazardCase) -> bool {
    let rechecks = hazard.rechecks.iter().filter(|it| !it.body.passed).map(|it| it.fact);
    let granted = hazard.extension_decisions.iter().filter(|it| it.body.granted.is_some());
    let mut causes = rechecks.chain(granted.map(|it| it.fact));
    causes.any(|cause| hazard.deadlines.iter().all(|it| it.body.cause != cause))
}

/// Refuses to say anything of a case with critical facts that this build does not know.
pub fn require_known(case: &Case) -> Result<(), Refusal> {
    if case.unknown_critical.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Code::NewerAppNeeded))
}

fn state(case: &Case, hazard: &HazardCase) -> HazardState {
    if hazard.dismissal.is_some() {
        return HazardState::Dismissed;
    }
    if hazard.closures.iter().any(|closure| closure.body.approved) {
        return HazardState::Closed;
    }
    if is_fixed_on_spot(hazard) {
        return HazardState::FixedOnSpot;
    }
    match (&hazard.item, &case.service) {
        (None, _) => HazardState::Found,
        (Some(_), None) => HazardState::Issued,
        (Some(_), Some(_)) if passed_recheck(hazard).is_some() => HazardState::Rechecked,
        (Some(_), Some(_)) if open_reply(hazard).is_some() => HazardState::Replied,
        (Some(_), Some(_)) => HazardState::Rectifying,
    }
}

fn is_fixed_on_spot(hazard: &HazardCase) -> bool {
    let fixed = |record: &crate::domain::hazard::Hazard| {
        matches!(record.measure, Measure::FixedOnSpot { .. })
    };
    hazard.item.is_none() && hazard.record.as_ref().is_some_and(fixed)
}

fn failed_rechecks(hazard: &HazardCase) -> usize {
    hazard.rechecks.iter().filter(|recheck| !recheck.body.passed).count()
}

/// The latest recheck, if it was passed and not sent back by the supervisor.
#[must_use]
pub fn passed_recheck(hazard: &HazardCase) -> Option<&Stated<Recheck>> {
    hazard
        .rechecks
        .last()
        .filter(|recheck| recheck.body.passed)
        .filter(|recheck| returned(hazard, recheck).is_none())
}

fn returned<'a>(
    hazard: &'a HazardCase,
    recheck: &Stated<Recheck>,
) -> Option<&'a Stated<ClosureDecision>> {
    hazard
        .closures
        .iter()
        .find(|closure| !closure.body.approved && closure.body.recheck == recheck.fact)
}

/// The enterprise's latest reply, if no failed recheck came after it. A closure that was sent back
/// leaves the reply standing: the recheck is to be done again.
#[must_use]
pub fn open_reply(hazard: &HazardCase) -> Option<&Stated<Reply>> {
    let reply = hazard.replies.last()?;
    let failed_after =
        hazard.rechecks.iter().any(|recheck| !recheck.body.passed && comes_after(recheck, reply));
    (!failed_after).then_some(reply)
}

/// The photos with which the enterprise replied since the last failed recheck.
#[must_use]
pub fn round_photos(hazard: &HazardCase) -> BTreeSet<BlobHash> {
    let failed = hazard.rechecks.iter().rfind(|recheck| !recheck.body.passed);
    let of_round = |reply: &&Stated<Reply>| failed.is_none_or(|it| comes_after(*reply, it));
    hazard.replies.iter().filter(of_round).flat_map(|it| it.body.photos.iter().copied()).collect()
}

/// Whether one statement of a stream comes after another. What has no place yet comes last.
fn comes_after<A, B>(one: &Stated<A>, other: &Stated<B>) -> bool {
    let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
    match (one.place, other.place) {
        // Both only on this device: the device's own clock since start orders its own acts.
        (None, None) => one.clock.monotonic_ms >= other.clock.monotonic_ms,
        _ => place(one.place) > place(other.place),
    }
}

/// The latest request for more time that is not decided.
#[must_use]
pub fn pending_extension(
    hazard: &HazardCase,
) -> Option<&Stated<crate::ledger::statement::ExtensionRequest>> {
    hazard.extension_requests.last().filter(|request| {
        hazard.extension_decisions.iter().all(|decision| decision.body.request != request.fact)
    })
}

/// The state of a visit.
pub fn inspection(case: &Case) -> Result<InspectionState, Refusal> {
    require_known(case)?;
    if case.notice.is_some() || case.seal.is_some() {
        let settled = |hazard: &HazardCase| state(case, hazard).is_settled();
        let all_settled = case.hazards.values().all(settled);
        return Ok(match (is_complete(case), &case.notice) {
            (true, _) | (_, Some(_)) if all_settled => InspectionState::Settled,
            (_, Some(_)) => InspectionState::NoticeIssued,
            (true, None) => InspectionState::Complete,
            (false, None) => InspectionState::Sealed,
        });
    }
    if case.arrivals.is_empty() {
        Ok(InspectionState::Planned)
    } else {
        Ok(InspectionState::Underway)
    }
}

/// Whether the sealed record carries a second officer's signature and the enterprise's answer.
#[must_use]
pub fn is_complete(case: &Case) -> bool {
    let Some(seal) = &case.seal else { return false };
    let cosigned =
        case.cosigns.iter().any(|cosign| cosign.body.seal == seal.fact && cosign.by != seal.by);
    let answered = case.party.as_ref().is_some_and(|party| party.body.seal == seal.fact);
    cosigned && answered
}

/// Whether every photo of a sealed record is at the server.
#[must_use]
pub fn is_delivered(
    record: &crate::domain::inspection::Record,
    held: impl Fn(&BlobHash) -> bool,
) -> bool {
    record.manifest.iter().all(held)
}
