//! Reference data that every device holds: checklists, legal documents, departments, calendars.
//! A catalogue is content-addressed and dated; an inspection names the version it used.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::enterprise::Enterprise;
use super::hazard::{Clause, Grade};
use crate::id::{DepartmentId, ItemCode, PersonId, SectorCode, StreetCode};
use crate::time::CivilDate;

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

/// A law, rule or standard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct LawDocument {
    /// Short id.
    #[n(0)]
    pub id: String,
    /// Title.
    #[n(1)]
    pub title: String,
    /// Number or edition.
    #[n(2)]
    pub number: String,
    /// In force from.
    #[n(3)]
    pub effective: Option<CivilDate>,
}

/// One check item: what to look at, how, on which basis.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
    /// Legal basis, the first one is proposed.
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
}

/// The check items of one sector.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
}
