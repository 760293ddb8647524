//! 提高隐患等级: a supervisor finds that a hazard which was ordered as general is major.

use sync_core::act::Statement;
use sync_core::act::notice::GradeRaised;
use sync_core::domain::hazard::Clause;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct GradeRaised {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub criterion: Clause,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// A hazard counts as major from here on.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn raise_grade(&self, grade: GradeRaised) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::GradeRaised(grade)))
    }
}
