//! 挂牌督办: a supervisor puts an open major hazard on the list of supervision, until a date.

use sync_core::act::Statement;
use sync_core::act::notice::SupervisionListed;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId};
use sync_core::time::CivilDate;

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct SupervisionListed {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub until: CivilDate,
    pub reason: String,
    pub photos: Vec<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// A supervisor puts an open major hazard on the list of supervision, until a date.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn list_supervision(&self, listing: SupervisionListed) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::SupervisionListed(listing)))
    }
}
