//! What keeps records of a department from being sealed: values in which its officers differ.

use std::collections::BTreeMap;

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::Capture;
use sync_core::act::state;
use sync_core::act::state::InspectionState;
use sync_core::case::Case;
use sync_core::domain::account::Role;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::Plan;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::HazardView;
use sync_core::id::{BlobHash, HazardId, PersonId};
use sync_core::ledger::stream::{StreamId, StreamKind};

use crate::visit::photos;
use crate::{Device, Parallel};

/// A record that cannot be sealed before a named officer has decided.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Conflict {
    /// The visit.
    pub plan: Plan,
    /// Who decides.
    pub decider: Option<PersonId>,
    /// What the officers differ in.
    pub parallels: Vec<Parallel>,
    /// The hazards that they differ in, with their photos.
    pub hazards: BTreeMap<HazardId, HazardView>,
}

impl Device {
    /// The records under way in which officers differ, as far as their drafts are known here.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, Refusal> {
        let mut conflicts = Vec::new();
        for (stream, case) in self.unsealed()? {
            let (Some(id), Some(plan)) = (stream.as_inspection(), case.plan()) else { continue };
            let draft = self.draft(id)?.with_captures(photos(&case));
            let parallels: Vec<Parallel> =
                draft.parallels().into_iter().map(Parallel::from).collect();
            if parallels.is_empty() {
                continue;
            }
            let named = |id: &HazardId| {
                let subject = ParallelSubject::Hazard(*id);
                parallels.iter().any(|it| it.subject == subject)
            };
            let hazards = draft.view().hazards.into_iter().filter(|(id, _)| named(id)).collect();
            let (plan, decider) = (plan.body.clone(), case.decider());
            conflicts.push(Conflict { plan, decider, parallels, hazards });
        }
        Ok(conflicts)
    }

    /// Photos of visits under way that this person writes or supervises: small pictures of them are wanted,
    /// so that whoever cosigns or decides sees what the other officer saw.
    pub(crate) fn photos_under_way(&self) -> Result<Vec<BlobHash>, Refusal> {
        let Ok(person) = self.person() else { return Ok(Vec::new()) };
        let mut photos = Vec::new();
        for (_, case) in self.unsealed()? {
            let mut team = case.plan().into_iter().flat_map(|plan| &plan.body.team);
            if person.role == Role::Supervisor || team.any(|member| *member == person.id) {
                let shown = case.every::<Capture>().map(|it| &it.body.photo);
                let shown = shown.filter(|photo| photo.purpose != Purpose::Signature);
                photos.extend(shown.map(|photo| photo.blob));
            }
        }
        Ok(photos)
    }

    /// Visits under way of which a draft is known here.
    fn unsealed(&self) -> Result<Vec<(StreamId, Case)>, Refusal> {
        let drafted = self.store.drafted()?;
        let mut found = Vec::new();
        if drafted.is_empty() {
            return Ok(found);
        }
        for (stream, _) in self.store.open_streams(StreamKind::Inspection)? {
            if stream.as_inspection().is_none_or(|id| !drafted.contains(&id)) {
                continue;
            }
            let case = self.case(&stream)?;
            if state::inspection(&case)? == InspectionState::Underway {
                found.push((stream, case));
            }
        }
        Ok(found)
    }
}
