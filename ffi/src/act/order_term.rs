//! 再次责令限期: a supervisor sets a term after a recheck that failed without one.

use sync_core::act::Statement;
use sync_core::act::notice::TermOrdered;
use sync_core::domain::term::Term;
use sync_core::id::{FactId, HazardId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct TermOrdered {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub recheck: FactId,
    pub term: Term,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// A supervisor sets a term once officers may set none any more.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn order_term(&self, order: TermOrdered) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::TermOrdered(order)))
    }
}
