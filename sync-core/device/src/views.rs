//! What screens show: tasks, an inspection, a notice.

use std::path::PathBuf;

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::HazardCase;
use sync_core::act::notice::{Recheck, Reply};
use sync_core::act::state::{self, HazardStatus, InspectionState};
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::case::act::Context;
use sync_core::case::offer::Offer;
use sync_core::case::{About, Case};
use sync_core::domain::inspection::{BindingField, Plan, Record, SignOutcome};
use sync_core::domain::notice::{Notice, Service};
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::draft::{DraftView, Lack};
use sync_core::id::{BlobHash, FactId, HazardId, InspectionId, PersonId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::rules::gates;
use sync_core::time::Timestamp;

use crate::Device;
use crate::files::Name;
use crate::timeline::{self, TimelineRow};
use crate::visit::photos;

/// A planned or performed visit in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Task {
    /// The plan.
    pub plan: Plan,
    /// Its state as known here.
    pub state: InspectionState,
}

/// An inspection as known here, edits of the last second included.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InspectionView {
    /// What was stated.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub case: Case,
    /// The plan, where it is known.
    pub plan: Option<Plan>,
    /// Officers who have arrived.
    pub arrived: Vec<PersonId>,
    /// The sealed record.
    pub seal: Option<SealView>,
    /// Officers who cosigned.
    pub cosigned_by: Vec<PersonId>,
    /// How the enterprise's person met the record.
    pub party: Option<SignOutcome>,
    /// What is being written.
    pub draft: DraftView,
    /// What it lacks before it can be sealed; nothing once it is.
    pub lacks: Vec<Lack>,
    /// Who decides between differing values.
    pub decider: Option<PersonId>,
    /// Its state.
    pub state: InspectionState,
}

/// A sealed record with the fact that signatures name.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SealView {
    /// The fact.
    pub fact: FactId,
    /// Who sealed.
    pub by: PersonId,
    /// When, by the device's clock.
    pub sealed_at: Timestamp,
    /// The record.
    pub record: Record,
}

/// The service of a notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ServiceView {
    /// From when it counts.
    pub at: Timestamp,
    /// How, and who received it.
    pub service: Service,
}

/// A hazard of a notice, judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeHazard {
    /// The hazard.
    pub hazard: HazardId,
    /// Its state, deadline and whether it is late.
    pub status: HazardStatus,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
    /// What was stated about it and about its notice as a whole.
    pub timeline: Vec<TimelineRow>,
    /// The newest photo of the state after, where there is one.
    pub after: Option<BlobHash>,
}

/// Differing values of a binding field that wait for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Parallel {
    /// What they are about.
    pub subject: ParallelSubject,
    /// Which field.
    pub field: BindingField,
    /// The values with their authors.
    pub values: Vec<ParallelValue>,
}

impl From<(ParallelSubject, BindingField, Vec<ParallelValue>)> for Parallel {
    fn from((subject, field, values): (ParallelSubject, BindingField, Vec<ParallelValue>)) -> Self {
        Self { subject, field, values }
    }
}

/// A notice as known here.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// What was stated.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub case: Case,
    /// Its service.
    pub service: Option<ServiceView>,
    /// Each hazard with its state and what this person may do next.
    pub hazards: Vec<NoticeHazard>,
}

impl Device {
    /// The visits that this person knows of, in the order in which they came.
    pub fn tasks(&self) -> Result<Vec<Task>, Refusal> {
        let mut tasks = Vec::new();
        for stream in self.store.streams(StreamKind::Inspection)? {
            let case = self.case(&stream)?;
            let state = state::inspection(&case)?;
            if let Some(plan) = case.plan() {
                tasks.push(Task { plan: plan.body.clone(), state });
            }
        }
        Ok(tasks)
    }

