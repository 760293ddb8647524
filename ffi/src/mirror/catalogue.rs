use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::{CheckItem, Checklist, Colleague, LawDocument, Street};
use sync_core::domain::enterprise::{CreditCode, Enterprise, RiskClass};
use sync_core::domain::evidence::Position;
use sync_core::domain::hazard::{Clause, Grade};
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
}

#[uniffi::remote(Record)]
pub struct Checklist {
    pub sector: SectorCode,
    pub title: String,
    pub items: Vec<CheckItem>,
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
