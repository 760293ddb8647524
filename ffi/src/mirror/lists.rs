use device::{
    Changed, HazardRow, Imported, LeasedNumbers, NoticeRow, NumbersView, RefusalWords, Standing,
    TakenFrame, Task,
};
use sync_core::act::state::{HazardStatus, InspectionState};
use sync_core::domain::inspection::Plan;
use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::numbers::Series;
use sync_core::id::{EnterpriseId, FactId, HazardId, InspectionId, NoticeId, PersonId};
use sync_core::time::{CivilDate, Timestamp};

#[uniffi::remote(Enum)]
pub enum Changed {
    Outbox,
    Tasks,
    Notices,
    Numbers,
    Catalogue,
    Photos,
    Person,
}

#[uniffi::remote(Record)]
pub struct Task {
    pub plan: Plan,
    pub state: InspectionState,
    pub outside: u32,
}

#[uniffi::remote(Record)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub number: DocumentNumber,
    pub enterprise: EnterpriseId,
    pub issued_on: CivilDate,
    pub unserved_days: Option<u32>,
    pub hazards: Vec<HazardStatus>,
}

#[uniffi::remote(Record)]
pub struct NumbersView {
    pub next: Option<DocumentNumber>,
    pub left: u32,
    pub low: bool,
    pub asked: bool,
}

#[uniffi::remote(Record)]
pub struct LeasedNumbers {
    pub lease: FactId,
    pub series: Series,
    pub first: u32,
    pub last: u32,
    pub holder: PersonId,
    pub since: CivilDate,
    pub void: Option<String>,
    pub may_void: bool,
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
    pub outside: u64,
    pub carried: u64,
    pub lost: u64,
    pub damaged: u64,
    pub last_contact: Option<Timestamp>,
}

#[uniffi::remote(Record)]
pub struct Imported {
    pub inspection: InspectionId,
    pub facts: u64,
    pub changes: u64,
    pub waiting: u64,
    pub refused: u64,
}

#[uniffi::remote(Record)]
pub struct TakenFrame {
    pub here: u64,
    pub of: u64,
    pub imported: Option<Imported>,
}

#[uniffi::remote(Record)]
pub struct RefusalWords {
    pub sentence: String,
    pub action: String,
}
