//! 现场处理措施: an officer orders on the spot what cannot wait for the notice.

use sync_core::act::Statement;
use sync_core::act::visit::MeasureOrdered;
use sync_core::domain::site_measure::SiteOrder;
use sync_core::id::{FactId, HazardId, InspectionId};

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct MeasureOrdered {
    pub inspection: InspectionId,
    pub hazard: HazardId,
    pub order: SiteOrder,
}

#[uniffi::export]
impl Device {
    /// What cannot wait is ordered because of one hazard.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn order_measure(&self, measure: MeasureOrdered) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::MeasureOrdered(measure)))
    }
}
