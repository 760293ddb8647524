//! Reference data as an app lists it. One call brings it across; it changes with a synchronisation only.

use sync_core::domain::catalogue::{Catalogue, Checklist, Colleague, LawDocument, Street};
use sync_core::domain::enterprise::Enterprise;

/// What every device holds besides its cases.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Reference {
    /// Version in words; empty before the first synchronisation.
    pub version: String,
    /// Checklists by sector.
    pub checklists: Vec<Checklist>,
    /// Laws and standards.
    pub laws: Vec<LawDocument>,
    /// Streets.
    pub streets: Vec<Street>,
    /// Enterprises; none on a device of an enterprise.
    pub enterprises: Vec<Enterprise>,
    /// Officers; none on a device of an enterprise.
    pub colleagues: Vec<Colleague>,
}

impl From<&Catalogue> for Reference {
    fn from(catalogue: &Catalogue) -> Self {
        Self {
            version: catalogue.version.clone(),
            checklists: catalogue.checklists.clone(),
            laws: catalogue.laws.clone(),
            streets: catalogue.streets.clone(),
            enterprises: catalogue.enterprises.clone(),
            colleagues: catalogue.colleagues.clone(),
        }
    }
}
