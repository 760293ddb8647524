//! Numbers of documents: unique per area, series and year, ascending, never used again.

use crate::domain::catalogue::Department;
use crate::domain::notice::DocumentNumber;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// The number after `last` (0 before the first one) of the department's rectification notices in
/// the year of issue. Refused for a department without enforcement power.
pub fn next(
    department: &Department,
    issued_on: CivilDate,
    last: u32,
) -> Result<DocumentNumber, Refusal> {
    match &department.series {
        Some((area, series)) if department.enforcement => Ok(DocumentNumber {
            area: area.clone(),
            series: series.clone(),
            year: issued_on.year(),
            serial: last.saturating_add(1),
        }),
        Some(_) | None => Err(Refusal::new(Code::DepartmentNoPower)),
    }
}
