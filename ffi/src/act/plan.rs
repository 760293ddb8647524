//! 下达检查任务: a supervisor plans a visit.

use sync_core::act::Statement;
use sync_core::domain::inspection::{Plan, VisitKind};
use sync_core::id::{
    DepartmentId, EnterpriseId, FactId, InspectionId, NoticeId, PersonId, SectorCode,
};
use sync_core::time::CivilDate;

use crate::{Device, DeviceError};

#[uniffi::remote(Enum)]
pub enum VisitKind {
    Unannounced,
    Announced,
    Recheck,
}

#[uniffi::remote(Record)]
pub struct Plan {
    pub inspection: InspectionId,
    pub enterprise: EnterpriseId,
    pub department: DepartmentId,
    pub team: Vec<PersonId>,
    pub kind: VisitKind,
    pub sectors: Vec<SectorCode>,
    pub from: CivilDate,
    pub to: CivilDate,
    pub approval: String,
    pub recheck_of: Option<NoticeId>,
}

#[uniffi::export]
impl Device {
    /// Plans a visit.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn plan(&self, plan: Plan) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Planned(plan)))
    }
}
