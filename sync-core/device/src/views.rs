//! What screens show: tasks, an inspection, a notice.

use std::path::PathBuf;

use serde::Serialize;
use sync_core::Refusal;
use sync_core::domain::inspection::{BindingField, Plan};
use sync_core::domain::notice::Notice;
use sync_core::draft::{DraftView, Lack};
use sync_core::id::{BlobHash, FactId, HazardId, InspectionId, PersonId};
use sync_core::ledger::case::Case;
use sync_core::ledger::statement::{ParallelSubject, ParallelValue, StreamId};
use sync_core::rules::gates::{self, steps::Step};
use sync_core::rules::status::{self, HazardStatus, InspectionState};
use sync_core::time::Timestamp;

use crate::Device;
use crate::files::Name;
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
    pub case: Case,
    /// What is being written.
    pub draft: DraftView,
    /// What it lacks before it can be sealed; nothing once it is.
    pub lacks: Vec<Lack>,
    /// Who decides between differing values.
    pub decider: Option<PersonId>,
    /// Its state.
    pub state: InspectionState,
}

/// A hazard of a notice, judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeHazard {
    /// The hazard.
    pub hazard: HazardId,
    /// Its state, deadline and whether it is late.
    pub status: HazardStatus,
    /// What this person may do next.
    pub steps: Vec<Step>,
    /// The recheck on which a closure can rest.
    pub passed_recheck: Option<FactId>,
    /// The request for more time that waits for its decision.
    pub pending_extension: Option<FactId>,
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
    pub case: Case,
    /// Each hazard with its state and what this person may do next.
    pub hazards: Vec<NoticeHazard>,
}

impl Device {
    /// The visits that this person knows of, in the order in which they came.
    pub fn tasks(&self) -> Result<Vec<Task>, Refusal> {
        let mut tasks = Vec::new();
        for stream in self.store.streams(0)? {
            let case = self.case(&stream)?;
            let state = status::inspection(&case)?;
            if let Some(plan) = case.plan {
                tasks.push(Task { plan: plan.body, state });
            }
        }
        Ok(tasks)
    }

    /// One inspection.
    pub fn inspection(&self, id: InspectionId) -> Result<InspectionView, Refusal> {
        let case = self.case(&StreamId::Inspection(id))?;
        let (edits, _) = self.store.journal(id)?;
        let mut draft = self.draft(id)?;
        if !edits.is_empty() {
            draft = draft.preview(self.person()?.id, &edits)?;
        }
        draft = draft.with_captures(photos(&case));
        let state = status::inspection(&case)?;
        let lacks = if case.seal.is_none() { draft.lacks() } else { Vec::new() };
        let decider = gates::decider(&case);
        Ok(InspectionView { draft: draft.view(), lacks, decider, case, state })
    }

    /// The notices that this person knows of.
    pub fn notices(&self) -> Result<Vec<NoticeView>, Refusal> {
        let now = self.now()?;
        let mut notices = Vec::new();
        for stream in self.store.streams(1)? {
            if let Some(view) = self.notice(&stream, now)? {
                notices.push(view);
            }
        }
        Ok(notices)
    }

    /// One notice as it stands at `now`; none if the stream holds none.
    pub fn notice(&self, stream: &StreamId, now: Timestamp) -> Result<Option<NoticeView>, Refusal> {
        let case = self.case(stream)?;
        let Some(notice) = case.notice.as_ref().map(|notice| notice.body.clone()) else {
            return Ok(None);
        };
        let departments = &self.catalogue.departments;
        let context = gates::Context { author: self.person()?, now, departments };
        let hazards = notice
            .items
            .iter()
            .map(|item| {
                let hazard = item.hazard;
                let status = status::hazard(&case, hazard, now)?;
                let known = case.hazards.get(&hazard);
                Ok(NoticeHazard {
                    hazard,
                    status,
                    passed_recheck: known.and_then(status::passed_recheck).map(|it| it.fact),
                    pending_extension: known.and_then(status::pending_extension).map(|it| it.fact),
                    steps: gates::steps::next(&case, hazard, &context),
                })
            })
            .collect::<Result<_, Refusal>>()?;
        Ok(Some(NoticeView { notice, case, hazards }))
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
