//! What state a visit or a hazard is in. Never stored: asked for a case and an instant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::hazard::HazardCase;
use super::notice::{
    ClosureDecision, DeadlineAssigned, Dismissed, Escalated, ExtensionDecision, ExtensionRequest,
    GradeRaised, MajorDecision, Recheck, Reply, SupervisionListed, TermOrdered,
};
use super::visit::{Arrival, Cosign, PartySign, Supplement};
use crate::calendar::deadline;
use crate::case::{Case, Of};
use crate::domain::escalation::Escalation;
use crate::domain::hazard::{Grade, Measure};
use crate::domain::inspection::Record;
use crate::domain::term::Deadline;
use crate::id::{BlobHash, FactId, HazardId, NoticeId, PersonId};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// State of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InspectionState {
    /// Planned, nobody has arrived.
    Planned,
    /// An officer has arrived.
    Underway,
    /// The record is sealed, signatures of it or of a supplement are missing.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
///
/// # Errors
/// `newer_app_needed` when the case holds critical facts that this build does not know, `hazard_unknown`.
pub fn hazard(case: &Case, id: HazardId, now: Timestamp) -> Result<HazardStatus, Refusal> {
    require_known(case)?;
    let hazard = case.hazard(id).ok_or(Refusal::new(Code::HazardUnknown))?;
    let state = of_hazard(&hazard);
    let deadline = hazard.deadline().cloned();
    let days_left = running(&hazard).map(|it| deadline::days_left(it, now));
    Ok(HazardStatus {
        state,
        grade: grade(&hazard),
        overdue: days_left.is_some_and(|days| days < 0),
        deadline,
        days_left,
        extension_pending: pending_extension(&hazard).is_some() && !state.is_settled(),
        round: 1 + u32::try_from(failed_rechecks(&hazard).count()).unwrap_or(u32::MAX - 1),
        escalation: escalation(&hazard),
    })
}

/// The highest step that was taken; listing is a statement of its own with a date.
fn escalation(hazard: &HazardCase<'_>) -> Option<Escalation> {
    let listed = hazard.first::<SupervisionListed>().map(|_| Escalation::Listing);
    hazard.internal::<Escalated>().map(|it| it.body.step).chain(listed).max()
}

/// For how many whole days a notice has been issued and not been served; none once it is served, or without it.
#[must_use]
pub fn unserved_days(case: &Case, notice: NoticeId, now: Timestamp) -> Option<u32> {
    let issued = case.notice(notice)?.body.issued_on;
    let waits = case.service(notice).is_none();
    waits.then(|| u32::try_from(issued.days_until(now.date())).unwrap_or(0))
}

/// The deadline that runs against the enterprise now; none while it has nothing to do.
#[must_use]
pub fn running<'c>(hazard: &HazardCase<'c>) -> Option<&'c Deadline> {
    let runs = of_hazard(hazard) == HazardState::Rectifying && !awaits_deadline(hazard);
    hazard.deadline().filter(|_| runs)
}

/// Whether the enterprise is late.
#[must_use]
pub fn is_overdue(hazard: &HazardCase<'_>, now: Timestamp) -> bool {
    running(hazard).is_some_and(|it| deadline::has_passed(it, now))
}

/// The grade that counts: as ordered or recorded, general where a supervisor did not uphold a major one, and major
/// where one was raised.
#[must_use]
pub fn grade(hazard: &HazardCase<'_>) -> Option<Grade> {
    let ordered = hazard.item.map(|item| item.grade);
    let graded = ordered.or(hazard.record.map(|record| record.grade));
    if hazard.first::<GradeRaised>().is_some() {
        return graded.map(|_| Grade::Major);
    }
    if lowered(hazard).is_some() { graded.map(|_| Grade::General) } else { graded }
}

/// The decision by which a hazard that was ordered as major counts as general.
#[must_use]
pub fn lowered<'c>(hazard: &HazardCase<'c>) -> Option<Of<'c, MajorDecision>> {
    let raised = hazard.first::<GradeRaised>().is_some();
    hazard.first::<MajorDecision>().filter(|it| !it.body.upheld && !raised)
}

/// Whether the notice says major and nobody has decided on it.
#[must_use]
pub fn awaits_grade(hazard: &HazardCase<'_>) -> bool {
    hazard.is_ordered_as_major() && hazard.first::<MajorDecision>().is_none()
}

/// Whether a failed recheck or a granted extension is known but not yet the deadline that the server
/// counts from it: until then nobody is late.
fn awaits_deadline(hazard: &HazardCase<'_>) -> bool {
    let rechecks = failed_rechecks(hazard).filter(|it| it.body.new_term.is_some());
    let rechecks = rechecks.map(|it| it.fact).chain(hazard.all::<TermOrdered>().map(|it| it.fact));
    let granted = hazard.all::<ExtensionDecision>().filter(|it| it.body.granted.is_some());
    let mut causes = rechecks.chain(granted.map(|it| it.fact));
    causes.any(|cause| hazard.all::<DeadlineAssigned>().all(|it| it.body.cause != cause))
}

