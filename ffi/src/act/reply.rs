//! 提交整改报告: the enterprise says what it did about one hazard.

use sync_core::act::Statement;
use sync_core::act::notice::Reply;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId};
use sync_core::time::CivilDate;

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Reply {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub measures: String,
    pub responsible: String,
    pub finished_on: CivilDate,
    pub photos: Vec<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// 整改报告 for one hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn reply(&self, reply: Reply) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Replied(reply)))
    }
}
