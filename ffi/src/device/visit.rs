//! Plan, visit, seal and signatures.

use std::path::Path;

use device::{Parallel, PhotoMeta};
use sync_core::act::Statement;
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::{BindingField, Plan, SignOutcome, Verdict};
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::{Edit, HazardDraft, HazardField};
use sync_core::id::{BlobHash, FactId, HazardId, InspectionId, ItemCode};
use sync_core::ledger::stream::StreamId;

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Plans a visit.
    pub fn plan(&self, plan: Plan) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Planned(plan)))
    }

    /// 入企登记.
    pub fn arrive(&self, arrival: Arrival) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Arrived(arrival)))
    }

    /// Answers a check item.
    pub fn answer(
        &self,
        inspection: InspectionId,
        item: ItemCode,
        verdict: Verdict,
        note: String,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::Answer { item, verdict, note }))
    }

    /// Writes down a hazard.
    pub fn add_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        draft: HazardDraft,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::AddHazard { hazard, draft }))
    }

    /// Changes a field of a hazard.
    pub fn set_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        field: HazardField,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::SetHazard { hazard, field }))
    }

    /// Adds a captured photo to a hazard.
    pub fn attach_photo(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        photo: BlobHash,
        purpose: Purpose,
    ) -> Result<(), DeviceError> {
        self.with(|device| {
            device.edit(inspection, Edit::AttachPhoto { hazard, blob: photo, purpose })
        })
    }

    /// Takes a hazard back; it stays readable with the reason.
    pub fn withdraw(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        reason: String,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::Withdraw { hazard, reason }))
    }

    /// Keeps a photo that lies in a file: the bytes unchanged, digest and circumstances signed. The same photo for the
    /// same purpose again is the one that is kept.
    pub fn capture(
        &self,
        stream: StreamId,
        meta: PhotoMeta,
        path: String,
    ) -> Result<BlobHash, DeviceError> {
        self.with(|device| device.capture_file(stream, meta, Path::new(&path)))
    }

    /// Fields about which officers differ.
    pub fn parallels(&self, inspection: InspectionId) -> Result<Vec<Parallel>, DeviceError> {
        self.with(|device| device.parallels(inspection))
    }

    /// Decides between differing values; `chosen` is one of them.
    pub fn decide(
        &self,
        inspection: InspectionId,
        subject: ParallelSubject,
        field: BindingField,
        chosen: String,
        reason: String,
    ) -> Result<FactId, DeviceError> {
        self.with(|device| device.decide(inspection, &subject, field, &chosen, &reason))
    }

    /// Seals the record; afterwards the draft takes no more edits.
    pub fn seal(&self, inspection: InspectionId) -> Result<FactId, DeviceError> {
        self.with(|device| device.seal(inspection))
    }

    /// The second officer signs the sealed record.
    pub fn cosign(&self, inspection: InspectionId, seal: FactId) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Cosigned(Cosign { inspection, seal })))
    }

    /// The enterprise's person signs the sealed record, or refuses to.
    pub fn party_sign(
        &self,
        inspection: InspectionId,
        seal: FactId,
        outcome: SignOutcome,
    ) -> Result<FactId, DeviceError> {
        self.with(|device| {
            device.state(Statement::PartySigned(PartySign { inspection, seal, outcome }))
        })
    }
}
