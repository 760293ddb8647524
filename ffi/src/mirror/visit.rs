use device::PhotoMeta;
use sync_core::act::state::InspectionState;
use sync_core::act::visit::Arrival;
use sync_core::domain::evidence::{Fix, FixSource, Position, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{BindingField, Plan, SignOutcome, Verdict, VisitKind};
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::domain::term::{DayUnit, Term};
use sync_core::draft::{HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{
    BlobHash, DepartmentId, EnterpriseId, HazardId, InspectionId, ItemCode, NoticeId, PersonId,
    SectorCode,
};
use sync_core::ledger::stream::StreamId;
use sync_core::time::CivilDate;

#[uniffi::remote(Enum)]
pub enum StreamId {
    Inspection(InspectionId),
    Notice(NoticeId),
}

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

#[uniffi::remote(Enum)]
pub enum InspectionState {
    Planned,
    Underway,
    Sealed,
    Complete,
    NoticeIssued,
    Settled,
}

#[uniffi::remote(Record)]
pub struct Position {
    pub lat_e7: i32,
    pub lon_e7: i32,
}

#[uniffi::remote(Enum)]
pub enum FixSource {
    Satellite,
    Network,
    External,
}

#[uniffi::remote(Record)]
pub struct Fix {
    pub position: Position,
    pub accuracy_dm: u32,
    pub source: FixSource,
    pub mock: bool,
}

#[uniffi::remote(Record)]
pub struct Arrival {
    pub inspection: InspectionId,
    pub certificate_shown: bool,
    pub plate: Option<String>,
    pub fix: Option<Fix>,
}

#[uniffi::remote(Enum)]
pub enum Purpose {
    Found,
    FixedOnSpot,
    Rectified,
    Recheck,
    Signature,
}

#[uniffi::remote(Enum)]
pub enum Source {
    Camera,
    Import,
    Drawing,
}

#[uniffi::remote(Record)]
pub struct PhotoMeta {
    pub purpose: Purpose,
    pub hazard: Option<HazardId>,
    pub source: Source,
    pub fix: Option<Fix>,
    #[uniffi(default = None)]
    pub derived_from: Option<BlobHash>,
}

#[uniffi::remote(Enum)]
pub enum Verdict {
    Pass,
    Fail,
    NotApplicable,
}

#[uniffi::remote(Enum)]
pub enum Grade {
    General,
    Major,
}

#[uniffi::remote(Record)]
pub struct Clause {
    pub document: String,
    pub clause: String,
}

#[uniffi::remote(Enum)]
pub enum DayUnit {
    Natural,
    Working,
}

#[uniffi::remote(Record)]
pub struct Term {
    pub days: u16,
    pub unit: DayUnit,
}

#[uniffi::remote(Enum)]
pub enum MeasureDraft {
    Rectify(Term),
    FixedOnSpot,
}

#[uniffi::remote(Record)]
pub struct HazardDraft {
    pub item: Option<ItemCode>,
    pub description: String,
    pub place: String,
    pub basis: Clause,
    pub grade: Grade,
    pub criterion: Option<Clause>,
    pub measure: MeasureDraft,
    pub found_by: PersonId,
}

#[uniffi::remote(Enum)]
pub enum HazardField {
    Description(String),
    Place(String),
    Basis(Clause),
    Grade(Grade),
    Criterion(Option<Clause>),
    Measure(MeasureDraft),
}

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

#[uniffi::remote(Enum)]
pub enum SignOutcome {
    Signed { name: String, post: String, drawing: BlobHash },
    Refused { reason: String, witness: Option<String> },
}
