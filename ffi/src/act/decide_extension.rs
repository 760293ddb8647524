//! 审批延期: a supervisor decides on more time.

use sync_core::act::Statement;
use sync_core::act::notice::ExtensionDecision;
use sync_core::domain::term::Term;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct ExtensionDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub request: FactId,
    pub granted: Option<Term>,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// A supervisor decides on more time.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn decide_extension(&self, decision: ExtensionDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ExtensionDecided(decision)))
    }
}
