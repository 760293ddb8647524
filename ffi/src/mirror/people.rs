use sync_core::domain::account::{Person, Role};
use sync_core::id::{DepartmentId, EnterpriseId, PersonId};
use sync_core::time::Timestamp;

#[uniffi::remote(Enum)]
pub enum Role {
    Inspector,
    Assistant,
    Expert,
    Supervisor,
    Coordinator,
    Enterprise,
    Administrator,
    Auditor,
}

#[uniffi::remote(Record)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub department: Option<DepartmentId>,
    pub enterprise: Option<EnterpriseId>,
    pub certificate: Option<String>,
    pub from: Timestamp,
    pub revoked_at: Option<Timestamp>,
}
