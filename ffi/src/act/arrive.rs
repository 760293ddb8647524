//! 入企登记: an officer arrives.

use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::evidence::Fix;
use sync_core::id::{FactId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Arrival {
    pub inspection: InspectionId,
    pub certificate_shown: bool,
    pub plate: Option<String>,
    pub fix: Option<Fix>,
}

#[uniffi::export]
impl Device {
    /// 入企登记.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn arrive(&self, arrival: Arrival) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Arrived(arrival)))
    }
}
