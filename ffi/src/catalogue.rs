//! Reference data as an app lists it. One call brings it across; it changes with a synchronisation only.

use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::{Checklist, Colleague, Street};
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::law::{DefaultTerm, LawDocument, Penalty, SectorCriteria};
use sync_core::id::DepartmentId;

/// A department with or without the power to enforce.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Department {
    /// Which.
    pub id: DepartmentId,
    /// Name.
    pub name: String,
    /// Whether it may inspect and issue documents.
    pub enforcement: bool,
}

/// What every device holds besides its cases.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Catalogue {
    /// Version in words; empty before the first synchronisation.
    pub version: String,
    /// Departments.
    pub departments: Vec<Department>,
    /// Streets.
    pub streets: Vec<Street>,
    /// Laws and standards.
    pub laws: Vec<LawDocument>,
    /// Checklists by sector.
    pub checklists: Vec<Checklist>,
    /// Working-day calendars.
    pub calendars: Vec<WorkCalendar>,
    /// Enterprises; none on a device of an enterprise.
    pub enterprises: Vec<Enterprise>,
    /// Officers; none on a device of an enterprise.
    pub colleagues: Vec<Colleague>,
    /// Criteria for major hazards, by sector.
    pub criteria: Vec<SectorCriteria>,
    /// Which clause punishes which duty.
    pub penalties: Vec<Penalty>,
    /// Terms that are proposed where no item proposes one.
    pub terms: Vec<DefaultTerm>,
}

impl From<sync_core::domain::catalogue::Catalogue> for Catalogue {
    fn from(it: sync_core::domain::catalogue::Catalogue) -> Self {
        let department = |it: sync_core::domain::catalogue::Department| Department {
            id: it.id,
            name: it.name,
            enforcement: it.enforcement,
        };
        Self {
            version: it.version,
            departments: it.departments.into_iter().map(department).collect(),
            streets: it.streets,
            laws: it.laws,
            checklists: it.checklists,
            calendars: it.calendars,
            enterprises: it.enterprises,
            colleagues: it.colleagues,
            criteria: it.criteria,
            penalties: it.penalties,
            terms: it.terms,
        }
    }
}
