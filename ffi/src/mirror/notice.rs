use sync_core::act::site_order::{OrderState, OrderStatus};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::notice::{DocumentNumber, Notice, NoticeItem, OfficerLine};
use sync_core::domain::site_measure::{SiteMeasure, SiteOrder};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, DepartmentId, EnterpriseId, HazardId, NoticeId, PersonId};
use sync_core::time::CivilDate;

#[uniffi::remote(Record)]
pub struct DocumentNumber {
    pub area: String,
    pub series: String,
    pub year: i16,
    pub serial: u32,
}

#[uniffi::remote(Record)]
pub struct NoticeItem {
    pub hazard: HazardId,
    pub description: String,
    pub place: String,
    pub basis: Clause,
    pub grade: Grade,
    pub criterion: Option<Clause>,
    pub term: Term,
    pub photos: Vec<BlobHash>,
    #[uniffi(default = None)]
    pub site_order: Option<SiteOrder>,
}

#[uniffi::remote(Enum)]
pub enum SiteMeasure {
    RemoveAtOnce,
    Withdraw,
    StopProduction,
    StopUse,
}

#[uniffi::remote(Record)]
pub struct SiteOrder {
    pub measures: Vec<SiteMeasure>,
    pub scope: String,
    pub reason: String,
    pub on: CivilDate,
}

#[uniffi::remote(Enum)]
pub enum OrderState {
    Ordered,
    Stopped,
    ResumptionRequested,
    Resumed,
    Fixed,
    Withdrawn,
}

#[uniffi::remote(Record)]
pub struct OrderStatus {
    pub order: SiteOrder,
    pub words: String,
    pub state: OrderState,
    pub title: String,
}

#[uniffi::remote(Record)]
pub struct OfficerLine {
    pub id: PersonId,
    pub name: String,
    pub certificate: String,
}

#[uniffi::remote(Record)]
pub struct Notice {
    pub id: NoticeId,
    pub number: DocumentNumber,
    pub enterprise: EnterpriseId,
    pub department: DepartmentId,
    pub officers: Vec<OfficerLine>,
    pub issued_on: CivilDate,
    pub items: Vec<NoticeItem>,
}
