//! 督办: more pressure on an open hazard.

use sync_core::act::Statement;
use sync_core::act::notice::Escalated;
use sync_core::domain::escalation::Escalation;
use sync_core::id::{FactId, HazardId, InspectionId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Enum)]
pub enum Escalation {
    Reminder,
    Circular,
    Interview,
    Exposure,
    Listing,
    Filing,
    Referral,
}

#[uniffi::remote(Record)]
pub struct Escalated {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub step: Escalation,
    pub reason: String,
    #[uniffi(default = None)]
    pub inspection: Option<InspectionId>,
    #[uniffi(default = None)]
    pub to: Option<String>,
}

#[uniffi::export]
impl Device {
    /// More pressure on an open hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn escalate(&self, step: Escalated) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Escalated(step)))
    }
}
