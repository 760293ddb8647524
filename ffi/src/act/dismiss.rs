//! 撤销隐患: a supervisor confirms that a hazard should not have been recorded.

use sync_core::act::Statement;
use sync_core::act::notice::Dismissed;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Dismissed {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// A supervisor confirms it.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn dismiss(&self, dismissal: Dismissed) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Dismissed(dismissal)))
    }
}
