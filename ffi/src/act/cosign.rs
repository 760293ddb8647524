//! 第二执法人员签名.

use sync_core::act::Statement;
use sync_core::act::visit::Cosign;
use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// The second officer signs the sealed record.
    pub fn cosign(&self, inspection: InspectionId, seal: FactId) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Cosigned(Cosign { inspection, seal })))
    }
}
