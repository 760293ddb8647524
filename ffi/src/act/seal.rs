//! 封存检查记录: an officer closes the record.

use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Seals the record; afterwards the draft takes no more edits.
    pub fn seal(&self, inspection: InspectionId) -> Result<FactId, DeviceError> {
        self.with(|device| device.seal(inspection))
    }
}
