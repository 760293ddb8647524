//! 文号作废: what was not used of a block never will be.

use sync_core::act::Statement;
use sync_core::act::numbers::NumbersVoided;
use sync_core::domain::numbers::Series;
use sync_core::id::FactId;

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct Series {
    pub area: String,
    pub series: String,
    pub year: i16,
}

#[uniffi::remote(Record)]
pub struct NumbersVoided {
    pub series: Series,
    pub lease: FactId,
    pub reason: String,
}

#[uniffi::export]
impl Device {
    /// The numbers of a block that no paper carries are void, such as those of a lost phone.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn void_numbers(&self, voided: NumbersVoided) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::NumbersVoided(voided)))
    }
}
