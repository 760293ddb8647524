//! 送达: the notice reaches the enterprise.

use sync_core::act::Statement;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::id::{FactId, NoticeId};

use crate::{Device, DeviceError};

#[uniffi::remote(Enum)]
pub enum ServiceMethod {
    Electronic,
    InPerson,
    Left,
}

#[uniffi::remote(Record)]
pub struct Service {
    pub notice: NoticeId,
    pub method: ServiceMethod,
    pub receiver: String,
}

#[uniffi::export]
impl Device {
    /// 送达: from here on the terms run.
    pub fn serve(&self, service: Service) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::NoticeServed(service)))
    }
}
