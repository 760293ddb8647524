//! 申请延期: the enterprise asks for more time.

use sync_core::act::Statement;
use sync_core::act::notice::ExtensionRequest;
use sync_core::domain::term::Term;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct ExtensionRequest {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub term: Term,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// The enterprise asks for more time.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn request_extension(&self, request: ExtensionRequest) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ExtensionRequested(request)))
    }
}
