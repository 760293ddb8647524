//! 销号审批: a supervisor closes a hazard or sends it back.

use sync_core::act::Statement;
use sync_core::act::notice::ClosureDecision;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct ClosureDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub recheck: FactId,
    pub approved: bool,
    pub reason: String,
    pub evidence: Vec<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// 销号 or its return, for one hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn close_hazard(&self, decision: ClosureDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ClosureDecided(decision)))
    }
}
