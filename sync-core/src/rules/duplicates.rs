//! Hazards that may be one and the same. They are linked for a person to look at, never merged.

use crate::domain::hazard::Hazard;
use crate::domain::inspection::Record;

/// Pairs of hazards of two records of one enterprise and day that name the same check item or the
/// same place and basis.
#[must_use]
pub fn pairs<'a>(one: &'a Record, other: &'a Record) -> Vec<(&'a Hazard, &'a Hazard)> {
    if one.inspection == other.inspection || one.arrived.date() != other.arrived.date() {
        return Vec::new();
    }
    let alike = |a: &Hazard, b: &Hazard| {
        (a.item.is_some() && a.item == b.item)
            || (!a.place.is_empty() && a.place == b.place && a.basis == b.basis)
    };
    one.hazards
        .iter()
        .flat_map(|a| other.hazards.iter().filter(move |b| alike(a, b)).map(move |b| (a, b)))
        .collect()
}
