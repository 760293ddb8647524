use device::{
    About, Changed, Decision, HazardRow, NoticeRow, Parallel, RefusalWords, Standing, Task,
};
use sync_core::act::state::{HazardStatus, InspectionState};
use sync_core::case::offer::Offer;
use sync_core::domain::inspection::{BindingField, Plan};
use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::id::{EnterpriseId, HazardId, NoticeId};
use sync_core::ledger::stream::StreamId;
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
pub struct Decision {
    pub step: Step,
    pub about: HazardRow,
}

#[uniffi::remote(Record)]
pub struct About {
    pub stream: StreamId,
    pub enterprise: Option<EnterpriseId>,
    pub number: Option<DocumentNumber>,
}

#[uniffi::remote(Record)]
pub struct Parallel {
    pub subject: ParallelSubject,
    pub field: BindingField,
    pub values: Vec<ParallelValue>,
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
