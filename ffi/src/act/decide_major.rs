//! 重大隐患认定: a supervisor decides whether a grade that officers gave stands.

use sync_core::act::Statement;
use sync_core::act::notice::MajorDecision;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct MajorDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub upheld: bool,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// A supervisor decides whether a hazard that its officers graded major is major.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn decide_major(&self, decision: MajorDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::MajorDecided(decision)))
    }
}
