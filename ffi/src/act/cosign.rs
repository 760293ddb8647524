//! 第二执法人员签名.

use sync_core::act::Statement;
use sync_core::act::visit::Cosign;
use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// The second officer signs the sealed record, or a supplement of it.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn cosign(&self, inspection: InspectionId, seal: FactId) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Cosigned(Cosign { inspection, seal })))
    }
}
