//! Numbers of documents: unique per area, series and year, ascending, never used again.

use crate::act::numbers::BLOCK;
use crate::domain::catalogue::Department;
use crate::domain::notice::DocumentNumber;
use crate::domain::numbers::{NumberBlock, Series};
use crate::refusal::{Code, Refusal};

/// The series of a department's rectification notices in a year. Refused for a department without enforcement power.
///
/// # Errors
/// [`Code::DepartmentNoPower`].
pub fn series(department: &Department, year: i16) -> Result<Series, Refusal> {
    match &department.series {
        Some((area, series)) if department.enforcement => {
            Ok(Series { area: area.clone(), series: series.clone(), year })
        }
        Some(_) | None => Err(Refusal::new(Code::DepartmentNoPower)),
    }
}

/// The number after `last` of a series; 0 is before the first one.
#[must_use]
pub fn next(series: &Series, last: u32) -> DocumentNumber {
    series.number(last.saturating_add(1))
}

/// The block of numbers after `last` for a device.
#[must_use]
pub fn block(series: Series, last: u32) -> NumberBlock {
    NumberBlock { series, first: last.saturating_add(1), last: last.saturating_add(BLOCK) }
}
