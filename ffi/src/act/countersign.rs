//! 另一名执法人员签名: of a service or a recheck, which counts only then.

use sync_core::act::Statement;
use sync_core::act::notice::Countersigned;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Countersigned {
    pub notice: NoticeId,
    pub hazard: Option<HazardId>,
    pub statement: FactId,
}

#[uniffi::export]
impl Device {
    /// The other officer says that a service or a recheck was as it is stated.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn countersign(&self, signature: Countersigned) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Countersigned(signature)))
    }
}
