//! What screens show: tasks, an inspection, a notice.

use std::path::PathBuf;

use sync_core::Refusal;
use sync_core::domain::inspection::Plan;
use sync_core::domain::notice::Notice;
use sync_core::draft::DraftView;
use sync_core::id::{BlobHash, HazardId, InspectionId};
use sync_core::ledger::case::Case;
use sync_core::ledger::statement::StreamId;
use sync_core::rules::gates::{self, steps::Step};
use sync_core::rules::status::{self, HazardStatus, InspectionState};
use sync_core::time::Timestamp;

use crate::{Device, media};

/// A planned or performed visit in a list.
#[derive(Clone, Debug)]
pub struct Task {
    /// The plan.
    pub plan: Plan,
    /// Its state as known here.
    pub state: InspectionState,
}

/// An inspection as known here, edits of the last second included.
#[derive(Clone, Debug)]
pub struct InspectionView {
    /// What was stated.
    pub case: Case,
    /// What is being written.
    pub draft: DraftView,
    /// Its state.
    pub state: InspectionState,
}

/// A notice as known here.
#[derive(Clone, Debug)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// What was stated.
    pub case: Case,
    /// Each hazard with its state and what this person may do next.
    pub hazards: Vec<(HazardId, HazardStatus, Vec<Step>)>,
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
        let draft = self.draft(id)?;
        let draft = if edits.is_empty() {
            draft.view()
        } else {
            draft.preview(self.person()?.id, &edits)?
        };
        let state = status::inspection(&case)?;
        Ok(InspectionView { case, draft, state })
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
                let status = status::hazard(&case, item.hazard, now)?;
                Ok((item.hazard, status, gates::steps::next(&case, item.hazard, &context)))
            })
            .collect::<Result<_, Refusal>>()?;
        Ok(Some(NoticeView { notice, case, hazards }))
    }

    /// Where a photo lies on this device: the original, or else the small picture.
    #[must_use]
    pub fn photo(&self, hash: BlobHash) -> Option<PathBuf> {
        [false, true]
            .into_iter()
            .map(|thumbnail| media::path(&self.folder, hash, thumbnail))
            .find(|path| path.exists())
    }
}
