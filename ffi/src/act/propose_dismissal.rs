//! 提请撤销隐患: an officer says that a hazard should not have been recorded.

use sync_core::act::Statement;
use sync_core::act::notice::DismissalProposed;
use sync_core::id::{FactId, HazardId, InspectionId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct DismissalProposed {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub reason: String,
    #[uniffi(default = None)]
    pub inspection: Option<InspectionId>,
}

#[uniffi::export]
impl Device {
    /// An officer proposes that a hazard should not have been recorded.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn propose_dismissal(&self, dismissal: DismissalProposed) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::DismissalProposed(dismissal)))
    }
}
