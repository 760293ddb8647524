//! 审批恢复: a supervisor consents to what was stopped going on, or does not.

use sync_core::act::Statement;
use sync_core::act::notice::ResumptionDecision;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct ResumptionDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub request: FactId,
    pub granted: bool,
    pub reason: String,
    pub photos: Vec<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// Consent to resume, or its refusal.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn decide_resumption(&self, decision: ResumptionDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ResumptionDecided(decision)))
    }
}
