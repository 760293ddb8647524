//! 被检查单位签名: the enterprise's person signs, or refuses to.

use sync_core::act::Statement;
use sync_core::act::visit::PartySign;
use sync_core::domain::inspection::SignOutcome;
use sync_core::id::{BlobHash, FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::remote(Enum)]
pub enum SignOutcome {
    Signed { name: String, post: String, drawing: BlobHash },
    Refused { reason: String, witness: Option<String> },
}

#[uniffi::export]
impl Device {
    /// The enterprise's person signs the sealed record, or refuses to.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
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