/// Refuses to say anything of a case with critical facts that this build does not know, or that lacks a fact.
///
/// # Errors
/// `newer_app_needed`, `record_damaged`.
pub fn require_known(case: &Case) -> Result<(), Refusal> {
    if !case.unknown_critical().is_empty() {
        return Err(Refusal::new(Code::NewerAppNeeded));
    }
    if case.is_damaged() {
        return Err(Refusal::new(Code::RecordDamaged));
    }
    Ok(())
}

/// The state of a hazard, whatever the time.
#[must_use]
pub fn of_hazard(hazard: &HazardCase<'_>) -> HazardState {
    if hazard.first::<Dismissed>().is_some() {
        return HazardState::Dismissed;
    }
    if hazard.all::<ClosureDecision>().any(|closure| closure.body.approved) {
        return HazardState::Closed;
    }
    if is_fixed_on_spot(hazard) {
        return HazardState::FixedOnSpot;
    }
    match (hazard.item, hazard.service()) {
        (None, _) => HazardState::Found,
        (Some(_), None) => HazardState::Issued,
        (Some(_), Some(_)) if passed_recheck(hazard).is_some() => HazardState::Rechecked,
        (Some(_), Some(_)) if open_reply(hazard).is_some() => HazardState::Replied,
        (Some(_), Some(_)) => HazardState::Rectifying,
    }
}

fn is_fixed_on_spot(hazard: &HazardCase<'_>) -> bool {
    let fixed = |record: &crate::domain::hazard::Hazard| {
        matches!(record.measure, Measure::FixedOnSpot { .. })
    };
    hazard.item.is_none() && hazard.record.is_some_and(fixed)
}

/// The failed rechecks.
pub(super) fn failed_rechecks<'c>(
    hazard: &HazardCase<'c>,
) -> impl DoubleEndedIterator<Item = Of<'c, Recheck>> + use<'c> {
    hazard.rechecks().filter(|recheck| !recheck.body.passed)
}

/// Whether a fact is a reply about a hazard.
pub(super) fn is_reply(hazard: &HazardCase<'_>, fact: FactId) -> bool {
    hazard.all::<Reply>().any(|it| it.fact == fact)
}

/// Whether an officer knew a reply when looking again: the recheck names it or a later one. Where a recheck lies does not
/// say so, since it may have been made without signal, before the reply. One that names none, from before replies were
/// named, counts for what the server had taken over by the time at which it says it was made.
fn has_seen(hazard: &HazardCase<'_>, recheck: Of<'_, Recheck>, reply: Of<'_, Reply>) -> bool {
    let Some(named) = recheck.body.reply else {
        return comes_after(recheck, reply) && recheck.wall.min(recheck.at) >= reply.at;
    };
    let place = |fact| hazard.all::<Reply>().position(|it| it.fact == fact);
    place(named).is_some_and(|named| place(reply.fact) <= Some(named))
}

/// The latest recheck in view of the newest reply, if it was passed and not sent back by the supervisor.
#[must_use]
pub fn passed_recheck<'c>(hazard: &HazardCase<'c>) -> Option<Of<'c, Recheck>> {
    let newest = hazard.last::<Reply>();
    let in_view = |it: &Of<'_, Recheck>| newest.is_none_or(|reply| has_seen(hazard, *it, reply));
    let recheck = hazard.rechecks().rfind(in_view).filter(|recheck| recheck.body.passed)?;
    let returned = hazard
        .all::<ClosureDecision>()
        .any(|closure| !closure.body.approved && closure.body.recheck == recheck.fact);
    (!returned).then_some(recheck)
}

/// The enterprise's latest reply, if no failed recheck answers it. A closure that was sent back
/// leaves the reply standing: the recheck is to be done again.
#[must_use]
pub fn open_reply<'c>(hazard: &HazardCase<'c>) -> Option<Of<'c, Reply>> {
    let reply = hazard.last::<Reply>()?;
    let answered = failed_rechecks(hazard).any(|recheck| has_seen(hazard, recheck, reply));
    (!answered).then_some(reply)
}

/// The photos with which the enterprise replied since the last failed recheck.
#[must_use]
pub fn round_photos(hazard: &HazardCase<'_>) -> BTreeSet<BlobHash> {
    let failed = failed_rechecks(hazard).next_back();
    let of_round = |reply: &Of<'_, Reply>| failed.is_none_or(|it| !has_seen(hazard, it, *reply));
    let replies = hazard.all::<Reply>().filter(of_round);
    replies.flat_map(|it| it.body.photos.iter().copied()).collect()
}

