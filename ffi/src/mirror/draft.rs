use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{ItemCode, PersonId};

#[uniffi::remote(Enum)]
pub enum Verdict {
    Pass,
    Fail,
    NotApplicable,
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
