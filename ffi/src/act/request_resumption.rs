//! 申请恢复: the enterprise asks to go on with what was stopped.

use sync_core::act::Statement;
use sync_core::act::notice::ResumptionRequest;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct ResumptionRequest {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub measures: String,
    pub photos: Vec<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// The enterprise asks to go on with what was stopped.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn request_resumption(&self, request: ResumptionRequest) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ResumptionRequested(request)))
    }
}