/// The photos of the state after, as a closure has to rest on them: of the round's replies and of its passed recheck.
#[must_use]
pub fn photos_after(hazard: &HazardCase<'_>) -> BTreeSet<BlobHash> {
    let mut photos = round_photos(hazard);
    photos.extend(passed_recheck(hazard).into_iter().flat_map(|it| &it.body.photos));
    photos
}

/// The photos on which a closure rests whatever it names: of the newest reply and of the passed recheck.
#[must_use]
pub fn photos_relied_on(hazard: &HazardCase<'_>) -> BTreeSet<BlobHash> {
    let replied = open_reply(hazard).into_iter().flat_map(|it| &it.body.photos);
    let seen = passed_recheck(hazard).into_iter().flat_map(|it| &it.body.photos);
    replied.chain(seen).copied().collect()
}

/// Whether one statement of a stream comes after another. What has no place yet comes last.
fn comes_after<A, B>(one: Of<'_, A>, other: Of<'_, B>) -> bool {
    let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
    match (one.place, other.place) {
        // Both are known only here: the device's chain orders them.
        (None, None) => one.seq >= other.seq,
        _ => place(one.place) > place(other.place),
    }
}

/// The latest request for more time that is not decided.
#[must_use]
pub fn pending_extension<'c>(hazard: &HazardCase<'c>) -> Option<Of<'c, ExtensionRequest>> {
    hazard.last::<ExtensionRequest>().filter(|request| {
        hazard.all::<ExtensionDecision>().all(|decision| decision.body.request != request.fact)
    })
}

/// When a hazard came to rest; none while something is to be done.
#[must_use]
pub fn settled_at(hazard: &HazardCase<'_>) -> Option<Timestamp> {
    match of_hazard(hazard) {
        HazardState::Closed => {
            hazard.all::<ClosureDecision>().find(|closure| closure.body.approved).map(|it| it.at)
        }
        HazardState::Dismissed => hazard.first::<Dismissed>().map(|it| it.at),
        HazardState::FixedOnSpot => hazard.sealed.map(|it| it.at),
        _ => None,
    }
}

/// The state of a visit.
///
/// # Errors
/// `newer_app_needed` when the case holds critical facts that this build does not know.
pub fn inspection(case: &Case) -> Result<InspectionState, Refusal> {
    require_known(case)?;
    let noticed = case.notices().next().is_some();
    if noticed || case.seal().is_some() {
        let hazards = case.hazards();
        let mut hazards = hazards.iter().filter_map(|id| case.hazard(*id));
        let all_settled = hazards.all(|hazard| of_hazard(&hazard).is_settled());
        return Ok(match (is_complete(case), noticed) {
            _ if awaits_confirmation(case) => InspectionState::Sealed,
            (true, _) | (_, true) if all_settled => InspectionState::Settled,
            (_, true) => InspectionState::NoticeIssued,
            (true, false) => InspectionState::Complete,
            (false, false) => InspectionState::Sealed,
        });
    }
    match case.every::<Arrival>().next() {
        None => Ok(InspectionState::Planned),
        Some(_) => Ok(InspectionState::Underway),
    }
}

/// Whether the sealed record carries a second officer's signature and the enterprise's answer, and each supplement a
/// second officer's signature.
#[must_use]
pub fn is_complete(case: &Case) -> bool {
    is_signed(case) && !awaits_confirmation(case)
}

/// Whether the sealed record carries a second officer's signature and the enterprise's answer.
#[must_use]
pub fn is_signed(case: &Case) -> bool {
    case.seal().is_some_and(|record| {
        let mut answers = case.every::<PartySign>();
        is_cosigned(case, record.fact, record.by)
            && answers.any(|answer| answer.body.seal == record.fact)
    })
}

/// The officers who signed a record: who sealed it, and who signed it after.
#[must_use]
pub fn signers(case: &Case, record: Of<'_, Record>) -> BTreeSet<PersonId> {
    let cosigns = case.every::<Cosign>().filter(|it| it.body.seal == record.fact);
    cosigns.map(|it| it.by).chain([record.by]).collect()
}

/// Whether a supplement carries another officer's signature.
#[must_use]
pub fn is_confirmed(case: &Case, supplement: Of<'_, Supplement>) -> bool {
    is_cosigned(case, supplement.fact, supplement.by)
}

/// Whether a supplement waits for another officer's signature.
fn awaits_confirmation(case: &Case) -> bool {
    case.supplements().any(|supplement| !is_confirmed(case, supplement))
}

/// Whether another officer signed what one of them sealed or added.
pub(super) fn is_cosigned(case: &Case, fact: FactId, by: PersonId) -> bool {
    case.every::<Cosign>().any(|cosign| cosign.body.seal == fact && cosign.by != by)
}
