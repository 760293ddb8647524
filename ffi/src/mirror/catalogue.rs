use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::{CheckItem, Checklist, Colleague, Street};
use sync_core::domain::enterprise::{CreditCode, Enterprise, RiskClass};
use sync_core::domain::evidence::Position;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::law::{
    ClauseReading, DefaultTerm, Edition, Known, LawDocument, LawKind, Penalty, Provision,
    SectorCriteria, Sure,
};
use sync_core::domain::term::Term;
use sync_core::id::{DepartmentId, EnterpriseId, ItemCode, PersonId, SectorCode, StreetCode};
use sync_core::time::CivilDate;

#[uniffi::remote(Enum)]
pub enum RiskClass {
    A,
    B,
    C,
    D,
}

#[uniffi::remote(Record)]
pub struct Enterprise {
    pub id: EnterpriseId,
    pub name: String,
    pub credit_code: Option<CreditCode>,
    pub street: StreetCode,
    pub sectors: Vec<SectorCode>,
    pub address: String,
    pub principal: String,
    pub risk_class: RiskClass,
    pub position: Option<Position>,
}

#[uniffi::remote(Record)]
pub struct Street {
    pub code: StreetCode,
    pub name: String,
}

#[uniffi::remote(Record)]
pub struct LawDocument {
    pub id: String,
    pub title: String,
    pub number: String,
    pub effective: Option<CivilDate>,
    pub kind: LawKind,
    pub editions: Vec<Edition>,
    pub full_title: Option<String>,
}

#[uniffi::remote(Enum)]
pub enum LawKind {
    Statute,
    Standard,
    Criteria,
    Notice,
}

#[uniffi::remote(Enum)]
pub enum Known {
    Verified,
    Unverified(String),
}

#[uniffi::remote(Enum)]
pub enum Sure {
    High,
    Medium,
    Low,
}

#[uniffi::remote(Record)]
pub struct Edition {
    pub number: String,
    pub from: Option<CivilDate>,
    pub until: Option<CivilDate>,
    pub passed: Option<CivilDate>,
    pub known: Known,
    pub clauses: Vec<Provision>,
}

#[uniffi::remote(Record)]
pub struct Provision {
    pub clause: String,
    pub gist: String,
    pub text: Option<String>,
    pub known: Known,
}

#[uniffi::remote(Record)]
pub struct SectorCriteria {
    pub sector: SectorCode,
    pub note: String,
    pub clauses: Vec<Clause>,
    pub known: Known,
}

#[uniffi::remote(Record)]
pub struct Penalty {
    pub duty: Clause,
    pub clause: Clause,
    pub known: Known,
}

#[uniffi::remote(Record)]
pub struct DefaultTerm {
    pub sector: Option<SectorCode>,
    pub grade: Grade,
    pub term: Term,
    pub basis: Option<Clause>,
    pub from: Option<CivilDate>,
    pub until: Option<CivilDate>,
    pub known: Known,
    #[uniffi(default = None)]
    pub duty: Option<Clause>,
}

#[uniffi::remote(Record)]
pub struct ClauseReading {
    pub clause: Clause,
    pub title: String,
    pub edition: String,
    pub gist: String,
    pub text: Option<String>,
    pub doubt: Option<String>,
    pub in_force: bool,
}

#[uniffi::remote(Record)]
pub struct CheckItem {
    pub code: ItemCode,
    pub what: String,
    pub how: String,
    pub basis: Vec<Clause>,
    pub grade: Grade,
    pub criterion: Option<Clause>,
    pub days: u16,
    pub finding: String,
    pub penalties: Vec<Clause>,
    pub standards: Vec<String>,
    pub immediate: String,
    pub evidence: Vec<String>,
    pub sure: Sure,
    pub unsure: Option<String>,
    pub major_if: Option<String>,
    pub case_hint: bool,
}

#[uniffi::remote(Record)]
pub struct Checklist {
    pub sector: SectorCode,
    pub title: String,
    pub items: Vec<CheckItem>,
    pub note: String,
}

#[uniffi::remote(Record)]
pub struct Colleague {
    pub id: PersonId,
    pub name: String,
    pub department: DepartmentId,
    pub certificate: Option<String>,
}

#[uniffi::remote(Record)]
pub struct WorkCalendar {
    pub year: i16,
    pub version: String,
    pub holidays: Vec<CivilDate>,
    pub workdays: Vec<CivilDate>,
}
