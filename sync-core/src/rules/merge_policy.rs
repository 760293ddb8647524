//! What happens to each field of a draft when two officers write it without seeing each other.

use crate::domain::inspection::BindingField;

/// How differing values of a field are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// One value is shown by a fixed rule, the others stay readable.
    Merge,
    /// Entries are only added, never replaced.
    KeepAll,
    /// All values stay and sealing waits until a named officer chose.
    NeedsDecision(BindingField),
}

/// Every field of a draft by its name.
pub const FIELDS: &[(&str, Policy)] = &[
    ("answer.verdict", Policy::NeedsDecision(BindingField::Verdict)),
    ("answer.note", Policy::Merge),
    ("hazard.item", Policy::Merge),
    ("hazard.description", Policy::Merge),
    ("hazard.place", Policy::Merge),
    ("hazard.basis", Policy::NeedsDecision(BindingField::Basis)),
    ("hazard.grade", Policy::NeedsDecision(BindingField::Grade)),
    ("hazard.criterion", Policy::Merge),
    ("hazard.measure", Policy::NeedsDecision(BindingField::Measure)),
    ("hazard.found_by", Policy::Merge),
    ("hazard.withdrawn", Policy::Merge),
    ("hazard.photo", Policy::KeepAll),
    ("session", Policy::KeepAll),
];

/// The policy of a field; none for a name that no draft has.
#[must_use]
pub fn of(field: &str) -> Option<Policy> {
    FIELDS.iter().find(|(name, _)| *name == field).map(|(_, policy)| *policy)
}
