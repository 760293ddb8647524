use device::{Changed, HazardRow, NoticeRow, RefusalWords, Standing, Task};
use sync_core::act::state::{HazardStatus, InspectionState};
use sync_core::domain::inspection::Plan;
use sync_core::domain::notice::DocumentNumber;
use sync_core::id::{EnterpriseId, HazardId, NoticeId};
use sync_core::time::{CivilDate, Timestamp};

#[uniffi::remote(Enum)]
pub enum Changed {
    Outbox,
    Tasks,
    Notices,
    Catalogue,
    Photos,
    Person,
}

#[uniffi::remote(Record)]
pub struct Task {
    pub plan: Plan,
    pub state: InspectionState,
}

#[uniffi::remote(Record)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub number: DocumentNumber,
    pub enterprise: EnterpriseId,
    pub issued_on: CivilDate,
    pub hazards: Vec<HazardStatus>,
}

#[uniffi::remote(Record)]
pub struct HazardRow {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub enterprise: EnterpriseId,
    pub description: String,
    pub status: HazardStatus,
}

#[uniffi::remote(Record)]
pub struct Standing {
    pub waiting: u64,
    pub refused: u64,
    pub last_contact: Option<Timestamp>,
}

#[uniffi::remote(Record)]
pub struct RefusalWords {
    pub sentence: String,
    pub action: String,
}