    /// One inspection; none if nothing is known of it here.
    pub fn inspection(&self, id: InspectionId) -> Result<Option<InspectionView>, Refusal> {
        let case = self.case(&StreamId::inspection(id))?;
        let (edits, _) = self.store.journal(id)?;
        let mut draft = self.draft(id)?;
        if !edits.is_empty() {
            draft = draft.preview(self.person()?.id, &edits)?;
        }
        draft = draft.with_captures(photos(&case));
        let view = draft.view();
        if case.plan().is_none() && view == DraftView::default() {
            return Ok(None);
        }
        let state = state::inspection(&case)?;
        let seal = case.seal().map(|it| SealView {
            fact: it.fact,
            by: it.by,
            sealed_at: it.clock.wall,
            record: it.body.clone(),
        });
        let party = case.every::<PartySign>().next().map(|it| it.body.outcome.clone());
        Ok(Some(InspectionView {
            draft: view,
            lacks: if seal.is_none() { draft.lacks() } else { Vec::new() },
            decider: case.decider(),
            plan: case.plan().map(|it| it.body.clone()),
            arrived: case.every::<Arrival>().map(|it| it.by).collect(),
            cosigned_by: case.every::<Cosign>().map(|it| it.by).collect(),
            party,
            seal,
            state,
            case,
        }))
    }

    /// The notices that this person knows of.
    pub fn notices(&self) -> Result<Vec<NoticeView>, Refusal> {
        let now = self.now()?;
        let mut notices = Vec::new();
        for stream in self.store.streams(StreamKind::Notice)? {
            if let Some(view) = self.notice(&stream, now)? {
                notices.push(view);
            }
        }
        Ok(notices)
    }

    /// One notice as it stands at `now`; none if the stream holds none.
    pub fn notice(&self, stream: &StreamId, now: Timestamp) -> Result<Option<NoticeView>, Refusal> {
        let case = self.case(stream)?;
        let about = About::stream(*stream);
        let Some(notice) = case.first::<Notice>(about).map(|it| it.body.clone()) else {
            return Ok(None);
        };
        let context = Context::new(self.person()?, now, &self.catalogue.departments);
        let hazards = notice
            .items
            .iter()
            .map(|item| {
                let hazard = item.hazard;
                let known = case.hazard(hazard);
                let newest = |it: HazardCase<'_>| {
                    let seen = it.last::<Recheck>().and_then(|it| it.body.photos.first().copied());
                    let done = it.last::<Reply>().and_then(|it| it.body.photos.first().copied());
                    seen.or(done)
                };
                Ok(NoticeHazard {
                    hazard,
                    status: state::hazard(&case, hazard, now)?,
                    offers: gates::offers(&case, About::hazard(*stream, hazard), &context),
                    timeline: timeline::of_hazard(&case, *stream, hazard),
                    after: known.and_then(newest),
                })
            })
            .collect::<Result<_, Refusal>>()?;
        let service = case.first::<Service>(about);
        let service = service.map(|it| ServiceView { at: it.at, service: it.body.clone() });
        Ok(Some(NoticeView { notice, case, service, hazards }))
    }

    /// Where a photo lies as a file: the original, or else the small picture. None where pictures are no
    /// files ([`Device::open_packed`]).
    #[must_use]
    pub fn photo(&self, hash: BlobHash) -> Option<PathBuf> {
        [false, true].into_iter().find_map(|thumbnail| self.files.path(Name { hash, thumbnail }))
    }

    /// The bytes of a photo on this device: the original, or else the small picture.
    pub fn photo_bytes(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, Refusal> {
        for thumbnail in [false, true] {
            let name = Name { hash, thumbnail };
            if self.files.has(name)? {
                return self.files.part(name, 0, u64::MAX).map(Some);
            }
        }
        Ok(None)
    }

    /// Whether a photo is on this device, whichever size.
    pub(crate) fn has_photo(&self, hash: BlobHash) -> Result<bool, Refusal> {
        let original = self.files.has(Name { hash, thumbnail: false })?;
        Ok(original || self.files.has(Name { hash, thumbnail: true })?)
    }
}
