//! What the rules are asked about: everything known of one inspection and its notice.

use std::collections::BTreeMap;

use serde::Serialize;

use super::statement::{
    Arrival, Capture, ClosureDecision, Cosign, DeadlineAssigned, Dismissal, Escalated,
    ExtensionDecision, ExtensionRequest, MajorDecision, ParallelDecision, PartySign, Recheck,
    Reply,
};
use crate::domain::hazard::Hazard;
use crate::domain::inspection::{Plan, Record};
use crate::domain::notice::{Notice, NoticeItem, Service};
use crate::id::{BlobHash, DeviceId, FactId, HazardId, PersonId};
use crate::time::{ClockReading, Timestamp};

/// A statement with who made it and when it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Stated<T> {
    /// The fact.
    pub fact: FactId,
    /// Who stated it.
    pub by: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// The device's clocks.
    pub clock: ClockReading,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    /// What was stated.
    pub body: T,
}

/// Everything known of one inspection and its notice, in the order in which it counts.
///
/// A case says what was stated, not what follows: statuses and permissions are asked of
/// [`crate::rules`]. An enterprise's device holds the notice's side alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Case {
    /// The plan; the first one counts.
    pub plan: Option<Stated<Plan>>,
    /// Arrivals of the officers.
    pub arrivals: Vec<Stated<Arrival>>,
    /// Photos by their digest; the first capture of a digest counts.
    pub photos: BTreeMap<BlobHash, Stated<Capture>>,
    /// Decisions between differing values.
    pub decisions: Vec<Stated<ParallelDecision>>,
    /// The sealed record; the first one counts.
    pub seal: Option<Stated<Record>>,
    /// Signatures of further officers.
    pub cosigns: Vec<Stated<Cosign>>,
    /// Signature or refusal of the enterprise's person; the first one counts.
    pub party: Option<Stated<PartySign>>,
    /// The notice; the first one counts.
    pub notice: Option<Stated<Notice>>,
    /// Its service; the first one counts.
    pub service: Option<Stated<Service>>,
    /// The hazards of the record or the notice.
    pub hazards: BTreeMap<HazardId, HazardCase>,
    /// Critical facts of kinds that this build does not know: no status is given then.
    pub unknown_critical: Vec<FactId>,
}

/// Everything known of one hazard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HazardCase {
    /// As sealed; not known to the enterprise.
    pub record: Option<Hazard>,
    /// As ordered; none if it was fixed on the spot or no notice is issued.
    pub item: Option<NoticeItem>,
    /// The decision on a major grade; the first one counts.
    pub major_decision: Option<Stated<MajorDecision>>,
    /// Deadlines; the last one counts.
    pub deadlines: Vec<Stated<DeadlineAssigned>>,
    /// Replies of the enterprise.
    pub replies: Vec<Stated<Reply>>,
    /// Requests for more time.
    pub extension_requests: Vec<Stated<ExtensionRequest>>,
    /// Decisions on them.
    pub extension_decisions: Vec<Stated<ExtensionDecision>>,
    /// Rechecks.
    pub rechecks: Vec<Stated<Recheck>>,
    /// Decisions on closure.
    pub closures: Vec<Stated<ClosureDecision>>,
    /// Escalations.
    pub escalations: Vec<Stated<Escalated>>,
    /// Proposals to dismiss.
    pub dismissal_proposals: Vec<Stated<Dismissal>>,
    /// The dismissal; the first one counts.
    pub dismissal: Option<Stated<Dismissal>>,
}
