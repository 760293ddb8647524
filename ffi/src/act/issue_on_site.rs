//! 当场出具责令限期整改指令书: the notice where the record was signed, without signal.

use sync_core::id::{InspectionId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// Issues the notice of a signed record, or of a signed supplement, here and now with a number of this device. It
    /// stands from this moment.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked,
    /// `number_not_leased` where no number is left, otherwise the reason of gate or store.
    pub fn issue_on_site(&self, inspection: InspectionId) -> Result<NoticeId, DeviceError> {
        self.with(|device| device.issue_on_site(inspection))
    }
}
