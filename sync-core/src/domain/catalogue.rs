//! Reference data that every device holds: checklists, legal documents, departments, calendars.
//! A catalogue is content-addressed and dated; an inspection names the version it used.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::account::Person;
use super::calendar::WorkCalendar;
use super::competence::Competence;
use super::enterprise::Enterprise;
use super::hazard::{Clause, Grade};
use super::law::{DefaultTerm, LawDocument, Penalty, SectorCriteria, Sure};
use super::papers::Papers;
use super::procedure::Procedure;
use crate::id::{DepartmentId, ItemCode, PersonId, SectorCode, StreetCode};

/// A department of the zone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Department {
    /// Which.
    #[n(0)]
    pub id: DepartmentId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Whether it may inspect and issue documents; leading a sector does not imply it.
    #[n(2)]
    pub enforcement: bool,
    /// Area and series of its rectification notices, such as `枣高` and `应急责改`.
    #[n(3)]
    pub series: Option<(String, String)>,
}

/// A street of the zone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Street {
    /// Division code.
    #[n(0)]
    pub code: StreetCode,
    /// Name.
    #[n(1)]
    pub name: String,
}

/// One check item: what to look at, how, on which basis.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct CheckItem {
    /// Code.
    #[n(0)]
    pub code: ItemCode,
    /// 查什么.
    #[n(1)]
    pub what: String,
    /// 怎么查.
    #[n(2)]
    pub how: String,
    /// The duty that is broken when the item fails: clauses that impose one, the first in force that day is proposed.
    #[n(3)]
    pub basis: Vec<Clause>,
    /// Grade proposed when the item fails.
    #[n(4)]
    pub grade: Grade,
    /// Criterion for a major grade, where one is published.
    #[n(5)]
    pub criterion: Option<Clause>,
    /// Suggested term in natural days; 0 means on the spot.
    #[n(6)]
    pub days: u16,
    /// What is proposed as wrong when the item fails: a statement, as it stands on a notice.
    #[n(7)]
    #[cbor(default)]
    pub finding: String,
    /// Clauses that punish it.
    #[n(8)]
    #[cbor(default)]
    #[serde(default)]
    pub penalties: Vec<Clause>,
    /// Ids of standards that say how the duty is met, where no clause of theirs is known.
    #[n(9)]
    #[cbor(default)]
    #[serde(default)]
    pub standards: Vec<String>,
    /// What to do at once, until it is rectified.
    #[n(10)]
    #[cbor(default)]
    #[serde(default)]
    pub immediate: String,
    /// What shows it: photos and papers.
    #[n(11)]
    #[cbor(default)]
    #[serde(default)]
    pub evidence: Vec<String>,
    /// How sure it is that the basis fits.
    #[n(12)]
    #[cbor(default)]
    #[serde(default)]
    pub sure: Sure,
    /// What is not verified. Shown; blocks nothing.
    #[n(13)]
    #[serde(default)]
    pub unsure: Option<String>,
    /// Condition under which the failure is major.
    #[n(14)]
    #[serde(default)]
    pub major_if: Option<String>,
    /// Whether failing may need a case to be filed or transferred.
    #[n(15)]
    #[cbor(default)]
    #[serde(default)]
    pub case_hint: bool,
}

/// The check items of one sector.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Checklist {
    /// Sector.
    #[n(0)]
    pub sector: SectorCode,
    /// Title.
    #[n(1)]
    pub title: String,
    /// Items in order.
    #[n(2)]
    pub items: Vec<CheckItem>,
    /// What an inspector of the sector has to know.
    #[n(3)]
    #[cbor(default)]
    #[serde(default)]
    pub note: String,
}

/// Name and certificate of an officer, as printed on documents.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Colleague {
    /// Who.
    #[n(0)]
    pub id: PersonId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Department.
    #[n(2)]
    pub department: DepartmentId,
    /// Certificate number.
    #[n(3)]
    pub certificate: Option<String>,
}

impl Colleague {
    /// How colleagues know a person who works for a department; the certificate of someone who was revoked does not
    /// count any more.
    #[must_use]
    pub fn of(person: &Person) -> Option<Self> {
        Some(Self {
            id: person.id,
            name: person.name.clone(),
            department: person.department.clone()?,
            certificate: person.certificate.clone().filter(|_| person.revoked_at.is_none()),
        })
    }
}

/// Reference data of one reader group.
///
/// Staff get everything; enterprises get departments, laws and calendars only, so that nothing
/// in it depends on whom the authorities look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Catalogue {
    /// Version in words, such as `2026-11-23`.
    #[n(0)]
    pub version: String,
    /// Departments.
    #[n(1)]
    pub departments: Vec<Department>,
    /// Streets.
    #[n(2)]
    pub streets: Vec<Street>,
    /// Laws and standards.
    #[n(3)]
    pub laws: Vec<LawDocument>,
    /// Checklists.
    #[n(4)]
    pub checklists: Vec<Checklist>,
    /// Working-day calendars.
    #[n(5)]
    pub calendars: Vec<WorkCalendar>,
    /// Enterprises.
    #[n(6)]
    pub enterprises: Vec<Enterprise>,
    /// Officers.
    #[n(7)]
    pub colleagues: Vec<Colleague>,
    /// Bounds of terms.
    #[n(8)]
    #[cbor(default)]
    #[serde(default)]
    pub procedures: Vec<Procedure>,
    /// Which department leads a sector and which may act there.
    #[n(9)]
    #[cbor(default)]
    #[serde(default)]
    pub competence: Vec<Competence>,
    /// Criteria for major hazards, by sector.
    #[n(10)]
    #[cbor(default)]
    #[serde(default)]
    pub criteria: Vec<SectorCriteria>,
    /// Which clause punishes which duty.
    #[n(11)]
    #[cbor(default)]
    #[serde(default)]
    pub penalties: Vec<Penalty>,
    /// Terms that are proposed where no item proposes one.
    #[n(12)]
    #[cbor(default)]
    #[serde(default)]
    pub terms: Vec<DefaultTerm>,
    /// Forms of papers, organs and rules of counting.
    #[n(20)]
    #[cbor(default)]
    #[serde(default)]
    pub papers: Papers,
}
