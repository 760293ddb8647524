//! 完成本人部分: a member of the team says that the own part of the record is done.

use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// States that this person's part of the record is done; a record is sealed with the parts that are known.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// what the device refuses.
    pub fn finish_part(&self, inspection: InspectionId) -> Result<FactId, DeviceError> {
        self.with(|device| device.finish_part(inspection))
    }
}
