//! 补充检查记录: an officer adds to the sealed record what it does not hold.

use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Adds to the sealed record what this person recorded and it does not hold; another officer signs it.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// what the device refuses.
    pub fn supplement(&self, inspection: InspectionId) -> Result<FactId, DeviceError> {
        self.with(|device| device.supplement(inspection))
    }
}
