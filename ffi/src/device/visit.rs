//! Plan, visit, seal and signatures.

use std::path::Path;

use device::PhotoMeta;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::{BindingField, Plan, SignOutcome, Verdict};
use sync_core::draft::{Edit, HazardDraft};
use sync_core::id::{BlobHash, FactId, HazardId, InspectionId, ItemCode};
use sync_core::ledger::statement::{
    Arrival, Cosign, ParallelSubject, PartySign, Statement, StreamId,
};

use crate::{Device, DeviceError, HazardChange, ParallelField};

#[uniffi::export]
impl Device {
    /// Plans a visit.
    pub fn plan(&self, plan: Plan) -> Result<FactId, DeviceError> {
        Ok(self.inner().state(Statement::Planned(plan))?)
    }

    /// 入企登记.
    pub fn arrive(&self, arrival: Arrival) -> Result<FactId, DeviceError> {
        Ok(self.inner().state(Statement::Arrived(arrival))?)
    }

    /// Answers a check item.
    pub fn answer(
        &self,
        inspection: InspectionId,
        item: ItemCode,
        verdict: Verdict,
        note: String,
    ) -> Result<(), DeviceError> {
        Ok(self.inner().edit(inspection, Edit::Answer { item, verdict, note })?)
    }

    /// Writes down a hazard.
    pub fn add_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        draft: HazardDraft,
    ) -> Result<(), DeviceError> {
        Ok(self.inner().edit(inspection, Edit::AddHazard { hazard, draft })?)
    }

    /// Changes a field of a hazard.
    pub fn set_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        change: HazardChange,
    ) -> Result<(), DeviceError> {
        Ok(self.inner().edit(inspection, Edit::SetHazard { hazard, field: change.into() })?)
    }

    /// Adds a captured photo to a hazard.
    pub fn attach_photo(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        photo: BlobHash,
        purpose: Purpose,
    ) -> Result<(), DeviceError> {
        Ok(self.inner().edit(inspection, Edit::AttachPhoto { hazard, blob: photo, purpose })?)
    }

    /// Takes a hazard back; it stays readable with the reason.
    pub fn withdraw(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        reason: String,
    ) -> Result<(), DeviceError> {
        Ok(self.inner().edit(inspection, Edit::Withdraw { hazard, reason })?)
    }

    /// Keeps a photo from a file: the bytes unchanged, digest and circumstances signed.
    pub fn capture_file(
        &self,
        stream: StreamId,
        meta: PhotoMeta,
        path: String,
    ) -> Result<BlobHash, DeviceError> {
        Ok(self.inner().capture_file(stream, meta, Path::new(&path))?)
    }

    /// Fields about which officers differ.
    pub fn parallels(&self, inspection: InspectionId) -> Result<Vec<ParallelField>, DeviceError> {
        let fields = self.inner().parallels(inspection)?.into_iter();
        Ok(fields
            .map(|device::Parallel { subject, field, values }| ParallelField {
                subject,
                field,
                values,
            })
            .collect())
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
        Ok(self.inner().decide(inspection, &subject, field, &chosen, &reason)?)
    }

    /// Seals the record; afterwards the draft takes no more edits.
    pub fn seal(&self, inspection: InspectionId) -> Result<FactId, DeviceError> {
        Ok(self.inner().seal(inspection)?)
    }

    /// The second officer signs the sealed record.
    pub fn cosign(&self, inspection: InspectionId, seal: FactId) -> Result<FactId, DeviceError> {
        Ok(self.inner().state(Statement::Cosigned(Cosign { inspection, seal }))?)
    }

    /// The enterprise's person signs the sealed record, or refuses to.
    pub fn party_sign(
        &self,
        inspection: InspectionId,
        seal: FactId,
        outcome: SignOutcome,
    ) -> Result<FactId, DeviceError> {
        Ok(self.inner().state(Statement::PartySigned(PartySign { inspection, seal, outcome }))?)
    }
}
