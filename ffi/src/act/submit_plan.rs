//! 提交整改方案: the enterprise says how it will remove a major hazard.

use sync_core::act::Statement;
use sync_core::act::notice::RectificationPlan;
use sync_core::id::{FactId, HazardId, NoticeId};
use sync_core::time::CivilDate;

use crate::{Device, DeviceError};

#[uniffi::remote(Record)]
pub struct RectificationPlan {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub responsible: String,
    pub measures: String,
    pub funds: String,
    pub until: CivilDate,
    pub emergency: String,
}

#[uniffi::export]
impl Device {
    /// The plan of the rectification of a major hazard; the last one counts.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn submit_plan(&self, plan: RectificationPlan) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::PlanSubmitted(plan)))
    }
}
