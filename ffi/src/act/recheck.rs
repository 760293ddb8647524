//! 复查: an officer looks again.

use sync_core::act::Statement;
use sync_core::act::notice::Recheck;
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, FactId, HazardId, NoticeId, PersonId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Recheck {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub passed: bool,
    pub opinion: String,
    pub photos: Vec<BlobHash>,
    pub new_term: Option<Term>,
    #[uniffi(default = None)]
    pub second: Option<PersonId>,
    #[uniffi(default = None)]
    pub reply: Option<FactId>,
}

#[uniffi::export]
impl Device {
    /// 复查意见 for one hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn recheck(&self, recheck: Recheck) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Rechecked(recheck)))
    }
}
