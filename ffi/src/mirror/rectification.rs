use sync_core::act::notice::{
    ClosureDecision, DismissalProposed, Dismissed, Escalated, ExtensionDecision, ExtensionRequest,
    MajorDecision, Recheck, Reply,
};
use sync_core::act::state::{HazardState, HazardStatus};
use sync_core::case::offer::Offer;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::notice::{
    DocumentNumber, Notice, NoticeItem, OfficerLine, Service, ServiceMethod,
};
use sync_core::domain::term::{Deadline, Term};
use sync_core::id::{BlobHash, DepartmentId, EnterpriseId, FactId, HazardId, NoticeId, PersonId};
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

#[uniffi::remote(Record)]
pub struct Deadline {
    pub date: CivilDate,
    pub start: CivilDate,
    pub term: Term,
    pub calendars: Vec<String>,
    pub skipped: Vec<CivilDate>,
    pub provisional: bool,
}

#[uniffi::remote(Record)]
pub struct Reply {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub measures: String,
    pub responsible: String,
    pub finished_on: CivilDate,
    pub photos: Vec<BlobHash>,
}

#[uniffi::remote(Record)]
pub struct ExtensionRequest {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub term: Term,
    pub reason: String,
}

#[uniffi::remote(Record)]
pub struct ExtensionDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub request: FactId,
    pub granted: Option<Term>,
    pub reason: String,
}

#[uniffi::remote(Record)]
pub struct Recheck {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub passed: bool,
    pub opinion: String,
    pub photos: Vec<BlobHash>,
    pub new_term: Option<Term>,
}

#[uniffi::remote(Record)]
pub struct ClosureDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub recheck: FactId,
    pub approved: bool,
    pub reason: String,
    pub evidence: Vec<BlobHash>,
}

#[uniffi::remote(Record)]
pub struct Dismissal {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub reason: String,
}

#[uniffi::remote(Record)]
pub struct Escalated {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub step: Escalation,
    pub reason: String,
}

#[uniffi::remote(Record)]
pub struct MajorDecision {
    pub notice: NoticeId,
    pub hazard: HazardId,
    pub upheld: bool,
    pub reason: String,
}

#[uniffi::remote(Enum)]
pub enum Escalation {
    Reminder,
    Circular,
    Interview,
    Exposure,
    Listing,
    Filing,
    Referral,
}

#[uniffi::remote(Enum)]
pub enum HazardState {
    Found,
    FixedOnSpot,
    Issued,
    Rectifying,
    Replied,
    Rechecked,
    Closed,
    Dismissed,
}

#[uniffi::remote(Record)]
pub struct HazardStatus {
    pub state: HazardState,
    pub grade: Option<Grade>,
    pub overdue: bool,
    pub deadline: Option<Deadline>,
    pub days_left: Option<i32>,
    pub extension_pending: bool,
    pub round: u32,
    pub escalation: Option<Escalation>,
}

#[uniffi::remote(Enum)]
pub enum Step {
    ConfirmService,
    Serve,
    DecideMajor,
    Reply,
    RequestExtension,
    DecideExtension,
    Recheck,
    Close,
    Escalate,
    ProposeDismissal,
    Dismiss,
}
