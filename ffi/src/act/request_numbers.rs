//! 申领文号: an officer's device asks for numbers with which it can issue without signal.

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Asks for more of the numbers of this device where few are left and nothing was asked yet.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of gate or store.
    pub fn request_numbers(&self) -> Result<(), DeviceError> {
        self.with(device::Device::request_numbers)
    }
}
