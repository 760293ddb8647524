//! 裁定不同意见: the leading officer chooses between differing values.

use device::Parallel;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::id::{FactId, HazardId, InspectionId, ItemCode, PersonId};

use crate::{Device, DeviceError};

#[uniffi::remote(Enum)]
pub enum BindingField {
    Grade,
    Basis,
    Measure,
    Verdict,
}

#[uniffi::remote(Enum)]
pub enum ParallelSubject {
    Hazard(HazardId),
    Item(ItemCode),
}

#[uniffi::remote(Record)]
pub struct ParallelValue {
    pub by: Option<PersonId>,
    pub value: String,
}

#[uniffi::remote(Record)]
pub struct Parallel {
    pub subject: ParallelSubject,
    pub field: BindingField,
    pub values: Vec<ParallelValue>,
}

#[uniffi::export]
impl Device {
    /// Fields about which officers differ.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn parallels(&self, inspection: InspectionId) -> Result<Vec<Parallel>, DeviceError> {
        self.with(|device| device.parallels(inspection))
    }

    /// Decides between differing values; `chosen` is one of them.
    ///
    /// # Errors
    /// `nothing_to_decide` without such a difference, `field_malformed` for a value that is none of them, otherwise
    /// what [`Device::seal`] may refuse, too.
    pub fn decide(
        &self,
        inspection: InspectionId,
        subject: ParallelSubject,
        field: BindingField,
        chosen: String,
        reason: String,
    ) -> Result<FactId, DeviceError> {
        self.with(|device| device.decide(inspection, &subject, field, &chosen, &reason))
    }
}
