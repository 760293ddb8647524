//! What officers write down before the record is sealed.

use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Edit, HazardDraft, HazardField};
use sync_core::id::{BlobHash, HazardId, InspectionId, ItemCode};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Answers a check item.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
    /// store, such as [`DeviceError::DiskFull`].
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
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
    /// store, such as [`DeviceError::DiskFull`].
    pub fn add_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        draft: HazardDraft,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::AddHazard { hazard, draft }))
    }

    /// Changes a field of a hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
    /// store, such as [`DeviceError::DiskFull`].
    pub fn set_hazard(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        field: HazardField,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::SetHazard { hazard, field }))
    }

    /// Adds a captured photo to a hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
    /// store, such as [`DeviceError::DiskFull`].
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
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
    /// store, such as [`DeviceError::DiskFull`].
    pub fn withdraw(
        &self,
        inspection: InspectionId,
        hazard: HazardId,
        reason: String,
    ) -> Result<(), DeviceError> {
        self.with(|device| device.edit(inspection, Edit::Withdraw { hazard, reason }))
    }
}
