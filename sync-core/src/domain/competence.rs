//! Which department leads a sector and which may act there: 牵头 does not imply the power to issue papers.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, SectorCode};
use crate::time::CivilDate;

/// What a department is to a sector, from one day until another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Competence {
    /// The sector.
    #[n(0)]
    pub sector: SectorCode,
    /// The department.
    #[n(1)]
    pub department: DepartmentId,
    /// Whether it leads the work in the sector (牵头).
    #[n(2)]
    pub leads: bool,
    /// Whether it may inspect there and issue papers.
    #[n(3)]
    pub may_issue: bool,
    /// First day.
    #[n(4)]
    pub from: CivilDate,
    /// Last day; none while it goes on.
    #[n(5)]
    pub until: Option<CivilDate>,
    /// What says so, as people read it.
    #[n(6)]
    #[cbor(default)]
    #[serde(default)]
    pub basis: String,
    /// Whether a legal office has confirmed it.
    #[n(7)]
    #[cbor(default)]
    #[serde(default)]
    pub verified: bool,
}

impl Competence {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: CivilDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}
