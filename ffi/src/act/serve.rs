//! 送达: the notice reaches the enterprise.

use sync_core::act::Statement;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::id::{BlobHash, FactId, NoticeId, PersonId};

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
    #[uniffi(default = None)]
    pub second: Option<PersonId>,
    #[uniffi(default = None)]
    pub signature: Option<BlobHash>,
    #[uniffi(default = None)]
    pub refusal: Option<String>,
    #[uniffi(default = None)]
    pub witness: Option<String>,
    #[uniffi(default = None)]
    pub photo: Option<BlobHash>,
    #[uniffi(default = false)]
    pub consent: bool,
    #[uniffi(default = None)]
    pub paper: Option<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// 送达: from here on the terms run.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
    /// the reason of form, gate or store.
    pub fn serve(&self, service: Service) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::NoticeServed(service)))
    }
}
