//! 封存检查记录: an officer closes the record.

use device::Without;
use sync_core::id::{FactId, InspectionId, PersonId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Without {
    pub officer: PersonId,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// Seals the record with the parts of the team that are here, and a reason for each one that is not; afterwards
    /// the draft takes no more edits.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn seal(
        &self,
        inspection: InspectionId,
        without: Vec<Without>,
    ) -> Result<FactId, DeviceError> {
        self.with(|device| device.seal(inspection, &without))
    }
}
